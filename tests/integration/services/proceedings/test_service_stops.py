"""SM-J against the register: a notice to a provider of network services, which stands and falls with the listing."""

from datetime import date

import pytest

from models import db
from registry.queries.proceedings import documents_of
from registry.rules.documents import DocumentKind
from registry.rules.procedure import Actor, GuardsNotMet, SamePerson, StepNotInProcedure
from registry.rules.proceedings import Procedure
from registry.rules.service_stop_procedure import Action, Stage
from registry.services import publicity
from registry.services.proceedings import engine
from registry.services.proceedings.service_stops import lift_service_stops
from registry.transaction import transaction
from tests.factories import ACTOR, make_authority, make_operator, make_violation_listing
from tests.matters import DESK
from tests.violation_desk import HANDLER, on, step

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2026, 11, 24)
H, R, V = Actor.HANDLER, Actor.REVIEWER, Actor.PROVIDER


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    with on(DAY):
        yield


@pytest.fixture
def listing(database):
    with transaction():
        return make_violation_listing(make_operator(), make_authority())


def proposed(listing):
    with transaction():
        return engine.open_case(
            Procedure.SERVICE_STOP,
            Action.PROPOSE,
            part=H,
            authority=listing.authority,
            operator=listing.operator,
            values={"provider": "某云计算有限公司", "service": "www.example.cn"},
            statement="列入严重违法失信名单",
            actor=HANDLER,
            desk=DESK,
        )


def lifted():
    with transaction():
        return lift_service_stops(DESK)


def test_a_notice_is_approved_by_another_officer_and_goes_to_the_provider(listing):
    case = proposed(listing)
    assert (case.about, case.asked_of) == (listing.record_id, R)
    with pytest.raises(SamePerson):
        step(case, Action.APPROVE, R, actor=HANDLER)
    step(case, Action.APPROVE, R)
    assert (case.stage, case.asked_of, case.facts["sent_on"]) == (Stage.SENT, V, "2026-11-24")
    (document,) = documents_of(case.id)
    assert (document.kind, document.body["to"]) == (DocumentKind.SERVICE_STOP, "某云计算有限公司")
    assert any("www.example.cn" in paragraph for paragraph in document.body["paragraphs"])


def test_without_a_listing_in_force_there_is_no_notice():
    with transaction():
        ended = make_violation_listing(
            make_operator(), make_authority(), listed_on=date(2023, 11, 24), public_until=DAY
        )
    with pytest.raises(GuardsNotMet) as refused:
        proposed(ended)
    assert refused.value.guards == ("listing_in_force",)


def test_a_provider_that_refuses_says_why_and_can_still_comply(listing):
    case = proposed(listing)
    step(case, Action.APPROVE, R)
    with pytest.raises(GuardsNotMet):
        step(case, Action.REFUSE, V, refusal_reason=" ")
    step(case, Action.REFUSE, V, refusal_reason="不是本公司的客户")
    assert (case.stage, case.asked_of) == (Stage.REFUSED, None)
    step(case, Action.CONFIRM, V, stopped_on="2026-11-24")
    assert case.stage == Stage.CONFIRMED


@pytest.mark.parametrize("how", ["expired", "revoked", "shielded"])
def test_it_is_lifted_once_when_the_listing_is_in_force_no_longer(listing, how):
    case = proposed(listing)
    step(case, Action.APPROVE, R)
    assert lifted() == 0
    with transaction():
        if how == "expired":
            listing.public_until = DAY
            db.session.flush()
        elif how == "revoked":
            publicity.withdraw(listing.record_id, statement="撤销", reason="decision_revoked", on=DAY, actor=ACTOR)
        else:
            publicity.shield(listing.record_id, on=DAY, actor=ACTOR)
    assert [lifted(), lifted()] == [1, 0]
    db.session.refresh(case)
    assert (case.stage, case.closed_on) == (Stage.LIFTED, DAY)
    assert [document.title for document in documents_of(case.id)][-1] == "停止网络服务解除通知书"


def test_nobody_but_the_system_lifts_or_sends(listing):
    case = proposed(listing)
    for part in (H, R, V):
        for action in (Action.LIFT, Action.SEND):
            with pytest.raises(StepNotInProcedure):
                step(case, action, part)
