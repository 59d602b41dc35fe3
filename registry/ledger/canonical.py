"""Canonical JSON (RFC 8785) of contents, which hold no floats and only ASCII keys.

For such values orjson with sorted keys gives the same bytes as the rfc8785 package, about thirty times as fast; a
property test holds the two together.
"""

import hashlib
from typing import Any

import orjson


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of `value`: objects with ASCII keys, arrays, strings, integers, booleans, null."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def sha256(data: bytes) -> bytes:
    """SHA-256 digest, 32 bytes."""
    return hashlib.sha256(data).digest()
