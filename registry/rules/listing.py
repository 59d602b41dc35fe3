"""Reasons for being put on a list or marked, and for coming off again."""

from enum import StrEnum


class AbnormalReason(StrEnum):
    """Reason on the abnormal-operations list (企业经营异常名录管理办法 art. 4) and for a household mark."""

    R1 = "R1"  # annual report not published in time
    R2 = "R2"  # information not published within the time ordered
    R3 = "R3"  # published information conceals the truth
    R4 = "R4"  # cannot be reached at the registered place


class ViolationReason(StrEnum):
    """Article of 市场监督管理严重违法失信名单管理办法 (SAMR decree 44) that a listing rests on."""

    FOOD = "44-5"
    DRUGS = "44-6"
    QUALITY = "44-7"
    CONSUMERS = "44-8"
    COMPETITION = "44-9"
    LICENSING = "44-10"
    REFUSAL = "44-11"
    OTHER = "other"


class EndReason(StrEnum):
    """Why a record stopped being public (exchange.md 2, member `reason`)."""

    REPAIRED = "repaired"
    EXPIRED = "expired"
    SHIELDED = "shielded"
    DECISION_REVOKED = "decision_revoked"
    CORRECTED = "corrected"
    OTHER = "other"
