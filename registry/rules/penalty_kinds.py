"""Kinds of penalties (行政处罚法 art. 9), their order of weight, and which fields each of them demands."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class PenaltyKind(StrEnum):
    """The closed list of 行政处罚法 (2021) art. 9, lightest first."""

    WARNING = "warning"
    CIRCULATED_CRITICISM = "circulated_criticism"
    FINE = "fine"
    CONFISCATION_OF_GAINS = "confiscation_of_gains"
    CONFISCATION_OF_PROPERTY = "confiscation_of_property"
    SUSPENSION_OF_LICENCE = "suspension_of_licence"
    DOWNGRADING = "downgrading"
    REVOCATION_OF_LICENCE = "revocation_of_licence"
    RESTRICTION_OF_BUSINESS = "restriction_of_business"
    SUSPENSION_OF_BUSINESS = "suspension_of_business"
    CLOSURE = "closure"
    RESTRICTION_OF_OCCUPATION = "restriction_of_occupation"
    DETENTION = "detention"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind as the official list prints it."""
        return LABELS[self]


LABELS = {
    PenaltyKind.WARNING: "警告",
    PenaltyKind.CIRCULATED_CRITICISM: "通报批评",
    PenaltyKind.FINE: "罚款",
    PenaltyKind.CONFISCATION_OF_GAINS: "没收违法所得",
    PenaltyKind.CONFISCATION_OF_PROPERTY: "没收非法财物",
    PenaltyKind.SUSPENSION_OF_LICENCE: "暂扣许可证件",
    PenaltyKind.DOWNGRADING: "降低资质等级",
    PenaltyKind.REVOCATION_OF_LICENCE: "吊销许可证件",
    PenaltyKind.RESTRICTION_OF_BUSINESS: "限制开展生产经营活动",
    PenaltyKind.SUSPENSION_OF_BUSINESS: "责令停产停业",
    PenaltyKind.CLOSURE: "责令关闭",
    PenaltyKind.RESTRICTION_OF_OCCUPATION: "限制从业",
    PenaltyKind.DETENTION: "行政拘留",
    PenaltyKind.OTHER: "其他",
}
_SPELLINGS = {label: kind for kind, label in LABELS.items()} | {
    "没收违法所得、没收非法财物": PenaltyKind.CONFISCATION_OF_GAINS,
    "暂扣许可证、执照": PenaltyKind.SUSPENSION_OF_LICENCE,
    "暂扣或者吊销许可证、执照": PenaltyKind.REVOCATION_OF_LICENCE,
    "吊销许可证、执照": PenaltyKind.REVOCATION_OF_LICENCE,
    "暂扣许可证": PenaltyKind.SUSPENSION_OF_LICENCE,
    "暂扣执照": PenaltyKind.SUSPENSION_OF_LICENCE,
    "吊销许可证": PenaltyKind.REVOCATION_OF_LICENCE,
    "吊销执照": PenaltyKind.REVOCATION_OF_LICENCE,
    "吊销营业执照": PenaltyKind.REVOCATION_OF_LICENCE,
    "停产停业": PenaltyKind.SUSPENSION_OF_BUSINESS,
    "责令限制从业": PenaltyKind.RESTRICTION_OF_OCCUPATION,
}
_OLD_NAMES = ("暂扣许可证、执照", "吊销许可证、执照", "暂扣或者吊销许可证、执照", "没收违法所得、没收非法财物")
REVISED_ON = date(2021, 7, 15)
"""In force: 行政处罚法 of 2021, which put 责令停产停业 above 吊销许可证件."""

_WEIGHT = {kind: weight for weight, kind in enumerate(PenaltyKind)}
_WEIGHT_BEFORE = _WEIGHT | {
    PenaltyKind.SUSPENSION_OF_BUSINESS: _WEIGHT[PenaltyKind.SUSPENSION_OF_LICENCE],
    PenaltyKind.SUSPENSION_OF_LICENCE: _WEIGHT[PenaltyKind.DOWNGRADING],
    PenaltyKind.DOWNGRADING: _WEIGHT[PenaltyKind.DOWNGRADING] + 0.5,
}
_NOT_TO_PUNISH = re.compile(r"(?:不予以?|不再?给予|免[予于除])(?:行政)?处罚")
NEEDS_LICENCE = frozenset({PenaltyKind.SUSPENSION_OF_LICENCE, PenaltyKind.REVOCATION_OF_LICENCE})


def parse(printed: str, decided_on: date) -> tuple[list[PenaltyKind], list[str]]:
    """Kinds that a 处罚类别 cell names, lightest first and each once; and the parts that are none.

    Old names with 、 inside are read before the cell is split. `其他-…` is OTHER with its words kept by the caller.
    """
    text = printed
    found: set[PenaltyKind] = set()
    for name in sorted(_OLD_NAMES, key=len, reverse=True):
        if name in text:
            text = text.replace(name, ";")
            found.add(_SPELLINGS[name])
            if name == "没收违法所得、没收非法财物":
                found.add(PenaltyKind.CONFISCATION_OF_PROPERTY)
    unknown = []
    for part in re.split(r"[;；、,，\n\r|]+", text):
        word = part.strip()
        if not word:
            continue
        if word in _SPELLINGS:
            found.add(_SPELLINGS[word])
        elif word.startswith("其他"):
            found.add(PenaltyKind.OTHER)
        else:
            unknown.append(word)
    return sorted(found, key=lambda kind: weight(kind, decided_on)), unknown


def says_not_to_punish(text: str) -> bool:
    """Whether a text speaks of not punishing (行政处罚法 art. 30 to 33), whatever the number of the document looks like."""
    return _NOT_TO_PUNISH.search("".join(text.split())) is not None


def weight(kind: PenaltyKind, decided_on: date) -> float:
    """Place of a kind in the order of weight that was in force on the day of the decision."""
    return (_WEIGHT if decided_on >= REVISED_ON else _WEIGHT_BEFORE)[kind]


def heaviest(kinds: Iterable[PenaltyKind], decided_on: date) -> PenaltyKind:
    """The kind under which a decision is counted; OTHER only when nothing else is there."""
    named = [kind for kind in kinds if kind is not PenaltyKind.OTHER]
    return max(named, key=lambda kind: weight(kind, decided_on)) if named else PenaltyKind.OTHER


def ticked(printed: str) -> tuple[frozenset[PenaltyKind], str]:
    """A 处罚类别 cell as boxes of the closed list, and the words beside the box 其他: `其他-…` and what no kind is named."""
    kinds, unknown = parse(printed, REVISED_ON)
    own = re.findall(r"其他[-—－:：]*([^;；、,，\n\r|]+)", printed)
    return frozenset(kinds), "；".join([word.strip() for word in own] + unknown)


def cell_of(kinds: Iterable[PenaltyKind], other: str) -> str:
    """The 处罚类别 cell for ticked boxes, kinds joined by `;` in the order of the list (standards.md 1.3, field 18)."""
    chosen = set(kinds) - {PenaltyKind.OTHER}
    words = [LABELS[kind] for kind in PenaltyKind if kind in chosen]
    if other.strip():
        words.append(f"{LABELS[PenaltyKind.OTHER]}-{other.strip()}")
    elif PenaltyKind.OTHER in set(kinds):
        words.append(LABELS[PenaltyKind.OTHER])
    return ";".join(words)
