"""公民身份号码 (GB 11643-1999): province, day of birth, check character.

The county is not looked up: a number keeps the code that was in force where and when it was given out, which need not
have existed on the day of birth, and may have been withdrawn since (standards.md 2.4). A library that compares both
refuses numbers of living people, and what it refuses would not be masked.
"""

from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

_PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}
)
_EARLIEST = 1900


def is_valid(number: str) -> bool:
    """Whether 18 characters, the last of them upper case, are a citizen's number."""
    return (
        len(number) == 18
        and number.isascii()
        and number[:17].isdigit()
        and int(number[:2]) in _PROVINCES
        and bool(ric.calc_check_digit(number) == number[17])
        and birth_date(number) is not None
    )


def birth_date(number: str) -> date | None:
    """The day of birth that a number of 18 characters names; None when there is no such day."""
    try:
        born: date = ric.get_birth_date(number)
    except ValidationError:
        return None
    return born if born.year >= _EARLIEST else None


def in_18_characters(old: str) -> str:
    """The present form of a number of 15 digits: the century put in, the check character put behind."""
    body = f"{old[:6]}19{old[6:]}"
    return body + str(ric.calc_check_digit(body + "0"))
