"""Codes and numbers that identify an operator, read from a row with everything that is wrong with them."""

import re

from stdnum.iso7064 import mod_11_10

from registry.rules import uscc
from registry.rules.uscc import UsccFault
from registry.services.imports.cells import RowCells, is_rounded_number

_ROUNDED = re.compile(r"[1-9]\d{14}000")
"""A code of digits alone, of which a spreadsheet has kept fifteen."""

_DOUBT_IN_REMARK = re.compile(r"〔代码存疑：([^〕]+)〕")


def doubt_remark(reason: str) -> str:
    """How an export says in a remark that a code is kept as doubtful; reading takes it out again."""
    return f"〔代码存疑：{reason.replace('〕', ')')}〕"


def without_doubt(remark: str) -> str:
    """A remark less what `doubt_remark` put into it."""
    return _DOUBT_IN_REMARK.sub("", remark)


def _doubt_reason(row: RowCells) -> str | None:
    """The reason in its own column, else in the remark of one of our exports."""
    reason = row.text("doubt", longest=200)
    if reason is None and (match := _DOUBT_IN_REMARK.search(row.raw("remark"))):
        reason = match[1]
    return reason


def read_uscc(row: RowCells, key: str = "uscc", *, may_be_doubtful: bool = False) -> tuple[str | None, str | None]:
    """A code and, for one with a wrong check character, the reason why it is kept (存疑).

    Without a reason in the file such a code is refused. The placeholder is refused: who allows it asks first.
    """
    printed = row.raw(key)
    if not printed:
        return None, None
    code = uscc.normalise(printed)
    wrong = uscc.fault(code)
    if wrong is None:
        return code, None
    if is_rounded_number(printed) or _ROUNDED.fullmatch(code):
        row.refuse(key, "number_cell")
        return None, None
    if wrong is UsccFault.CHECK_CHARACTER:
        reason = _doubt_reason(row) if may_be_doubtful else None
        if reason:
            row.flag(key, "uscc_doubtful")
            return code, reason
        _refuse_check_character(row, key, code)
    elif wrong is UsccFault.ALPHABET:
        where = "、".join(f"{position}: {character}" for position, character in uscc.bad_characters(code))
        row.refuse(key, wrong.value, where=where)
    elif wrong is UsccFault.LENGTH:
        row.refuse(key, wrong.value, length=len(code))
    else:
        row.refuse(key, wrong.value)
    return None, None


def _refuse_check_character(row: RowCells, key: str, code: str) -> None:
    hints = uscc.suspect_positions(code)
    expected = uscc.check_character(code[:17])
    if hints:
        where = "、".join(f"{position} → {character}" for position, character in hints[:4])
        row.refuse(key, "uscc_check_hint", expected=expected, where=where)
    else:
        row.refuse(key, "uscc_check", expected=expected)


def read_registration_no(row: RowCells, key: str = "registration_no") -> str | None:
    """An old registration number (注册号). An odd form or check digit is flagged, never refused (domain.md 6.3)."""
    number = row.text(key, longest=50)
    if number is None:
        return None
    number = uscc.normalise(number).removesuffix(".0")  # a program took it for a number
    if len(number) == 15 and number.isdigit():
        if not mod_11_10.is_valid(number):
            row.flag(key, "registration_no_check")
    elif len(number) == 18 and uscc.fault(number) is None:
        row.flag(key, "registration_no_is_uscc")
    else:
        row.flag(key, "registration_no_form")
    return number
