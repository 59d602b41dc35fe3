"""The status object and what leads to it. Answers are written by `blueprints.api_v1.answers`; these describe them."""

from marshmallow import EXCLUDE, Schema, fields, validate

from registry.rules.merchant_status import FindingType, Level
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services.merchant_checks import Match

MOST_ITEMS = 1_000
LONGEST_IDENTIFIER = 64
LONGEST_NAME = 200
LEVELS = validate.OneOf([level.value for level in Level])


class StatusIn(Schema):
    """What may be added to a status request."""

    class Meta:
        unknown = EXCLUDE  # `lang` and the like may stand in any address

    purpose = fields.String(metadata={"description": "What for; kept in the access log"})


class OrganOut(Schema):
    """An organ that decided."""

    uscc = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)


class MeasureOut(Schema):
    """A measure that a listing brings."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    legal_basis = fields.String(required=True, allow_none=True)


class FindingOut(Schema):
    """What is public of one record. The interval is half-open: `public_until` is the first day without it."""

    record_id = fields.String(required=True)
    type = fields.String(required=True, validate=validate.OneOf([kind.value for kind in FindingType]))
    code = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    level = fields.String(required=True, validate=LEVELS)
    authority = fields.Nested(OrganOut, required=True)
    decision_no = fields.String(required=True, allow_none=True)
    decided_on = fields.Date(required=True, allow_none=True)
    public_from = fields.Date(required=True)
    public_until = fields.Date(required=True, allow_none=True)
    legal_basis = fields.String(required=True, allow_none=True)
    rule_set = fields.String(required=True, allow_none=True)
    measures = fields.List(fields.Nested(MeasureOut), required=True)
    under_objection = fields.Boolean(required=True)
    url = fields.Url(required=True, require_tld=False)


class SourceOut(Schema):
    """Who handed data in, and when last."""

    uscc = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    updated_at = fields.AwareDateTime(required=True)


class StatusOut(Schema):
    """A merchant's status: the operator and its findings that are public now."""

    uscc = fields.String(required=True, allow_none=True)
    registration_no = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    former_names = fields.List(fields.String(), required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in OperatorKind]))
    registration_status = fields.String(
        required=True, validate=validate.OneOf([status.value for status in RegistrationStatus])
    )
    level = fields.String(required=True, validate=LEVELS)
    advice = fields.String(required=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)
    scope = fields.List(fields.String(), required=True)
    sources = fields.List(fields.Nested(SourceOut), required=True)
    data_as_of = fields.AwareDateTime(required=True, allow_none=True)
    ledger_seq = fields.Integer(required=True, allow_none=True)
    receipt = fields.String(required=True, allow_none=True)


class ItemIn(Schema):
    """A merchant as the platform knows it: at least one of the three."""

    uscc = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_IDENTIFIER))
    registration_no = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_IDENTIFIER))
    name = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_NAME))


class ChecksIn(Schema):
    """Up to 1,000 merchants. `request_no` makes a repeat free."""

    request_no = fields.String(required=True, validate=validate.Length(min=1, max=64))
    purpose = fields.String(required=True, validate=validate.Length(min=1, max=64))
    items = fields.List(fields.Nested(ItemIn), required=True, validate=validate.Length(min=1, max=MOST_ITEMS))


class CandidateOut(Schema):
    """An operator that a name leads to; confirm it by its code."""

    uscc = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    score = fields.Float(required=True)
    agreement = fields.String(required=True, validate=validate.OneOf(["identical", "same", "similar"]))
    why = fields.String(required=True)


class CheckedOut(Schema):
    """What became of one item."""

    match = fields.String(required=True, validate=validate.OneOf([match.value for match in Match]))
    status = fields.Nested(StatusOut, required=True, allow_none=True)
    candidates = fields.List(fields.Nested(CandidateOut), required=True)
    fault = fields.String(metadata={"description": "What is wrong with a code that is not in the register"})


class ChecksOut(Schema):
    """The items in the order asked."""

    request_no = fields.String(required=True)
    items = fields.List(fields.Nested(CheckedOut), required=True)


class SearchIn(Schema):
    """A part of a name, a former name, pinyin, initials, a code or a number."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(required=True, validate=validate.Length(min=2, max=100))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=50))


class HitOut(Schema):
    """A hit: 1.0 for the very name or code, less for others; `why` says by what it was found."""

    uscc = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    score = fields.Float(required=True)
    why = fields.String(required=True)


class SearchOut(Schema):
    """Hits, best first."""

    items = fields.List(fields.Nested(HitOut), required=True)
