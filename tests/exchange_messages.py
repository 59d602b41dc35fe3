"""Messages of another node, made as exchange.md says and not with the program's own code."""

import hashlib
import json
from itertools import count
from typing import Any
from uuid import UUID

import rfc8785

from tests.factories import make_uscc

EPOCH = "5b7c1e90-8f3a-4d0e-9c55-000000000001"
_serial = count(1)


def digest_of(members: dict[str, Any]) -> str:
    """The digest of a message, by the reference implementation of RFC 8785."""
    rest = {name: value for name, value in members.items() if name != "digest"}
    return f"sha256:{hashlib.sha256(rfc8785.dumps(rest)).hexdigest()}"


def message(resource: str, *, origin: str = "130200", **changes: Any) -> dict[str, Any]:
    """A message with its digest. Members in `changes` replace the usual ones; of subject and publicity single ones."""
    number = next(_serial)
    code = changes.pop("uscc", None) or make_uscc("91", "130202")
    members: dict[str, Any] = {
        "message_id": f"{origin}.{EPOCH[:8]}.{number}",
        "origin": origin,
        "resource": resource,
        "record_id": f"{origin}.{resource}.{UUID(int=number)}",
        "revision": 1,
        "operation": "publish",
        "reason": None,
        "subject": {
            "category": "organisation",
            "region": "130202",
            "uscc": code,
            "uscc_doubt": None,
            "registration_no": None,
            "name": f"唐山第{number}食品有限公司",
            "person_key": None,
        },
        "publicity": {
            "rule_set": "samr-2025-12-25",
            "basis": "decision_date",
            "from": "2026-03-02",
            "until": "2027-03-02",
        },
        "data": {},
        "source": {"uscc": "11130200000000001A", "name": "唐山市市场监督管理局"},
        "recorded_at": "2026-03-02T10:00:00+08:00",
        "digest": "",
    }
    for name in ("subject", "publicity"):
        if isinstance(changes.get(name), dict):
            changes[name] = {**members[name], **changes[name]}
    members |= changes
    members["digest"] = changes.get("digest") or digest_of(members)
    return members


def penalty(*, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A penalty that is published; `data` replaces single members."""
    made = message("administrative_penalty", **changes)
    subject = made["subject"]
    members = {
        "CF_XDR_MC": subject["name"],
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": subject["uscc"],
        "CF_FRDB": "王明",
        "CF_WSH": f"唐市监处罚〔2026〕{next(_serial)}号",
        "CF_WFXW": "经营超过保质期的食品",
        "CF_SY": "当事人经营超过保质期的食品，货值三百元。",
        "CF_YJ": "《食品安全法》第一百二十四条",
        "CF_CFLB": "罚款;没收违法所得",
        "CF_NR": "罚款0.5万元，没收违法所得0.03万元。",
        "CF_NR_FK": "0.5",
        "CF_NR_WFFF": "0.03",
        "CF_JDRQ": "2026-03-02",
        "CF_CFJG": "唐山市市场监督管理局",
        "CF_CFJGDM": "11130200000000001A",
        "CF_SJLY": "唐山市市场监督管理局",
        "CF_SJLYDM": "11130200000000001A",
    }
    return signed({**made, "data": {**members, **(data or {})}})


def licence(*, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A licence that is published."""
    made = message("administrative_licence", **changes)
    members = {
        "XK_XDR_MC": made["subject"]["name"],
        "XK_XDR_LB": "法人及非法人组织",
        "XK_XDR_SHXYM": made["subject"]["uscc"],
        "XK_XKWS": "食品经营许可证",
        "XK_WSH": f"JY1130202{next(_serial):07d}",
        "XK_XKLB": "普通",
        "XK_NR": "食品销售",
        "XK_JDRQ": "2026-03-02",
        "XK_YXQZ": "2026-03-02",
        "XK_YXQZI": "2031-03-01",
        "XK_XKJG": "唐山市行政审批局",
        "XK_XKJGDM": "11130200000000002B",
        "XK_ZT": "1",
        "XK_LYDW": "唐山市行政审批局",
        "XK_LYDWDM": "11130200000000002B",
    }
    return signed({**made, "data": {**members, **(data or {})}})


def violation(*, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A stay on the violation list."""
    until = {"until": "2029-03-02", **(changes.pop("publicity", None) or {})}
    made = message("violation_listing", publicity=until, **changes)
    members = {
        "reason_code": "44-5",
        "reason": "食品安全严重违法",
        "legal_basis": "《市场监督管理严重违法失信名单管理办法》第五条",
        "decision_no": f"冀唐市监列严字〔2026〕{next(_serial)}号",
        "decided_on": "2026-03-02",
        "authority": {"uscc": "11130200000000001A", "name": "唐山市市场监督管理局"},
        "listed_on": "2026-03-02",
        "measures": [{"code": "2.1", "title": "限制市场准入", "legal_basis": "食品安全法"}],
    }
    return signed({**made, "data": {**members, **(data or {})}})


def abnormal(
    *, data: dict[str, Any] | None = None, resource: str = "abnormal_listing", **changes: Any
) -> dict[str, Any]:
    """A stay on the abnormal list, or a household's mark."""
    until = {"until": None, **(changes.pop("publicity", None) or {})}
    made = message(resource, publicity=until, **changes)
    members = {
        "reason_code": "R4",
        "reason": "通过登记的住所无法联系",
        "decision_no": f"唐市监异入〔2026〕{next(_serial)}号",
        "decided_on": "2026-03-02",
        "authority": {"uscc": "11130200000000001A", "name": "唐山市市场监督管理局"},
        "listed_on": "2026-03-02",
    }
    return signed({**made, "data": {**members, **(data or {})}})


def operator(*, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An operator as its registrar tells it."""
    made = message("operator", **{"publicity": None, **changes})
    members = {
        "kind": "enterprise",
        "registration_status": "active",
        "former_names": ["唐山旧名食品有限公司"],
        "region": "130202",
        "industry": "F5292",
        "responsible_person": "王明",
        "established_on": "2019-05-06",
        "registrar": {"uscc": "11130200000000001A", "name": "唐山市市场监督管理局"},
        "online_presences": [{"type": "shop", "name": "唐山食品店", "url": None, "platform": "淘宝", "icp_no": None}],
    }
    return signed({**made, "data": {**members, **(data or {})}})


def signed(members: dict[str, Any]) -> dict[str, Any]:
    """The message with the digest of what it now says."""
    return {**members, "digest": digest_of(members)}


def revised(before: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The next revision of a message."""
    return signed(
        {
            **before,
            "message_id": f"{before['origin']}.{EPOCH[:8]}.{next(_serial)}",
            "revision": before["revision"] + 1,
            **changes,
        }
    )


def ended(before: dict[str, Any], reason: str = "repaired", **changes: Any) -> dict[str, Any]:
    """The end of a record's publicity."""
    return revised(before, operation="end_publicity", reason=reason, data={}, **changes)


def line(members: dict[str, Any]) -> bytes:
    """A message as its line of a batch."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
