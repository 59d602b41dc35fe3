"""Who had a hand in what is to be decided: officers that prepared it never decide it (初审≠审核)."""

from typing import Any

from models import Proceeding
from registry.ledger import Actor as LedgerActor
from registry.rules.procedure import Actor, SamePerson
from registry.services.proceedings.binding import Binding

_PREPARING = (Actor.HANDLER, Actor.PARTY, Actor.PROVIDER)


def add(proceeding: Proceeding, part: Actor, actor: LedgerActor) -> None:
    """A handler's act begins what the next decision is about, once the last one has been taken.

    An officer who enters what a party or a provider handed in has a hand in it too.
    """
    if part not in _PREPARING or (part is not Actor.HANDLER and actor.kind != "officer"):
        return
    before = [] if proceeding.decided_by is not None else proceeding.hands
    proceeding.decided_by = None
    proceeding.hands = [*(hand for hand in before if hand != str(actor)), str(actor)]


def add_superior(binding: Binding[Any, Any], proceeding: Proceeding, actor: LedgerActor) -> None:
    """Who consents for the authority above has a hand in the decision, and neither prepared the proposal nor approved it."""
    if str(actor) in (*proceeding.hands, proceeding.decided_by):
        raise SamePerson(f"{binding.machine.code}: consent needs another person.")
    proceeding.hands = [*proceeding.hands, str(actor)]
