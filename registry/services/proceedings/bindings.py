"""The procedures that can be carried out, by their name."""

from typing import Any

from registry.errors import NotFound
from registry.rules.proceedings import Procedure
from registry.services.proceedings.binding import Binding

_BINDINGS: dict[Procedure, Binding[Any, Any]] = {}


class NotCarriedOut(NotFound):
    """Nothing is bound to this procedure."""

    code = "procedure_not_carried_out"


def bind(binding: Binding[Any, Any]) -> None:
    """Make a procedure known to the engine."""
    _BINDINGS[binding.procedure] = binding


def binding_of(procedure: Procedure) -> Binding[Any, Any]:
    """What ties this procedure to the register. `carried_out` binds all of them."""
    try:
        return _BINDINGS[procedure]
    except KeyError:
        raise NotCarriedOut(f"No service carries out {procedure}.") from None
