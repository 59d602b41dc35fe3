"""Document numbers: every variant of standards.md 1.8, printed ones from real decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import document_numbers
from registry.rules.document_numbers import is_not_a_penalty, normalise, series


@pytest.mark.parametrize(
    "printed",
    [
        "石环罚〔2024〕5号",
        "石环罚[2024]5号",
        "石环罚［2024］5号",
        "石环罚（2024）5号",
        "石环罚(2024)5号",
        "石环罚【2024】5号",
        "石环罚 〔 2024 〕 5 号",
        "石环罚〔２０２４〕５号",
        "石环罚\u3014\u200b2024\u3015\ufeff5号",
    ],
)
def test_ways_to_print_one_number(printed):
    assert normalise(printed) == "石环罚〔2024〕5号"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("石环罚〔2024〕经开404号", "石环罚决〔2024〕经开404号"),
        ("邯环罚决字〔2025〕03-003号", "邯环罚决字〔2025〕3-3号"),
        ("石环罚〔2024〕5号", "石环罚〔2023〕5号"),
        ("0482环罚决字〔2025〕14号", "482环罚决字〔2025〕14号"),
    ],
)
def test_different_decisions_stay_different(one, other):
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    "printed",
    ["石环不罚决〔2025〕无极-38号", "石市监不予罚〔2024〕3号", "石长市监免罚〔2024〕1号", "不予行政处罚决定书"],
)
def test_a_decision_not_to_punish_is_seen(printed):
    assert is_not_a_penalty(printed)


@pytest.mark.parametrize("printed", ["石环罚决〔2025〕无极-14号", "衡环罚决[2023]53号", "监处罚〔202321"])
def test_a_penalty_is_a_penalty(printed):
    assert not is_not_a_penalty(printed)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("石环罚[2024]16号", ("石环罚", 2024, 16)),
        ("石环罚决〔2025〕无极-14号", ("石环罚决无极-", 2025, 14)),
        ("监处罚〔202321", None),
        ("无文号", None),
    ],
)
def test_the_series_of_a_number(printed, found):
    assert series(printed) == found


@given(st.text("石环罚决字号〔〕[]［］（）()【】0189２ -－Ａa\u3000\u200b\ufeff\t", max_size=40))
def test_normalising_twice_changes_nothing(printed):
    once = document_numbers.normalise(printed)
    assert document_numbers.normalise(once) == once


@given(
    st.text("石环市监罚决字", min_size=1, max_size=6),
    st.integers(2000, 2030),
    st.integers(1, 9999),
    st.sampled_from(["〔〕", "[]", "［］", "（）", "()", "【】"]),
)
def test_the_brackets_are_no_difference(prefix, year, number, brackets):
    printed = f"{prefix}{brackets[0]}{year}{brackets[1]}{number}号"
    assert normalise(printed) == f"{prefix}〔{year}〕{number}号"
    assert series(printed) == (prefix, year, number)
