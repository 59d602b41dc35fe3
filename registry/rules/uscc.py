"""统一社会信用代码 (GB 32100-2015): cleaning, checking, and saying which character is wrong.

The region digits of a code are those of the registrar at the first registration: the county is never read from them.
"""

import re
import unicodedata
from enum import StrEnum
from operator import mul

from registry.rules import identity_numbers
from registry.rules.operator import OperatorKind

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLACEHOLDER = "0" * 17 + "X"
"""What a household without a code carries in its place (standards.md 1.3): it fails the check and is no code."""

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOK_ALIKES = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")  # Cyrillic on purpose
_DEPARTMENTS = frozenset("123456789ANY")
_REGULAR = re.compile(rf"(?![0-9]{{17}})[123456789ANY][{ALPHABET}]{{17}}")


class UsccFault(StrEnum):
    """What is wrong with a code; the value is the code of the fault."""

    MISSING = "uscc_missing"
    LENGTH = "uscc_length"
    ALPHABET = "uscc_alphabet"
    MASKED = "uscc_masked"
    ALL_ZEROS = "uscc_all_zeros"
    PLACEHOLDER = "uscc_placeholder"
    IDENTITY_NUMBER = "uscc_identity_number"
    PREFIX = "uscc_prefix"
    CHECK_CHARACTER = "uscc_check"


def normalise(text: str) -> str:
    """The code as it was meant: half width, no blanks or invisible characters, upper case, Cyrillic letters made Latin.

    Never guesses: an O stays an O and is refused, since only the document can tell whether it is a 0.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = unicodedata.normalize("NFKC", text)
    kept = (c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"})
    return "".join(kept).upper().translate(_LOOK_ALIKES)


def check_character(first_17: str) -> str:
    """The 18th character for 17 characters of the alphabet (GB 32100-2015, 6: (31 - Σ mod 31) mod 31)."""
    total = sum(map(mul, map(_VALUE.__getitem__, first_17), _WEIGHTS))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first_8: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997: 11 - Σ mod 11; 10 is X, 11 is 0)."""
    total = sum(
        _ORGANISATION_ALPHABET.index(c) * weight for c, weight in zip(first_8, _ORGANISATION_WEIGHTS, strict=True)
    )
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def fault(code: str) -> UsccFault | None:
    """What is wrong with a normalised code, the gravest first; None for a good one.

    CHECK_CHARACTER is the only fault with which a code may be kept, as doubtful and with a reason (standards.md 2.3).
    """
    if not code:
        return UsccFault.MISSING
    if "*" in code:
        return UsccFault.MASKED
    if len(code) != 18:
        return UsccFault.LENGTH
    if code == PLACEHOLDER:
        return UsccFault.PLACEHOLDER
    if code == "0" * 18:
        return UsccFault.ALL_ZEROS
    if code[:17].isdigit() and _is_identity_number(code):
        return UsccFault.IDENTITY_NUMBER
    if not _VALUE.keys() >= set(code):
        return UsccFault.ALPHABET
    if code[0] not in _DEPARTMENTS:
        return UsccFault.PREFIX
    if check_character(code[:17]) != code[17]:
        return UsccFault.CHECK_CHARACTER
    return None


def is_regular(code: str) -> bool:
    """Whether a normalised code can have no fault but its check character; some good codes are told to be irregular.

    A quick look for batches: where it says no, `fault` decides.
    """
    return _REGULAR.fullmatch(code) is not None


def bad_characters(code: str) -> list[tuple[int, str]]:
    """Positions (from 1) and characters that no code can hold: I, O, S, V, Z and everything outside letters and digits."""
    return [(position, c) for position, c in enumerate(code, 1) if c not in _VALUE]


def suspect_positions(code: str) -> list[tuple[int, str]]:
    """Where changing one character to its usual look-alike makes a doubtful code pass: (position from 1, character).

    A hint for a person who typed the code, never a correction.
    """
    if len(code) != 18 or not _VALUE.keys() >= set(code):
        return []
    found = []
    for position, character in enumerate(code):
        for other in _CONFUSED.get(character, ""):
            changed = code[:position] + other + code[position + 1 :]
            if check_character(changed[:17]) == changed[17]:
                found.append((position + 1, other))
    return found


_CONFUSED = {
    "0": "DQ8", "1": "7L", "2": "7", "5": "6", "6": "5G8", "7": "12", "8": "B36", "3": "8", "B": "8", "D": "0",
    "Q": "0", "G": "6C", "C": "G", "L": "1", "M": "N", "N": "M", "U": "W", "W": "U", "X": "Y", "Y": "X",
    "P": "R", "R": "P", "E": "F", "F": "E", "9": "4", "4": "9A", "A": "4",
}  # fmt: skip


def kind_of(code: str) -> OperatorKind:
    """Kind of operator by registering department and class (GB 32100-2015, 4.2): 91, 92, 93, or another organisation."""
    return {
        "91": OperatorKind.ENTERPRISE,
        "92": OperatorKind.HOUSEHOLD,
        "93": OperatorKind.COOPERATIVE,
    }.get(code[:2], OperatorKind.OTHER_ORGANISATION)


def _is_identity_number(code: str) -> bool:
    """A citizen's number in the place of a code. Some pass the code's own check: the birth date and GB 11643 tell."""
    return code[6:8] in {"19", "20"} and identity_numbers.is_valid(code)
