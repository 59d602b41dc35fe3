"""Status objects as bytes. Written by hand, since this is the hot path; `StatusOut` describes the same, and a test compares."""

import hashlib
from functools import lru_cache
from typing import Any

import orjson
from flask import Response, current_app, request
from flask_babel import force_locale

from blueprints.api_v1.advice import ADVICE
from registry.clock import now
from registry.config import Settings
from registry.queries.answering import answer
from registry.rules.merchant_status import Level
from registry.services.merchant_status import Ask, Found, Register, Sources, sources

JSON = "application/json"
PRIVATE = "private, no-cache"
_KEPT: dict[str, tuple[str, Sources]] = {}
"""The sources as they were at a state of freshness, for each node this process serves; made anew when that changes."""
_MEMBERS = ("code", "title", "authority", "decision_no", "decided_on", "legal_basis", "rule_set", "measures")


@lru_cache(maxsize=64)
def advice_in(language: str, level: Level) -> str:
    """What a platform is told, in a language."""
    with force_locale(language):
        return str(ADVICE[level])


def status_members(found: Found, language: str, settings: Settings, known: Sources) -> dict[str, Any]:
    """The status object less `data_as_of`, `data_is_old`, `ledger_seq` and `receipt`."""
    level = found.level
    return {
        "uscc": found.uscc,
        "registration_no": found.registration_no,
        "name": found.name,
        "former_names": found.former_names,
        "kind": found.kind,
        "registration_status": found.registration_status,
        "level": level.value,
        "advice": advice_in(language, level),
        "findings": [_finding(each, settings.site_url) for each in found.findings],
        "scope": [settings.node_region],
        "sources": known.authorities,
    }


def moving_members(register: Register, known: Sources) -> dict[str, Any]:
    """The members that an ETag leaves out."""
    as_of = known.data_as_of
    return {
        "data_as_of": as_of and as_of.isoformat(),
        "data_is_old": known.is_old(now()),
        "ledger_seq": register.ledger_seq,
        "receipt": None,
    }


def sources_at(register: Register, settings: Settings, ask: Ask = answer) -> Sources:
    """The sources as the register stood when the answer was read."""
    kept = _KEPT.get(settings.database_url)
    if kept is None or kept[0] != register.freshness:
        kept = register.freshness, sources(settings.issuer_name, ask)
        _KEPT[settings.database_url] = kept
    return kept[1]


def settings() -> Settings:
    """How this node runs."""
    found: Settings = current_app.extensions["registry_settings"]
    return found


def tagged(lasting: dict[str, Any], moving: dict[str, Any] | None) -> tuple[bytes, str]:
    """The body, and its ETag over the lasting members alone."""
    body = orjson.dumps(lasting)
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    return (body if moving is None else body[:-1] + b"," + orjson.dumps(moving)[1:]), tag


def conditional(lasting: dict[str, Any], moving: dict[str, Any] | None = None) -> Response:
    """JSON with an ETag over the lasting members; 304 where the caller holds them already."""
    body, tag = tagged(lasting, moving)
    response = Response(body, content_type=JSON)
    headers = response.headers
    headers["ETag"] = tag
    headers["Cache-Control"] = PRIVATE
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return response


def _finding(row: dict[str, Any], site_url: str) -> dict[str, Any]:
    data = row["data"]
    finding = {"record_id": row["record_id"], "type": row["type"], "level": row["level"]}
    for member in _MEMBERS:
        finding[member] = data[member]
    finding["public_from"] = row["public_from"]
    finding["public_until"] = row["public_until"]
    finding["under_objection"] = data["under_objection"]
    if "origin" in data:  # a record of another node, which answers for it
        finding["origin"] = data["origin"]
    finding["url"] = f"{site_url}/records/{row['record_id']}"
    return finding
