"""RFC 9457 problem JSON."""

from flask_babel import lazy_gettext as _
from marshmallow import Schema, fields

from blueprints.schemas.described import described


class FaultOut(Schema):
    """One fault of a request."""

    field = fields.String(required=True, metadata=described(_("Where, such as items.3.uscc")))
    code = fields.String(required=True, metadata=described(_("For programs; never changes")))
    message = fields.String(required=True, metadata=described(_("For people")))


class ProblemOut(Schema):
    """Why there is no answer. `code` is for programs and never changes."""

    type = fields.String(required=True, metadata=described(_("Always about:blank: the code tells the rest")))
    status = fields.Integer(required=True, metadata=described(_("The HTTP status")))
    code = fields.String(required=True, metadata=described(_("For programs; never changes")))
    title = fields.String(required=True, metadata=described(_("For people")))
    errors = fields.List(fields.Nested(FaultOut), metadata=described(_("All faults of the request at once")))
    hint = fields.String(metadata=described(_("The cheaper way, with 429")))
    receipt = fields.String(metadata=described(_("Signed receipt (compact JWS) where one was asked for")))
