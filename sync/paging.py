"""Reading what a peer answers: pages of changes and of snapshots, each message with the bytes as they were sent."""

import re
from dataclasses import dataclass

import orjson

from sync.message import Message, NotJson, only_characters, parse

_LINE = re.compile(rb'\s*\{\s*"position"\s*:\s*(\d{1,18})\s*,\s*"message"\s*:\s*(\{.*\})\s*\}\s*', re.DOTALL)


class Unsound(Exception):
    """The page contradicts itself or the request; nothing of it may be believed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a feed."""

    position: int
    message: Message


def read_changes(body: bytes, *, after: int, upto: int, head: int) -> list[Change]:
    """Changes in ascending order between the position that was asked for and the one to ask for next. Unsound."""
    if upto < after:
        raise Unsound("the next position lies before the one that was asked for")
    if upto > head:
        raise Unsound("the next position lies beyond the head")
    found: list[Change] = []
    last = after
    characters = only_characters(body)
    for line in _lines(body):
        position, message = _read(line, characters=characters)
        if not last < position <= upto:
            raise Unsound("positions are not in ascending order")
        found.append(Change(position, message))
        last = position
    return found


def read_messages(body: bytes) -> list[Message]:
    """Messages of one page of a snapshot. Unsound."""
    return [_message(line) for line in _lines(body)]


def _lines(body: bytes) -> list[bytes]:
    if body and not body.endswith(b"\n"):
        raise Unsound("the last line is cut off")
    return body.split(b"\n")[:-1]


def _read(line: bytes, *, characters: bool) -> tuple[int, Message]:
    """Position and message of a line; the message's bytes are cut out where the line is written in the usual order."""
    usual = _LINE.fullmatch(line)
    if usual is not None:
        try:
            return int(usual[1]), parse(usual[2], characters=characters)
        except NotJson:
            pass  # further members stand behind the message
    try:
        members = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Unsound("a line is no JSON") from error
    position = members.get("position") if isinstance(members, dict) else None
    if type(position) is not int or not isinstance(members.get("message"), dict):
        raise Unsound("a line holds no position and message")
    return position, _message(orjson.dumps(members["message"]))


def _message(raw: bytes) -> Message:
    try:
        return parse(raw)
    except NotJson as error:
        raise Unsound("a message is no JSON object") from error
