"""Citizens' numbers: GB 11643 known answers, and numbers that are older or younger than their county's code."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.identity_numbers import birth_date, in_18_characters, is_valid
from tests.import_rows import identity_number

NUMBER = "11010519491231002X"  # GB 11643-1999, appendix A


def test_the_number_of_the_standard_passes():
    assert is_valid(NUMBER)
    assert birth_date(NUMBER) == date(1949, 12, 31)


@pytest.mark.parametrize(
    "number",
    [
        "",
        NUMBER[:17],
        NUMBER.lower(),
        NUMBER[:17] + "1",
        "110105194912310021",
        "99" + NUMBER[2:],
        "１" + NUMBER[1:],
        "91130105107743680U",
    ],
)
def test_what_is_no_number(number):
    assert not is_valid(number)


@pytest.mark.parametrize("born", ["19490230", "19001301", "18991231", "00000000"])
def test_a_day_that_is_none(born):
    assert not is_valid(identity_number(born=born))


def test_a_person_older_than_the_code_of_the_county_has_a_number():
    assert is_valid(identity_number(born="19450812"))
    assert is_valid(identity_number(born="19820101", serial="001"))


def test_a_number_of_fifteen_digits_in_its_present_form():
    assert in_18_characters("110105491231002") == NUMBER


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_every_number_names_its_day(born, serial):
    number = identity_number(born=f"{born:%Y%m%d}", serial=f"{serial:03d}")
    assert is_valid(number)
    assert birth_date(number) == born


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(position, off):
    digit = (int(NUMBER[position]) + off) % 10
    assert not is_valid(f"{NUMBER[:position]}{digit}{NUMBER[position + 1 :]}")
