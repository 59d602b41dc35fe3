"""The tree for everybody: the newest signed head, proofs, and the keys that signatures are checked with."""

import hashlib
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from blueprints.guards import count_address, open_to_all
from models import db
from registry import signing_keys
from registry.config import Settings
from registry.errors import NotFound
from registry.ledger import heads, proofs
from registry.services import credit_reports

blueprint = Blueprint("ledger_api", __name__)

POSITIVE = validate.Range(min=1)


@blueprint.before_request
def count() -> ResponseReturnValue | None:
    """Proofs cost reading and need no key, so they are limited by address. The published keys are not."""
    return count_address() if request.path.startswith("/api/") else None


class NoHead(NotFound):
    """Nothing was signed yet."""

    code = "no_head"


class InclusionIn(Schema):
    """Which entry, and in the tree over how many; the newest signed one when left out."""

    class Meta:
        unknown = EXCLUDE  # `lang` and the like may stand in any address

    seq = fields.Integer(required=True, validate=POSITIVE)
    size = fields.Integer(load_default=None, validate=POSITIVE)

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """An entry is not in a tree that ends before it."""
        if data["size"] is not None and data["seq"] > data["size"]:
            raise ValidationError("Must not be greater than size.", "seq")


class ConsistencyIn(Schema):
    """From which size to which; to the newest signed one when left out."""

    class Meta:
        unknown = EXCLUDE

    first = fields.Integer(required=True, validate=POSITIVE, data_key="from")
    second = fields.Integer(load_default=None, validate=POSITIVE, data_key="to")

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """Only a later tree can extend an earlier one."""
        if data["second"] is not None and data["first"] > data["second"]:
            raise ValidationError("Must not be greater than to.", "from")


@blueprint.get("/api/v1/ledger/head")
@open_to_all
def show_head() -> ResponseReturnValue:
    """The newest signed head: `jws` signs the canonical JSON of the other three members."""
    head = _newest_head()
    return _answer({"size": head.size, "root": head.root.hex(), "at": head.signed_at.isoformat(), "jws": head.jws})


@blueprint.get("/api/v1/ledger/proof/inclusion")
@open_to_all
def show_inclusion() -> ResponseReturnValue:
    """Proof that entry `seq` stands in the tree over `size` entries."""
    asked = InclusionIn().load(request.args)
    size = asked["size"] or _newest_head().size
    if asked["seq"] > size:
        raise proofs.NotCovered(f"No signed head covers {asked['seq']} entries yet.")
    return _answer(proofs.inclusion_members(proofs.inclusion_proof(db.session.connection(), asked["seq"], size)))


@blueprint.get("/api/v1/ledger/proof/consistency")
@open_to_all
def show_consistency() -> ResponseReturnValue:
    """Proof that the tree over `to` entries begins with the whole of the one over `from`."""
    asked = ConsistencyIn().load(request.args)
    second = asked["second"] or _newest_head().size
    if asked["first"] > second:
        raise proofs.NotCovered(f"No signed head covers {asked['first']} entries yet.")
    return _answer(
        proofs.consistency_members(proofs.consistency_proof(db.session.connection(), asked["first"], second))
    )


@blueprint.get("/.well-known/jwks.json")
@open_to_all
def show_keys() -> ResponseReturnValue:
    """Public keys of receipts, heads and reports; retired ones of receipts and heads included."""
    settings: Settings = current_app.extensions["registry_settings"]
    of_entries = signing_keys.load_or_create(settings.key_dir).public_jwks()
    of_reports = credit_reports.signer_of(settings.key_dir, settings.issuer_name).public_jwk()
    answer = _answer({"keys": [*of_entries, of_reports]})
    answer.content_type = "application/jwk-set+json"
    answer.cache_control.max_age = 300
    return answer


def _newest_head() -> heads.Head:
    head = heads.newest_head(db.session.connection())
    if head is None:
        raise NoHead("No head has been signed yet.")
    return head


def _answer(members: dict[str, Any]) -> Response:
    body = orjson.dumps(members)
    answer = Response(body, content_type="application/json")
    answer.set_etag(hashlib.sha256(body).hexdigest())
    answer.make_conditional(request)
    return answer
