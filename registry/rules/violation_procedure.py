"""SM-C as one table: how a party comes onto the list of serious violations and dishonesty (严重违法失信名单) and off again.

Nobody is listed automatically: an assessment may have to be opened, what follows is notice, hearing, consent and decision.
Beside what domain.md 5 prints, the proposal can be dropped after notice or hearing, and a listing that was restored ends
like any other.
"""

from enum import StrEnum

from registry.rules import violation_cases as rule
from registry.rules.procedure import Actor, Guard, Machine, State, Transition
from registry.rules.violation_cases import ViolationCase


class Stage(StrEnum):
    """Where a case stands. C5R is C5′ of domain.md 5."""

    ASSESSED = "C0"
    NOTIFIED = "C1"
    HEARING = "C2"
    WITH_SUPERIOR = "C3"
    NOT_LISTED = "C4"
    LISTED = "C5"
    REMOVAL_REVIEW = "C6"
    REMOVED_EARLY = "C7"
    EXPIRED = "C8"
    REVOKED = "C9"
    RESTORED = "C5R"
    SHIELDED = "CS"


class Action(StrEnum):
    """What can be done with a case."""

    ASSESS = "assess"
    DROP = "drop"
    NOTIFY = "notify"
    ASK_FOR_HEARING = "ask_for_hearing"
    KEEP_PROPOSAL = "keep_proposal"
    REFUSE_CONSENT = "refuse_consent"
    LIST = "list"
    APPLY = "apply"
    REFUSE_REMOVAL = "refuse_removal"
    REMOVE = "remove"
    EXPIRE = "expire"
    REVOKE = "revoke"
    RESTORE = "restore"
    SHIELD = "shield"
    LIFT_SHIELD = "lift_shield"


_H, _R, _S = (Actor.HANDLER,), (Actor.REVIEWER,), (Actor.SYSTEM,)
_LAW = "市场监督管理严重违法失信名单管理办法"
_PENALTY_LAW = "行政处罚法"
_REPAIR = "市场监督管理信用修复管理办法"
_STANDS = (Stage.LISTED, Stage.RESTORED)
_ON_LIST = (Stage.LISTED, Stage.REMOVAL_REVIEW, Stage.RESTORED)
_PROPOSED = (Stage.ASSESSED, Stage.NOTIFIED, Stage.HEARING)

G = Guard[ViolationCase]
NEEDED = G("must_be_assessed", "art. 5-11, or fake food or drugs sold online", rule.must_be_assessed)
ANSWERED = G("all_factors_answered", "each factor of art. 12 is answered", rule.all_factors_answered)
LISTABLE = G("is_listable", "heavier penalty, grave, and no proof of no intent", rule.is_listable)
NOTICE = G("notice_served", "notice with facts, basis and rights was served", rule.notice_served)
MAY_ASK = G("hearing_may_be_asked", "the time to ask for a hearing is not over", rule.hearing_may_be_asked)
WAITED = G("hearing_wait_is_over", "heard, waived, or not asked for in time", rule.hearing_wait_is_over)
CONSENT = G("superior_agrees", "the next level consents, or need not", rule.superior_agrees)
TOGETHER = G(
    "decided_with_the_penalty", "decided together with the penalty, not after approval", rule.decided_with_the_penalty
)
OPEN = G("early_removal_is_open", "a year is full, three are not, no restriction runs", rule.early_removal_is_open)
EARNED = G("may_come_off_early", "duties performed, harm removed, no new heavier penalty", rule.may_come_off_early)
COMMITTED = G("commitment_made", "the commitment was made", lambda case: case.commitment_made)
FULL = G("months_are_full", "three years, or the longer restriction, are full", rule.months_are_full)
ANNULLED = G(
    "revocation_grounded",
    "the penalty was revoked, unlawful or void, or the listing itself was found wrong",
    lambda case: case.penalty_annulled or case.found_wrong,
)
FRAUD = G("serious_fraud_found", "the removal was obtained by serious fraud", lambda case: case.serious_fraud_found)
PLAN = G(
    "reorganisation_approved", "a court approved the plan or settlement", lambda case: case.reorganisation_approved
)
FAILED = G("reorganisation_failed", "the plan has failed", lambda case: case.reorganisation_failed)

MACHINE: Machine[Stage, ViolationCase] = Machine(
    "SM-C",
    "严重违法失信名单",
    "List of serious violations and dishonesty",
    (
        State(Stage.ASSESSED, "评估", "a penalty case is assessed for listing"),
        State(Stage.NOTIFIED, "拟列入告知", "notice of the intended listing was served"),
        State(Stage.HEARING, "陈述申辩、听证", "statement or hearing runs"),
        State(Stage.WITH_SUPERIOR, "上级同意", "waits for the consent of the next level"),
        State(Stage.NOT_LISTED, "不予列入", "decided not to list, with the reason", end=True),
        State(Stage.LISTED, "列入", "on the list, public once published", public=True),
        State(Stage.REMOVAL_REVIEW, "提前移出审核", "still on the list, early removal asked for", public=True),
        State(Stage.REMOVED_EARLY, "提前移出", "removed; neither listing nor removal is shown", end=True),
        State(Stage.EXPIRED, "期满移出", "three years full", end=True),
        State(Stage.REVOKED, "撤销列入", "the penalty behind it was annulled", end=True),
        State(Stage.RESTORED, "恢复列入", "on the list again after fraud; the period starts anew", public=True),
        State(Stage.SHIELDED, "临时修复", "hidden while a reorganisation is carried out"),
    ),
    (
        Transition(Action.ASSESS, "启动评估", (None,), Stage.ASSESSED, (Actor.SYSTEM, Actor.HANDLER),
                   f"{_LAW} art. 2, 5-11", (NEEDED,), document="列严评估表"),
        Transition(Action.DROP, "不予列入", _PROPOSED, Stage.NOT_LISTED, _R, f"{_LAW} art. 12", second_person=True,
                   document="不予列入说明"),
        Transition(Action.NOTIFY, "拟列入告知", (Stage.ASSESSED,), Stage.NOTIFIED, _H,
                   f"{_LAW} art. 13; {_PENALTY_LAW} art. 44", (ANSWERED, LISTABLE), document="列入严重违法失信名单告知书"),
        Transition(Action.ASK_FOR_HEARING, "要求听证", (Stage.NOTIFIED,), Stage.HEARING, (Actor.PARTY,),
                   f"{_LAW} art. 13; {_PENALTY_LAW} art. 63-64", (NOTICE, MAY_ASK), deadlines=("request_hearing",)),
        Transition(Action.KEEP_PROPOSAL, "报请上级同意", (Stage.NOTIFIED, Stage.HEARING), Stage.WITH_SUPERIOR, _R,
                   f"{_LAW} art. 13, 22", (NOTICE, WAITED), True, "请示"),
        Transition(Action.LIST, "列入", (Stage.WITH_SUPERIOR,), Stage.LISTED, _R, f"{_LAW} art. 2, 13-15, 22",
                   (ANSWERED, LISTABLE, NOTICE, WAITED, CONSENT, TOGETHER), True,
                   "列入严重违法失信名单决定书、信用修复告知书",
                   ("publish_violation", "push_to_other_province", "publish_from_other_province")),
        Transition(Action.REFUSE_CONSENT, "上级不同意", (Stage.WITH_SUPERIOR,), Stage.NOT_LISTED, (Actor.SUPERIOR,),
                   f"{_LAW} art. 22", second_person=True),
        Transition(Action.APPLY, "申请提前移出", _STANDS, Stage.REMOVAL_REVIEW, (Actor.PARTY,), f"{_LAW} art. 16-17",
                   (OPEN, EARNED, COMMITTED), document="申请书、守信承诺书、履行证明", deadlines=("accept_repair",)),
        Transition(Action.REFUSE_REMOVAL, "不予提前移出", (Stage.REMOVAL_REVIEW,), Stage.LISTED, _R, f"{_LAW} art. 17",
                   second_person=True, document="不予移出决定书", deadlines=("decide_repair",)),
        Transition(Action.REMOVE, "准予提前移出", (Stage.REMOVAL_REVIEW,), Stage.REMOVED_EARLY, _R,
                   f"{_LAW} art. 16-18", (OPEN, EARNED, COMMITTED), True, "准予移出决定书",
                   ("decide_repair", "stop_violation", "share_repair")),
        Transition(Action.EXPIRE, "期满移出", (*_ON_LIST, Stage.SHIELDED), Stage.EXPIRED, _S, f"{_LAW} art. 21", (FULL,),
                   document="移出记录"),
        Transition(Action.REVOKE, "撤销列入", (*_ON_LIST, Stage.SHIELDED), Stage.REVOKED, _R, f"{_LAW} art. 19",
                   (ANNULLED,), True, "撤销决定书", ("revoke_violation",)),
        Transition(Action.RESTORE, "撤销移出", (Stage.REMOVED_EARLY,), Stage.RESTORED, _R, f"{_LAW} art. 20", (FRAUD,),
                   True, "撤销移出决定书"),
        Transition(Action.SHIELD, "临时修复", _ON_LIST, Stage.SHIELDED, _R, f"{_REPAIR} (2025)", (PLAN,), True,
                   "临时修复决定书"),
        Transition(Action.LIFT_SHIELD, "终止临时修复", (Stage.SHIELDED,), Stage.LISTED, _R, f"{_REPAIR} (2025)", (FAILED,),
                   True, "终止临时修复决定书"),
    ),
)  # fmt: skip
