"""Old registration numbers: 15 digits with a check digit of ISO 7064 MOD 11,10; odd ones are kept and flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from tests.import_rows import flags, operator_row, read, refusals


def row(number: str) -> dict[str, str]:
    return {**operator_row(统一社会信用代码=""), "注册号": number}


@pytest.mark.parametrize("number", ["130100000363655", "130100600000014"])
def test_printed_numbers_pass(number):
    assert mod_11_10.is_valid(number)
    assert flags("operators", row(number)) == set()


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(1, 9))
def test_a_wrong_check_digit_is_flagged_and_the_number_kept(first_14, off):
    right = mod_11_10.calc_check_digit(first_14)
    number = first_14 + str((int(right) + off) % 10)
    assert refusals("operators", row(number)) == set()
    assert flags("operators", row(number)) == {("注册号", "registration_no_check")}
    (prepared,) = read("operators", row(number))
    assert prepared.registration_no == number


@pytest.mark.parametrize("number", ["1301002012345", "冀石个体00123"])
def test_an_odd_form_is_flagged(number):
    assert flags("operators", row(number)) == {("注册号", "registration_no_form")}
