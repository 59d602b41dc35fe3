"""Two real nodes: a province served by a web server of its own, a city whose pushing process is killed again and again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select

from bench.processes import serving
from models import ExchangeMessage, SentBatch, SentState, db
from registry.config import Settings
from registry.launcher.postgres import free_port
from registry.launcher.privileges import die_with_parent
from registry.transaction import transaction
from tests.exchange_nodes import node
from tests.exchange_wire import settings_of, trust
from tests.factories import make_authority, make_operator, make_penalty

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
RECORDS, KILLS = 600, 5


def environ_of(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "REGISTRY_ENV": "test",
        "REGISTRY_NODE_ID": settings.node_id,
        "REGISTRY_NODE_ROLE": settings.node_role,
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "DATABASE_OWNER_URL": settings.database_owner_url.replace("+psycopg", ""),
        "REGISTRY_SECRET_KEY": settings.secret_key,
        "REGISTRY_PERSONAL_DATA_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "REGISTRY_SITE_URL": settings.site_url,
    }


@contextmanager
def served(province: Flask, environ: Mapping[str, str], log: Path) -> Iterator[str]:
    port = free_port()
    command = [
        str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--workers-kill-timeout", "10", "--no-access-log", "wsgi:app",
    ]  # fmt: skip
    with serving(command, environ, f"http://127.0.0.1:{port}/readyz", log):
        yield f"http://127.0.0.1:{port}"


def push(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(BIN / "flask"), "--app", "wsgi", "exchange", "push", "130000"],
        env=environ,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )


def held(application: Flask) -> dict[str, tuple[int, str]]:
    with application.app_context():
        rows = db.session.execute(
            select(ExchangeMessage.record_id, ExchangeMessage.revision, ExchangeMessage.digest).where(
                ExchangeMessage.origin == "130100"
            )
        )
        return {record_id: (revision, digest) for record_id, revision, digest in rows}


def test_a_sender_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    chance = Random(5)
    with node("130100", "city") as city, node() as province:
        above = environ_of(settings_of(province))
        with served(province, above, tmp_path / "province.log") as url:
            trust(city, "130000", province, url)
            trust(province, "130100", city, "http://127.0.0.1:1")
            with city.app_context(), transaction():
                authority, operator = make_authority(), make_operator()
                for _ in range(RECORDS):
                    make_penalty(operator, authority)
            environ = environ_of(settings_of(city))
            for _ in range(KILLS):
                process = push(environ)
                time.sleep(chance.uniform(0.5, 6))
                process.kill()
                process.wait()
            assert push(environ).wait(180) == 0
            assert held(city) == held(province)
            assert len(held(province)) == RECORDS + 1
            with city.app_context():
                assert set(db.session.execute(select(SentBatch.state)).scalars()) == {SentState.RECEIPTED}
            with province.app_context():
                entries = "SELECT count(*), count(DISTINCT record_id) FROM ledger_entry WHERE actor = 'peer:130100'"
                total, records = db.session.execute(db.text(entries)).one()
                assert total >= records
                again = "SELECT count(*) FROM ledger_entry GROUP BY record_id HAVING count(*) > 1"
                assert db.session.execute(db.text(again)).all() == []
