"""SM-A as one table: how an enterprise or a cooperative comes onto the abnormal-operations list and off again.

Beside what domain.md 5 prints, a clue can be dropped before it is proposed, and a listing that was restored after fraud
ends like any other: without these rows a case could stay open for ever.
"""

from enum import StrEnum

from registry.rules import abnormal_cases as rule
from registry.rules.abnormal_cases import R1, R2, R3, R4, Case
from registry.rules.procedure import Actor, Guard, Machine, State, Transition


class Stage(StrEnum):
    """Where a case stands. A5R is A5′ of domain.md 5."""

    CLUE = "A0"
    ORDERED = "A1"
    CONTACTING = "A2"
    PENDING = "A3"
    NOT_LISTED = "A4"
    LISTED = "A5"
    REMOVAL_PENDING = "A6"
    REMOVED = "A7"
    CORRECTED = "A8"
    AUTO_CLOSED = "A9"
    RESTORED = "A5R"


class Action(StrEnum):
    """What can be done with a case."""

    RECORD = "record"
    ORDER = "order"
    CLOSE_ORDER = "close_order"
    CONTACT = "contact"
    DROP = "drop"
    PROPOSE = "propose"
    REFUSE = "refuse"
    LIST = "list"
    APPLY = "apply"
    REFUSE_REMOVAL = "refuse_removal"
    REMOVE = "remove"
    CORRECT = "correct"
    CLOSE = "close"
    RESTORE = "restore"


_H, _R, _P, _S = (Actor.HANDLER,), (Actor.REVIEWER,), (Actor.PARTY, Actor.HANDLER), (Actor.SYSTEM,)
_LAW = "企业经营异常名录管理办法"
_COOP = "农民专业合作社年度报告公示办法"
_OURS = "decision of this register"
_STANDS = (Stage.LISTED, Stage.RESTORED)
_ON_LIST = (Stage.LISTED, Stage.REMOVAL_PENDING, Stage.RESTORED)

IS_R2 = Guard[Case]("reason_is_r2", "the reason is information not published (R2)", lambda case: case.reason is R2)
IS_R4 = Guard[Case]("reason_is_r4", "the reason is being unreachable (R4)", lambda case: case.reason is R4)
IS_DIRECT = Guard[Case](
    "reason_is_direct", "the reason needs neither order nor letters (R1, R3)", lambda case: case.reason in (R1, R3)
)
IN_TIME = Guard[Case]("disclosed_in_time", "published within the ordered time", rule.disclosed_in_time)
ORDER_OVER = Guard[Case]("order_is_over", "the ordered time is over without publication", rule.order_is_over)
GROUND = Guard[Case]("ground_holds", "the reason is made out on this day", rule.ground_holds)
ON_REGISTER = Guard[Case]("on_register", "the operator is on the register", lambda case: case.on_register)
HERE = Guard[Case]("registered_here", "the operator is registered with this bureau", lambda case: case.registered_here)
NOT_TWICE = Guard[Case](
    "no_second_listing", "not listed for the same year, or as unreachable, already", rule.no_second_listing
)
DAYS_AGREE = Guard[Case](
    "decided_by_the_audit", "the decision is not dated after its approval", rule.decided_by_the_audit
)
MATCHES = Guard[Case](
    "removal_answers_listing", "the reason for removal answers that for listing", rule.removal_answers_listing
)
PROOF = Guard[Case]("proof_given", "proof was handed in", lambda case: case.proof_given)
VERIFIED = Guard[Case](
    "removal_is_verified", "the duty was performed, for R3 and R4 verified too", rule.removal_is_verified
)
WRONG = Guard[Case](
    "correction_grounded", "the listing was found wrong", lambda case: case.correction_ground is not None
)
STRUCK_OFF = Guard[Case]("registration_ended", "deregistered or revoked", lambda case: case.registration_ended)
FRAUD = Guard[Case](
    "serious_fraud_found", "the removal was obtained by serious fraud", lambda case: case.serious_fraud_found
)

MACHINE: Machine[Stage, Case] = Machine(
    "SM-A",
    "经营异常名录",
    "Abnormal-operations list",
    (
        State(Stage.CLUE, "线索", "a clue, or a hit of the system"),
        State(Stage.ORDERED, "责令公示", "ordered to publish, the time runs"),
        State(Stage.CONTACTING, "联系核查", "visited, letters sent"),
        State(Stage.PENDING, "列入待审核", "proposed, waits for the second person"),
        State(Stage.NOT_LISTED, "不予列入", "closed without a listing", end=True),
        State(Stage.LISTED, "列入", "on the list", public=True),
        State(Stage.REMOVAL_PENDING, "移出待审核", "still on the list, removal asked for", public=True),
        State(Stage.REMOVED, "正常移出", "removed; neither listing nor removal is shown", end=True),
        State(Stage.CORRECTED, "更正撤销", "as if never listed", end=True),
        State(Stage.AUTO_CLOSED, "自动移出", "the operator is struck off; its status is shown instead", end=True),
        State(Stage.RESTORED, "恢复列入", "on the list again after fraud", public=True),
    ),
    (
        Transition(Action.RECORD, "登记线索", (None,), Stage.CLUE, (Actor.SYSTEM, Actor.HANDLER), f"{_LAW} art. 4"),
        Transition(Action.ORDER, "责令公示", (Stage.CLUE,), Stage.ORDERED, _R, f"{_LAW} art. 7", (IS_R2,), True,
                   "责令公示通知书"),
        Transition(Action.CLOSE_ORDER, "按期公示", (Stage.ORDERED,), Stage.NOT_LISTED, _S, f"{_LAW} art. 7", (IN_TIME,),
                   deadlines=("order_to_publish",)),
        Transition(Action.PROPOSE, "提请列入", (Stage.ORDERED,), Stage.PENDING, _H, f"{_LAW} art. 7", (ORDER_OVER,),
                   document="列入审批表", deadlines=("list_r2",)),
        Transition(Action.CONTACT, "实地核查、寄送信函", (Stage.CLUE,), Stage.CONTACTING, _H, f"{_LAW} art. 9", (IS_R4,),
                   document="专用信函、现场核查记录"),
        Transition(Action.PROPOSE, "提请列入", (Stage.CONTACTING,), Stage.PENDING, _H, f"{_LAW} art. 9", (GROUND,),
                   document="列入审批表", deadlines=("list_r4",)),
        Transition(Action.PROPOSE, "提请列入", (Stage.CLUE,), Stage.PENDING, (Actor.HANDLER, Actor.SYSTEM),
                   f"{_LAW} art. 6, 8; {_COOP} art. 10-12", (IS_DIRECT, GROUND), document="列入审批表",
                   deadlines=("list_r1", "list_r3")),
        Transition(Action.DROP, "线索不成立", (Stage.CLUE, Stage.CONTACTING), Stage.NOT_LISTED, _R, _OURS,
                   second_person=True),
        Transition(Action.REFUSE, "不予列入", (Stage.PENDING,), Stage.NOT_LISTED, _R, f"{_LAW} art. 5",
                   second_person=True),
        Transition(Action.LIST, "列入", (Stage.PENDING,), Stage.LISTED, _R, f"{_LAW} art. 3, 5-9; {_COOP} art. 10-12",
                   (GROUND, ON_REGISTER, HERE, NOT_TWICE, DAYS_AGREE), True, "列入经营异常名录决定书",
                   ("list_r1", "list_r2", "list_r3", "list_r4")),
        Transition(Action.APPLY, "申请移出", _STANDS, Stage.REMOVAL_PENDING, _P,
                   f"{_LAW} art. 10-14; {_COOP} art. 13-15", (MATCHES, PROOF), document="移出申请表"),
        Transition(Action.REFUSE_REMOVAL, "不予移出", (Stage.REMOVAL_PENDING,), Stage.LISTED, _R, f"{_LAW} art. 11-14",
                   second_person=True, document="不予移出告知书", deadlines=("remove_abnormal",)),
        Transition(Action.REMOVE, "移出", (Stage.REMOVAL_PENDING,), Stage.REMOVED, _R,
                   f"{_LAW} art. 11-14; {_COOP} art. 13-15", (MATCHES, VERIFIED), True, "移出经营异常名录决定书",
                   ("remove_abnormal",)),
        Transition(Action.CORRECT, "更正撤销", _ON_LIST, Stage.CORRECTED, _R, f"{_LAW} art. 16; {_COOP} art. 16",
                   (WRONG,), True, "更正（撤销）决定书", ("correct_listing",)),
        Transition(Action.CLOSE, "注销或者吊销后移出", _ON_LIST, Stage.AUTO_CLOSED, _S, f"{_LAW} art. 10", (STRUCK_OFF,)),
        Transition(Action.RESTORE, "撤销移出", (Stage.REMOVED,), Stage.RESTORED, _R, "市场监督管理信用修复管理办法",
                   (FRAUD,), True, "撤销移出决定书"),
    ),
)  # fmt: skip
