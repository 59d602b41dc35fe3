"""Cases that follow when a day has come: operators struck off, orders obeyed, what has run out, notices to lift."""

from collections.abc import Callable

from registry.services.matters import Desk
from registry.services.notices import tell_deadlines
from registry.services.proceedings import by_system
from registry.services.proceedings.application_following import close_objections, finish_repairs
from registry.services.proceedings.inspections import end_with_linked
from registry.services.proceedings.service_stops import lift_service_stops
from registry.services.proceedings.violation_following import catch_up_annulled, expire_cases
from registry.transaction import transaction

_STEPS: dict[str, Callable[[Desk], int]] = {
    "listings_expired": expire_cases,
    "revocations_asked": catch_up_annulled,
    "service_stops_lifted": lift_service_stops,
    "repairs_finished": finish_repairs,
    "objections_closed": close_objections,
    "inspections_ended": end_with_linked,
}
"""Each finds by itself what there is to do, and nothing the second time."""

_IN_PARTS: dict[str, Callable[[Desk], int]] = {
    "struck_off_closed": by_system.close_struck_off,
    "orders_closed": by_system.close_orders,
}
"""Those that can be large commit by parts of their own."""


def follow(desk: Desk) -> dict[str, int]:
    """Take the steps that nobody takes; how many of each kind. Commits each kind by itself."""
    done = {name: take_steps(desk) for name, take_steps in _IN_PARTS.items()}
    for name, take_steps in _STEPS.items():
        with transaction():
            done[name] = take_steps(desk)
    return done


def tell_parties(desk: Desk) -> int:
    """Tell parties of the deadlines that a reminder was raised for. How many."""
    with transaction():
        return tell_deadlines(desk)
