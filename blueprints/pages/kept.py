"""Counted things that a process shows again for a while, with the moment at which they were counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from flask import current_app

from registry.clock import now

SECONDS = 60
"""How old a figure may be that is counted while somebody waits for the page."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A value and its moment, which every page shows beside it."""

    value: T
    counted_at: datetime


def kept(name: str, make: Callable[[], T]) -> Kept[T]:
    """What `make` gave at most SECONDS ago, and never on another day: what is public changes at midnight."""
    store: dict[str, Kept[Any]] = current_app.extensions.setdefault("kept_figures", {})
    moment = now()
    found = store.get(name)
    if found is not None:
        age = (moment - found.counted_at).total_seconds()
        if 0 <= age < SECONDS and found.counted_at.date() == moment.date():
            return found
    store[name] = fresh = Kept(make(), moment)
    return fresh
