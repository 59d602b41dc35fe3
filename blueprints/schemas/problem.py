"""RFC 9457 problem JSON."""

from marshmallow import Schema, fields


class FaultOut(Schema):
    """One fault of a request."""

    field = fields.String(required=True, metadata={"description": "Where, such as items.3.uscc"})
    code = fields.String(required=True)
    message = fields.String(required=True)


class ProblemOut(Schema):
    """Why there is no answer. `code` is for programs and never changes."""

    type = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultOut))
    hint = fields.String(metadata={"description": "The cheaper way, with 429"})
