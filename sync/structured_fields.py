"""Structured field values (RFC 9651), as far as signatures use them: dictionaries of items and inner lists.

Strict: what the grammar does not know is refused, since two readers that understand one header differently are a hole.
Dates and display strings, which no header of the exchange carries, count as unknown.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Bare = str | int | bool | bytes


class MalformedField(Exception):
    """The text is no dictionary of RFC 9651."""


@dataclass(frozen=True, slots=True)
class Item:
    """A bare value with its parameters, in the order as sent. Tokens come as strings that begin with no quote."""

    value: Bare
    parameters: Mapping[str, Bare] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InnerList:
    """Items in parentheses, with the parameters of the list."""

    items: tuple[Item, ...]
    parameters: Mapping[str, Bare] = field(default_factory=dict)


class Token(str):
    """A word without quotes."""

    __slots__ = ()


_KEY = re.compile(r"[a-z*][a-z0-9_\-.*]*")
_INTEGER = re.compile(r"-?\d{1,15}(?![\d.])")
_STRING = re.compile(r'"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_BOOLEAN = re.compile(r"\?([01])")
_TOKEN = re.compile(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*")
_SEPARATOR = re.compile(r"[ \t]*,[ \t]*")


def parse_dictionary(text: str) -> dict[str, Item | InnerList]:
    """Members of a dictionary; of two with one name the last counts, as RFC 9651 has it. MalformedField."""
    return _Reader(text.strip(" ")).dictionary()


def serialise(value: Item | InnerList) -> str:
    """The one canonical form of an item or inner list."""
    if isinstance(value, InnerList):
        inner = " ".join(serialise(item) for item in value.items)
        return f"({inner}){_parameters(value.parameters)}"
    return _bare(value.value) + _parameters(value.parameters)


def _parameters(parameters: Mapping[str, Bare]) -> str:
    return "".join(f";{key}" if value is True else f";{key}={_bare(value)}" for key, value in parameters.items())


def _bare(value: Bare) -> str:
    match value:
        case bool():
            return f"?{int(value)}"
        case Token():
            return str(value)
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case bytes():
            return f":{base64.b64encode(value).decode()}:"
        case int():
            return str(value)


class _Reader:
    """One text, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def dictionary(self) -> dict[str, Item | InnerList]:
        found: dict[str, Item | InnerList] = {}
        while self.at < len(self.text):
            key = self._take(_KEY)[0]
            found.pop(key, None)
            found[key] = self._member() if self._skip("=") else Item(True, self._read_parameters())
            if self.at == len(self.text):
                return found
            self._take(_SEPARATOR)
            if self.at == len(self.text):
                raise MalformedField("a comma at the end")
        return found

    def _member(self) -> Item | InnerList:
        if not self._skip("("):
            return self._item()
        items: list[Item] = []
        while True:
            while self._skip(" "):
                pass
            if self._skip(")"):
                return InnerList(tuple(items), self._read_parameters())
            items.append(self._item())
            if self.text[self.at : self.at + 1] not in {" ", ")"}:
                raise MalformedField("items that nothing divides")

    def _item(self) -> Item:
        return Item(self._value(), self._read_parameters())

    def _read_parameters(self) -> dict[str, Bare]:
        found: dict[str, Bare] = {}
        while self._skip(";"):
            while self._skip(" "):
                pass
            key = self._take(_KEY)[0]
            found.pop(key, None)
            found[key] = self._value() if self._skip("=") else True
        return found

    def _value(self) -> Bare:
        first = self.text[self.at : self.at + 1]
        if first == '"':
            return re.sub(r"\\(.)", r"\1", self._take(_STRING)[1])
        if first == ":":
            try:
                return base64.b64decode(self._take(_BYTES)[1], validate=True)
            except binascii.Error as error:
                raise MalformedField("no base64") from error
        if first == "?":
            return self._take(_BOOLEAN)[1] == "1"
        if first == "-" or first.isdigit():
            return int(self._take(_INTEGER)[0])
        return Token(self._take(_TOKEN)[0])

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise MalformedField(f"not understood at {self.at}")
        self.at = match.end()
        return match

    def _skip(self, character: str) -> bool:
        if self.text[self.at : self.at + 1] != character:
            return False
        self.at += 1
        return True
