"""What random walks state in each procedure, and how a case is opened.

Every procedure that is carried out has an entry here and is walked by `test_walks`; what is stated is drawn from the form of
each particular, unless the procedure's table has better samples.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models import AbnormalListing, Authority, Operator, Proceeding
from registry.clock import today
from registry.rules.listing import ViolationReason
from registry.rules.operator import OperatorKind
from registry.rules.proceedings import Procedure
from registry.services.matters import Desk
from registry.services.proceedings import by_system
from registry.services.proceedings.inspections import end_with_linked
from registry.services.proceedings.particulars import Form, Particular
from registry.transaction import transaction
from tests.applications import apply_for, object_to, report
from tests.factories import make_abnormal_listing, make_authority, make_operator, make_violation_listing
from tests.violation_desk import authority_below, listed

DAY = timedelta(days=1)


def samples_of(walk: "Walk", particular: Particular) -> list[Any]:
    """Values to draw from: those of the procedure's table, else what the form of the field allows."""
    if particular.name in walk.samples:
        return walk.samples[particular.name]()
    match particular.form:
        case Form.DAY:
            return _ago(0, 3, -2)
        case Form.DAYS:
            return [_ago(25, 5), _ago(20, 10), _ago(20)]  # the second letter in time, too early, missing
        case Form.YES_NO:
            return [True, False]
        case Form.CHOICE:
            return list(particular.choices)
        case Form.SEVERAL:
            return [list(particular.choices[:2]), list(particular.choices), []]
        case Form.TEXT | Form.LONG_TEXT:
            return ["检查发现的情况。", "补充说明"]


def _ago(*days: int) -> list[str]:
    return [(today() - number * DAY).isoformat() for number in days]


def ago(*days: int) -> Callable[[], list[Any]]:
    """Days before today, as a particular states them."""
    return lambda: list(_ago(*days))


def of(*values: Any) -> Callable[[], list[Any]]:
    """These values."""
    return lambda: list(values)


@dataclass(frozen=True)
class Walk:
    """One procedure: arguments of `open_case` to draw from, samples by the name of a particular, what the world does.

    The first sample of a particular is the one with which most steps succeed.
    """

    openings: Callable[[], Sequence[Mapping[str, Any]]] = lambda: [{}]
    operator: Callable[[], Operator | None] = make_operator
    authority: Callable[[], Authority] = make_authority
    samples: Mapping[str, Callable[[], list[Any]]] = field(default_factory=dict)
    world: Sequence[Callable[[Desk], object]] = ()
    further: Callable[[], Proceeding] | None = None  # a case that stands already: every second walk begins with one


_ABNORMAL = {
    "verified_on": ago(3, 0, -2),
    "visited_on": ago(4),
    "order_served_on": ago(0, 1),
    "removal_verified_on": ago(0, -1),
}


def _reasons() -> list[Mapping[str, Any]]:
    return [
        {"reason": "R1", "report_year": 2025},
        {"reason": "R2"},
        {"reason": "R3"},
        {"reason": "R4"},
        {"reason": "R1", "report_year": 2026},
    ]


def _unreported() -> AbnormalListing:
    """A stay on the abnormal list, as a file brings it in."""
    with transaction():
        return make_abnormal_listing(
            make_operator(established_on=date(2019, 3, 1)), make_authority(), listed_on=date(2026, 8, 25)
        )


def end_linked(desk: Desk) -> int:
    """The day, for results of inspections."""
    with transaction():
        return end_with_linked(desk)


WALKS: dict[Procedure, Walk] = {
    Procedure.ABNORMAL_LISTING: Walk(
        openings=_reasons,
        operator=lambda: make_operator(established_on=date(2019, 3, 1)),
        samples=_ABNORMAL,
        world=(by_system.close_orders, by_system.close_struck_off),
    ),
    Procedure.HOUSEHOLD_MARK: Walk(
        openings=_reasons,
        operator=lambda: make_operator(
            name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD, established_on=date(2019, 3, 1)
        ),
        samples=_ABNORMAL,
        world=(by_system.close_struck_off,),
    ),
    Procedure.VIOLATION_LISTING: Walk(
        openings=lambda: [{"reason": ViolationReason.FOOD}, {"reason": ViolationReason.COMPETITION}],
        authority=authority_below,
        samples={"heavier_penalty": of(True), "decided_on": ago(0, 1), "penalty_decided_on": ago(0, 1)},
        further=lambda: listed(authority_below()),
    ),
    Procedure.REPAIR: Walk(openings=list, further=lambda: apply_for(_unreported())),
    Procedure.OBJECTION: Walk(openings=list, further=lambda: object_to(_unreported())),
    Procedure.CLUE: Walk(openings=list, further=lambda: report(_unreported().operator)),
    Procedure.INSPECTION_RESULT: Walk(
        samples={
            "completed_on": ago(1, 0),
            "inspected_on": ago(3),
            "result_code": of("failed"),
            "linked_record": of(""),
        },
        world=(end_linked,),
    ),
    Procedure.SERVICE_STOP: Walk(operator=lambda: make_violation_listing(make_operator(), make_authority()).operator),
}
