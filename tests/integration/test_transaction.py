"""transaction(): what is written together, what is undone together."""

import pytest
from sqlalchemy import select

from models import LedgerEntry, Operator, PublicFinding, db
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty

pytestmark = pytest.mark.usefixtures("database")


def test_a_change_its_entry_and_its_finding_stand_together() -> None:
    with transaction():
        operator = make_operator()
        penalty = make_penalty(operator, make_authority())
    entries = db.session.execute(select(LedgerEntry).order_by(LedgerEntry.seq)).scalars().all()
    assert [(e.seq, e.action, e.record_id) for e in entries[-2:]] == [
        (entries[-1].seq - 1, "operator.entered", operator.record_id),
        (entries[-1].seq, "administrative_penalty.published", penalty.record_id),
    ]
    finding = db.session.execute(select(PublicFinding)).scalar_one()
    assert (finding.record_id, finding.level) == (penalty.record_id, "low")


def test_a_failure_leaves_nothing_behind() -> None:
    def fail() -> None:
        with transaction():
            make_operator()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction():
        kept = make_operator()
    assert db.session.execute(select(Operator)).scalars().all() == [kept]
    assert len(db.session.execute(select(LedgerEntry)).scalars().all()) == 1
