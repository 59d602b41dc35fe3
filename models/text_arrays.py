"""Lists of text as parameters, written at once: the driver goes through them item by item, in Python."""

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper


class TextListDumper(ListDumper):
    """The driver's own, but for lists of nothing but text without quotes and backslashes, as nearly all of ours are."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        """The literal of the array."""
        try:
            joined = '","'.join(obj)
        except TypeError:
            return super().dump(obj)
        if not obj or "\\" in joined or "\0" in joined or joined.count('"') != 2 * (len(obj) - 1):
            return super().dump(obj)
        return f'{{"{joined}"}}'.encode()


def register() -> None:
    """Let every connection that is opened from now on write its lists so."""
    psycopg.adapters.register_dumper(list, TextListDumper)
