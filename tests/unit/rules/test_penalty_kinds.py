"""Kinds of penalties: the closed list, old names, and the order of weight before and since 15 July 2021."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.penalty_kinds import LABELS, REVISED_ON, PenaltyKind, cell_of, heaviest, parse, ticked, weight

BEFORE, SINCE = date(2021, 7, 14), date(2021, 7, 15)
DAY = date(2026, 11, 24)
K = PenaltyKind


@pytest.mark.parametrize(("kind", "label"), LABELS.items())
def test_every_official_name_is_read(kind, label):
    assert parse(label, DAY) == ([kind], [])
    assert kind.label == label


@pytest.mark.parametrize(
    ("printed", "kinds"),
    [
        ("罚款;没收违法所得", [K.FINE, K.CONFISCATION_OF_GAINS]),
        ("没收违法所得；罚款", [K.FINE, K.CONFISCATION_OF_GAINS]),
        ("警告、罚款，责令停产停业", [K.WARNING, K.FINE, K.SUSPENSION_OF_BUSINESS]),
        ("罚款;罚款", [K.FINE]),
        ("没收违法所得、没收非法财物", [K.CONFISCATION_OF_GAINS, K.CONFISCATION_OF_PROPERTY]),
        ("暂扣许可证、执照", [K.SUSPENSION_OF_LICENCE]),
        ("吊销许可证、执照;罚款", [K.FINE, K.REVOCATION_OF_LICENCE]),
        ("暂扣或者吊销许可证、执照", [K.REVOCATION_OF_LICENCE]),
        ("吊销营业执照", [K.REVOCATION_OF_LICENCE]),
        ("其他-责令改正", [K.OTHER]),
        ("罚款\n警告", [K.WARNING, K.FINE]),
    ],
)
def test_cells_with_old_names_and_several_kinds(printed, kinds):
    assert parse(printed, DAY) == (kinds, [])


def test_what_the_law_does_not_know_is_given_back():
    assert parse("罚款;训诫;没收", DAY) == ([K.FINE], ["训诫", "没收"])
    assert parse("不予处罚", DAY) == ([], ["不予处罚"])


def test_the_order_of_weight_is_dated():
    assert REVISED_ON == SINCE
    kinds = {K.SUSPENSION_OF_BUSINESS, K.REVOCATION_OF_LICENCE}
    assert heaviest(kinds, BEFORE) is K.REVOCATION_OF_LICENCE
    assert heaviest(kinds, SINCE) is K.SUSPENSION_OF_BUSINESS


def test_the_present_order_is_that_of_article_9():
    official = [kind for kind in LABELS if kind is not K.OTHER]
    assert sorted(official, key=lambda kind: weight(kind, SINCE)) == official


@pytest.mark.parametrize("day", [BEFORE, SINCE])
def test_no_two_kinds_weigh_the_same(day):
    assert len({weight(kind, day) for kind in PenaltyKind}) == len(PenaltyKind)


def test_other_counts_only_when_nothing_else_is_there():
    assert heaviest([K.OTHER], DAY) is K.OTHER
    assert heaviest([K.OTHER, K.WARNING], DAY) is K.WARNING
    assert heaviest([], DAY) is K.OTHER


@given(st.sets(st.sampled_from(PenaltyKind), min_size=1), st.sampled_from([";", "；", "，", "\n"]), st.dates())
def test_printed_kinds_are_read_back(kinds, separator, day):
    printed = separator.join(kind.label for kind in kinds)
    found, unknown = parse(printed, day)
    assert set(found) == kinds
    assert unknown == []
    assert found == sorted(found, key=lambda kind: weight(kind, day))


@given(st.frozensets(st.sampled_from([kind for kind in PenaltyKind if kind is not PenaltyKind.OTHER])))
def test_boxes_and_cell_say_the_same(chosen):
    assert ticked(cell_of(chosen, "")) == (chosen, "")
    assert ticked(cell_of(chosen, "责令公开道歉")) == (chosen | {PenaltyKind.OTHER}, "责令公开道歉")
