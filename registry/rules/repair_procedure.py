"""SM-E as one table: an application for credit repair (信用修复), from its draft to the last place that has been told.

What a granted repair does to the record is a step of the record's own procedure (SM-A to SM-D, SM-G). Free of charge.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.procedure import Actor, Guard, Machine, State, Transition
from registry.rules.rule_sets import RuleSet


class Stage(StrEnum):
    """Where an application stands."""

    DRAFT = "E0"
    SUBMITTED = "E1"
    SUPPLEMENT = "E2"
    ACCEPTED = "E3"
    NOT_ACCEPTED = "E4"
    VERIFYING = "E5"
    GRANTED = "E6"
    REFUSED = "E7"
    SYNCED = "E8"
    REVOKED = "E9"


class Action(StrEnum):
    """What can be done with an application."""

    DRAFT = "draft"
    SUBMIT = "submit"
    ASK_FOR_MORE = "ask_for_more"
    SUPPLEMENT = "supplement"
    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    VERIFY = "verify"
    GRANT = "grant"
    REFUSE = "refuse"
    SYNC = "sync"
    REVOKE = "revoke"


class RepairOf(StrEnum):
    """What a repair is asked for."""

    ABNORMAL_LISTING = "abnormal_listing"
    HOUSEHOLD_MARK = "household_mark"
    PENALTY = "penalty"
    VIOLATION_LISTING = "violation_listing"
    INSPECTION_RESULT = "inspection_result"


DECIDED_WITHIN = {
    RepairOf.ABNORMAL_LISTING: "remove_abnormal",
    RepairOf.HOUSEHOLD_MARK: "restore_household",
    RepairOf.PENALTY: "decide_repair",
    RepairOf.VIOLATION_LISTING: "decide_repair",
    RepairOf.INSPECTION_RESULT: "decide_repair",
}
"""The deadline of the decision, by what is repaired (domain.md 3.7)."""


@dataclass(frozen=True, slots=True)
class RepairCase:
    """What is known of an application on `today`. None and False mean: not known to be so.

    `earliest_on` is the first day that `repair` answers for the record, None where it can never be repaired early; a listing
    or mark on the abnormal list has no such day. `verified_on`: the duty was checked.
    """

    today: date
    rule_set: RuleSet
    repair_of: RepairOf
    earliest_on: date | None = None
    record_is_public: bool = False
    commitment_made: bool = False
    materials_complete: bool = False
    asked_for_more: bool = False
    through_agent: bool = False
    agent_authorised: bool = False
    duties_performed: bool = False
    on_a_list: bool = False
    same_kind_penalty_since: bool = False
    heavier_penalty_since: bool = False
    same_office: bool = False
    verified_on: date | None = None
    everybody_told: bool = False
    serious_fraud_found: bool = False


_TIMELESS = frozenset({RepairOf.ABNORMAL_LISTING, RepairOf.HOUSEHOLD_MARK})


def time_has_come(case: RepairCase) -> bool:
    """The minimum period of publicity is full; the abnormal list and the mark have none (信用修复管理办法)."""
    if case.repair_of in _TIMELESS:
        return True
    return case.earliest_on is not None and case.today >= case.earliest_on


def record_is_clean(case: RepairCase) -> bool:
    """Nothing newer stands against the repair.

    A penalty: not on either list and no second one of its kind (市场监督管理行政处罚信息公示规定 art. 14). A stay on the
    violation list: no further heavier penalty (市场监督管理严重违法失信名单管理办法 art. 16).
    """
    if case.repair_of is RepairOf.VIOLATION_LISTING:
        return not case.heavier_penalty_since
    return case.repair_of is not RepairOf.PENALTY or not (case.on_a_list or case.same_kind_penalty_since)


def may_speak(case: RepairCase) -> bool:
    """An agent shows an authorisation."""
    return not case.through_agent or case.agent_authorised


def is_verified(case: RepairCase) -> bool:
    """The duties were performed, and that was checked by today."""
    return case.duties_performed and case.verified_on is not None and case.verified_on <= case.today


_H, _R, _P, _S = (Actor.HANDLER,), (Actor.REVIEWER,), (Actor.PARTY,), (Actor.SYSTEM,)
_LAW = "市场监督管理信用修复管理办法"
_NDRC = "信用修复管理办法"

G = Guard[RepairCase]
TIME = G("time_has_come", "the minimum period of publicity is full", time_has_come)
CLEAN = G(
    "record_is_clean",
    "a penalty: on neither list, no second one of its kind; a listing: no further heavier penalty",
    record_is_clean,
)
SPEAKS = G("may_speak", "an agent is authorised", may_speak)
PUBLIC = G("record_is_public", "the record is public now", lambda case: case.record_is_public)
COMMITTED = G("commitment_made", "the commitment was made", lambda case: case.commitment_made)
ONCE = G(
    "asked_only_once", "all that is missing is asked for at once (一次性告知)", lambda case: not case.asked_for_more
)
COMPLETE = G("materials_complete", "the materials are complete", lambda case: case.materials_complete)
OFFICE = G("same_office", "the office decided on the record itself (谁认定、谁修复)", lambda case: case.same_office)
VERIFIED = G("is_verified", "the duties were performed, and that was checked", is_verified)
TOLD = G("everybody_told", "publicity has stopped and everybody was told", lambda case: case.everybody_told)
FRAUD = G("serious_fraud_found", "the repair was obtained by serious fraud", lambda case: case.serious_fraud_found)

MACHINE: Machine[Stage, RepairCase] = Machine(
    "SM-E",
    "信用修复",
    "Credit repair",
    (
        State(Stage.DRAFT, "填写", "being written"),
        State(Stage.SUBMITTED, "提交", "handed in, has a query code"),
        State(Stage.SUPPLEMENT, "补正", "asked once for all that is missing"),
        State(Stage.ACCEPTED, "受理", "accepted"),
        State(Stage.NOT_ACCEPTED, "不予受理", "not accepted, with the reason", end=True),
        State(Stage.VERIFYING, "核实", "being verified"),
        State(Stage.GRANTED, "准予修复", "granted; publicity stops, measures are lifted"),
        State(Stage.REFUSED, "不予修复", "refused, with the reason", end=True),
        State(Stage.SYNCED, "同步完成", "everybody who held the record was told", end=True),
        State(Stage.REVOKED, "撤销修复", "revoked for fraud; the record is as before, its period starts anew", end=True),
    ),
    (
        Transition(Action.DRAFT, "填写申请", (None,), Stage.DRAFT, _P, f"{_LAW}; {_NDRC} art. 2", (OFFICE, PUBLIC)),
        Transition(Action.SUBMIT, "提交", (Stage.DRAFT,), Stage.SUBMITTED, _P, f"{_LAW}; {_NDRC}",
                   (PUBLIC, TIME, COMMITTED, SPEAKS), document="信用修复申请书、守信承诺书、履行证明"),
        Transition(Action.ASK_FOR_MORE, "要求补正", (Stage.SUBMITTED,), Stage.SUPPLEMENT, _H, f"{_LAW}; {_NDRC}",
                   (ONCE,), document="补正通知书", deadlines=("accept_repair",)),
        Transition(Action.SUPPLEMENT, "补正", (Stage.SUPPLEMENT,), Stage.SUBMITTED, _P, f"{_LAW}; {_NDRC}"),
        Transition(Action.ACCEPT, "受理", (Stage.SUBMITTED,), Stage.ACCEPTED, _H, f"{_LAW}; {_NDRC}",
                   (OFFICE, TIME, COMMITTED, SPEAKS, COMPLETE), document="受理通知书", deadlines=("accept_repair",)),
        Transition(Action.NOT_ACCEPT, "不予受理", (Stage.SUBMITTED, Stage.SUPPLEMENT), Stage.NOT_ACCEPTED, _H,
                   f"{_LAW}; {_NDRC}", document="不予受理通知书", deadlines=("accept_repair",)),
        Transition(Action.VERIFY, "核实", (Stage.ACCEPTED,), Stage.VERIFYING, _H, f"{_LAW}; {_NDRC}"),
        Transition(Action.GRANT, "准予修复", (Stage.VERIFYING,), Stage.GRANTED, _R, f"{_LAW}; {_NDRC} art. 3",
                   (OFFICE, TIME, CLEAN, COMMITTED, VERIFIED), True, "准予信用修复决定书",
                   ("remove_abnormal", "restore_household", "decide_repair")),
        Transition(Action.REFUSE, "不予修复", (Stage.VERIFYING,), Stage.REFUSED, _R, f"{_LAW}; {_NDRC}",
                   second_person=True, document="不予信用修复决定书",
                   deadlines=("remove_abnormal", "restore_household", "decide_repair")),
        Transition(Action.SYNC, "同步", (Stage.GRANTED,), Stage.SYNCED, _S, f"{_LAW}; {_NDRC}", (TOLD,),
                   deadlines=("stop_after_repair", "share_repair", "follow_repair")),
        Transition(Action.REVOKE, "撤销修复", (Stage.GRANTED, Stage.SYNCED), Stage.REVOKED, _R, f"{_LAW}; {_NDRC}",
                   (FRAUD,), True, "撤销信用修复决定书"),
    ),
)  # fmt: skip
