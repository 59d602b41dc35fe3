"""Messages and batches as exchange.md 2 and 4 describe them."""

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

from tests.contract.exchange.wire import Key, message_digest, sha256

BEIJING = timezone(timedelta(hours=8))
AUTHORITY = {"uscc": "11130200000000001A", "name": "唐山市市场监督管理局"}
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_serial = count(1)


def uscc(prefix: str = "91") -> str:
    """A code that passes GB 32100 and that no other call gives."""
    body = f"{prefix}130202MA{next(_serial):06d}0"
    total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + _ALPHABET[-total % 31]


def signed(members: dict[str, Any]) -> dict[str, Any]:
    """With the digest of what it says."""
    return {**members, "digest": message_digest(members)}


def message(resource: str, origin: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A message of any resource; of subject and publicity single members may be replaced."""
    number = next(_serial)
    subject = {
        "category": "organisation", "region": "130202", "uscc": uscc(), "uscc_doubt": None, "registration_no": None,
        "name": f"唐山第{number}食品有限公司", "person_key": None, **(changes.pop("subject", None) or {}),
    }  # fmt: skip
    publicity = {"rule_set": "samr-2025-12-25", "basis": "decision_date", "from": "2026-03-02", "until": "2027-03-02"}
    if "publicity" in changes:
        given = changes.pop("publicity")
        publicity = given if given is None else {**publicity, **given}
    members = {
        "message_id": f"{origin}.5b7c1e90.{number}", "origin": origin, "resource": resource,
        "record_id": f"{origin}.{resource}.{uuid.uuid4()}", "revision": 1, "operation": "publish", "reason": None,
        "subject": subject, "publicity": publicity, "data": data, "source": AUTHORITY,
        "recorded_at": "2026-03-02T10:00:00+08:00",
    }  # fmt: skip
    return signed({**members, **changes})


def penalty(origin: str, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A penalty; `data` replaces single members."""
    made = message("administrative_penalty", origin, {}, **changes)
    members = {
        "CF_XDR_MC": made["subject"]["name"], "CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": made["subject"]["uscc"],
        "CF_FRDB": "王明", "CF_WSH": f"唐市监处罚〔2026〕{next(_serial)}号", "CF_WFXW": "经营超过保质期的食品",
        "CF_SY": "当事人经营超过保质期的食品，货值三百元。", "CF_YJ": "《食品安全法》第一百二十四条",
        "CF_CFLB": "罚款;没收违法所得", "CF_NR": "罚款0.5万元，没收违法所得0.03万元。", "CF_NR_FK": "0.5", "CF_NR_WFFF": "0.03",
        "CF_JDRQ": "2026-03-02", "CF_CFJG": AUTHORITY["name"], "CF_CFJGDM": AUTHORITY["uscc"],
        "CF_SJLY": AUTHORITY["name"], "CF_SJLYDM": AUTHORITY["uscc"],
    }  # fmt: skip
    return signed({**made, "data": {**members, **(data or {})}})


def violation(origin: str, **changes: Any) -> dict[str, Any]:
    """A stay on the violation list, which concerns every node."""
    number = next(_serial)
    data = {
        "reason_code": "44-5", "reason": "食品安全严重违法", "legal_basis": "第五条",
        "decision_no": f"冀唐市监列严字〔2026〕{number}号", "decided_on": "2026-03-02", "authority": AUTHORITY,
        "listed_on": "2026-03-02", "measures": [{"code": "2.1", "title": "限制", "legal_basis": "食品安全法"}],
    }  # fmt: skip
    return message("violation_listing", origin, data, publicity={"until": "2029-03-02"}, **changes)


def revised(before: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The next revision."""
    number = next(_serial)
    return signed(
        {**before, "message_id": f"{before['origin']}.5b7c1e90.{number}", "revision": before["revision"] + 1, **changes}
    )


def line(members: dict[str, Any]) -> bytes:
    """A message as its line; not in canonical order, so that nobody may take the bytes for the form."""
    return json.dumps(members, ensure_ascii=False).encode() + b"\n"


def head(key: Key, size: int, *, root: str | None = None, at: datetime | None = None) -> str:
    """A signed ledger head; the root follows from the size unless it lies."""
    moment = (at or datetime.now(BEIJING)).isoformat()
    return key.jws(json.dumps({"at": moment, "root": root or sha256(str(size).encode())[7:], "size": size}).encode())


class Chains:
    """What a node sends upwards: batches in two chains, numbered by day."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.epoch = str(uuid.uuid4())
        self.number = 0
        self.seq = 0
        self.previous: dict[str, dict[str, str] | None] = {"bulk": None, "urgent": None}

    def batch(
        self,
        messages: Sequence[dict[str, Any]] = (),
        *,
        chain: str = "bulk",
        lines: Iterable[bytes] | None = None,
        **manifest: Any,
    ) -> bytes:
        """The next batch, uncompressed; members of the manifest may be replaced."""
        body = b"".join(lines if lines is not None else map(line, messages))
        self.number += 1
        first, self.seq = self.seq + 1, self.seq + max(1, body.count(b"\n"))
        members = {
            "batch_no": f"{self.key.node}-20261126-{self.number:06d}", "node": self.key.node, "epoch": self.epoch,
            "schema_version": 1, "count": body.count(b"\n"), "chain": chain, "from_seq": first, "to_seq": self.seq,
            "previous": self.previous.get(chain), "body_digest": sha256(body), "ledger_head": head(self.key, self.seq),
            "created_at": datetime.now(BEIJING).isoformat(timespec="seconds"), **manifest,
        }  # fmt: skip
        return json.dumps(members).encode() + b"\n" + body

    def follow(self, batch: bytes) -> None:
        """A receipt has come: the next batch names this one."""
        manifest = json.loads(batch.partition(b"\n")[0])
        self.previous[manifest["chain"]] = {name: manifest[name] for name in ("batch_no", "body_digest")}
