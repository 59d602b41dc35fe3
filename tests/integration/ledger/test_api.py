"""The tree over HTTP: what an outsider sees is enough to check it."""

import base64
from collections.abc import Iterator

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import KeySet

from models import db
from registry import signing_keys
from registry.app import create_app
from registry.config import Settings
from registry.ledger import heads
from registry.ledger.tree import leaf_hash, verify_consistency, verify_inclusion
from registry.services import credit_reports
from registry.transaction import transaction
from tests.database import cloned_database, close
from tests.factories import make_authority, make_operator, make_penalty


def grow(app: Flask, settings: Settings, penalties: int) -> None:
    """Enter some records and sign a head over them."""
    with app.app_context():
        with transaction():
            authority, operator = make_authority(), make_operator()
            for _ in range(penalties):
                make_penalty(operator, authority)
        heads.sign_if_grown(db.engine, signing_keys.load_or_create(settings.key_dir))


@pytest.fixture(scope="module")
def reader() -> Iterator[FlaskClient]:
    """An outsider's client on a ledger with heads over 4 and over 11 entries, which no test changes."""
    with cloned_database() as settings:
        app = create_app(settings)
        grow(app, settings, 3)
        grow(app, settings, 6)
        yield app.test_client()
        close(app)


def test_the_head_is_signed_with_a_published_key(reader: FlaskClient) -> None:
    head = reader.get("/api/v1/ledger/head").json
    keys = KeySet.import_key_set(reader.get("/.well-known/jwks.json").json)
    token = jws.deserialize_compact(head["jws"], keys, algorithms=["Ed25519"])
    assert token.headers()["typ"] == "ledger-head"
    assert orjson.loads(token.payload) == {name: head[name] for name in ("size", "root", "at")}
    assert head["size"] == 11


@pytest.mark.parametrize(("seq", "size"), [(1, 4), (4, 4), (4, 11), (11, 11), (7, 9)])
def test_an_entry_is_proved_in_a_tree(reader: FlaskClient, seq: int, size: int) -> None:
    proof = reader.get(f"/api/v1/ledger/proof/inclusion?seq={seq}&size={size}").json
    leaf = leaf_hash(orjson.dumps(proof["leaf"], option=orjson.OPT_SORT_KEYS))
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert leaf.hex() == proof["leaf_hash"]
    assert proof["leaf"]["seq"] == seq
    assert verify_inclusion(leaf, seq - 1, size, path, bytes.fromhex(proof["root"]))


def test_a_proof_is_in_the_newest_tree_when_no_size_is_asked_for(reader: FlaskClient) -> None:
    proof = reader.get("/api/v1/ledger/proof/inclusion?seq=2").json
    head = reader.get("/api/v1/ledger/head").json
    assert (proof["size"], proof["root"]) == (head["size"], head["root"])


def test_a_later_tree_extends_an_earlier_one(reader: FlaskClient) -> None:
    proof = reader.get("/api/v1/ledger/proof/consistency?from=4&to=11").json
    roots = bytes.fromhex(proof["from_root"]), bytes.fromhex(proof["to_root"])
    assert verify_consistency(4, 11, [bytes.fromhex(step) for step in proof["path"]], *roots)
    assert proof["to_root"] == reader.get("/api/v1/ledger/head").json["root"]
    assert reader.get("/api/v1/ledger/proof/consistency?from=4").json == proof


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("inclusion", {"seq"}),
        ("inclusion?seq=0&size=x", {"seq", "size"}),
        ("inclusion?seq=5&size=4", {"seq"}),
        ("consistency?to=-1", {"from", "to"}),
        ("consistency?from=5&to=4", {"from"}),
        ("consistency?from=1e3", {"from"}),
    ],
)
def test_tells_all_faults_of_a_question_at_once(reader: FlaskClient, address: str, fields: set[str]) -> None:
    answer = reader.get(f"/api/v1/ledger/proof/{address}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert {fault["field"] for fault in answer.json["errors"]} == fields


@pytest.mark.parametrize(
    "address", ["inclusion?seq=12", "inclusion?seq=1&size=12", "consistency?from=12", "consistency?from=1&to=12"]
)
def test_what_no_head_covers_is_not_found(reader: FlaskClient, address: str) -> None:
    answer = reader.get(f"/api/v1/ledger/proof/{address}")
    assert (answer.status_code, answer.json["code"]) == (404, "not_covered")


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 5000])
def test_numbers_beyond_any_ledger_are_no_error_of_ours(reader: FlaskClient, number: str) -> None:
    answer = reader.get(f"/api/v1/ledger/proof/inclusion?seq=1&size={number}")
    assert answer.status_code in {404, 422}


def test_before_the_first_head_there_is_none(own_app: Flask) -> None:
    answer = own_app.test_client().get("/api/v1/ledger/head")
    assert (answer.status_code, answer.json["code"]) == (404, "no_head")


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/ledger/head",
        "/api/v1/ledger/proof/inclusion?seq=1&size=4",
        "/api/v1/ledger/proof/consistency?from=1&to=4",
        "/.well-known/jwks.json",
    ],
)
def test_an_unchanged_answer_is_not_sent_again(reader: FlaskClient, address: str) -> None:
    first = reader.get(address)
    again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_shows_no_payload_and_no_private_key(reader: FlaskClient) -> None:
    proof = reader.get("/api/v1/ledger/proof/inclusion?seq=1").json
    assert set(proof["leaf"]) == {"seq", "recorded_at", "record_id", "revision", "public_digest", "private_digest"}
    assert all("d" not in key for key in reader.get("/.well-known/jwks.json").json["keys"])


def test_the_key_of_reports_is_published_with_its_certificate(reader: FlaskClient) -> None:
    settings = reader.application.extensions["registry_settings"]
    signer = credit_reports.signer_of(settings.key_dir, settings.issuer_name)
    keys = reader.get("/.well-known/jwks.json").json["keys"]
    of_reports = [key for key in keys if key["alg"] == "ES256"]
    assert of_reports == [signer.public_jwk()]
    certificate = x509.load_der_x509_certificate(base64.b64decode(of_reports[0]["x5c"][0]))
    assert certificate.fingerprint(hashes.SHA256()).hex() == signer.fingerprint
    assert len({key["kid"] for key in keys}) == len(keys) > 1
