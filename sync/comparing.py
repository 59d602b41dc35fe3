"""Comparing what two nodes hold, bucket by bucket, and only where buckets differ record by record (exchange.md 6).

What a peer says of its buckets has to be true of the records that it lists: else equality would be told where none was shown.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from sync import feed
from sync.feed import Reader
from sync.form import RECORD_ID
from sync.link import Link, NoAnswer
from sync.message import LARGEST
from sync.reactions import code_of, problem_of

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LOOKS = 3
"""At a bucket that is not what is listed of it: a record may change between two requests, hardly so each time."""

Held = tuple[int, str]
"""Revision and digest of a current message."""

Bucket = tuple[int, str]
"""How many records a bucket has, and their digest."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared: one resource of one origin. `ours` where the origin is this node."""

    resource: str
    origin: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that the two sides hold otherwise; None for a side that has it not."""

    scope: Scope
    record_id: str
    here: Held | None
    there: Held | None

    @property
    def is_behind_there(self) -> bool:
        """Whether the peer lacks it, or has it old."""
        return self.here is not None and (self.there is None or self.there[0] < self.here[0])

    @property
    def is_behind_here(self) -> bool:
        """Whether we lack it, or have it old."""
        return self.there is not None and (self.here is None or self.here[0] < self.there[0])


def differences(link: Link, reader: Reader, scope: Scope) -> Iterator[Difference]:
    """Every record of a scope that differs; `reader` is the peer as it may read us. NoAnswer."""
    looking = reader if scope.ours else Reader(scope.origin, is_above=False)  # of others: all that we hold of them
    there, here = _told(link, scope), _held(looking, scope)
    for name in feed.BUCKETS:
        if there[name] != here[name]:
            yield from _bucket_differences(link, looking, scope, name, there[name])


def _bucket_differences(link: Link, looking: Reader, scope: Scope, name: str, told: Bucket) -> list[Difference]:
    """The records of a bucket that differ. NoAnswer where none does although the peer's digest says so."""
    for look in range(_LOOKS):
        if look:
            told = _told(link, scope)[name]
            if told == _held(looking, scope)[name]:
                return []
        theirs = _records(_get(link, f"/digests/{name}", _parameters(scope)), scope, name)
        ours = {
            each["record_id"]: (each["revision"], each["digest"])
            for each in feed.bucket(looking, name=name, resource=scope.resource, origin=scope.origin)
        }
        found = [
            Difference(scope, record_id, ours.get(record_id), theirs.get(record_id))
            for record_id in sorted(ours.keys() | theirs.keys())
            if ours.get(record_id) != theirs.get(record_id)
        ]
        if found or told == _bucket_of(theirs):
            return found
    raise NoAnswer("digests_unsound", "the digest of a bucket is not that of its records")


def _parameters(scope: Scope) -> list[tuple[str, str]]:
    return [("resource", scope.resource), ("origin", scope.origin)]


def _told(link: Link, scope: Scope) -> dict[str, Bucket]:
    return _buckets(_get(link, "/digests", _parameters(scope)), scope)


def _held(looking: Reader, scope: Scope) -> dict[str, Bucket]:
    _, here = feed.digests(looking, resource=scope.resource, origin=scope.origin)
    return {each["bucket"]: (each["count"], each["digest"]) for each in here}


def _bucket_of(records: dict[str, Held]) -> Bucket:
    """Count and digest of these records, ascending."""
    lines = "".join(f"{record_id} {revision} {digest}\n" for record_id, (revision, digest) in records.items())
    return len(records), f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def _get(link: Link, path: str, parameters: list[tuple[str, str]]) -> Any:
    answer = link.get(path, parameters)
    if answer.status != 200:
        raise NoAnswer(code_of(problem_of(answer.body)) or f"http_{answer.status}", f"{path}: HTTP {answer.status}")
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise NoAnswer("digests_unsound", "the answer is no JSON") from error


def _buckets(members: Any, scope: Scope) -> dict[str, Bucket]:
    """Count and digest by bucket, all 256, each once. NoAnswer."""
    told = members.get("buckets") if isinstance(members, dict) else None
    listed = told if isinstance(told, list) else []
    found: dict[str, Bucket] = {}
    for each in listed:
        match each:
            case {"bucket": str(name), "count": int(count), "digest": str(digest)} if _DIGEST.fullmatch(digest):
                found[name] = (count, digest)
    if found.keys() != set(feed.BUCKETS) or len(listed) != len(found):
        raise NoAnswer("digests_unsound", "there are not 256 buckets")
    if (members.get("resource"), members.get("origin")) != (scope.resource, scope.origin):
        raise NoAnswer("digests_unsound", "the digests are of other records than were asked for")
    return found


def _records(members: Any, scope: Scope, bucket: str) -> dict[str, Held]:
    """What a peer lists of a bucket: records of this scope and bucket, each once, ascending. NoAnswer."""
    if not isinstance(members, list):
        raise NoAnswer("digests_unsound", "a bucket is no list of records")
    found: dict[str, Held] = {}
    last = ""
    for each in members:
        match each:
            case {"record_id": str(name), "revision": int(revision), "digest": str(digest)} if (
                last < name
                and _is_of(name, scope, bucket)
                and type(revision) is int
                and 1 <= revision <= LARGEST
                and _DIGEST.fullmatch(digest)
            ):
                found[name] = (revision, digest)
                last = name
            case _:
                raise NoAnswer("digests_unsound", "a record of a bucket is none, or does not belong there")
    return found


def _is_of(record_id: str, scope: Scope, bucket: str) -> bool:
    """Whether this names a record of the scope that belongs into the bucket."""
    return (
        RECORD_ID.fullmatch(record_id) is not None
        and record_id.startswith(f"{scope.origin}.{scope.resource}.")
        and f"{hashlib.sha256(record_id.encode()).digest()[0]:02x}" == bucket
    )
