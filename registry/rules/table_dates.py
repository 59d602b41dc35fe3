"""Days as tables print them."""

import re
import unicodedata
from datetime import date, datetime, timedelta

_PRINTED = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119: smaller and larger numbers are not days of this register


def parse(value: object) -> date | None:
    """A day from a cell: `2024/2/29`, `2024-02-29`, `2024年2月29日`, `20240229`, an Excel serial, a date cell.

    None when it is no day (`2024-02-30`) or carries a time of day, which would lose something.
    """
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else None
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return _serial(value)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    match = _PRINTED.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is not None:
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
    return _serial(float(text)) if re.fullmatch(r"\d{5}(\.0+)?", text) else None


def _serial(number: float) -> date | None:
    """A whole number of days in range; neither is an infinity or a NaN, which a formula can leave in a cell."""
    if (isinstance(number, float) and not number.is_integer()) or int(number) not in _SERIALS:
        return None
    return _EXCEL_EPOCH + timedelta(days=int(number))
