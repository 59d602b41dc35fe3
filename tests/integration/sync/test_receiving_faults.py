"""Receiving under faults: one batch by two connections at once, and a server killed in the middle of a batch."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from models import db
from registry.clock import now
from registry.config import Settings
from registry.launcher.privileges import die_with_parent
from registry.services import rebuild
from sync.signing import new_nonce, sign_request
from tests.exchange_messages import ended, penalty
from tests.exchange_nodes import NDJSON, Partner, node

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def province() -> Iterator[Flask]:
    with node() as application:
        yield application


def counts(app: Flask) -> tuple[int, int, int]:
    """Messages, penalties and batches that are held."""
    with app.app_context():
        found = db.session.execute(
            db.text(
                "SELECT (SELECT count(*) FROM exchange_message), (SELECT count(*) FROM penalty),"
                " (SELECT count(*) FROM received_batch)"
            )
        ).one()
        return found[0], found[1], found[2]


def check_tables(app: Flask) -> None:
    with app.app_context():
        found = rebuild.check(lambda _: None)
        assert [(each.record_id, each.what) for each in found.differences] == []


def test_one_batch_by_many_connections_at_once_gets_one_receipt(province):
    partner = Partner(province)
    body = partner.batch([penalty(origin=partner.node) for _ in range(200)])
    together = Barrier(4)

    def post() -> tuple[bytes, str | None]:
        together.wait()
        answer = partner.post(body)
        return answer.data, answer.headers.get("Idempotent-Replay")

    with ThreadPoolExecutor(4) as pool:
        answers = [task.result() for task in [pool.submit(post) for _ in range(4)]]
    assert len({receipt for receipt, _ in answers}) == 1
    assert sorted(replay or "" for _, replay in answers) == ["", "true", "true", "true"]
    assert counts(province) == (200, 200, 1)
    check_tables(province)


def test_one_nonce_by_many_connections_at_once_is_good_once(province):
    partner = Partner(province)
    nonce = new_nonce()
    together = Barrier(4)

    def ask() -> int:
        together.wait()
        return partner.ask("GET", "/node", nonce=nonce).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(task.result() for task in [pool.submit(ask) for _ in range(4)])
    assert statuses == [200, 401, 401, 401]


def test_the_two_chains_at_once_never_leave_an_ended_record_public(province):
    partner = Partner(province)
    first = [penalty(origin=partner.node) for _ in range(50)]
    bulk = partner.batch(first)
    urgent = partner.batch([ended(each) for each in first], chain="urgent")
    with ThreadPoolExecutor(2) as pool:
        answers = [task.result() for task in [pool.submit(partner.post, each) for each in (urgent, bulk)]]
    assert [answer.status_code for answer in answers] == [200, 200]
    with province.app_context():
        public = db.session.execute(db.text("SELECT count(*) FROM public_finding WHERE type = 'penalty'")).scalar_one()
    assert public == 0
    check_tables(province)


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The node as it runs in production: granian, in processes of its own."""
    environ = {
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
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--log-level", "critical", "wsgi:app",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env=environ, cwd=ROOT, start_new_session=True, preexec_fn=die_with_parent(signal.SIGKILL)
    )
    try:
        _wait_for(port, process)
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the server and its workers."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended before it served"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def post(partner: Partner, port: int, body: bytes) -> bytes | None:
    """POST /batches over a real connection; None where no answer came."""
    headers = sign_request(
        partner.keys, to=partner.receiver, method="POST", path="/exchange/v1/batches", query="", body=body,
        created=now(), nonce=new_nonce(),
    )  # fmt: skip
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/exchange/v1/batches", data=body, headers=headers | {"Content-Type": NDJSON}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(error.read()) from error
    except OSError:
        return None


def test_a_server_that_is_killed_in_the_middle_applies_a_batch_once(province):
    settings: Settings = province.extensions["registry_settings"]
    partner = Partner(province)
    bodies = []
    for _ in range(3):
        body = partner.batch([penalty(origin=partner.node) for _ in range(400)])
        bodies.append(body)
        partner.chains["bulk"].previous = _named(body)
    receipts: list[bytes] = []
    port = _free_port()
    for body, delay in zip(bodies, (0.05, 0.25, 0.6), strict=True):
        with serving(settings, port) as process, ThreadPoolExecutor(1) as pool:
            task = pool.submit(post, partner, port, body)
            time.sleep(delay)
            kill(process)
            first = task.result()
        with serving(settings, port):
            again = post(partner, port, body)
            assert again is not None
            assert first in (None, again)
            assert post(partner, port, body) == again
        receipts.append(again)
    assert counts(province) == (1200, 1200, 3)
    check_tables(province)


def _named(body: bytes) -> dict[str, str]:
    manifest = json.loads(body.partition(b"\n")[0])
    return {"batch_no": manifest["batch_no"], "body_digest": manifest["body_digest"]}
