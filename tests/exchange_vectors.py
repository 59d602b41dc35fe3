"""docs/exchange-vectors/: what the program signs, receipts and digests from fixed keys, times and numbers.

Written by `python -m tests.generated_pages`; docs/exchange-vectors/check.py verifies them without the program.
"""

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from models import Chain
from registry.clock import BEIJING
from registry.ledger.canonical import sha256
from registry.ledger.heads import Head
from sync import batches, signing
from sync.carriers import detached
from sync.inbound import Applied
from sync.keys import OwnKeys
from sync.manifest import Batch, read_batch
from sync.message import body_digest
from sync.rejections import Judge, first_look
from tests import exchange_messages
from tests.factories import make_uscc

CITY, PROVINCE = "130100", "130000"
EPOCH = "5b7c1e90-8f3a-4d0e-9c55-000000000001"
PROVINCE_EPOCH = "c0ffee00-8f3a-4d0e-9c55-000000000002"
MOMENT = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
_NOTE = "For tests only: the private halves are published. Never trust these keys on a node that holds real records."
_CENTRE = {"uscc": "11130100000000001J", "name": "石家庄市市场监督管理局"}


def keys_of(node: str) -> OwnKeys:
    """The published test keys of a node."""
    return OwnKeys(node, (OKPKey.import_key(_jwk(node)),), None)


def files() -> dict[str, str]:
    """Every vector by the name of its file."""
    made = _batch()
    return {
        "keys.json": _text({"note": _NOTE, "nodes": {node: _pair(node) for node in (CITY, PROVINCE)}}),
        "messages.json": _text({"messages": [_message(name, each) for name, each in _messages().items()]}),
        "batch.json": _text(_told_batch(*made)),
        "requests.json": _text({"requests": _requests(*made)}),
        "digests.json": _text(_digests(made[1])),
        "jws.json": _text(_jws(made[0])),
    }


def batch_body() -> bytes:
    """The batch as it is sent, not compressed."""
    lines = b"".join(exchange_messages.line(each) for each in _sent())
    last = len(_sent())
    manifest = {
        "batch_no": f"{CITY}-20261123-000001",
        "node": CITY,
        "epoch": EPOCH,
        "schema_version": 1,
        "count": last,
        "chain": Chain.BULK.value,
        "from_seq": 1,
        "to_seq": last,
        "previous": None,
        "body_digest": body_digest(lines),
        "ledger_head": keys_of(CITY).sign_head(_head(CITY, last)),
        "created_at": MOMENT.isoformat(),
    }
    return json.dumps(manifest).encode() + b"\n" + lines


def _penalty(number: int, **changes: Any) -> dict[str, Any]:
    """A penalty of the city; the same for the same number."""
    usual: dict[str, Any] = {
        "uscc": make_uscc("91", "130102", serial=number),
        "record_id": f"{CITY}.administrative_penalty.00000000-0000-4000-8000-{number:012d}",
        "message_id": f"{CITY}.{EPOCH[:8]}.{number}",
        "subject": {
            "region": "130102", "name": f"石家庄第{number}食品有限公司",
            "uscc": make_uscc("91", "130102", serial=number),
        },
        "source": _CENTRE,
    }  # fmt: skip
    data = {
        "CF_WSH": f"石市监处罚〔2026〕{number}号", "CF_CFJG": _CENTRE["name"], "CF_CFJGDM": _CENTRE["uscc"],
        "CF_SJLY": _CENTRE["name"], "CF_SJLYDM": _CENTRE["uscc"],
    }  # fmt: skip
    return exchange_messages.penalty(origin=CITY, data=data | changes.pop("data", {}), **usual | changes)


def _revised(before: dict[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    message_id = f"{CITY}.{EPOCH[:8]}.{number}"
    return exchange_messages.signed({**before, "message_id": message_id, "revision": before["revision"] + 1, **changes})


def _messages() -> dict[str, dict[str, Any]]:
    """One of each kind that a canonicaliser may stumble over."""
    first = _penalty(1)
    strange = {
        "zz_later_member": {"\ufb33": "after", "😀": "before: by UTF-16 code units", "é": 1, "A": None},
        "zz_numbers": [1, -0.0, 0.5, 100.0, 1e-7, 1.5e21, 123456789.25, 2**53 - 1],
        "zz_text": '"\\/\b\f\n\r\t\u0001\u007f\u2028 𠮷',
    }
    person = {
        "category": "natural_person", "region": None, "uscc": None, "name": "王*",
        "person_key": hashlib.sha256(b"not a real person").hexdigest(),
    }  # fmt: skip
    names = {"CF_XDR_MC": "王*", "CF_XDR_LB": "自然人", "CF_XDR_SHXYM": None, "CF_FRDB": None}
    return {
        "a penalty": first,
        "unknown members, everywhere": exchange_messages.signed(
            {**_penalty(2), **strange, "data": {**_penalty(2)["data"], "CF_NEW": "𠮷野家", "zz": {"b": [], "a": {}}}}
        ),
        "a penalty of a person, who is named by a key": _penalty(3, subject=person, data=names),
        "a tombstone: repaired, nothing is said any more": _revised(
            first, 11, operation="end_publicity", reason="repaired", data={}
        ),
        "a withdrawal": _revised(_penalty(4), 12, operation="withdraw", reason="decision_revoked", data={}),
    }


def _sent() -> list[dict[str, Any]]:
    """What the batch carries: something of each outcome."""
    penalties = [_penalty(number) for number in range(1, 6)]
    corrected = _revised(penalties[1], 6, data={**penalties[1]["data"], "BZ": "更正"})
    wrong = _penalty(8, subject={**_penalty(8)["subject"], "name": ""}, data={"CF_NR_FK": "5,000", "CF_WFXW": ""})
    return [*penalties, corrected, penalties[1], wrong, penalties[2]]


def _taken_in() -> tuple[Batch, Applied]:
    """The batch read and judged by a province that holds nothing yet."""
    batch = read_batch(batch_body(), signer=CITY)
    judge = Judge(today=MOMENT.date(), standing={}, decisions={})
    outcomes = [judge.judge(message, first_look(message, origins={CITY}, own=PROVINCE)) for message in batch.messages]
    return batch, Applied(outcomes)


def _batch() -> tuple[Batch, Applied, bytes]:
    batch, applied = _taken_in()
    head = keys_of(PROVINCE).sign_head(_head(PROVINCE, 40))
    return batch, applied, batches.write_receipt(batch, applied, MOMENT, head)


def _told_batch(batch: Batch, applied: Applied, receipt: bytes) -> dict[str, Any]:
    return {
        "manifest": json.loads(batch.manifest.line),
        "lines": batch.lines.decode().splitlines(),
        "body_base64": _b64(batch_body()),
        "receipt": json.loads(receipt),
        "receipt_base64": _b64(receipt),
    }


def _requests(batch: Batch, applied: Applied, receipt: bytes) -> list[dict[str, Any]]:
    page = b'{"position": 7, "message": %b}\n' % exchange_messages.line(_penalty(1)).rstrip(b"\n")
    asked = f"after=0&limit=1000&epoch={PROVINCE_EPOCH}"
    followed = {"Content-Type": "application/x-ndjson", "Exchange-Next": "40", "Exchange-Head": "40"}
    replayed = {"Content-Type": "application/json", "Idempotent-Replay": "true"}
    sent = {"Content-Type": "application/x-ndjson"}
    unknown = f"{CITY}.administrative_licence.00000000-0000-4000-8000-000000000099"
    missing = b'{"type":"about:blank","title":"Not Found","status":404,"code":"not_found"}'
    problem = {"Content-Type": "application/problem+json"}
    return [
        _exchange("GET /records, without a query", 1, "GET", f"/records/{unknown}", answer=(404, missing, problem)),
        _exchange("GET /changes", 2, "GET", "/changes", query=asked, answer=(200, page, followed)),
        _exchange("POST /batches, a repeat", 3, "POST", "/batches", body=batch_body(), sent=sent,
                  answer=(200, receipt, replayed)),
    ]  # fmt: skip


def _exchange(
    name: str, number: int, method: str, path: str, *, answer: tuple[int, bytes, dict[str, str]], query: str = "",
    body: bytes = b"", sent: dict[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A request of the city and the answer of the province, both as the program signs them."""
    path, nonce = f"/exchange/v1{path}", _nonce(number)
    headers = signing.sign_request(
        keys_of(CITY), to=PROVINCE, method=method, path=path, query=query, body=body, created=MOMENT, nonce=nonce
    )
    status, content, given = answer
    with patch.object(signing, "new_nonce", lambda: _nonce(number + 100)):
        answered = signing.sign_answer(
            keys_of(PROVINCE), status=status, body=content, headers=given, nonce=nonce, epoch=PROVINCE_EPOCH,
            created=MOMENT + timedelta(seconds=1),
        )  # fmt: skip
    derived = {"@method": method, "@path": path, "@query": f"?{query}"}
    return {
        "name": name,
        "request": {
            "method": method, "path": path, "query": query, "headers": {**(sent or {}), **headers},
            "body_base64": _b64(body), "signature_base": _base(headers, derived),
        },
        "answer": {
            "status": status, "headers": {**given, **answered}, "body_base64": _b64(content),
            "signature_base": _base({**given, **answered}, {"@status": str(status)}),
        },
    }  # fmt: skip


def _base(headers: dict[str, str], derived: dict[str, str]) -> str:
    """The signature base, spelled out from the headers."""
    values = {name.lower(): value for name, value in headers.items()} | derived
    parameters = values["signature-input"].removeprefix("node=")
    covered = parameters[1 : parameters.index(")")].split(" ")
    lines = [f"{name}: {values[name.strip(chr(34))]}" for name in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}'])


def _digests(applied: Applied) -> dict[str, Any]:
    """The buckets of what the province holds after the batch."""
    held: dict[str, tuple[int, str]] = {}
    for outcome in applied.outcomes:
        if outcome.status.value == "accepted":
            members = outcome.message.members
            held[members["record_id"]] = (members["revision"], members["digest"])
    records = [
        {"record_id": record_id, "revision": revision, "digest": digest}
        for record_id, (revision, digest) in sorted(held.items())
    ]
    buckets = []
    for number in range(256):
        lines = "".join(
            f"{each['record_id']} {each['revision']} {each['digest']}\n"
            for each in records
            if sha256(str(each["record_id"]).encode())[0] == number
        )
        buckets.append({"bucket": f"{number:02x}", "count": lines.count("\n"), "digest": body_digest(lines.encode())})
    return {"resource": "administrative_penalty", "origin": CITY, "records": records, "buckets": buckets}


def _jws(batch: Batch) -> dict[str, Any]:
    head = _head(CITY, 9)
    payload = {"at": MOMENT.isoformat(), "root": head.root.hex(), "size": head.size}
    content = batch.manifest.line
    return {
        "ledger_head": {"node": CITY, "payload": payload, "jws": keys_of(CITY).sign_head(head)},
        "detached": {
            "node": CITY, "content": content.decode(), "jws": detached.sign(keys_of(CITY), content).decode(),
        },
    }  # fmt: skip


def _message(name: str, message: dict[str, Any]) -> dict[str, str]:
    rest = {each: value for each, value in message.items() if each != "digest"}
    return {
        "name": name,
        "line": exchange_messages.line(message).decode().rstrip("\n"),
        "canonical": rfc8785.dumps(rest).decode(),
        "digest": message["digest"],
    }


def _head(node: str, size: int) -> Head:
    return Head(size, sha256(f"{node} {size}".encode()), MOMENT, "")


def _nonce(number: int) -> str:
    return base64.urlsafe_b64encode(sha256(f"nonce {number}".encode())[:16]).rstrip(b"=").decode()


def _jwk(node: str) -> dict[str, str]:
    seed = base64.urlsafe_b64encode(sha256(f"published test key of {node}".encode())).rstrip(b"=").decode()
    pair = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": seed, "x": _public_of(seed)})
    return {name: str(value) for name, value in pair.as_dict(private=True).items()}


def _public_of(seed: str) -> str:
    private = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(seed + "="))
    return base64.urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()


def _pair(node: str) -> dict[str, Any]:
    public = keys_of(node).public_jwks()["keys"][0]
    return {"public": public, "private": {**public, "d": _jwk(node)["d"]}}


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
