"""Authorities entered by hand, and those that only a file has named."""

import pytest

from registry.rules.local_settings import LocalSettingInvalid, LocalSettings
from registry.rules.rule_sets import Regime
from registry.services import authorities
from registry.services.authorities import AuthorityExists, AuthorityRefused, AuthorityUnknown
from tests.factories import make_uscc
from tests.import_rows import wrong

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("name", "regime"),
    [
        ("石家庄市长安区市场监督管理局", Regime.SAMR),
        ("石家庄市工商行政管理局", Regime.SAMR),
        ("河北省药品监督管理局", Regime.SAMR),
        ("石家庄市知识产权局", Regime.SAMR),
        ("石家庄市质量技术监督局", Regime.SAMR),
        ("石家庄市农业农村局", Regime.NDRC),
        ("石家庄市生态环境局", Regime.NDRC),
    ],
)
def test_the_regime_follows_from_the_name(name, regime):
    assert authorities.regime_of(name) is regime


def test_an_authority_that_a_file_named_is_confirmed_by_hand():
    code = make_uscc("11")
    noted = authorities.note_named({code: "赵县市场监管局"})
    assert noted[code].confirmed is False
    made = authorities.create(code, "赵县市场监督管理局", regime=Regime.SAMR, region="130133")
    assert (made.id, made.confirmed, made.name) == (noted[code].id, True, "赵县市场监督管理局")
    with pytest.raises(AuthorityExists):
        authorities.create(code, "赵县市场监督管理局", regime=Regime.SAMR)


def test_naming_again_does_not_change_an_authority():
    code = make_uscc("11")
    authorities.create(code, "赵县市场监督管理局", regime=Regime.SAMR)
    assert authorities.note_named({code: "别的名字"})[code].name == "赵县市场监督管理局"


def test_bad_codes_and_unknown_parents_are_refused():
    with pytest.raises(AuthorityRefused):
        authorities.create(wrong(make_uscc("11")), "某局", regime=Regime.NDRC)
    with pytest.raises(AuthorityUnknown):
        authorities.create(make_uscc("11"), "某局", regime=Regime.NDRC, parent=make_uscc("11"))


def test_a_name_that_two_bear_tells_nothing():
    for _ in range(2):
        authorities.create(make_uscc("11"), "同名局", regime=Regime.NDRC)
    only = make_uscc("11")
    authorities.create(only, "唯一局", regime=Regime.NDRC)
    assert {name: found.uscc for name, found in authorities.by_names({"同名局", "唯一局"}).items()} == {"唯一局": only}


def test_what_law_leaves_to_an_authority_is_set_and_checked():
    code = make_uscc("11")
    made = authorities.create(code, "赵县市场监督管理局", regime=Regime.SAMR)
    authorities.set_local(code, {"low_fine_person": "2000"})
    authorities.set_local(code, {"low_fine_organisation": "50000"})
    assert made.settings == {"low_fine_person": "2000", "low_fine_organisation": "50000"}
    with pytest.raises(LocalSettingInvalid):
        authorities.set_local(code, {"low_fine_person": "-1"})
    authorities.set_local(code, {"low_fine_person": None})
    assert LocalSettings.of(made.settings).low_fine_person == LocalSettings().low_fine_person
    with pytest.raises(AuthorityUnknown):
        authorities.set_local(make_uscc("11"), {})
