"""Comparing what two nodes hold, bucket by bucket, and only where buckets differ record by record (exchange.md 6)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from sync import feed
from sync.feed import Reader
from sync.link import Link, NoAnswer
from sync.reactions import code_of, problem_of

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

Held = tuple[int, str]
"""Revision and digest of a current message."""


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
    parameters = [("resource", scope.resource), ("origin", scope.origin)]
    there = _buckets(_get(link, "/digests", parameters))
    _, here = feed.digests(looking, resource=scope.resource, origin=scope.origin)
    for bucket in here:
        if there[bucket["bucket"]] == (bucket["count"], bucket["digest"]):
            continue
        theirs = _records(_get(link, f"/digests/{bucket['bucket']}", parameters))
        ours = {
            each["record_id"]: (each["revision"], each["digest"])
            for each in feed.bucket(looking, name=bucket["bucket"], resource=scope.resource, origin=scope.origin)
        }
        for record_id in sorted(ours.keys() | theirs.keys()):
            if ours.get(record_id) != theirs.get(record_id):
                yield Difference(scope, record_id, ours.get(record_id), theirs.get(record_id))


def _get(link: Link, path: str, parameters: list[tuple[str, str]]) -> Any:
    answer = link.get(path, parameters)
    if answer.status != 200:
        raise NoAnswer(code_of(problem_of(answer.body)) or f"http_{answer.status}", f"{path}: HTTP {answer.status}")
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise NoAnswer("digests_unsound", "the answer is no JSON") from error


def _buckets(members: Any) -> dict[str, tuple[int, str]]:
    """Count and digest by bucket, all 256. NoAnswer."""
    listed = members.get("buckets") if isinstance(members, dict) else None
    found: dict[str, tuple[int, str]] = {}
    for each in listed if isinstance(listed, list) else []:
        match each:
            case {"bucket": str(name), "count": int(count), "digest": str(digest)} if _DIGEST.fullmatch(digest):
                found[name] = (count, digest)
    if found.keys() != set(feed.BUCKETS):
        raise NoAnswer("digests_unsound", "there are not 256 buckets")
    return found


def _records(members: Any) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for each in members if isinstance(members, list) else []:
        match each:
            case {"record_id": str(name), "revision": int(revision), "digest": str(digest)}:
                found[name] = (revision, digest)
            case _:
                raise NoAnswer("digests_unsound", "a record of a bucket is none")
    return found
