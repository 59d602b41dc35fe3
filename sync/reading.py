"""Reading members of a message whose form is sound, and noting what is wrong with them."""

import re
from datetime import date
from typing import Any

from sync.faults import Fault
from sync.message import Message

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day_of(text: object) -> date | None:
    """The day that `YYYY-MM-DD` names; None for anything else."""
    if not isinstance(text, str) or _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Reading:
    """One message while its content is checked on the Beijing day `today`. Empty texts count as absent."""

    def __init__(self, message: Message, today: date) -> None:
        members = message.members
        self.members = members
        self.today = today
        self.resource: str = members["resource"]
        self.operation: str = members["operation"]
        self.data: dict[str, Any] = members["data"]
        self.subject: dict[str, Any] = members["subject"]
        self.publicity: dict[str, Any] | None = members["publicity"]
        self.faults: list[Fault] = []

    @property
    def is_publish(self) -> bool:
        """Whether the public is going to see it."""
        return self.operation == "publish"

    def note(self, code: str, field: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(code, field, message))

    def text(self, name: str) -> str | None:
        """A text of `data`; anything but a text is noted."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.note("field_format", name, "It is no text.")
            return None
        return value

    def require(self, names: tuple[str, ...]) -> None:
        """Note which mandatory members of `data` are absent."""
        for name in names:
            if self.text(name) is None and self.data.get(name) in (None, ""):
                self.note("field_missing", name, "It is mandatory.")

    def day(self, name: str, *, past: bool = False) -> date | None:
        """A day of `data`; what is none is noted, and with `past` a day after today."""
        value = self.text(name)
        return None if value is None else self.checked_day(name, value, past=past)

    def checked_day(self, field: str, value: str, *, past: bool = False) -> date | None:
        """A day from any member."""
        found = day_of(value)
        if found is None:
            self.note("field_format", field, "It is no day of the form YYYY-MM-DD.")
        elif past and found > self.today:
            self.note("date_future", field, "It lies in the future.")
        return found

    def in_order(self, field: str, first: date | None, second: date | None, *, strictly: bool = False) -> None:
        """Note at `field`, which names the second day, that it lies before the first (or on it, where `strictly`)."""
        if first is not None and second is not None and (second < first or (strictly and second == first)):
            self.note("date_order", field, "It lies before the day that it follows.")
