"""Reading regions (standards.md 2.5; section 6, checks 26 and 27)."""

import pytest

from registry.rules.regions import NAMES, code_of, exchange_code, name_of


@pytest.mark.parametrize(
    ("province", "district", "code"),
    [
        ("河北省", "石家庄市", "130100"),
        ("河北省", "石家庄市长安区", "130102"),
        ("河北", "长安区", "130102"),
        ("河北省", "石家庄市-无极县", "130130"),
        ("河北省", "130102", "130102"),
        ("", "石家庄", "130100"),
        ("北京市", "朝阳区", None),
        ("河北省", "唐县", None),
        ("河北省", "", None),
    ],
)
def test_regions_by_their_text(province, district, code):
    assert code_of(province, district) == code


@pytest.mark.parametrize(
    ("old", "code"), [("130182", "130109"), ("藁城市", "130109"), ("130185", "130110"), ("获鹿县", "130110")]
)
def test_check_26_withdrawn_regions_are_accepted_as_history(old, code):
    assert code_of("河北省", old) == code


def test_check_26_a_divided_region_has_no_successor():
    assert code_of("河北省", "石家庄市桥东区") is None


@pytest.mark.parametrize(
    ("area", "code", "parent"),
    [
        ("石家庄高新技术产业开发区", "130171", "130100"),
        ("循环化工园区", "130172", "130100"),
        ("正定新区", "1301A1", "130123"),
        ("石家庄市综合保税区", "1301A2", "130100"),
    ],
)
def test_check_26_areas_without_a_code_can_be_chosen_and_are_mapped(area, code, parent):
    assert code_of("河北省", area) == code
    assert code in NAMES
    assert exchange_code(code) == parent


@pytest.mark.parametrize("homonym", ["桥西区", "新华区", "高新区"])
def test_check_27_a_name_that_other_cities_have_needs_the_city(homonym):
    assert code_of("河北省", homonym) is None
    assert code_of("河北省", f"张家口市{homonym}") is None
    assert code_of("河北省", f"石家庄市{homonym}") is not None
    assert code_of("河北省", homonym, f"石家庄市{homonym}中山路1号") is not None
    assert code_of("河北省", homonym, f"张家口市{homonym}中山路1号") is None


def test_an_address_refines_a_region_that_leaves_the_county_open():
    assert code_of("河北省", "石家庄市", "河北省石家庄市裕华区槐安路1号") == "130108"
    assert code_of("河北省", "石家庄市", "裕华区槐安路1号") == "130100"
    assert code_of("河北省", "石家庄市长安区", "石家庄市裕华区槐安路1号") == "130102"


def test_names_of_old_codes_are_those_of_their_successors():
    assert (name_of("130182"), name_of("130102"), name_of("110000")) == ("藁城区", "长安区", None)
