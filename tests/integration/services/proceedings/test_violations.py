"""SM-C against the register: notice, hearing, consent, decision, and every way off the list (domain.md 12, by number)."""

from datetime import date

import pytest
from sqlalchemy import select

from models import IssuedDocument, ViolationListing, db
from registry.queries.proceedings import documents_of
from registry.queries.public_findings import finding_of_record
from registry.rules.documents import DocumentKind
from registry.rules.listing import ViolationReason
from registry.rules.procedure import Actor, GuardsNotMet, ReasonMissing, SamePerson, StepNotInProcedure
from registry.rules.record import EndReason, RecordState
from registry.rules.violation_procedure import Action, Stage
from registry.services.proceedings import engine
from registry.transaction import transaction
from tests.factories import make_operator, make_penalty
from tests.matters import DESK
from tests.violation_desk import (
    ABOVE,
    ANSWERED,
    APPLICATION,
    DECIDED,
    HANDLER,
    REVIEWER,
    authority_below,
    listed,
    note,
    notified,
    on,
    opened,
    step,
)

pytestmark = pytest.mark.usefixtures("database")

H, R, P, S, U = Actor.HANDLER, Actor.REVIEWER, Actor.PARTY, Actor.SYSTEM, Actor.SUPERIOR
DECISION = {"decided_on": DECIDED.isoformat(), "penalty_decided_on": DECIDED.isoformat()}


def stay_of(case):
    return db.session.execute(select(ViolationListing).where(ViolationListing.record_id == case.about)).scalar_one()


def is_public(case, day):
    return finding_of_record(case.about, day) is not None


def kinds_of(case):
    return [document.kind for document in documents_of(case.id)]


def test_a_case_goes_from_assessment_to_the_list():
    case = listed(authority_below())
    stay = stay_of(case)
    assert (case.stage, case.asked_of, case.deadline) == (Stage.LISTED, None, None)
    assert (stay.state, stay.public_from, stay.public_until) == (RecordState.IN_FORCE, DECIDED, date(2029, 3, 10))
    assert all(measure["code"] and measure["legal_basis"] for measure in stay.measures)
    assert len(stay.measures) == 4
    assert kinds_of(case) == [
        DocumentKind.VIOLATION_NOTICE,
        DocumentKind.VIOLATION_DECISION,
        DocumentKind.REPAIR_NOTICE,
    ]
    decision = documents_of(case.id)[1]
    assert (decision.printed_no, decision.record_id) == (stay.decision_no, stay.record_id)
    assert (decision.prepared_by, decision.decided_by) == (str(HANDLER), str(REVIEWER))
    assert is_public(case, DECIDED)


@pytest.mark.parametrize("missing", ["notice", "wait", "consent"])
def test_scenario_7_no_listing_without_notice_hearing_wait_or_consent(missing):
    with on("2026-03-02"):
        case = opened(authority_below())
        note(case, **ANSWERED)
        step(case, Action.NOTIFY, H)
        if missing != "notice":
            note(case, notice_served_on="2026-03-02", notice_tells_facts_basis_and_rights=True)
    if missing in ("notice", "wait"):
        with on("2026-03-09" if missing == "wait" else DECIDED), pytest.raises(GuardsNotMet) as refused:
            step(case, Action.KEEP_PROPOSAL, R)
        assert {"notice": "notice_served", "wait": "hearing_wait_is_over"}[missing] in refused.value.guards
        return
    with on(DECIDED):
        step(case, Action.KEEP_PROPOSAL, R)
        assert case.asked_of is Actor.SUPERIOR
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.LIST, R, **DECISION)
        assert refused.value.guards == ("superior_agrees",)
    assert db.session.execute(select(ViolationListing)).first() is None


def test_scenario_7_without_consent_where_the_authority_needs_none():
    with on("2026-03-02"):
        case = opened(authority_below(settings={"needs_superior_consent": False}))
        notified(case)
    with on(DECIDED):
        step(case, Action.KEEP_PROPOSAL, R)
        assert case.asked_of is Actor.REVIEWER
        assert step(case, Action.LIST, R, **DECISION).stage == Stage.LISTED


def test_a_listing_that_is_not_decided_with_its_penalty_is_refused():
    with on("2026-03-02"):
        case = opened(authority_below(settings={"needs_superior_consent": False}))
        notified(case)
    with on("2026-03-11"):
        step(case, Action.KEEP_PROPOSAL, R)
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.LIST, R, decided_on="2026-03-11", penalty_decided_on="2026-03-10")
    assert refused.value.guards == ("decided_with_the_penalty",)


def test_a_hearing_is_asked_for_within_its_time_and_waited_for():
    with on("2026-03-02"):
        case = notified(opened(authority_below()))
        assert (case.deadline, case.due_on) == ("request_hearing", date(2026, 3, 9))
    with on("2026-03-10"):
        with pytest.raises(GuardsNotMet):
            step(case, Action.ASK_FOR_HEARING, P, hearing_asked_on="2026-03-10")
        step(case, Action.ASK_FOR_HEARING, P, hearing_asked_on="2026-03-09")
        with pytest.raises(GuardsNotMet):
            step(case, Action.KEEP_PROPOSAL, R)
        note(case, hearing_held_on="2026-03-10")
        assert step(case, Action.KEEP_PROPOSAL, R).stage == Stage.WITH_SUPERIOR


def test_the_superior_can_refuse_and_is_another_person():
    with on("2026-03-02"):
        case = notified(opened(authority_below()))
    with on(DECIDED):
        step(case, Action.KEEP_PROPOSAL, R)
        for same in (HANDLER, REVIEWER):
            with pytest.raises(SamePerson):
                note(case, U, actor=same, superior_consented_on=DECIDED.isoformat())
        case = step(case, Action.REFUSE_CONSENT, U)
    assert (case.stage, case.closed_on, case.asked_of) == (Stage.NOT_LISTED, DECIDED, None)


def test_who_consents_for_the_authority_above_does_not_decide():
    with on("2026-03-02"):
        case = notified(opened(authority_below()))
    with on(DECIDED):
        step(case, Action.KEEP_PROPOSAL, R)
        note(case, U, superior_consented_on=DECIDED.isoformat())
        for same in (HANDLER, ABOVE):
            with pytest.raises(SamePerson):
                step(case, Action.LIST, R, actor=same, **DECISION)


def test_scenario_8_not_listing_needs_a_reason_and_a_second_person():
    with on("2026-03-02"):
        case = opened(authority_below())
        with pytest.raises(SamePerson):
            step(case, Action.DROP, R, actor=HANDLER)
        with pytest.raises(ReasonMissing), transaction():
            engine.take_step(
                case, Action.DROP, part=R, revision=case.revision, statement=" ", actor=REVIEWER, desk=DESK
            )
        assert step(case, Action.DROP, R).stage == Stage.NOT_LISTED


def test_no_notice_before_every_factor_is_answered():
    with on("2026-03-02"):
        case = opened(authority_below())
        note(case, **{name: value for name, value in ANSWERED.items() if name != "factor_loss"})
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.NOTIFY, H)
        assert refused.value.guards == ("all_factors_answered",)
        note(case, factor_loss="无", no_intent_proved=True)
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.NOTIFY, H)
        assert refused.value.guards == ("is_listable",)


def test_scenario_9_early_removal_after_a_year_and_not_before():
    case = listed(authority_below())
    with on("2027-03-09"), pytest.raises(GuardsNotMet) as refused:
        step(case, Action.APPLY, P, received_on="2027-03-09", **APPLICATION)
    assert refused.value.guards == ("early_removal_is_open",)
    with on("2027-03-10"):
        step(case, Action.APPLY, P, received_on="2027-03-10", **APPLICATION)
        assert is_public(case, date(2027, 3, 10))
        with pytest.raises(SamePerson):
            step(case, Action.REMOVE, R, actor=HANDLER)
        step(case, Action.REMOVE, R)
    stay = stay_of(case)
    assert (case.stage, stay.state, stay.end_reason) == (Stage.REMOVED_EARLY, RecordState.ENDED, EndReason.REPAIRED)
    assert not is_public(case, date(2027, 3, 10))
    assert kinds_of(case)[-1] is DocumentKind.VIOLATION_REMOVAL


def test_scenario_9_it_expires_by_itself_with_an_application_pending():
    case = listed(authority_below())
    with on("2029-03-09"):
        step(case, Action.APPLY, P, received_on="2029-03-09", **APPLICATION)
        with pytest.raises(GuardsNotMet):
            step(case, Action.EXPIRE, S, actor=HANDLER)
    with on("2029-03-10"):
        assert not is_public(case, date(2029, 3, 10))
        step(case, Action.EXPIRE, S, actor=HANDLER)
    stay = stay_of(case)
    assert (case.stage, stay.end_reason, stay.ended_on) == (Stage.EXPIRED, EndReason.EXPIRED, date(2029, 3, 10))


def test_a_longer_restriction_keeps_the_listing_and_bars_early_removal():
    case = listed(authority_below(), restriction_until="2031-03-10")
    with on("2029-03-10"):
        assert is_public(case, date(2029, 3, 10))
        for action, part in ((Action.APPLY, P), (Action.EXPIRE, S)):
            with pytest.raises(GuardsNotMet):
                step(case, action, part, actor=HANDLER, **(APPLICATION if action is Action.APPLY else {}))


def test_a_new_heavier_penalty_bars_early_removal():
    operator, authority = make_operator(), authority_below()
    case = listed(authority, operator)
    with transaction():
        make_penalty(operator, authority, decided_on=date(2026, 9, 1), kinds=["suspension_of_business"])
    with on("2027-03-10"), pytest.raises(GuardsNotMet) as refused:
        step(case, Action.APPLY, P, received_on="2027-03-10", **APPLICATION)
    assert refused.value.guards == ("may_come_off_early",)


def test_a_refused_removal_leaves_the_listing_and_forgets_the_application():
    case = listed(authority_below())
    with on("2027-03-10"):
        step(case, Action.APPLY, P, received_on="2027-03-10", **APPLICATION)
        step(case, Action.REFUSE_REMOVAL, R)
        assert (case.stage, stay_of(case).state) == (Stage.LISTED, RecordState.IN_FORCE)
        assert not set(APPLICATION) & set(case.facts)


def test_scenario_15_fraud_puts_it_back_and_the_time_starts_anew():
    case = listed(authority_below())
    with on("2027-03-10"):
        step(case, Action.APPLY, P, received_on="2027-03-10", **APPLICATION)
        step(case, Action.REMOVE, R)
    with on("2027-06-01"):
        with pytest.raises(GuardsNotMet):
            step(case, Action.RESTORE, R)
        note(case, fraud_found_on="2027-06-01", serious_fraud=True)
        step(case, Action.RESTORE, R)
    stay = stay_of(case)
    assert (case.stage, case.closed_on, stay.state) == (Stage.RESTORED, None, RecordState.IN_FORCE)
    assert (stay.public_from, stay.public_until, stay.listed_on) == (date(2027, 6, 1), date(2030, 6, 1), DECIDED)
    with on("2028-05-31"), pytest.raises(GuardsNotMet):
        step(case, Action.APPLY, P, received_on="2028-05-31", **APPLICATION)


def test_scenario_16_a_reorganisation_shields_and_its_failure_shows_again():
    case = listed(authority_below())
    with on("2026-09-01"):
        with pytest.raises(GuardsNotMet):
            step(case, Action.SHIELD, R)
        note(case, reorganisation_ruling="（2026）冀01破3号", reorganisation_approved_on="2026-08-28")
        assert case.asked_of is Actor.REVIEWER
        with pytest.raises(SamePerson):
            step(case, Action.SHIELD, R, actor=HANDLER)
        step(case, Action.SHIELD, R)
        assert (case.asked_of, is_public(case, date(2026, 9, 1))) == (None, False)
    with on("2026-12-01"):
        note(case, reorganisation_failed_on="2026-11-30")
        step(case, Action.LIFT_SHIELD, R)
    assert (case.stage, case.asked_of) == (Stage.LISTED, None)
    assert stay_of(case).public_until == date(2029, 3, 10)
    assert is_public(case, date(2026, 12, 1))


def test_a_shielded_listing_expires_behind_its_shield():
    case = listed(authority_below())
    with on("2026-09-01"):
        note(case, reorganisation_approved_on="2026-08-28")
        step(case, Action.SHIELD, R)
    with on("2029-03-10"):
        step(case, Action.EXPIRE, S, actor=HANDLER)
    assert stay_of(case).end_reason is EndReason.EXPIRED


def test_refusal_to_perform_is_decided_apart():
    with on("2026-03-02"):
        case = opened(authority_below(), reason=ViolationReason.REFUSAL, heavier_penalty=False)
        notified(case)
    with on("2026-03-20"):
        step(case, Action.KEEP_PROPOSAL, R)
        note(case, U, superior_consented_on="2026-03-20")
        assert step(case, Action.LIST, R, decided_on="2026-03-20").stage == Stage.LISTED


def test_only_the_system_can_say_that_time_is_full():
    case = listed(authority_below())
    for part in (H, R, P, U):
        with pytest.raises(StepNotInProcedure):
            step(case, Action.EXPIRE, part)


def test_the_documents_of_a_step_that_fails_give_their_numbers_back():
    authority = authority_below()
    case = listed(authority)
    count = len(db.session.execute(select(IssuedDocument)).all())
    with on("2026-09-01"), pytest.raises(GuardsNotMet):
        step(case, Action.REVOKE, R)
    assert len(db.session.execute(select(IssuedDocument)).all()) == count


def test_a_listing_of_a_party_of_another_province_has_two_clocks_one_after_the_other():
    case = listed(authority_below(), make_operator(region="110105"))
    assert (case.deadline, case.due_on, case.asked_of) == ("push_to_other_province", date(2026, 3, 24), H)
    with on("2026-03-20"):
        case = note(case, pushed_on="2026-03-20")
        assert (case.deadline, case.due_on) == ("publish_from_other_province", date(2026, 4, 3))
        assert str(HANDLER) in case.hands  # passing on what was decided prepares nothing new
        assert case.decided_by == str(REVIEWER)
    with on("2026-03-25"):
        case = note(case, received_there_on="2026-03-23")
        assert case.due_on == date(2026, 4, 7)  # the festival lies between
        case = note(case, published_there_on="2026-03-25")
    assert (case.deadline, case.due_on, case.asked_of) == (None, None, None)


def test_before_the_decision_the_shorter_clock_runs_for_a_party_of_another_province():
    for region, deadline in (("130102", "publish_violation"), ("110105", "push_to_other_province")):
        with on(DECIDED):
            case = opened(authority_below(), make_operator(region=region), penalty_decided_on=DECIDED.isoformat())
            assert case.deadline == deadline
