"""Measures that follow from the violation list: each names its item and the law it rests on (domain.md 3.11).

Source: 市场监督管理严重违法失信名单管理办法 (总局令44号) art. 15; no measure outside the list of measures may be taken.
"""

from dataclasses import dataclass

_DECREE_44 = "《市场监督管理严重违法失信名单管理办法》第十五条第{item}项"


@dataclass(frozen=True, slots=True)
class Measure:
    """One item of the list of measures; `words` are those by which a decision is seen to mean it."""

    code: str
    title: str
    legal_basis: str
    words: tuple[str, ...]


MEASURES = (
    Measure(
        "44-15-1",
        "在审查行政许可、资质、资格、委托承担政府采购项目、工程招投标时作为重要考量因素",
        _DECREE_44.format(item="一"),
        ("考量因素", "政府采购", "招投标", "行政许可"),
    ),
    Measure(
        "44-15-2",
        "列为重点监管对象，提高检查频次，依法严格监管",
        _DECREE_44.format(item="二"),
        ("重点监管", "检查频次"),
    ),
    Measure("44-15-3", "不适用告知承诺制", _DECREE_44.format(item="三"), ("告知承诺",)),
    Measure(
        "44-15-4",
        "不予授予市场监督管理部门荣誉称号等表彰奖励",
        _DECREE_44.format(item="四"),
        ("荣誉", "表彰", "奖励"),
    ),
)


def measure_named(words: str) -> Measure | None:
    """The item of the list that a decision's words mean; None for a measure that rests on another law."""
    return next((measure for measure in MEASURES if any(word in words for word in measure.words)), None)
