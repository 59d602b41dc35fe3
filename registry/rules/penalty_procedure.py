"""SM-D as one table: how a penalty or a licence gets onto the public side, is corrected there, and leaves it.

Officers work on a *matter*: one proposal about one record, drafted and submitted by a first officer, decided by a second
one who is never the same person (谁办案、谁录入、谁负责, internal review: 市场监督管理行政处罚信息公示规定 art. 16). What a matter
does to the record is the other half of each row. D1 (reviewed) is no place to rest: the second officer's decision passes
through it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.record import EndReason, RecordState


class Subject(StrEnum):
    """What a matter is about; the value is the word of addresses and commands."""

    PENALTIES = "penalties"
    LICENCES = "licences"


class MatterKind(StrEnum):
    """What is proposed."""

    ENTRY = "entry"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    SHIELD = "shield"  # 临时修复
    LIFT_SHIELD = "lift_shield"


WITH_A_FORM = frozenset({MatterKind.ENTRY, MatterKind.CORRECTION})
"""Kinds whose proposal is a form; the others say something about a record that stands."""


class MatterState(StrEnum):
    """How far a proposal has come. The last three are ends."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"
    DISCARDED = "discarded"


OPEN = frozenset({MatterState.DRAFT, MatterState.SUBMITTED, MatterState.RETURNED})
"""A record has at most one matter in these."""


class Stage(StrEnum):
    """Where a record stands in SM-D (domain.md 5)."""

    ENTERED = "D0"
    NOT_PUBLISHABLE = "D1n"
    PUBLISHED = "D2"
    EARLY_STOPPED = "D3"
    EXPIRED = "D4"
    WITHDRAWN = "D5"
    SHIELDED = "D6"


PUBLIC = frozenset({Stage.PUBLISHED})
"""The stages in which the visibility matrix lets the public see a penalty."""


class Part(StrEnum):
    """Who acts: the officer who handles the case, the second officer, an office of another procedure, the day."""

    FIRST = "first"
    SECOND = "second"
    REPAIR = "repair"
    SYSTEM = "system"


class Action(StrEnum):
    """What can be done; those of repair and of the day are carried out by their own services."""

    SUBMIT = "submit"
    PUBLISH = "publish"
    REFUSE_PUBLICITY = "refuse_publicity"
    SEND_BACK = "send_back"
    DISCARD = "discard"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REFUSE = "refuse"
    STOP_EARLY = "stop_early"
    EXPIRE = "expire"
    SHIELD = "shield"
    LIFT_SHIELD = "lift_shield"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the machine.

    `matter_from` is empty where no matter is needed; `record_from` holds None where there is no record yet; `record_to`
    None leaves the record as it is. `deadline` names a deadline of the rule set of the decision.
    """

    action: Action
    part: Part
    kinds: frozenset[MatterKind]
    matter_from: frozenset[MatterState]
    matter_to: MatterState | None
    record_from: frozenset[Stage | None]
    record_to: Stage | None
    reason_needed: bool
    deadline: str | None
    article: str


_NONE: frozenset[MatterKind] = frozenset()
_ENTRY = frozenset({MatterKind.ENTRY})
_CORRECTION = frozenset({MatterKind.CORRECTION})
_WITHDRAWAL = frozenset({MatterKind.WITHDRAWAL})
_SHIELD = frozenset({MatterKind.SHIELD})
_LIFT = frozenset({MatterKind.LIFT_SHIELD})
_ABOUT_A_RECORD = _CORRECTION | _WITHDRAWAL | _SHIELD | _LIFT
_OFFERED = frozenset({MatterState.SUBMITTED})
_IN_HAND = frozenset({MatterState.DRAFT, MatterState.RETURNED})
_DRAFTED = frozenset({MatterState.DRAFT})
_STANDS: frozenset[Stage | None] = frozenset({Stage.PUBLISHED})
_HIDDEN: frozenset[Stage | None] = frozenset({Stage.SHIELDED})
_ENTERED: frozenset[Stage | None] = frozenset({Stage.ENTERED})
_ABSENT: frozenset[Stage | None] = frozenset({None})
_ORDER_45 = "市场监督管理行政处罚信息公示规定"
_LAW = "行政处罚法"
_REPAIR_2025 = "市场监督管理信用修复管理办法 (2025)"

TRANSITIONS: tuple[Transition, ...] = (
    # entry: D0, D1, D2
    Transition(Action.SUBMIT, Part.FIRST, _ENTRY, _IN_HAND, MatterState.SUBMITTED, _ABSENT | _ENTERED, Stage.ENTERED,
               False, "report_upward", f"{_ORDER_45} art. 8, 16; 发改办财金〔2018〕424号"),
    Transition(Action.PUBLISH, Part.SECOND, _ENTRY, _OFFERED, MatterState.CARRIED_OUT, _ENTERED, Stage.PUBLISHED,
               True, "publish_penalty", f"{_ORDER_45} art. 4–9, 16"),
    Transition(Action.REFUSE_PUBLICITY, Part.SECOND, _ENTRY, _OFFERED, MatterState.REFUSED, _ENTERED,
               Stage.NOT_PUBLISHABLE, True, "publish_penalty", f"{_ORDER_45} art. 2, 5, 6"),
    Transition(Action.SEND_BACK, Part.SECOND, _ENTRY, _OFFERED, MatterState.RETURNED, _ENTERED, None,
               True, "publish_penalty", f"{_ORDER_45} art. 16"),
    Transition(Action.DISCARD, Part.FIRST, _ENTRY, _DRAFTED, MatterState.DISCARDED, _ABSENT, None,
               False, None, f"{_ORDER_45} art. 16"),
    # correction: D2 stays D2, the old value is kept in the history only
    Transition(Action.SUBMIT, Part.FIRST, _CORRECTION, _IN_HAND, MatterState.SUBMITTED, _STANDS, None,
               True, "correct_penalty", f"{_ORDER_45} art. 12"),
    Transition(Action.CORRECT, Part.SECOND, _CORRECTION, _OFFERED, MatterState.CARRIED_OUT, _STANDS, Stage.PUBLISHED,
               True, "correct_penalty", f"{_ORDER_45} art. 12"),
    # withdrawal: D2 to D5, with a reason that the public is told
    Transition(Action.SUBMIT, Part.FIRST, _WITHDRAWAL, _IN_HAND, MatterState.SUBMITTED, _STANDS, None,
               True, "withdraw_penalty", f"{_ORDER_45} art. 11; {_LAW} art. 48"),
    Transition(Action.WITHDRAW, Part.SECOND, _WITHDRAWAL, _OFFERED, MatterState.CARRIED_OUT, _STANDS, Stage.WITHDRAWN,
               True, "withdraw_penalty", f"{_ORDER_45} art. 11; {_LAW} art. 48"),
    # a reorganisation that a court approved hides the record, its failure shows it again: D2 to D6 and back
    Transition(Action.SUBMIT, Part.FIRST, _SHIELD, _IN_HAND, MatterState.SUBMITTED, _STANDS, None,
               True, None, _REPAIR_2025),
    Transition(Action.SHIELD, Part.SECOND, _SHIELD, _OFFERED, MatterState.CARRIED_OUT, _STANDS, Stage.SHIELDED,
               True, None, _REPAIR_2025),
    Transition(Action.SUBMIT, Part.FIRST, _LIFT, _IN_HAND, MatterState.SUBMITTED, _HIDDEN, None,
               True, None, _REPAIR_2025),
    Transition(Action.LIFT_SHIELD, Part.SECOND, _LIFT, _OFFERED, MatterState.CARRIED_OUT, _HIDDEN, Stage.PUBLISHED,
               True, None, _REPAIR_2025),
    # all of them
    Transition(Action.REFUSE, Part.SECOND, _ABOUT_A_RECORD, _OFFERED, MatterState.REFUSED,
               frozenset(Stage), None, True, None, f"{_ORDER_45} art. 16"),
    Transition(Action.SEND_BACK, Part.SECOND, _ABOUT_A_RECORD, _OFFERED, MatterState.RETURNED,
               frozenset(Stage), None, True, None, f"{_ORDER_45} art. 16"),
    Transition(Action.DISCARD, Part.FIRST, _ABOUT_A_RECORD, _IN_HAND, MatterState.DISCARDED,
               frozenset(Stage), None, False, None, f"{_ORDER_45} art. 16"),
    # what other procedures do to the record (SM-E, the day)
    Transition(Action.STOP_EARLY, Part.REPAIR, _NONE, frozenset(), None, _STANDS, Stage.EARLY_STOPPED,
               True, "stop_after_repair", f"{_ORDER_45} art. 14; 信用修复管理办法"),
    Transition(Action.EXPIRE, Part.SYSTEM, _NONE, frozenset(), None, _STANDS, Stage.EXPIRED,
               False, None, f"{_ORDER_45} art. 13; 信用修复管理办法"),
)  # fmt: skip


def stage_of(state: RecordState, *, public_until: date | None, end_reason: EndReason | None, today: date) -> Stage:
    """The stage of a record. That it has run out follows from its interval, so that it holds at midnight without a job."""
    if state is RecordState.IN_FORCE:
        return Stage.EXPIRED if public_until is not None and public_until <= today else Stage.PUBLISHED
    if state is RecordState.ENDED:
        return Stage.EXPIRED if end_reason is EndReason.EXPIRED else Stage.EARLY_STOPPED
    return {
        RecordState.PENDING: Stage.ENTERED,
        RecordState.NOT_PUBLISHABLE: Stage.NOT_PUBLISHABLE,
        RecordState.WITHDRAWN: Stage.WITHDRAWN,
        RecordState.SHIELDED: Stage.SHIELDED,
    }[state]


def allowed(kind: MatterKind, state: MatterState, stage: Stage | None) -> Iterator[Transition]:
    """What can be done with a matter now, whoever may do it, in the order of the table."""
    return (row for row in TRANSITIONS if kind in row.kinds and state in row.matter_from and stage in row.record_from)


def can_be_proposed(kind: MatterKind, stage: Stage) -> bool:
    """Whether a correction or a withdrawal of a record at this stage makes sense at all."""
    return any(row.action is Action.SUBMIT and kind in row.kinds and stage in row.record_from for row in TRANSITIONS)
