"""SM-G as one table: results of inspections (抽查检查结果), published when done, gone with what they led to."""

from dataclasses import dataclass
from enum import StrEnum

from registry.rules.procedure import Actor, Guard, Machine, State, Transition


class Stage(StrEnum):
    """Where a result stands; domain.md 5 does not number these."""

    RECORDED = "G0"
    PUBLISHED = "G1"
    ENDED = "G2"
    WITHDRAWN = "G3"


class Action(StrEnum):
    """What can be done with a result."""

    RECORD = "record"
    PUBLISH = "publish"
    END_WITH_RECORD = "end_with_record"
    END_AFTER_REPAIR = "end_after_repair"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of a result. `linked_record_ended`: the penalty or violation listing that it led to is public no longer."""

    completed: bool = False
    negative: bool = False
    linked_record_ended: bool = False
    repair_granted: bool = False
    found_wrong: bool = False


_R = (Actor.REVIEWER,)
_LAW = "企业信息公示暂行条例"
_REPAIR = "市场监督管理信用修复管理办法 (2025)"

G = Guard[Result]
COMPLETED = G("completed", "the inspection is completed", lambda case: case.completed)
NEGATIVE = G("negative", "the result is negative", lambda case: case.negative)
LINKED = G(
    "linked_record_ended", "the penalty or listing that it led to has ended", lambda case: case.linked_record_ended
)
REPAIRED = G("repair_granted", "a repair was granted", lambda case: case.repair_granted)
WRONG = G("found_wrong", "the result was found wrong", lambda case: case.found_wrong)

MACHINE: Machine[Stage, Result] = Machine(
    "SM-G",
    "抽查检查结果",
    "Results of inspections",
    (
        State(Stage.RECORDED, "已录入", "recorded, waits for the second person"),
        State(Stage.PUBLISHED, "公示", "published", public=True),
        State(Stage.ENDED, "终止公示", "ended with what it led to, or repaired", end=True),
        State(Stage.WITHDRAWN, "撤回", "withdrawn as wrong", end=True),
    ),
    (
        Transition(Action.RECORD, "录入结果", (None,), Stage.RECORDED, (Actor.HANDLER,), f"{_LAW} art. 14", (COMPLETED,),
                   document="检查结果记录表"),
        Transition(Action.PUBLISH, "公示", (Stage.RECORDED,), Stage.PUBLISHED, _R, f"{_LAW} art. 6, 14-15", (COMPLETED,),
                   True, deadlines=("publish_information",)),
        Transition(Action.END_WITH_RECORD, "同步终止", (Stage.PUBLISHED,), Stage.ENDED, (Actor.SYSTEM,), _REPAIR,
                   (NEGATIVE, LINKED), deadlines=("stop_after_repair",)),
        Transition(Action.END_AFTER_REPAIR, "修复后终止", (Stage.PUBLISHED,), Stage.ENDED, _R, _REPAIR,
                   (NEGATIVE, REPAIRED), True, "准予信用修复决定书", ("stop_after_repair",)),
        Transition(Action.WITHDRAW, "撤回", (Stage.RECORDED, Stage.PUBLISHED), Stage.WITHDRAWN, _R, f"{_LAW} art. 12",
                   (WRONG,), True),
    ),
)  # fmt: skip
