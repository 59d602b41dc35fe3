"""Money: 万元 outside, yuan inside, exact both ways (standards.md 1.7)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import amounts


@pytest.mark.parametrize(
    ("printed", "yuan"),
    [
        ("0.2", "2000.00"),
        ("0.0545", "545.00"),
        ("0.000001", "0.01"),
        ("10", "100000.00"),
        ("123456.789012", "1234567890.12"),
        ("1,000", "10000000.00"),
        ("２.５", "25000.00"),
        ("0", "0.00"),
    ],
)
def test_ten_thousands_become_yuan(printed, yuan):
    assert amounts.wan_to_yuan(printed) == Decimal(yuan)


@pytest.mark.parametrize("printed", ["", "-1", "0.0000001", "两万", "1.2.3", "1e3", "2万元", "nan", "Infinity"])
def test_what_is_no_amount_is_none(printed):
    assert amounts.wan_to_yuan(printed) is None


@given(st.integers(0, 10**14))
def test_yuan_survive_the_way_out_and_back(cents):
    yuan = Decimal(cents) / 100
    assert amounts.wan_to_yuan(amounts.yuan_to_wan(yuan)) == yuan


@given(st.integers(0, 10**14))
def test_ten_thousands_survive_the_way_in_and_back(millionths):
    printed = f"{Decimal(millionths) / 10**6:f}"
    yuan = amounts.wan_to_yuan(printed)
    assert yuan is not None
    assert Decimal(amounts.yuan_to_wan(yuan)) == Decimal(printed)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("罚款陆万元整", ["60000"]),
        ("罚款人民币2,000元", ["2000"]),
        ("罚款0.2万元", ["2000"]),
        ("没收违法所得壹仟贰佰叁拾肆元，罚款拾万零伍佰元", ["1234", "100500"]),
        ("罚款二十万元", ["200000"]),
        ("罚款壹亿贰仟万元", ["120000000"]),
        ("罚款两千元", ["2000"]),
        ("警告", []),
    ],
)
def test_amounts_in_a_text(text, found):
    assert amounts.amounts_in_text(text) == [Decimal(each) for each in found]


def test_yuan_in_a_field_of_ten_thousands_are_suspect():
    handed_in = amounts.wan_to_yuan("60000")
    assert handed_in is not None
    assert amounts.unit_suspect(handed_in, "罚款陆万元整")
    assert not amounts.unit_suspect(Decimal(60_000), "罚款陆万元整")
    assert not amounts.unit_suspect(handed_in, "罚款")


def test_an_amount_that_the_text_does_not_name_disagrees():
    assert amounts.disagrees(Decimal(30_000), "罚款20000元")
    assert not amounts.disagrees(Decimal(20_000), "没收违法所得100元，罚款20000元")
    assert not amounts.disagrees(Decimal(30_000), "罚款")


@pytest.mark.parametrize(
    ("yuan", "printed"), [("20000.00", "20,000"), ("545.50", "545.50"), ("1234567.01", "1,234,567.01")]
)
def test_yuan_as_people_read_them(yuan, printed):
    assert amounts.format_yuan(Decimal(yuan)) == printed
