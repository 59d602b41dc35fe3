"""What kinds of operators there are, and the states their registration can be in."""

from enum import StrEnum


class OperatorKind(StrEnum):
    """Kind of operator, as the status answer names it (domain.md 6.3, 市场主体登记管理条例 art. 2)."""

    ENTERPRISE = "enterprise"
    HOUSEHOLD = "household"
    COOPERATIVE = "cooperative"
    OTHER_ORGANISATION = "other_organisation"
    NATURAL_PERSON = "natural_person"


class PartyCategory(StrEnum):
    """行政相对人类别 of the 双公示 records (field CF_XDR_LB / XK_XDR_LB)."""

    ORGANISATION = "organisation"
    HOUSEHOLD = "household"
    NATURAL_PERSON = "natural_person"


class RegistrationStatus(StrEnum):
    """State of registration (SM-K; 市场主体登记管理条例实施细则 art. 67 for the special public mark)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    MOVED_OUT = "moved_out"
    REVOKED = "revoked"
    ANNULLED = "annulled"
    CLOSED_BY_ORDER = "closed_by_order"
    LIQUIDATION = "liquidation"
    CANCELLED = "cancelled"


class PresenceType(StrEnum):
    """How an operator shows itself online (企业信息公示暂行条例 art. 9 no. 6)."""

    WEBSITE = "website"
    SHOP = "shop"
    APP = "app"
    MINI_PROGRAM = "mini_program"
    LIVE_ROOM = "live_room"
