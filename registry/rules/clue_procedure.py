"""What somebody reports of an operator (线索), from the day it came in to the answer, as one table.

A clue that is taken up can begin a case of the abnormal list (SM-A, A0). Whoever reported is answered either way.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.procedure import Actor, Guard, Machine, State, Transition

WITHIN = "check_report"
"""The deadline of the answer: working days from receipt (企业信息公示暂行条例 art. 13)."""


class Stage(StrEnum):
    """Where a clue stands."""

    RECEIVED = "K0"
    TAKEN_UP = "K1"
    NOT_TAKEN_UP = "K2"
    ANSWERED = "K3"


class Action(StrEnum):
    """What can be done with a clue."""

    REPORT = "report"
    TAKE_UP = "take_up"
    NOT_TAKE_UP = "not_take_up"
    ANSWER = "answer"


class Finding(StrEnum):
    """What the check of a clue came to."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    PASSED_ON = "passed_on"  # another office is competent and has been told


@dataclass(frozen=True, slots=True)
class Clue:
    """What is known of a clue on `today`. None and False mean: not known to be so."""

    today: date
    taken_up: bool = False
    finding: Finding | None = None
    answer_given: bool = False


def is_checked(clue: Clue) -> bool:
    """A clue that was taken up has a finding before it is answered."""
    return not clue.taken_up or clue.finding is not None


_H = (Actor.HANDLER,)
_LAW = "企业信息公示暂行条例 art. 13"

CHECKED = Guard[Clue]("clue_is_checked", "what was taken up has been checked, with a finding", is_checked)
ANSWERED = Guard[Clue]("answer_given", "the answer to whoever reported is written", lambda clue: clue.answer_given)

MACHINE: Machine[Stage, Clue] = Machine(
    "CLUE",
    "线索处理",
    "Clues from the public",
    (
        State(Stage.RECEIVED, "收到线索", "reported, has a query code"),
        State(Stage.TAKEN_UP, "核查", "being checked"),
        State(Stage.NOT_TAKEN_UP, "不予核查", "not checked, for a reason; still to be answered"),
        State(Stage.ANSWERED, "已答复", "answered in writing", end=True),
    ),
    (
        Transition(Action.REPORT, "提供线索", (None,), Stage.RECEIVED, (Actor.PARTY,), _LAW),
        Transition(Action.TAKE_UP, "核查", (Stage.RECEIVED,), Stage.TAKEN_UP, _H, _LAW, deadlines=(WITHIN,)),
        Transition(Action.NOT_TAKE_UP, "不予核查", (Stage.RECEIVED,), Stage.NOT_TAKEN_UP, _H, _LAW,
                   deadlines=(WITHIN,)),
        Transition(Action.ANSWER, "答复", (Stage.TAKEN_UP, Stage.NOT_TAKEN_UP), Stage.ANSWERED, _H, _LAW,
                   (CHECKED, ANSWERED), document="书面答复", deadlines=(WITHIN,)),
    ),
)  # fmt: skip
