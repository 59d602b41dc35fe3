"""Measures of the violation list: found by the words of a decision, never without their law."""

import pytest

from registry.rules.measures import MEASURES, measure_named


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("列为重点监管对象", "44-15-2"),
        ("不适用告知承诺制", "44-15-3"),
        ("不予授予荣誉称号", "44-15-4"),
        ("作为行政许可审查的重要考量因素", "44-15-1"),
    ],
)
def test_the_words_of_a_decision_name_the_item(words: str, code: str) -> None:
    found = measure_named(words)
    assert found is not None
    assert found.code == code


def test_each_title_names_its_own_item() -> None:
    assert [measure_named(measure.title) for measure in MEASURES] == list(MEASURES)


def test_another_measure_has_no_item() -> None:
    assert measure_named("限制乘坐飞机") is None
