"""The status object and what leads to it. Answers are written by `blueprints.api_v1.answers`; these describe them."""

from flask_babel import lazy_gettext as _
from marshmallow import EXCLUDE, Schema, fields, validate

from blueprints.schemas.described import described
from registry.rules.merchant_status import FindingType, Level
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services.merchant_checks import Match

MOST_ITEMS = 1_000
LONGEST_IDENTIFIER = 64
LONGEST_NAME = 200
LEVELS = validate.OneOf([level.value for level in Level])


class OrganOut(Schema):
    """An organ that decided."""

    uscc = fields.String(
        required=True, allow_none=True, metadata=described(_("Unified social credit code of the authority"))
    )
    name = fields.String(required=True, allow_none=True, metadata=described(_("Name of the authority")))


class MeasureOut(Schema):
    """A measure that a listing brings."""

    code = fields.String(required=True, metadata=described(_("Code of the measure; never changes")))
    title = fields.String(required=True, metadata=described(_("The measure in words")))
    legal_basis = fields.String(required=True, allow_none=True, metadata=described(_("Law that the measure rests on")))


class FindingOut(Schema):
    """What is public of one record. The interval is half-open: `public_until` is the first day without it."""

    record_id = fields.String(required=True, metadata=described(_("Name of the record, the same for ever")))
    type = fields.String(
        required=True,
        validate=validate.OneOf([kind.value for kind in FindingType]),
        metadata=described(_("What kind of record it is")),
    )
    code = fields.String(
        required=True, allow_none=True, metadata=described(_("Reason or class as a code; never changes"))
    )
    title = fields.String(required=True, allow_none=True, metadata=described(_("What it is about, as decided")))
    level = fields.String(required=True, validate=LEVELS, metadata=described(_("How grave this finding is")))
    authority = fields.Nested(OrganOut, required=True, metadata=described(_("Who decided")))
    decision_no = fields.String(required=True, allow_none=True, metadata=described(_("Number of the document")))
    decided_on = fields.Date(required=True, allow_none=True, metadata=described(_("Day of the decision")))
    public_from = fields.Date(required=True, metadata=described(_("First day on which it is public")))
    public_until = fields.Date(
        required=True,
        allow_none=True,
        metadata=described(
            _("First day on which it is no longer public; null: until it is removed. Delete your copy by then")
        ),
    )
    legal_basis = fields.String(required=True, allow_none=True, metadata=described(_("Law that the decision rests on")))
    rule_set = fields.String(
        required=True, allow_none=True, metadata=described(_("Rules by which its publicity was computed"))
    )
    measures = fields.List(
        fields.Nested(MeasureOut), required=True, metadata=described(_("Measures that the listing brings"))
    )
    under_objection = fields.Boolean(
        required=True, metadata=described(_("Somebody contests it and the authority has not decided yet"))
    )
    origin = fields.String(
        metadata=described(_("Node that answers for the record, six digits; only where it is not this one"))
    )
    url = fields.Url(required=True, require_tld=False, metadata=described(_("Page of the record")))


class SourceOut(Schema):
    """Who handed data in, and when last."""

    uscc = fields.String(
        required=True,
        allow_none=True,
        metadata=described(_("Unified social credit code of the source; null: the register itself")),
    )
    name = fields.String(required=True, metadata=described(_("Name of the source")))
    updated_at = fields.AwareDateTime(required=True, metadata=described(_("When it last handed data in")))


class StatusOut(Schema):
    """A merchant's status: the operator and its findings that are public now."""

    uscc = fields.String(required=True, allow_none=True, metadata=described(_("Unified social credit code")))
    registration_no = fields.String(
        required=True, allow_none=True, metadata=described(_("Registration number of before the unified codes"))
    )
    name = fields.String(required=True, metadata=described(_("Registered name")))
    former_names = fields.List(fields.String(), required=True, metadata=described(_("Names borne before")))
    kind = fields.String(
        required=True,
        validate=validate.OneOf([kind.value for kind in OperatorKind]),
        metadata=described(_("Kind of operator")),
    )
    registration_status = fields.String(
        required=True,
        validate=validate.OneOf([status.value for status in RegistrationStatus]),
        metadata=described(_("Registration status")),
    )
    level = fields.String(required=True, validate=LEVELS, metadata=described(_("The highest level of the findings")))
    advice = fields.String(
        required=True, metadata=described(_("The level in words; you decide by your published rules"))
    )
    findings = fields.List(
        fields.Nested(FindingOut), required=True, metadata=described(_("What is public today, gravest first"))
    )
    scope = fields.List(fields.String(), required=True, metadata=described(_("Regions that this register covers")))
    sources = fields.List(
        fields.Nested(SourceOut), required=True, metadata=described(_("Who handed data in, and when last"))
    )
    data_as_of = fields.AwareDateTime(
        required=True, allow_none=True, metadata=described(_("Newest completed intake of the sources"))
    )
    data_is_old = fields.Boolean(
        required=True, metadata=described(_("The newest completed intake lies more than 24 hours back"))
    )
    ledger_seq = fields.Integer(
        required=True, allow_none=True, metadata=described(_("Position of the ledger at which the answer was read"))
    )
    receipt = fields.String(
        required=True, allow_none=True, metadata=described(_("Signed receipt (compact JWS) where one was asked for"))
    )
    as_of = fields.Date(metadata=described(_("The day asked about; only where one was")))


class ItemIn(Schema):
    """A merchant as the platform knows it: at least one of the three."""

    uscc = fields.String(
        allow_none=True,
        validate=validate.Length(max=LONGEST_IDENTIFIER),
        metadata=described(_("Unified social credit code, in any width and case")),
    )
    registration_no = fields.String(
        allow_none=True,
        validate=validate.Length(max=LONGEST_IDENTIFIER),
        metadata=described(_("Registration number of before the unified codes")),
    )
    name = fields.String(
        allow_none=True,
        validate=validate.Length(max=LONGEST_NAME),
        metadata=described(_("Name as the platform knows it")),
    )


class ChecksIn(Schema):
    """Up to 1,000 merchants. `request_no` makes a repeat free."""

    request_no = fields.String(
        required=True,
        validate=validate.Length(min=1, max=64),
        metadata=described(_("Number of your own; a repeat with the same body is counted once")),
    )
    purpose = fields.String(
        required=True,
        validate=validate.Length(min=1, max=64),
        metadata=described(_("What the question is for; kept in the access log")),
    )
    items = fields.List(
        fields.Nested(ItemIn),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
        metadata=described(_("Merchants, each by at least one of the three")),
    )


class CandidateOut(Schema):
    """An operator that a name leads to; confirm it by its code."""

    uscc = fields.String(required=True, allow_none=True, metadata=described(_("Unified social credit code")))
    name = fields.String(required=True, metadata=described(_("Registered name")))
    region = fields.String(required=True, allow_none=True, metadata=described(_("Region code of the registration")))
    score = fields.Float(required=True, metadata=described(_("1.0 for the very name, less for others")))
    agreement = fields.String(
        required=True,
        validate=validate.OneOf(["identical", "same", "similar"]),
        metadata=described(_("How far the names agree")),
    )
    why = fields.String(required=True, metadata=described(_("By what it was found")))


class CheckedOut(Schema):
    """What became of one item."""

    match = fields.String(
        required=True,
        validate=validate.OneOf([match.value for match in Match]),
        metadata=described(_("How surely the operator is the one asked for")),
    )
    status = fields.Nested(
        StatusOut, required=True, allow_none=True, metadata=described(_("The status, for exact and mismatch"))
    )
    candidates = fields.List(
        fields.Nested(CandidateOut),
        required=True,
        metadata=described(_("Operators that a name leads to, without findings")),
    )
    fault = fields.String(metadata=described(_("What is wrong with a code that is not in the register")))


class ChecksOut(Schema):
    """The items in the order asked."""

    request_no = fields.String(required=True, metadata=described(_("Your number")))
    items = fields.List(
        fields.Nested(CheckedOut), required=True, metadata=described(_("One answer for each item, in the order asked"))
    )


class SearchIn(Schema):
    """A part of a name, a former name, pinyin, initials, a code or a number."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(
        required=True, validate=validate.Length(min=2, max=100), metadata=described(_("At least two characters"))
    )
    limit = fields.Integer(
        load_default=20, validate=validate.Range(min=1, max=50), metadata=described(_("How many hits at most"))
    )


class HitOut(Schema):
    """A hit: 1.0 for the very name or code, less for others; `why` says by what it was found."""

    uscc = fields.String(required=True, allow_none=True, metadata=described(_("Unified social credit code")))
    name = fields.String(required=True, metadata=described(_("Registered name")))
    region = fields.String(required=True, allow_none=True, metadata=described(_("Region code of the registration")))
    score = fields.Float(required=True, metadata=described(_("1.0 for the very name or code, less for others")))
    why = fields.String(required=True, metadata=described(_("By what it was found")))


class SearchOut(Schema):
    """Hits, best first."""

    items = fields.List(fields.Nested(HitOut), required=True, metadata=described(_("Hits, best first")))
