"""SM-B as one table: how an individual household (个体工商户) is marked as operating abnormally, and recovers.

Marks and recoveries for a missing annual report come about by themselves and without a document; for the others an officer
proposes and a second one decides (个体工商户年度报告办法; domain.md 3.3). The rules on reasons are those of the abnormal list.
"""

from dataclasses import dataclass
from enum import StrEnum

from registry.rules import abnormal_cases as rule
from registry.rules.abnormal_cases import R1, R2, Case
from registry.rules.procedure import Actor, Guard, Machine, State, Transition


class Stage(StrEnum):
    """Where a household stands; CLOSED has no number in domain.md 5."""

    NORMAL = "B0"
    MARK_PENDING = "B1"
    MARKED = "B2"
    RECOVERY_PENDING = "B3"
    CORRECTED = "B4"
    CLOSED = "B5"


class Action(StrEnum):
    """What can be done with a household's state."""

    PROPOSE = "propose"
    REFUSE = "refuse"
    MARK = "mark"
    MARK_UNREPORTED = "mark_unreported"
    APPLY = "apply"
    REFUSE_RECOVERY = "refuse_recovery"
    RECOVER = "recover"
    RECOVER_REPORTED = "recover_reported"
    CORRECT = "correct"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class HouseholdCase(Case):
    """A case of the abnormal list, and whether the household has become a company since (个转企)."""

    became_company: bool = False


_H, _R, _S = (Actor.HANDLER,), (Actor.REVIEWER,), (Actor.SYSTEM,)
_LAW = "个体工商户年度报告办法"
_MARKED = (Stage.MARKED, Stage.RECOVERY_PENDING)

G = Guard[HouseholdCase]
IS_R1 = G("reason_is_r1", "the reason is a missing annual report (R1)", lambda case: case.reason is R1)
IS_OTHER = G(
    "reason_is_r3_or_r4", "the reason is false information or being unreachable (R3, R4)",
    lambda case: case.reason not in (R1, R2),
)  # fmt: skip
GROUND = G("ground_holds", "the reason is made out on this day", rule.ground_holds)
ON_REGISTER = G("on_register", "the household is on the register", lambda case: case.on_register)
HERE = G("registered_here", "the household is registered with this bureau", lambda case: case.registered_here)
NOT_TWICE = G("no_second_listing", "not marked for the same year, or as unreachable, already", rule.no_second_listing)
DAYS_AGREE = G("decided_by_the_audit", "the decision is not dated after its approval", rule.decided_by_the_audit)
MATCHES = G(
    "removal_answers_listing", "the reason for recovery answers that for the mark", rule.removal_answers_listing
)
PROOF = G("proof_given", "proof was handed in", lambda case: case.proof_given)
VERIFIED = G("removal_is_verified", "the duty was performed, for R3 and R4 verified too", rule.removal_is_verified)
WRONG = G("correction_grounded", "the mark was found wrong", lambda case: case.correction_ground is not None)
GONE = G(
    "registration_ended", "deregistered, revoked, or become a company",
    lambda case: case.registration_ended or case.became_company,
)  # fmt: skip

MACHINE: Machine[Stage, HouseholdCase] = Machine(
    "SM-B",
    "个体工商户经营异常状态",
    "Mark of a household as operating abnormally",
    (
        State(Stage.NORMAL, "正常记载", "nothing is recorded against the household"),
        State(Stage.MARK_PENDING, "标记待审核", "proposed, waits for the second person"),
        State(Stage.MARKED, "标记为经营异常状态", "marked", public=True),
        State(Stage.RECOVERY_PENDING, "恢复待审核", "still marked, recovery asked for", public=True),
        State(Stage.CORRECTED, "更正撤销", "as if never marked", end=True),
        State(Stage.CLOSED, "自动终止", "struck off, or become a company: an old mark does not follow it", end=True),
    ),
    (
        Transition(Action.PROPOSE, "提请标记", (Stage.NORMAL,), Stage.MARK_PENDING, _H, _LAW, (IS_OTHER, GROUND),
                   document="标记审批表", deadlines=("mark_household",)),
        Transition(Action.PROPOSE, "未年报自动提请", (Stage.NORMAL,), Stage.MARK_PENDING, _S, _LAW, (IS_R1, GROUND),
                   deadlines=("mark_household",)),
        Transition(Action.REFUSE, "不予标记", (Stage.MARK_PENDING,), Stage.NORMAL, _R, _LAW, second_person=True),
        Transition(Action.MARK, "标记", (Stage.MARK_PENDING,), Stage.MARKED, _R, f"{_LAW} art. 3-4",
                   (IS_OTHER, GROUND, ON_REGISTER, HERE, NOT_TWICE, DAYS_AGREE), True, "标记审批表", ("mark_household",)),
        Transition(Action.MARK_UNREPORTED, "未年报自动标记", (Stage.MARK_PENDING,), Stage.MARKED, _S, f"{_LAW} art. 3-4",
                   (IS_R1, GROUND, ON_REGISTER, HERE, NOT_TWICE), deadlines=("mark_household",)),
        Transition(Action.APPLY, "申请恢复", (Stage.MARKED,), Stage.RECOVERY_PENDING, (Actor.PARTY, Actor.HANDLER),
                   f"{_LAW} art. 18", (MATCHES, PROOF), document="恢复申请表"),
        Transition(Action.REFUSE_RECOVERY, "不予恢复", (Stage.RECOVERY_PENDING,), Stage.MARKED, _R, f"{_LAW} art. 18",
                   second_person=True, deadlines=("restore_household",)),
        Transition(Action.RECOVER, "恢复正常记载状态", (Stage.RECOVERY_PENDING,), Stage.NORMAL, _R, f"{_LAW} art. 18",
                   (MATCHES, VERIFIED), True, "恢复审批表", ("restore_household",)),
        Transition(Action.RECOVER_REPORTED, "补报后自动恢复", _MARKED, Stage.NORMAL, _S, f"{_LAW} art. 18",
                   (IS_R1, MATCHES, VERIFIED), deadlines=("restore_household",)),
        Transition(Action.CORRECT, "更正撤销", _MARKED, Stage.CORRECTED, _R, f"{_LAW} art. 19", (WRONG,), True,
                   "更正（撤销）决定书", ("correct_listing",)),
        Transition(Action.CLOSE, "注销、吊销或者个转企后终止", _MARKED, Stage.CLOSED, _S, _LAW, (GONE,)),
    ),
    start=Stage.NORMAL,
)  # fmt: skip
