"""SM-K as one table: how the registration of an operator changes. It follows registration data; the system takes every step.

The status is a registration item and always public (市场主体登记管理条例 art. 35). Revoked, annulled and closed operators that
are not dissolved within the time of 实施细则 art. 67 bear a special mark.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.calendar import WorkingCalendar
from registry.rules.deadlines import due_on
from registry.rules.operator import RegistrationStatus as Status
from registry.rules.procedure import Actor, Guard, Machine, State, Transition
from registry.rules.rule_sets import RuleSet


class Action(StrEnum):
    """What registration data can report."""

    REGISTER = "register"
    SUSPEND = "suspend"
    RESUME = "resume"
    MOVE_OUT = "move_out"
    MOVE_IN = "move_in"
    REVOKE = "revoke"
    ANNUL = "annul"
    CLOSE = "close"
    REINSTATE = "reinstate"
    LIQUIDATE = "liquidate"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class RegistrationChange:
    """A change that registration data report, and the day up to which a suspension may last where one runs."""

    today: date
    reported: bool = False
    suspension_ends_on: date | None = None
    decision_withdrawn: bool = False


def suspension_is_legal(case: RegistrationChange) -> bool:
    """市场主体登记管理条例 art. 30: a suspension lasts three years at most."""
    return case.suspension_ends_on is not None and case.today <= case.suspension_ends_on


def bears_special_mark(
    status: Status, *, since: date, today: date, rule_set: RuleSet, calendar: WorkingCalendar
) -> bool:
    """市场主体登记管理条例实施细则 art. 67: revoked, annulled or closed, and not dissolved within six months."""
    if status not in _STRUCK:
        return False
    return today > due_on(rule_set.deadlines["mark_undissolved"], since, calendar)


_S = (Actor.SYSTEM,)
_LAW = "市场主体登记管理条例"
_RULES = "市场主体登记管理条例实施细则"
_STRUCK = (Status.REVOKED, Status.ANNULLED, Status.CLOSED_BY_ORDER)
_TRADING = (Status.ACTIVE, Status.SUSPENDED)

G = Guard[RegistrationChange]
REPORTED = G("reported", "registration data say so", lambda case: case.reported)
LEGAL = G("suspension_is_legal", "three years are not over", suspension_is_legal)
UNDONE = G("decision_withdrawn", "the decision was withdrawn", lambda case: case.decision_withdrawn)

MACHINE: Machine[Status, RegistrationChange] = Machine(
    "SM-K",
    "登记状态",
    "Registration status",
    (
        State(Status.ACTIVE, "存续", "registered and trading", public=True),
        State(Status.SUSPENDED, "歇业", "suspended for three years at most; still reports each year", public=True),
        State(Status.MOVED_OUT, "迁出", "moved to another registration authority", public=True),
        State(Status.REVOKED, "吊销，未注销", "licence revoked, not deregistered", public=True),
        State(Status.ANNULLED, "撤销", "registration annulled", public=True),
        State(Status.CLOSED_BY_ORDER, "责令关闭", "closed by order", public=True),
        State(Status.LIQUIDATION, "清算", "being wound up", public=True),
        State(Status.CANCELLED, "注销", "deregistered", public=True, end=True),
    ),
    (
        Transition(Action.REGISTER, "设立登记", (None,), Status.ACTIVE, _S, f"{_LAW} art. 21", (REPORTED,)),
        Transition(Action.SUSPEND, "歇业备案", (Status.ACTIVE,), Status.SUSPENDED, _S, f"{_LAW} art. 30",
                   (REPORTED, LEGAL), deadlines=("end_suspension",)),
        Transition(Action.RESUME, "恢复营业", (Status.SUSPENDED,), Status.ACTIVE, _S, f"{_LAW} art. 30", (REPORTED,),
                   deadlines=("end_suspension",)),
        Transition(Action.MOVE_OUT, "迁出", _TRADING, Status.MOVED_OUT, _S, f"{_LAW} art. 27", (REPORTED,)),
        Transition(Action.MOVE_IN, "迁入", (Status.MOVED_OUT,), Status.ACTIVE, _S, f"{_LAW} art. 27", (REPORTED,)),
        Transition(Action.REVOKE, "吊销", (*_TRADING, Status.LIQUIDATION), Status.REVOKED, _S, f"{_RULES} art. 67",
                   (REPORTED,)),
        Transition(Action.ANNUL, "撤销登记", (*_TRADING, Status.LIQUIDATION), Status.ANNULLED, _S, f"{_LAW} art. 40",
                   (REPORTED,)),
        Transition(Action.CLOSE, "责令关闭", (*_TRADING, Status.LIQUIDATION), Status.CLOSED_BY_ORDER, _S,
                   f"{_RULES} art. 67", (REPORTED,)),
        Transition(Action.REINSTATE, "决定撤销后恢复", _STRUCK, Status.ACTIVE, _S, f"{_LAW} art. 42", (REPORTED, UNDONE)),
        Transition(Action.LIQUIDATE, "清算备案", (*_TRADING, *_STRUCK), Status.LIQUIDATION, _S, f"{_LAW} art. 32",
                   (REPORTED,), deadlines=("mark_undissolved",)),
        Transition(Action.CANCEL, "注销登记", (*_TRADING, *_STRUCK, Status.LIQUIDATION), Status.CANCELLED, _S,
                   f"{_LAW} art. 31", (REPORTED,)),
    ),
)  # fmt: skip
