"""SM-J as one table: telling a provider of network services to stop serving a party on the violation list.

Source: 石家庄市《关于加强互联网领域侵权假冒行为治理的实施意见》 三(五). Never public; the notice is lifted by itself when the
listing ends.
"""

from dataclasses import dataclass
from enum import StrEnum

from registry.rules.procedure import Actor, Guard, Machine, State, Transition


class Stage(StrEnum):
    """Where a notice stands."""

    PROPOSED = "J0"
    APPROVED = "J1"
    SENT = "J2"
    CONFIRMED = "J3"
    REFUSED = "J4"
    LIFTED = "J5"


class Action(StrEnum):
    """What can be done with a notice."""

    PROPOSE = "propose"
    APPROVE = "approve"
    SEND = "send"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    LIFT = "lift"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is known of a notice: whether the violation listing is in force, and the provider's reason for refusing."""

    listing_in_force: bool = False
    refusal_reason: str = ""


_POLICY = "《关于加强互联网领域侵权假冒行为治理的实施意见》 三(五)"

G = Guard[Notice]
IN_FORCE = G("listing_in_force", "the violation listing is in force", lambda case: case.listing_in_force)
ENDED = G("listing_ended", "the violation listing has ended", lambda case: not case.listing_in_force)
EXPLAINED = G("refusal_explained", "the provider gave a reason", lambda case: bool(case.refusal_reason.strip()))
_OPEN = (Stage.PROPOSED, Stage.APPROVED, Stage.SENT, Stage.CONFIRMED, Stage.REFUSED)

MACHINE: Machine[Stage, Notice] = Machine(
    "SM-J",
    "停止网络服务通知",
    "Notice to stop network services",
    (
        State(Stage.PROPOSED, "提请", "proposed, waits for the second person"),
        State(Stage.APPROVED, "批准", "approved"),
        State(Stage.SENT, "已送达", "sent to the provider"),
        State(Stage.CONFIRMED, "已停止服务", "the provider has stopped"),
        State(Stage.REFUSED, "未停止服务", "the provider refuses, with its reason"),
        State(Stage.LIFTED, "解除", "lifted", end=True),
    ),
    (
        Transition(Action.PROPOSE, "提请", (None,), Stage.PROPOSED, (Actor.HANDLER,), _POLICY, (IN_FORCE,)),
        Transition(Action.APPROVE, "批准", (Stage.PROPOSED,), Stage.APPROVED, (Actor.REVIEWER,), _POLICY, (IN_FORCE,), True,
                   "停止网络服务通知书"),
        Transition(Action.SEND, "送达", (Stage.APPROVED,), Stage.SENT, (Actor.SYSTEM,), _POLICY, (IN_FORCE,)),
        Transition(Action.CONFIRM, "确认停止", (Stage.SENT, Stage.REFUSED), Stage.CONFIRMED, (Actor.PROVIDER,), _POLICY),
        Transition(Action.REFUSE, "拒绝停止", (Stage.SENT,), Stage.REFUSED, (Actor.PROVIDER,), _POLICY, (EXPLAINED,)),
        Transition(Action.LIFT, "解除", _OPEN, Stage.LIFTED, (Actor.SYSTEM,), _POLICY, (ENDED,), document="解除通知书"),
    ),
)  # fmt: skip
