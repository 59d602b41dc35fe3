"""What the register held at a moment, and what was in effect on a day: late corrections, withdrawals, repairs, shields."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest

from models import Authority, Operator, db
from registry import ledger
from registry.clock import now, today
from registry.ledger import Actor
from registry.queries import operator_file, point_in_time
from registry.rules.record import EndReason, RecordState
from registry.services import operators, publicity
from registry.transaction import transaction
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)

pytestmark = pytest.mark.usefixtures("database")

OFFICER = Actor("officer", "zhang")


def then(operator, authority, *, as_of, known_at):
    return point_in_time.operator_then(operator.id, as_of=as_of, known_at=known_at, own={authority.uscc}, today=today())


@dataclass
class Fined:
    """An operator with a fine; moments after it was entered with the wrong amount, corrected, and withdrawn."""

    operator: Operator
    authority: Authority
    before: datetime
    entered: datetime
    corrected: datetime
    withdrawn: datetime


@pytest.fixture
def fined():
    before = now()
    with transaction():
        operator, authority = make_operator(), make_authority()
        penalty = make_penalty(operator, authority, decided_on=date(2026, 3, 2), fine=Decimal(200000))
    entered = now()
    with transaction():
        penalty.fine = Decimal(20000)
        db.session.flush()
        ledger.append("administrative_penalty.corrected", record=penalty, actor=OFFICER)
    corrected = now()
    with transaction():
        publicity.withdraw(
            penalty.record_id,
            statement="复议撤销",
            reason=EndReason.DECISION_REVOKED,
            on=date(2026, 9, 7),
            actor=OFFICER,
        )
    return Fined(operator, authority, before, entered, corrected, now())


@pytest.mark.parametrize(
    ("as_of", "known", "fine", "in_effect"),
    [
        (date(2026, 5, 1), "entered", "200000.00", True),
        (date(2026, 5, 1), "corrected", "20000.00", True),
        (date(2026, 3, 1), "corrected", "20000.00", False),  # before the decision
        (date(2027, 3, 1), "corrected", "20000.00", True),  # as one had to expect then
        (date(2027, 3, 2), "corrected", "20000.00", False),  # its publicity is over
        (date(2026, 5, 1), "withdrawn", "20000.00", False),  # since that is known, it never was
    ],
)
def test_a_late_correction_changes_only_later_answers(fined, as_of, known, fine, in_effect):
    (record,) = then(fined.operator, fined.authority, as_of=as_of, known_at=getattr(fined, known)).records
    assert (record.content["fine"], record.in_effect) == (fine, in_effect)


def test_before_the_first_entry_nothing_is_known(fined):
    found = then(fined.operator, fined.authority, as_of=date(2026, 5, 1), known_at=fined.before)
    assert (found.content, list(found.records), found.seq) == (None, [], 0)


def test_the_last_entry_read_is_named(fined):
    seqs = [
        then(fined.operator, fined.authority, as_of=date(2026, 11, 25), known_at=moment).seq
        for moment in (fined.entered, fined.corrected, fined.withdrawn)
    ]
    assert seqs == [seqs[0], seqs[0] + 1, seqs[0] + 2]


def test_a_shield_leaves_a_gap_that_stays_where_it_was():
    with transaction():
        operator, authority = make_operator(), make_authority()
        listing = make_violation_listing(operator, authority, listed_on=date(2026, 3, 2))
    listed = now()
    with transaction():
        publicity.shield(listing.record_id, on=date(2026, 7, 6), actor=OFFICER)
    shielded = now()
    with transaction():
        publicity.lift_shield(listing.record_id, actor=OFFICER)
    shown_again = now()

    def effective(as_of, known_at):
        return then(operator, authority, as_of=as_of, known_at=known_at).records[0].in_effect

    august = date(2026, 8, 3)
    assert [effective(august, moment) for moment in (listed, shielded, shown_again)] == [True, False, False]
    assert (effective(today(), shielded), effective(today(), shown_again)) == (False, True)
    assert effective(date(2026, 7, 5), shown_again)


def test_a_name_is_the_one_that_was_entered_by_then():
    with transaction():
        operator, authority = make_operator(name="石家庄旧名商贸有限公司"), make_authority()
    old = now()
    with transaction():
        operators.rename(operator, name="石家庄新名商贸有限公司", on=date(2026, 6, 8), actor=OFFICER)
    known = [then(operator, authority, as_of=today(), known_at=moment).content["name"] for moment in (old, now())]
    assert known == ["石家庄旧名商贸有限公司", "石家庄新名商贸有限公司"]


def test_of_other_areas_only_what_is_public_today_is_read():
    with transaction():
        operator, own, other = make_operator(), make_authority(), make_authority(name="其他局")
        repaired = make_abnormal_listing(operator, other, listed_on=date(2026, 3, 2))
        standing = make_penalty(operator, other)
    before = now()
    with transaction():
        publicity.end_publicity(repaired.record_id, reason=EndReason.REPAIRED, on=date(2026, 7, 6), actor=OFFICER)
    found = then(operator, own, as_of=date(2026, 5, 4), known_at=before)
    assert [each.record_id for each in found.records] == [standing.record_id]
    assert len(then(operator, other, as_of=date(2026, 5, 4), known_at=before).records) == 2


@pytest.mark.parametrize("state", RecordState)
def test_now_and_today_is_what_the_page_shows(state):
    end = {
        RecordState.ENDED: {"end_reason": EndReason.REPAIRED, "ended_on": date(2026, 11, 2)},
        RecordState.SHIELDED: {"end_reason": EndReason.SHIELDED, "ended_on": date(2026, 11, 2)},
        RecordState.WITHDRAWN: {
            "end_reason": EndReason.CORRECTED,
            "ended_on": date(2026, 11, 2),
            "end_statement": "查证有误",
        },
    }.get(state, {})
    with transaction():
        operator, authority, other = make_operator(), make_authority(), make_authority()
        for make in (make_penalty, make_licence, make_violation_listing):
            for organ in (authority, other):
                make(operator, organ, state=state, **end)
        for organ, year in ((authority, 2024), (other, 2023)):
            make_abnormal_listing(operator, organ, report_year=year, state=state, **end)
        make_household_mark(operator, authority, state=state, **end)
    live = operator_file.records_of(operator, [authority.id], today())
    known = point_in_time.operator_then(operator.id, as_of=today(), known_at=now(), own={authority.uscc}, today=today())
    assert {(each.record_id, each.resource, each.stage, each.is_public) for each in known.records} == {
        (filed.record.record_id, filed.resource, filed.stage, filed.is_public) for filed in live
    }
    assert known.content is not None
    assert known.content["name"] == operator.name
    for filed in live:
        (same,) = [each for each in known.records if each.record_id == filed.record.record_id]
        assert same.revision == filed.record.revision
        assert same.content["public_until"] == (filed.record.public_until and filed.record.public_until.isoformat())
