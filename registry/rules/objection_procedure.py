"""SM-F as one table: objections, corrections of data, questions and reports about what is published (domain.md 5).

An objection does not stop publicity by itself; the record is shown as being under objection until it is decided.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.calendar import WorkingCalendar
from registry.rules.deadlines import due_on
from registry.rules.procedure import Actor, Guard, Machine, State, Transition
from registry.rules.rule_sets import RuleSet


class Stage(StrEnum):
    """Where an objection stands."""

    RECEIVED = "F0"
    NOT_ACCEPTED = "F1"
    ACCEPTED = "F2"
    UPHELD = "F3"
    REJECTED = "F4"
    CORRECTED = "F5"


class Action(StrEnum):
    """What can be done with an objection."""

    OBJECT = "object"
    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    UPHOLD = "uphold"
    REJECT = "reject"
    CORRECT = "correct"


class ObjectionKind(StrEnum):
    """What somebody objects to or asks about."""

    LISTING = "listing"
    PENALTY_DATA = "penalty_data"
    CREDIT_INFORMATION = "credit_information"
    QUESTION = "question"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Clocks:
    """Names of the deadlines of one kind; None where there is none. `window`: until when it can be raised."""

    window: str | None
    accept: str | None
    decide: str
    correct: str | None


CLOCKS = {
    ObjectionKind.LISTING: Clocks("object", "accept_objection", "verify_objection", "correct_listing"),
    ObjectionKind.PENALTY_DATA: Clocks(None, "accept_data_objection", "decide_data_objection", "correct_penalty"),
    ObjectionKind.CREDIT_INFORMATION: Clocks(
        None, "accept_credit_objection", "decide_credit_objection", "correct_penalty"
    ),
    ObjectionKind.QUESTION: Clocks(None, None, "answer_question", None),
    ObjectionKind.REPORT: Clocks(None, None, "check_report", None),
}
BASES = {
    ObjectionKind.LISTING: "《企业经营异常名录管理办法》第十六条",
    ObjectionKind.PENALTY_DATA: "《市场监督管理行政处罚信息公示规定》第十二条",
    ObjectionKind.CREDIT_INFORMATION: "《企业信息公示暂行条例》第十二条",
    ObjectionKind.QUESTION: "《企业信息公示暂行条例》第十三条",
    ObjectionKind.REPORT: "《企业信息公示暂行条例》第十三条",
}
"""The article that documents cite, by kind."""
HOUSEHOLD_BASIS = "《个体工商户年度报告办法》第十九条"
"""The same for the mark of a household."""
VIOLATION_BASIS = "《企业信息公示暂行条例》第十二条"
"""The same for a stay on the violation list, whose own decree knows no objection after the decision."""
MARKING = frozenset({ObjectionKind.LISTING, ObjectionKind.PENALTY_DATA, ObjectionKind.CREDIT_INFORMATION})
"""Kinds that contest a record, which is shown as being under objection meanwhile; a question contests nothing."""
ONLY_THE_OPERATOR = frozenset({ObjectionKind.LISTING, ObjectionKind.CREDIT_INFORMATION})
"""Kinds that only the operator itself can raise; the others are anybody's (企业信息公示暂行条例 art. 12, 13)."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What is known of an objection on `today`. None and False mean: not known to be so.

    `window_ends_on` is what `window_ends_on()` answers for the record, None where the kind has no window. `decider_penalised`:
    the officer who would decide also handled the penalty or listing.
    """

    today: date
    kind: ObjectionKind
    received_on: date
    window_ends_on: date | None = None
    by_the_operator: bool = False
    evidence_given: bool = False
    verified_on: date | None = None
    found_wrong: bool = False
    decider_penalised: bool = True
    record_corrected: bool = False


def window_ends_on(
    kind: ObjectionKind, published_on: date, *, rule_set: RuleSet, calendar: WorkingCalendar
) -> date | None:
    """Last day to object: 30 calendar days from publication, rolled over rest; None where there is no such day.

    Source: 企业经营异常名录管理办法 art. 16; 个体工商户年度报告办法 art. 19; 民法典 art. 203.
    """
    name = CLOCKS[kind].window
    return None if name is None else due_on(rule_set.deadlines[name], published_on, calendar)


def raised_in_time(case: Objection) -> bool:
    """Handed in by the last day of its window. A late one is refused and pointed to review or court."""
    if CLOCKS[case.kind].window is None:
        return True
    return case.window_ends_on is not None and case.received_on <= case.window_ends_on


def may_object(case: Objection) -> bool:
    """The operator itself, or for data, questions and reports anybody; wrong penalty data need evidence (art. 12)."""
    if case.kind in ONLY_THE_OPERATOR:
        return case.by_the_operator
    return case.kind is not ObjectionKind.PENALTY_DATA or case.evidence_given


def is_verified(case: Objection) -> bool:
    """The facts were checked by today."""
    return case.verified_on is not None and case.verified_on <= case.today


_H, _R = (Actor.HANDLER,), (Actor.REVIEWER,)
_LAW = "企业经营异常名录管理办法 art. 16; 个体工商户年度报告办法 art. 19"
_PUBLICITY = "市场监督管理行政处罚信息公示规定 art. 12"
_DISCLOSURE = "企业信息公示暂行条例 art. 12-13"
_ALL = f"{_LAW}; {_PUBLICITY}; {_DISCLOSURE}"

G = Guard[Objection]
IN_TIME = G("raised_in_time", "within 30 days of publication, for a listing or mark", raised_in_time)
MAY = G("may_object", "by the operator itself where the law demands that; with evidence", may_object)
VERIFIED = G("is_verified", "the facts were checked", is_verified)
IMPARTIAL = G(
    "decider_is_impartial", "whoever decides did not penalise or list", lambda case: not case.decider_penalised
)
WRONG = G("found_wrong", "what is published was found wrong", lambda case: case.found_wrong)
RIGHT = G("found_right", "what is published was found right", lambda case: not case.found_wrong)
DONE = G("record_corrected", "the record was corrected or withdrawn", lambda case: case.record_corrected)

MACHINE: Machine[Stage, Objection] = Machine(
    "SM-F",
    "异议处理",
    "Objections and corrections",
    (
        State(Stage.RECEIVED, "收到异议", "handed in; the record is shown as under objection"),
        State(Stage.NOT_ACCEPTED, "不予受理", "not accepted, with the reason; review and court stay open", end=True),
        State(Stage.ACCEPTED, "受理", "being verified"),
        State(Stage.UPHELD, "异议成立", "upheld, the record has to be corrected"),
        State(Stage.REJECTED, "异议不成立", "the record stands; answered in writing", end=True),
        State(Stage.CORRECTED, "已更正", "corrected or withdrawn; answered in writing", end=True),
    ),
    (
        Transition(Action.OBJECT, "提出异议", (None,), Stage.RECEIVED, (Actor.PARTY,), _ALL, document="异议申请书",
                   deadlines=("object",)),
        Transition(Action.ACCEPT, "受理", (Stage.RECEIVED,), Stage.ACCEPTED, _H, _ALL, (IN_TIME, MAY),
                   document="异议受理通知书",
                   deadlines=("accept_objection", "accept_data_objection", "accept_credit_objection")),
        Transition(Action.NOT_ACCEPT, "不予受理", (Stage.RECEIVED,), Stage.NOT_ACCEPTED, _H, _ALL,
                   document="异议不予受理通知书",
                   deadlines=("accept_objection", "accept_data_objection", "accept_credit_objection")),
        Transition(Action.UPHOLD, "异议成立", (Stage.ACCEPTED,), Stage.UPHELD, _R, _ALL, (VERIFIED, WRONG, IMPARTIAL),
                   True, "异议处理决定书",
                   ("verify_objection", "decide_data_objection", "decide_credit_objection", "answer_question",
                    "check_report")),
        Transition(Action.REJECT, "异议不成立", (Stage.ACCEPTED,), Stage.REJECTED, _R, _ALL,
                   (VERIFIED, RIGHT, IMPARTIAL), True, "异议处理决定书",
                   ("verify_objection", "decide_data_objection", "decide_credit_objection", "answer_question",
                    "check_report")),
        Transition(Action.CORRECT, "更正", (Stage.UPHELD,), Stage.CORRECTED, (Actor.SYSTEM,), _ALL, (DONE,),
                   document="书面答复", deadlines=("correct_listing", "correct_penalty")),
    ),
)  # fmt: skip
