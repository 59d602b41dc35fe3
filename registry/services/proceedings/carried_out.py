"""All procedures that are carried out; the application binds them when it is made."""

from typing import Any

from registry.services.proceedings import (
    abnormal,
    clues,
    household,
    inspections,
    objections,
    repairs,
    service_stops,
    violations,
)
from registry.services.proceedings.binding import Binding
from registry.services.proceedings.bindings import bind

PROCEDURES: tuple[Binding[Any, Any], ...] = (
    abnormal.BINDING,
    household.BINDING,
    violations.BINDING,
    repairs.BINDING,
    objections.BINDING,
    clues.BINDING,
    service_stops.BINDING,
    inspections.BINDING,
)


def bind_all() -> None:
    """Make every procedure known to the engine. Safe to repeat."""
    for binding in PROCEDURES:
        bind(binding)
