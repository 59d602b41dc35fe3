"""Bodies of requests: read up to a bound and hashed to the end, decompressed up to a bound."""

import hashlib
import zlib
from dataclasses import dataclass

from flask import request

from sync.manifest import LONGEST_MANIFEST, MOST_BYTES

LARGEST_PLAIN = MOST_BYTES + LONGEST_MANIFEST + 1
LARGEST_SENT = LARGEST_PLAIN + 64 * 1024
"""What cannot be compressed grows a little by being compressed all the same."""

READ_TO_THE_END = 256 * 1024 * 1024
"""Up to here a body that is too long is read all the same, so that its sender hears why."""

_PIECE = 256 * 1024


class Undecodable(Exception):
    """The body is not what its Content-Encoding says."""


class TooLong(Exception):
    """The body is larger than any that could be taken in."""


class UnknownEncoding(Exception):
    """The body is encoded otherwise than by gzip."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as sent. `kept` is None where it was too long to be kept; the digest is of all of it."""

    kept: bytes | None
    sha256: bytes


def read_body() -> Body:
    """Read the request's body to its end, so that the caller hears an answer; keep no more than could be of use."""
    digest, pieces, size = hashlib.sha256(), [], 0
    request.max_content_length = READ_TO_THE_END
    while piece := request.stream.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        if size <= LARGEST_SENT:
            pieces.append(piece)
    return Body(b"".join(pieces) if size <= LARGEST_SENT else None, digest.digest())


def decoded(body: Body) -> bytes:
    """The body uncompressed. TooLong before it is all unpacked, Undecodable, UnknownEncoding."""
    if body.kept is None:
        raise TooLong("The body is too long.")
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        plain = body.kept
    elif encoding in {"gzip", "x-gzip"}:
        plain = _unzipped(body.kept)
    else:
        raise UnknownEncoding("Only gzip is known here.")
    if len(plain) > LARGEST_PLAIN:
        raise TooLong("The body is too long.")
    return plain


def _unzipped(packed: bytes) -> bytes:
    """All members of a gzip file one after the other (RFC 1952, 2.2)."""
    found, size, rest = [], 0, packed
    while True:
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            plain = member.decompress(rest, LARGEST_PLAIN + 1 - size)
        except zlib.error as error:
            raise Undecodable("The body is no gzip.") from error
        found.append(plain)
        size += len(plain)
        if size > LARGEST_PLAIN:
            raise TooLong("The body is too long.")
        if not member.eof:
            raise Undecodable("The body is cut off.")
        rest = member.unused_data
        if not rest:
            return b"".join(found)
