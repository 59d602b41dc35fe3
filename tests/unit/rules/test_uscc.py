"""Unified social credit codes: known answers, and every trap of standards.md 2.3."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry.rules import identity_numbers, uscc
from registry.rules.operator import OperatorKind
from registry.rules.uscc import UsccFault
from tests.import_rows import identity_number

PRINTED = "91130105107743680U"  # public report of a company of Shijiazhuang
bodies = st.builds(
    str.__add__,
    st.sampled_from(["91", "92", "93", "11", "12", "51", "A1", "N2", "N3", "Y1"]),
    st.text(uscc.ALPHABET, min_size=15, max_size=15),
)


def whole(body: str) -> str:
    return body + uscc.check_character(body)


@pytest.mark.parametrize("code", [PRINTED, "91510104MA6CFT042R", "91350203M0001QKT1F"])
def test_printed_codes_pass(code):
    assert uscc.fault(code) is None
    assert uscc.check_character(code[:17]) == code[17]


@pytest.mark.parametrize(("first_8", "check"), [("D2143569", "X"), ("10774368", "0"), ("MA6CFT04", "2")])
def test_organisation_codes_of_the_standard_and_of_printed_codes(first_8, check):
    assert uscc.organisation_check_character(first_8) == check


def test_organisation_codes_reach_all_eleven_check_characters():
    found = {uscc.organisation_check_character(f"{number:08d}") for number in range(200)}
    assert found == set("0123456789X")


def test_a_sum_divisible_by_31_ends_in_0():
    ends = {uscc.check_character(f"91130105MA{number:07d}") for number in range(200)}
    assert ends == set(uscc.ALPHABET)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", UsccFault.MISSING),
        ("0" * 17 + "X", UsccFault.PLACEHOLDER),
        ("0" * 18, UsccFault.ALL_ZEROS),
        ("91350203M0001QKT19", UsccFault.CHECK_CHARACTER),
        ("92130102**********", UsccFault.MASKED),
        ("92**********6F", UsccFault.MASKED),
        ("112130000401704594G", UsccFault.LENGTH),
        ("9113013059247024402", UsccFault.LENGTH),
        (PRINTED[:17], UsccFault.LENGTH),
        ("91130105I07743680U", UsccFault.ALPHABET),
        ("9113O105107743680U", UsccFault.ALPHABET),
        ("1" * 18, UsccFault.CHECK_CHARACTER),
        ("B1130105107743680U", UsccFault.PREFIX),
    ],
)
def test_traps(code, fault):
    assert uscc.fault(code) is fault


@pytest.mark.parametrize("prefix", ["A1", "N1", "N2", "N3", "Y1"])
def test_departments_with_letters_are_codes_like_others(prefix):
    code = whole(prefix + "130102MA0000001")
    assert uscc.fault(code) is None
    assert uscc.kind_of(code) is OperatorKind.OTHER_ORGANISATION


def test_an_identity_number_that_passes_the_check_of_codes_is_told_apart():
    numbers = (identity_number(serial=f"{serial:03d}") for serial in range(1, 999))
    number = next(each for each in numbers if each[17] != "X" and uscc.check_character(each[:17]) == each[17])
    assert identity_numbers.is_valid(number)
    assert uscc.fault(number) is UsccFault.IDENTITY_NUMBER


def test_an_identity_number_that_fails_the_check_of_codes_is_told_apart_as_well():
    assert uscc.fault(identity_number()) is UsccFault.IDENTITY_NUMBER


@pytest.mark.parametrize(
    "printed",
    [
        "91510104ma6cft042r",
        "９１５１０１０４ＭＡ６ＣＦＴ０４２Ｒ",
        " 9151 0104 MA6C FT04 2R\t",
        "\ufeff91510104MA6CFT042R\u200b",
        "91510104\u041c\u0410\u0036\u0421F\u0422042R",  # Cyrillic letters
    ],
)
def test_the_code_as_it_was_meant(printed):
    assert uscc.normalise(printed) == "91510104MA6CFT042R"


def test_a_letter_o_is_never_made_a_zero():
    assert uscc.normalise("9113O105107743680U") == "9113O105107743680U"
    assert uscc.bad_characters("9113O105107743680U") == [(5, "O")]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("91", OperatorKind.ENTERPRISE), ("92", OperatorKind.HOUSEHOLD), ("93", OperatorKind.COOPERATIVE)],
)
def test_the_kind_follows_from_the_class(code, kind):
    assert uscc.kind_of(whole(code + "130102MA0000001")) is kind


@given(bodies)
def test_a_code_with_its_check_character_passes_and_normalising_keeps_it(body):
    code = whole(body)
    assert uscc.fault(code) is None
    assert uscc.normalise(code) == code
    assert uscc.normalise(code.lower()) == code


@given(bodies, st.integers(2, 17), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_always_found(body, position, other):
    code = whole(body)
    assume(code[position] != other)
    assert uscc.fault(code[:position] + other + code[position + 1 :]) is not None


@given(bodies, st.integers(2, 15))
def test_two_neighbours_exchanged_are_always_found(body, position):
    code = whole(body)
    assume(code[position] != code[position + 1])
    changed = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert uscc.fault(changed) is not None


@given(bodies, st.sampled_from(["0Q", "8B", "17", "56", "MN", "UW", "XY", "PR", "EF"]), st.integers(2, 16))
def test_a_misread_character_is_hinted_at(body, pair, position):
    right = body[:position] + pair[0] + body[position + 1 :]
    code = whole(right)
    misread = code[:position] + pair[1] + code[position + 1 :]
    assert (position + 1, pair[0]) in uscc.suspect_positions(misread)


@given(st.text(max_size=24))
def test_any_text_has_an_answer(text):
    fault = uscc.fault(uscc.normalise(text))
    assert fault is None or isinstance(fault, UsccFault)


@given(st.one_of(st.text(max_size=24), st.text(uscc.ALPHABET + "IO*", min_size=18, max_size=18)))
def test_a_regular_code_has_no_fault_but_its_check_character(code):
    assert not uscc.is_regular(code) or uscc.fault(code) in {None, UsccFault.CHECK_CHARACTER}


@given(bodies)
def test_codes_with_a_letter_are_regular(body):
    assume(not body.isdigit())
    assert uscc.is_regular(body + uscc.check_character(body))
