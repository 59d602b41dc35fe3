"""Many writers at once, and writers that die: order, density, and nothing lost."""

import base64
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from models import Authority, LedgerEntry, Operator, Penalty, PublicFinding, db
from registry.config import Settings
from registry.ledger.verify import Verification
from registry.rules.listing import EndReason
from registry.rules.merchant_status import FindingType
from registry.rules.operator import RegistrationStatus
from registry.rules.record import RecordState
from registry.services import operators, publicity, rebuild
from registry.services.operators import OperatorMoved
from registry.services.publicity import NotInForce
from registry.transaction import transaction
from tests.database import connect_as_owner, plain_url
from tests.factories import ACTOR, make_authority, make_operator, make_penalty, make_uscc
from tests.integration.ledger.conftest import ignore

ROOT = Path(__file__).resolve().parents[3]
WRITERS = 16
CHANGES = 10
OPERATORS = 4
DAY = date(2026, 11, 24)


def follow(settings: Settings, done: threading.Event) -> list[int]:
    """What a reader sees that asks again and again for everything after the last number it has."""
    seen: list[int] = []
    with psycopg.connect(plain_url(settings.database_url), autocommit=True) as connection:
        while True:
            finished = done.is_set()
            after = seen[-1] if seen else 0
            rows = connection.execute("SELECT seq FROM ledger_entry WHERE seq > %s ORDER BY seq", [after]).fetchall()
            seen += [seq for (seq,) in rows]
            if finished and not rows:
                return seen


def change(app: Flask, chance: random.Random, ids: list[int], authority_id: int) -> int:
    """One transaction on operators that others are changing too; the number of entries that it wrote."""
    with app.app_context():
        try:
            with transaction():
                first, second = sorted(
                    chance.sample(ids, 2)
                )  # in the order of keys: crosswise would be a deadlock of rows
                other, operator = db.session.get_one(Operator, first), db.session.get_one(Operator, second)
                penalty = make_penalty(other, db.session.get_one(Authority, authority_id))
                match chance.randrange(4):
                    case 0:
                        operators.rename(
                            operator, name=f"石家庄第{chance.randrange(99)}商贸有限公司", on=DAY, actor=ACTOR
                        )
                    case 1:
                        status = chance.choice([RegistrationStatus.ACTIVE, RegistrationStatus.REVOKED])
                        operators.change_status(operator, status=status, on=DAY, actor=ACTOR)
                    case 2:
                        operator.uscc = make_uscc()
                        operators.change_status(operator, status=operator.registration_status, on=DAY, actor=ACTOR)
                    case 3:
                        publicity.end_publicity(penalty.record_id, reason=EndReason.REPAIRED, on=DAY, actor=ACTOR)
        except (StaleDataError, OperatorMoved, NotInForce):
            return 0  # another officer was faster, and this one is told
        return 2


def test_sixteen_writers_lose_nothing(
    own_app: Flask, own_settings: Settings, verified: Callable[[], Verification]
) -> None:
    with own_app.app_context(), transaction():
        ids = [make_operator().id for _ in range(OPERATORS)]
        authority_id = make_authority().id
    done, together = threading.Event(), threading.Barrier(WRITERS)

    def write(number: int) -> int:
        chance = random.Random(number)
        together.wait()
        return sum(change(own_app, chance, ids, authority_id) for _ in range(CHANGES))

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(follow, own_settings, done)
        try:
            written = sum(pool.map(write, range(WRITERS)))
        finally:
            done.set()
        seen = reader.result()
    assert written > WRITERS * CHANGES / 2
    assert seen == list(range(1, OPERATORS + written + 1))
    with own_app.app_context():
        shown = select(PublicFinding.record_id).where(PublicFinding.type == FindingType.PENALTY)
        in_force = select(Penalty.record_id).where(Penalty.state == RecordState.IN_FORCE)
        assert set(db.session.scalars(shown)) == set(db.session.scalars(in_force))
        db.session.rollback()
        assert rebuild.check(ignore).differences == []
    assert verified().faults == []


def test_the_moment_never_goes_back(own_app: Flask, own_settings: Settings) -> None:
    with own_app.app_context():
        with transaction():
            make_operator()
        with connect_as_owner(own_settings) as connection:  # the clock stood an hour ahead, and was set right since
            connection.execute("UPDATE ledger_entry SET recorded_at = recorded_at + interval '1 hour'")
        with transaction():
            make_operator()
        first, second = db.session.scalars(select(LedgerEntry.recorded_at).order_by(LedgerEntry.seq))
        assert first == second
        assert second > db.session.scalars(select(func.now())).one() + timedelta(minutes=50)


WRITER = """
import sys
from registry import projections
from registry.app import from_environment
from registry.transaction import transaction
from tests.factories import make_operator

def stop_under_the_lock(operator_ids):
    print("locked", flush=True)
    sys.stdin.read()

if sys.argv[1] == "stop":
    projections.renew = stop_under_the_lock
with from_environment().app_context():
    while True:
        with transaction():
            records = [make_operator(code=None).record_id for _ in range(3)]
        print(*records, flush=True)
"""


def start_writer(settings: Settings, how: str) -> "subprocess.Popen[str]":
    """A process that commits three operators again and again, or stops under the lock of its first commit."""
    environ = {
        **os.environ,
        "REGISTRY_ENV": "test",
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": plain_url(settings.database_url),
        "DATABASE_OWNER_URL": plain_url(settings.database_owner_url),
        "REGISTRY_SECRET_KEY": settings.secret_key,
        "REGISTRY_PERSONAL_DATA_KEY": base64.b64encode(settings.personal_data_key).decode(),
        "REGISTRY_SITE_URL": settings.site_url,
    }
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, how],
        env=environ, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def kill(writer: "subprocess.Popen[str]") -> list[str]:
    """kill -9; the rest of what it said."""
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=60)
    return rest.splitlines()


def entries(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.execute(select(LedgerEntry.seq, LedgerEntry.record_id).order_by(LedgerEntry.seq))
        return [(seq, record_id) for seq, record_id in rows]


def test_a_writer_killed_under_the_lock_leaves_no_gap(own_app: Flask, own_settings: Settings) -> None:
    writer = start_writer(own_settings, "stop")
    assert writer.stdout is not None
    assert writer.stdout.readline() == "locked\n"
    kill(writer)
    with own_app.app_context(), transaction():
        kept = make_operator(code=make_uscc(region="130104")).record_id
    assert entries(own_app) == [(1, kept)]


def test_what_was_acknowledged_survives_a_kill(
    own_app: Flask, own_settings: Settings, verified: Callable[[], Verification]
) -> None:
    writer = start_writer(own_settings, "go on")
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline().split() for _ in range(8)]
    acknowledged += [line.split() for line in kill(writer)]
    with own_app.app_context(), transaction():
        last = make_operator(code=make_uscc(region="130104")).record_id
    found = entries(own_app)
    assert [seq for seq, _ in found] == list(range(1, len(found) + 1))
    assert {record_id for records in acknowledged for record_id in records if len(records) == 3} <= {
        record_id for _, record_id in found
    }
    assert (len(found) - 1) % 3 == 0, "a transaction is there as a whole or not at all"
    assert found[-1][1] == last
    assert verified().faults == []
