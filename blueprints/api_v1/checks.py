"""POST /checks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from marshmallow import ValidationError

from blueprints.api_v1.answers import JSON, moving_members, settings, sources_at, status_members
from blueprints.api_v1.codes import fault_in_words
from blueprints.api_v1.spec import BEARER, LANGUAGE, REFUSALS, ApiBlueprint, problems
from blueprints.errors import problem
from blueprints.guards import api_key_counted_inside, asked_by_client, refusal
from blueprints.locales import choose_locale
from blueprints.schemas.merchant_status import (
    LONGEST_IDENTIFIER,
    LONGEST_NAME,
    MOST_ITEMS,
    ChecksIn,
    ChecksOut,
)
from registry.clock import BEIJING
from registry.rules import uscc
from registry.rules.uscc import UsccFault
from registry.services import admission, merchant_checks
from registry.services.admission import Asked
from registry.services.api_clients import Scope
from registry.services.merchant_checks import Candidate, Checked, Item
from registry.services.merchant_status import Found, Register

blueprint = ApiBlueprint("merchant_checks", __name__, url_prefix="/api/v1", description=_("Many merchants at once"))
_OWN = ("uscc", "registration_no", "name", "former_names", "kind", "registration_status")
"""The members of a status that come from the operator; they stand before all others."""
_LENGTHS = {"uscc": LONGEST_IDENTIFIER, "registration_no": LONGEST_IDENTIFIER, "name": LONGEST_NAME}


class FaultyItemsError(Exception):
    """Holds every fault of a body: field, code, message."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        super().__init__()
        self.faults = faults


@blueprint.post("/checks")
@blueprint.doc(
    summary=_("Statuses of up to 1,000 merchants, counted as one request"),
    description=_(
        "A name alone never identifies: it leads to candidates without findings. Repeating a request_no with the same"
        " body is counted once and computed anew."
    ),
    security=[BEARER],
    parameters=[LANGUAGE],
    requestBody={
        "required": True,
        "description": _("The merchants and what the question is for"),
        "content": {"application/json": {"schema": ChecksIn}},
    },
    responses=problems(
        *REFUSALS,
        (400, _("no_json: the body is no JSON")),
        (409, _("request_no_used: the number was used with another body")),
        (422, _("invalid: all faults of the body; nothing was looked up")),
    ),
)
@blueprint.response(200, ChecksOut, description=_("One answer for each item, in the order asked"))
@api_key_counted_inside(Scope.CHECK)
def check() -> ResponseReturnValue:
    """Statuses of up to 1,000 merchants, as one request.

    A name alone never identifies: it leads to candidates without findings. Repeating a request_no counts once.
    """
    asked = asked_by_client(Scope.CHECK)
    caller = admission.identify(asked)
    if caller is None or not caller.allowed:
        return refusal(admission.admit(asked), Scope.CHECK) or problem(401, "unauthorized", "A valid key is needed.")
    try:
        body = orjson.loads(request.get_data())
        items = _read(body)
    except (orjson.JSONDecodeError, ValidationError, FaultyItemsError) as error:
        return refusal(admission.admit(asked), Scope.CHECK) or _refused(error)
    assert caller.client_id is not None
    return _answer(replace(asked, purpose=body["purpose"]), caller.client_id, body, items)


def _answer(asked: Asked, client_id: int, body: dict[str, Any], items: list[Item]) -> ResponseReturnValue:
    digest = merchant_checks.digest_of(body)
    admitted = merchant_checks.admit(asked, client_id, body["request_no"], digest)
    refused = refusal(admitted, Scope.CHECK)
    if refused is not None:
        return refused
    day = asked.at.astimezone(BEIJING).date()
    checked, register = merchant_checks.check(items, client_id=client_id, day=day, at=asked.at)
    status = _statuses(register)

    def written(each: Checked) -> dict[str, Any]:
        answer = {
            "match": each.match,
            "status": each.found and status(each.found),
            "candidates": list(map(_candidate, each.candidates)),
        }
        return answer if each.fault is None else {**answer, "fault": each.fault.value}

    answers = orjson.dumps({"request_no": body["request_no"], "items": [written(each) for each in checked]})
    return Response(answers, content_type=JSON, headers={"Cache-Control": "no-store"})


def _statuses(register: Register) -> Callable[[Found], orjson.Fragment]:
    """How to write statuses in this request. What the many without findings have in common is written once."""
    node, language = settings(), choose_locale()
    known = sources_at(register, node)
    moving = moving_members(register, known)
    tails: list[bytes] = []

    def status(found: Found) -> orjson.Fragment:
        if found.findings or not tails:
            members = {**status_members(found, language, node, known), **moving}
            if not found.findings:
                common = {name: value for name, value in members.items() if name not in _OWN}
                tails.append(b"," + orjson.dumps(common)[1:])
            return orjson.Fragment(orjson.dumps(members))
        own = {
            "uscc": found.uscc,
            "registration_no": found.registration_no,
            "name": found.name,
            "former_names": found.former_names,
            "kind": found.kind,
            "registration_status": found.registration_status,
        }
        return orjson.Fragment(orjson.dumps(own)[:-1] + tails[0])

    return status


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "uscc": candidate.uscc,
        "name": candidate.name,
        "region": candidate.region,
        "score": 1.0,
        "agreement": "identical",
        "why": candidate.why,
    }


def _read(body: Any) -> list[Item]:
    """The items of a sound body. A thousand of them are looked at by hand; the schema is asked only for the faults."""
    if not _is_sound(body):
        ChecksIn().load(body)
    items = [merchant_checks.item_of(i.get("uscc"), i.get("registration_no"), i.get("name")) for i in body["items"]]
    faults = []
    for place, item in enumerate(items):
        if not (item.uscc or item.registration_no or item.folded_name):
            message = "Give at least one of uscc, registration_no, name."
            faults.append({"field": f"items.{place}", "code": "nothing_to_match", "message": message})
        fault = None if not item.uscc or uscc.is_regular(item.uscc) else uscc.fault(item.uscc)
        # a code whose check character is wrong may stand in the register, as doubtful: only looking it up can tell
        if fault is not None and fault is not UsccFault.CHECK_CHARACTER:
            message = fault_in_words(item.uscc, fault)
            faults.append({"field": f"items.{place}.uscc", "code": fault.value, "message": message})
    if faults:
        raise FaultyItemsError(faults)
    return items


def _is_sound(body: Any) -> bool:
    """Whether `ChecksIn` would find nothing; a test holds both against each other."""
    return (
        isinstance(body, dict)
        and body.keys() == {"request_no", "purpose", "items"}
        and all(isinstance(body[name], str) and 1 <= len(body[name]) <= 64 for name in ("request_no", "purpose"))
        and isinstance(body["items"], list)
        and 1 <= len(body["items"]) <= MOST_ITEMS
        and all(map(_is_sound_item, body["items"]))
    )


def _is_sound_item(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    for name, value in item.items():
        if name not in _LENGTHS or not (value is None or (isinstance(value, str) and len(value) <= _LENGTHS[name])):
            return False
    return True


def _refused(error: Exception) -> ResponseReturnValue:
    if isinstance(error, FaultyItemsError):
        return problem(422, "invalid", "Some fields are not valid.", errors=error.faults)
    if isinstance(error, ValidationError):
        raise error
    return problem(400, "no_json", "The body is no JSON.")
