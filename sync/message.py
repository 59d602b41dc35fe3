"""A message of the exchange as a value: strict I-JSON in, its canonical digest, its members (exchange.md 2).

The bytes as sent are the message; what is read from them is never written back.
"""

import hashlib
import re
from dataclasses import dataclass, field
from json import JSONDecoder, loads
from typing import Any

import orjson
import rfc8785

LARGEST = 2**53 - 1
_NONCHARACTER = re.compile(rb"\xef\xb7[\x90-\xaf]|(?:\xef|[\xf0-\xf4][\x8f\x9f\xaf\xbf])\xbf[\xbe\xbf]")  # in UTF-8
ENDS = frozenset({"end_publicity", "withdraw"})
"""Operations that only form, digest, origin and revision can refuse: no record may stay public because its end was."""

TOMBSTONES = frozenset({"repaired", "shielded"})
"""Reasons after which an ended record has no data any more; a withdrawn one never has."""

RESOURCES = frozenset(
    {
        "operator", "administrative_penalty", "administrative_licence", "abnormal_listing", "household_mark",
        "violation_listing", "inspection_result", "commitment", "feedback",
    }
)  # fmt: skip


class NotJson(Exception):
    """The bytes are no JSON object in UTF-8 at all."""


class NotInteroperable(Exception):
    """JSON, but not I-JSON (RFC 7493): a name twice, a number or character that not every program reads alike."""


class _Unplain(dict[str, Any]):
    """An object whose names are not all ASCII: orjson would sort them otherwise than RFC 8785."""


class _Fraction(float):
    """A number that orjson would write otherwise than RFC 8785."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotInteroperable("an object names a member twice")
    return found if "".join(found).isascii() else _Unplain(found)


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise NotInteroperable("a whole number is too large")
    return int(digits)


def _fraction(digits: str) -> float:
    value = _Fraction(digits)
    if value in {float("inf"), float("-inf")}:
        raise NotInteroperable("a number is too large")
    return value


def _constant(word: str) -> Any:
    raise NotJson(f"{word} is no JSON")


_STRICT = JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
).decode


@dataclass(slots=True)
class Message:
    """One message. `irregular` says why it is not I-JSON; such a message has members for a receipt only.

    `raw` is the message as sent, without the end of its line.
    """

    raw: bytes
    members: dict[str, Any]
    irregular: str | None = None
    _digest: str | None = field(default=None, repr=False)
    decision: tuple[str | None] | None = field(default=None, repr=False)  # kept by `decisions.key_of`

    @property
    def record_id(self) -> str | None:
        """Name of the record, for a receipt; None where the message has none that could be one."""
        value = self.members.get("record_id")
        return value if isinstance(value, str) and value.isascii() and "\0" not in value else None

    @property
    def revision(self) -> int | None:
        """Revision, for a receipt; None where the message has none."""
        value = self.members.get("revision")
        return value if type(value) is int else None

    @property
    def digest(self) -> str:
        """`sha256:` and hex, computed from the members."""
        if self._digest is None:
            self._digest = digest_of(self.members)
        return self._digest

    @property
    def is_end(self) -> bool:
        """Whether it ends publicity or withdraws."""
        return self.members["operation"] in ENDS

    @property
    def is_tombstone(self) -> bool:
        """Whether the record has no facts any more after it."""
        members = self.members
        return members["operation"] == "withdraw" or (
            members["operation"] == "end_publicity" and members["reason"] in TOMBSTONES
        )


def parse(raw: bytes, *, characters: bool = False) -> Message:
    """Read one message. NotJson for bytes that are no JSON object; anything less grave is said by `irregular`.

    With `characters` the bytes are known to hold no noncharacter (`only_characters` of many lines at once).
    """
    plain = _plainly(raw, characters=characters)
    if plain is not None:
        return Message(raw, plain, _digest=digest_of(plain))
    try:
        text = raw.decode()
        members = _STRICT(text)
    except NotInteroperable as error:
        return Message(raw, _leniently(text), irregular=str(error))
    except (ValueError, RecursionError) as error:
        raise NotJson("a line is no JSON") from error
    if not isinstance(members, dict):
        raise NotJson("a line is no JSON object")
    message = Message(raw, members)
    try:
        message._digest = digest_of(members)
    except NotInteroperable as error:
        message.irregular = str(error)
        return message
    if _has_noncharacter(raw) or (b"\\u" in raw and _has_noncharacter(canonical(members))):
        message.irregular = "a text holds a code point that is no character"
    return message


def _plainly(raw: bytes, *, characters: bool) -> dict[str, Any] | None:
    """Members of a message of which nothing needs a closer look, as nearly all are; None for any other.

    What orjson writes again byte for byte names no member twice and has no number that could be read in two ways.
    """
    try:
        members = orjson.loads(raw)
        if not isinstance(members, dict) or orjson.dumps(members, option=orjson.OPT_STRICT_INTEGER) != raw:
            return None
        return members if _is_plain(members) and (characters or not _has_noncharacter(raw)) else None
    except (orjson.JSONDecodeError, TypeError, RecursionError):
        return None


def only_characters(content: bytes) -> bool:
    """Whether a quick look at UTF-8 tells already that no noncharacter of Unicode is in it; nearly always it does."""
    return not (b"\xbf\xbe" in content or b"\xbf\xbf" in content or b"\xef\xb7" in content)


def _has_noncharacter(content: bytes) -> bool:
    """Whether UTF-8 holds a noncharacter of Unicode, which RFC 7493 (2.1) forbids."""
    return not only_characters(content) and _NONCHARACTER.search(content) is not None


def _is_plain(value: Any) -> bool:
    """Whether nothing in it is a fraction or a name beyond ASCII, which orjson may write otherwise than RFC 8785."""
    if isinstance(value, dict):
        if not "".join(value).isascii():
            return False
        value = value.values()
    elif not isinstance(value, list):
        return not isinstance(value, float)
    return all(type(each) is str or each is None or _is_plain(each) for each in value)


def digest_of(members: dict[str, Any]) -> str:
    """Digest of a message from its members, `digest` left out. NotInteroperable for what RFC 8785 cannot write."""
    rest = {name: value for name, value in members.items() if name != "digest"}
    return f"sha256:{hashlib.sha256(canonical(rest)).hexdigest()}"


def canonical(value: Any) -> bytes:
    """The RFC 8785 form. Plain values through orjson, which gives the same bytes and is thirty times as fast."""
    if not isinstance(value, dict) or "".join(value).isascii():
        try:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS)
        except TypeError:
            pass  # something in it is not plain
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, ValueError, RecursionError) as error:
        raise NotInteroperable("it has no canonical form") from error


def body_digest(lines: bytes) -> str:
    """Digest of message lines as sent, before compression, newlines included (exchange.md 4)."""
    return f"sha256:{hashlib.sha256(lines).hexdigest()}"


def _leniently(text: str) -> dict[str, Any]:
    """Members of a message that is not I-JSON, only to name the record in a receipt."""
    try:
        found = loads(text)
    except (ValueError, RecursionError) as error:
        raise NotJson("a line is no JSON") from error
    if not isinstance(found, dict):
        raise NotJson("a line is no JSON object")
    return {name: found[name] for name in ("record_id", "revision", "message_id") if name in found}
