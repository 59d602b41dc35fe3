"""What findings weigh for a platform (domain.md 9.2).

Advisory: the platform decides by its published rules (电子商务法 art. 32-36).
"""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from registry.rules.listing import AbnormalReason
from registry.rules.operator import RegistrationStatus
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import Severity


class FindingType(StrEnum):
    """Kinds of findings in a status answer."""

    REGISTRATION_STATUS = "registration_status"
    VIOLATION_LISTING = "violation_listing"
    ABNORMAL_LISTING = "abnormal_listing"
    HOUSEHOLD_MARK = "household_mark"
    PENALTY = "penalty"
    LICENCE = "licence"
    PERSON_BAN = "person_ban"


class Level(StrEnum):
    """How heavy, from nothing found to a legal bar; `unknown` only where no operator matched."""

    CLEAR = "clear"
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    BARRED = "barred"
    UNKNOWN = "unknown"


_RANK = {level: rank for rank, level in enumerate(Level)}
_TITLES = {
    RegistrationStatus.ACTIVE: "存续（在营、开业、在册）",
    RegistrationStatus.SUSPENDED: "歇业",
    RegistrationStatus.MOVED_OUT: "迁出",
    RegistrationStatus.REVOKED: "吊销，未注销",
    RegistrationStatus.ANNULLED: "撤销",
    RegistrationStatus.CLOSED_BY_ORDER: "责令关闭",
    RegistrationStatus.LIQUIDATION: "清算",
    RegistrationStatus.CANCELLED: "注销",
}
_LEVELS = {
    RegistrationStatus.ACTIVE: Level.CLEAR,
    RegistrationStatus.SUSPENDED: Level.INFO,
    RegistrationStatus.MOVED_OUT: Level.INFO,
    RegistrationStatus.LIQUIDATION: Level.MEDIUM,
    RegistrationStatus.REVOKED: Level.BARRED,
    RegistrationStatus.ANNULLED: Level.BARRED,
    RegistrationStatus.CLOSED_BY_ORDER: Level.BARRED,
    RegistrationStatus.CANCELLED: Level.BARRED,
}
_STOPPING = frozenset({PenaltyKind.RESTRICTION_OF_BUSINESS, PenaltyKind.SUSPENSION_OF_BUSINESS, PenaltyKind.CLOSURE})
"""Kinds that keep the party from trading while they are in force."""


def title_of_registration_status(status: RegistrationStatus) -> str:
    """The status as registration offices print it."""
    return _TITLES[status]


def basis_of_registration_status(status: RegistrationStatus) -> str:
    """The article behind the special public mark, or behind the status itself."""
    if status is RegistrationStatus.SUSPENDED:
        return "《市场主体登记管理条例》第三十条"
    return "《市场主体登记管理条例实施细则》第六十七条"


def level_of_registration_status(status: RegistrationStatus) -> Level:
    """Without legal subject or right to trade: barred; in liquidation: medium; suspended or moved away: for information."""
    return _LEVELS[status]


def level_of_abnormal(reason: AbnormalReason | str) -> Level:
    """A listing or household mark in force is medium for each reason; the advice differs, not the weight."""
    AbnormalReason(reason)
    return Level.MEDIUM


def level_of_violation() -> Level:
    """On the violation list: high. No law forbids onboarding by itself (domain.md 9.2)."""
    return Level.HIGH


def level_of_licence() -> Level:
    """A valid licence weighs nothing; that it is missing is judged by the category asked for."""
    return Level.CLEAR


def penalty_stretches(
    *,
    severity: Severity | str | None,
    kinds: Collection[PenaltyKind],
    restriction_until: date | None,
    public_from: date,
    public_until: date | None,
) -> Iterable[tuple[date, date | None, Level]]:
    """How heavy a published penalty weighs, from when until when.

    Barred while an order to stop, a restriction or a closure is in force: until its day when the decision names one, and,
    for a closure, as long as the penalty is public. Otherwise high for the serious class, low for the others.
    """
    after = Level.HIGH if severity == Severity.SERIOUS else Level.LOW
    if not _STOPPING & set(kinds):
        yield public_from, public_until, after
        return
    if restriction_until is None:
        yield public_from, public_until, Level.BARRED if PenaltyKind.CLOSURE in kinds else after
        return
    if restriction_until <= public_from:
        yield public_from, public_until, after
        return
    if public_until is not None and restriction_until >= public_until:
        yield public_from, public_until, Level.BARRED
        return
    yield public_from, restriction_until, Level.BARRED
    yield restriction_until, public_until, after


def overall(levels: Iterable[Level]) -> Level:
    """The highest of the levels; clear where there is none."""
    return max(levels, key=_RANK.__getitem__, default=Level.CLEAR)
