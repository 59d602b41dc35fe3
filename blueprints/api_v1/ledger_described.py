"""What the description of the API says of the ledger's addresses, which need no key (`blueprints.ledger`)."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from blueprints.api_v1.spec import IF_NONE_MATCH, NOT_MODIFIED, OVER_LIMIT, problems

TAG = "ledger"
TITLE = _("The ledger and its proofs")
_HASH, _WHOLE = {"type": "string"}, {"type": "integer", "minimum": 1}
_PATH = {"type": "array", "items": _HASH}


def _described(summary: LazyString, answer: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    shape = {"application/json": {"schema": {"type": "object", "properties": answer}}}
    return {
        "summary": summary,
        "tags": [TAG],
        "parameters": [*parameters, IF_NONE_MATCH],
        "responses": {"200": {"description": summary, "content": shape}}
        | NOT_MODIFIED
        | problems(
            (404, _("no_head: nothing was signed yet; not_covered: no signed head covers it yet")),
            (422, _("invalid: some parameters are not valid")),
            OVER_LIMIT,
        ),
    }


def _number(name: str, words: LazyString, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": _WHOLE, "description": words}


_SIZE = {**_WHOLE, "description": _("How many entries the tree has")}
_ROOT = {**_HASH, "description": _("Root of the tree, in hexadecimal")}
_STEPS = {**_PATH, "description": _("Hashes of the proof, in hexadecimal")}
_INCLUSION = {
    "seq": {**_WHOLE, "description": _("Number of the entry")},
    "size": _SIZE,
    "leaf": {"type": "object", "description": _("What the leaf is the hash of")},
    "leaf_hash": {**_HASH, "description": _("SHA-256 of 0x00 and the canonical leaf")},
    "path": _STEPS,
    "root": _ROOT,
}
_CONSISTENCY = {
    "from": {**_WHOLE, "description": _("Entries of the older tree")},
    "to": {**_WHOLE, "description": _("Entries of the newer tree")},
    "from_root": {**_HASH, "description": _("Root of the older tree, in hexadecimal")},
    "to_root": {**_HASH, "description": _("Root of the newer tree, in hexadecimal")},
    "path": _STEPS,
}

DESCRIBED = {
    "ledger_api.show_head": _described(
        _("The newest signed head of the ledger"),
        {
            "size": _SIZE,
            "root": _ROOT,
            "at": {**_HASH, "format": "date-time", "description": _("When it was signed")},
            "jws": {**_HASH, "description": _("Compact JWS over the canonical JSON of the other three")},
        },
    ),
    "ledger_api.show_inclusion": _described(
        _("Proof that an entry stands in the tree (RFC 9162)"),
        _INCLUSION,
        _number("seq", _("Number of the entry"), required=True),
        _number("size", _("Entries of the tree; the newest signed one when left out")),
    ),
    "ledger_api.show_consistency": _described(
        _("Proof that a tree begins with the whole of an older one (RFC 9162)"),
        _CONSISTENCY,
        _number("from", _("Entries of the older tree"), required=True),
        _number("to", _("Entries of the newer tree; the newest signed one when left out")),
    ),
}
"""OpenAPI operations of the routes under `/api/v1/ledger`, by endpoint."""
