"""Answers with a signed receipt: `?receipt=1` on a status lookup, for one that found nobody too."""

from typing import Any

import orjson
from flask import Response, request

from blueprints.api_v1.answers import JSON, settings
from registry import signing_keys
from registry.services import receipts
from registry.services.merchant_status import LookedUp


def wants_receipt() -> bool:
    """Whether this request asks for a receipt."""
    return request.args.get("receipt") == "1"


def with_receipt(told: dict[str, Any], looked_up: LookedUp) -> Response:
    """The answer `told` with its receipt, which only whoever asked may keep. Each one is signed anew, so it has no ETag."""
    assert looked_up.admitted is not None
    keys = signing_keys.load_or_create(settings().key_dir)
    receipt = receipts.sign(told, looked_up.admitted, looked_up.asked.purpose, keys)
    status = told.get("status", 200)
    content_type = JSON if status == 200 else "application/problem+json"
    body = orjson.dumps({**told, "receipt": receipt})
    return Response(body, status, content_type=content_type, headers={"Cache-Control": "no-store"})
