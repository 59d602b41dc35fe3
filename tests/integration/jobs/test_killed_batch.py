"""A batch whose worker was killed in the middle, listing and removing: another one goes on, and nothing is done twice."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from models import (
    AbnormalListing,
    Authority,
    BatchKind,
    BatchState,
    DocumentCounter,
    HouseholdMark,
    IssuedDocument,
    LedgerEntry,
    ListingBatch,
    Notice,
    db,
)
from registry.config import Settings
from registry.rules.operator import OperatorKind
from registry.services import listing_batch_run, listing_batches, rebuild
from registry.services.listing_batches import DOCUMENT
from registry.services.notices import note_contact
from registry.transaction import transaction
from tests.database import connect_as_owner
from tests.factories import make_authority, make_operator
from tests.integration.jobs.test_killed_import import BLOCKED, HELD, wait_until
from tests.integration.ledger.conftest import ignore
from tests.matters import DESK, FIRST, SECOND
from tests.worker_process import start_worker

FIRST_CHUNK = listing_batch_run.FIRST
OPERATORS = FIRST_CHUNK + 60
HOUSEHOLDS = range(0, OPERATORS, 4)
HOLD = {
    BatchKind.LIST: "SELECT FROM operator WHERE id = %s FOR UPDATE",
    BatchKind.REMOVE: "SELECT FROM abnormal_listing WHERE operator_id = %s FOR UPDATE",
}


@contextmanager
def held_up(settings: Settings, kind: BatchKind, operator_id: int) -> Iterator[None]:
    """While this lasts whoever deals with the operator waits."""
    with connect_as_owner(settings) as holder, holder.transaction():
        holder.execute(HOLD[kind], (operator_id,))
        yield


def known_operators() -> tuple[int, list[str], int]:
    """An authority, the codes of its operators, the last of them; each can be told."""
    with transaction():
        authority_id = make_authority().id
        codes = []
        for number in range(OPERATORS):
            operator = make_operator(
                name=f"长安区第{number}店",
                kind=OperatorKind.HOUSEHOLD if number in HOUSEHOLDS else OperatorKind.ENTERPRISE,
                established_on=date(2019, 3, 1),
            )
            note_contact(operator, "13800005678", actor=FIRST, desk=DESK)
            codes.append(operator.uscc or "")
        return authority_id, codes, operator.id


def approved(kind: BatchKind, authority_id: int, codes: list[str]) -> int:
    with transaction():
        batch = listing_batches.draw_up(
            kind,
            authority=db.session.get_one(Authority, authority_id),
            report_year=2024,
            content="\n".join(codes).encode(),
            file_name="名单.csv",
            reported=False,
            actor=FIRST,
        )
        batch_id = batch.id
    with transaction():
        listing_batches.approve(db.session.get_one(ListingBatch, batch_id), statement="属实", actor=SECOND)
    return batch_id


def kill_in_the_middle(settings: Settings, kind: BatchKind, operator_id: int, watcher: psycopg.Connection) -> None:
    with start_worker(settings) as worker:
        try:
            with held_up(settings, kind, operator_id):
                wait_until(watcher, BLOCKED, 1)  # the first transaction is through, the second one waits
                worker.send_signal(signal.SIGKILL)
                worker.wait()
        finally:
            worker.kill()
    assert worker.returncode == -signal.SIGKILL
    wait_until(watcher, HELD, 0)
    watcher.execute("UPDATE procrastinate.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def go_on(app: Flask) -> None:
    for _ in range(2):  # one finds the job that nobody works on any more, one does it
        result = app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
        assert result.exit_code == 0, result.output


def counted(chosen) -> int:
    return db.session.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()


@pytest.mark.parametrize("kind", BatchKind)
def test_a_second_worker_goes_on_where_the_killed_one_stood(
    own_app: Flask, own_settings: Settings, kind: BatchKind
) -> None:
    with own_app.app_context():
        authority_id, codes, last = known_operators()
        if kind is BatchKind.REMOVE:
            listing_batch_run.run(approved(BatchKind.LIST, authority_id, codes), DESK)
        batch_id = approved(kind, authority_id, codes)
        db.session.remove()
    with connect_as_owner(own_settings) as watcher:
        kill_in_the_middle(own_settings, kind, last, watcher)
    with own_app.app_context():
        halfway = db.session.get_one(ListingBatch, batch_id)
        assert (halfway.state, halfway.position, halfway.done) == (BatchState.RUNNING, FIRST_CHUNK, FIRST_CHUNK)
    go_on(own_app)
    with own_app.app_context():
        batch = db.session.get_one(ListingBatch, batch_id)
        assert (batch.state, batch.done, batch.left_out) == (BatchState.FINISHED, OPERATORS, 0)
        numbers = select(IssuedDocument.number, IssuedDocument.sub_number).where(
            IssuedDocument.kind == DOCUMENT[kind], IssuedDocument.sub_number > 0
        )
        assert sorted(tuple(row) for row in db.session.execute(numbers)) == [
            (1, number + 1) for number in range(OPERATORS) if number not in HOUSEHOLDS
        ]
        last_number = select(DocumentCounter.last).where(DocumentCounter.kind == DOCUMENT[kind])
        assert db.session.execute(last_number).scalar_one() == 1
        verb = "entered" if kind is BatchKind.LIST else "ended"
        for model, resource, expected in (
            (AbnormalListing, "abnormal_listing", OPERATORS - len(HOUSEHOLDS)),
            (HouseholdMark, "household_mark", len(HOUSEHOLDS)),
        ):
            assert counted(select(model.id).where(model.removed_on.is_(None) == (verb == "entered"))) == expected
            assert counted(select(LedgerEntry.seq).where(LedgerEntry.action == f"{resource}.{verb}")) == expected
        told = select(Notice.id).outerjoin(IssuedDocument, IssuedDocument.id == Notice.document_id)
        mark = Notice.document_id.is_(None) & Notice.occasion.startswith(f"batch:{batch_id}:")
        assert counted(told.where(mark | (IssuedDocument.kind == DOCUMENT[kind]))) == OPERATORS
        db.session.remove()
        assert rebuild.check(ignore).differences == []
