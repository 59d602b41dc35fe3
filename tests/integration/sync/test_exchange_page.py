"""docs/exchange.md and its scripts against a node: what they say is so, and what they print is taken."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from models import db
from registry.transaction import transaction
from sync import keys, peers, signing
from tests import exchange_messages, exchange_vectors
from tests.exchange_nodes import node
from tests.exchange_vectors import CITY, EPOCH, MOMENT

DOCS = Path(__file__).resolve().parent.parent.parent.parent / "docs"
SCRIPTS = DOCS / "exchange-vectors"
BASE = "http://127.0.0.1:8100"


@pytest.fixture
def province() -> Iterator[Flask]:
    """A province that trusts the published key of the city; a test may."""
    with node() as made:
        with made.app_context(), transaction():
            file = json.dumps(exchange_vectors.keys_of(CITY).public_jwks()).encode()
            peers.add(CITY, "http://127.0.0.1:1", keys.read_public(file, CITY))
        yield made


def _vector(name: str) -> Any:
    return json.loads((SCRIPTS / f"{name}.json").read_text("utf-8"))


def test_a_node_gives_the_published_receipt_and_buckets(province: Flask) -> None:
    """The vectors are what really passes between nodes, not only what the parts of the program would say."""
    request = _vector("requests")["requests"][2]["request"]
    with time_machine.travel(MOMENT, tick=False), province.app_context():
        answer = province.test_client().open(
            request["path"], method="POST", data=exchange_vectors.batch_body(), headers=request["headers"]
        )
        told, published = answer.get_json(), _vector("batch")["receipt"]
        assert {**told, "ledger_head": None} == {**published, "ledger_head": None}
        buckets = _vector("digests")
        signed = _sign("GET", f"/digests?resource={buckets['resource']}&origin={CITY}")
        found = province.test_client().get(signed["path"], query_string=signed["query"], headers=signed["headers"])
    assert found.get_json()["buckets"] == buckets["buckets"]


def _sign(method: str, target: str) -> dict[str, Any]:
    path, _, query = f"/exchange/v1{target}".partition("?")
    headers = signing.sign_request(
        exchange_vectors.keys_of(CITY), to="130000", method=method, path=path, query=query, body=b"", created=MOMENT,
        nonce=signing.new_nonce(),
    )  # fmt: skip
    return {"path": path, "query": query, "headers": headers}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The city's private key as a file."""
    path = tmp_path / "key.jwk"
    path.write_text(json.dumps(_vector("keys")["nodes"][CITY]["private"]))
    return path


def run(script: str, *arguments: object) -> bytes:
    """What a script prints."""
    command = [sys.executable, str(SCRIPTS / script), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def ask(application: Flask, configuration: bytes) -> Any:
    """Send what curl would send for this configuration."""
    lines = [line.partition(" = ") for line in configuration.decode().splitlines()]
    said = {name: json.loads(value) for name, _, value in lines if value and name != "header"}
    headers = [json.loads(value).split(": ", 1) for name, _, value in lines if name == "header"]
    body = Path(said["data-binary"][1:]).read_bytes() if "data-binary" in said else b""
    path, _, query = said["url"].removeprefix(BASE).partition("?")
    with application.app_context():
        return application.test_client().open(
            path, method=said["request"], query_string=query, data=body, headers=headers
        )


def test_the_scripts_sign_what_a_node_believes(province: Flask, key: Path) -> None:
    answer = ask(province, run("sign.py", key, "130000", "GET", f"{BASE}/exchange/v1/node"))
    assert answer.status_code == 200
    assert answer.get_json()["node"] == "130000"
    changes = run("sign.py", key, "130000", "GET", f"{BASE}/exchange/v1/changes?after=0&resource=operator")
    assert ask(province, changes).headers["Exchange-Head"]
    again = ask(province, changes)
    assert (again.status_code, again.get_json()["code"]) == (401, "nonce_replayed")


def test_the_scripts_make_batches_that_follow_each_other(province: Flask, key: Path, tmp_path: Path) -> None:
    messages = tmp_path / "messages.ndjson"
    first, second = exchange_messages.penalty(origin=CITY), exchange_messages.penalty(origin=CITY)
    del first["digest"]
    messages.write_bytes(exchange_messages.line(first))
    sent = tmp_path / "batch.ndjson"
    sent.write_bytes(run("batch.py", key, messages, "--epoch", EPOCH, "--number", 1))
    post = ("130000", "POST", f"{BASE}/exchange/v1/batches", "--body")
    receipt = ask(province, run("sign.py", key, *post, sent)).get_json()
    assert (receipt["received"], receipt["accepted"]) == (1, 1)
    messages.write_bytes(exchange_messages.line(second))
    following = tmp_path / "batch-2.ndjson"
    following.write_bytes(
        run("batch.py", key, messages, "--epoch", EPOCH, "--number", 2, "--from-seq", 2, "--previous", sent)
    )
    assert ask(province, run("sign.py", key, *post, following)).get_json()["accepted"] == 1
    with province.app_context():
        assert db.session.execute(db.text("SELECT count(*) FROM penalty")).scalar_one() == 2


def test_the_page_names_every_request() -> None:
    page = (DOCS / "exchange.md").read_text("utf-8")
    with node() as made:
        rules = [rule for rule in made.url_map.iter_rules() if rule.rule.startswith("/exchange/v1/")]
    placed = r"{\1}"
    asked = {
        f"{method} {re.sub('<(?:[a-z]+:)?([a-z_]+)>', placed, rule.rule).removeprefix('/exchange/v1')}"
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {each for each in asked if f"`{each}" not in page} == set()
    assert len(asked) == 10


def test_the_page_tells_what_to_do_on_every_code() -> None:
    page = (DOCS / "exchange.md").read_text("utf-8")
    root = DOCS.parent
    sources = "".join(
        path.read_text("utf-8") for folder in ("sync", "blueprints/exchange") for path in (root / folder).glob("*.py")
    )
    refused = set(re.findall(r'(?:problem|BatchRefused)\(\s*\d{3}, "([a-z_]+)"', sources))
    unverified = set(re.findall(r'Unverified\("([a-z_]+)"', sources)) - {"nonce_mismatch"}  # of an answer
    judging = "".join(
        (root / "sync" / f"{name}.py").read_text("utf-8")
        for name in ("form", "rejections", "content", "decisions", "identity", "reading")
    )
    faults = set(re.findall(r'(?:Fault|note)\(\s*"([a-z_]+)"', judging))
    assert len(refused) > 9
    assert len(unverified) > 4
    assert len(faults) > 12
    assert {code for code in refused | unverified | faults if f"`{code}`" not in page} == set()
