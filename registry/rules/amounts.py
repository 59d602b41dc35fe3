"""Amounts: 万元 on the wire and in templates, yuan inside, exact both ways (standards.md 1.7)."""

import re
import unicodedata
from decimal import Decimal

_WAN = re.compile(r"\d{1,12}(\.\d{1,6})?")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "肆": 4, "五": 5, "伍": 5,
           "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_NUMERALS = "".join(_DIGITS) + "".join(_UNITS) + "万亿萬億"
_IN_TEXT = re.compile(rf"(?P<figure>\d[\d,]*(?:\.\d+)?)\s*(?P<wan>万)?元|(?P<words>[{_NUMERALS}]+)元")
CENT = Decimal("0.01")


def wan_to_yuan(text: str) -> Decimal | None:
    """Yuan with two decimals for an amount printed in 万元; None when it is not one (sign, more than six decimals, words).

    Thousands separators and full width are accepted: people type them.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if _WAN.fullmatch(plain) is None:
        return None
    return (Decimal(plain) * 10_000).quantize(CENT)


def yuan_to_wan(yuan: Decimal | int) -> str:
    """The amount in 万元 without trailing zeros, at most six decimals: 545.00 gives `0.0545`."""
    wan = (Decimal(yuan) / 10_000).quantize(Decimal("0.000001"))
    return f"{wan:f}".rstrip("0").rstrip(".")


def format_yuan(yuan: Decimal) -> str:
    """Yuan with thousands separators, cents only where there are some."""
    return f"{yuan:,.2f}".removesuffix(".00")


def amounts_in_text(text: str) -> list[Decimal]:
    """Amounts in yuan that a decision's text names, in order: `2,000元`, `0.2万元`, `陆万元整`."""
    found = []
    for match in _IN_TEXT.finditer(unicodedata.normalize("NFKC", text)):
        if match["figure"]:
            figure = Decimal(match["figure"].replace(",", ""))
            found.append((figure * 10_000 if match["wan"] else figure).quantize(CENT))
        else:
            found.append(Decimal(_chinese(match["words"])).quantize(CENT))
    return found


def unit_suspect(yuan: Decimal, text: str) -> bool:
    """Whether yuan seem to have been written in a 万元 field: the text names exactly a ten-thousandth of the amount."""
    named = amounts_in_text(text)
    return bool(named) and yuan not in named and (yuan / 10_000).quantize(CENT) in named


def disagrees(yuan: Decimal, text: str) -> bool:
    """Whether the text names amounts, and this one is not among them."""
    named = amounts_in_text(text)
    return bool(named) and yuan not in named


def _chinese(words: str) -> int:
    """The number that Chinese numerals write, up to 亿."""
    for unit, size in (("亿", 10**8), ("億", 10**8), ("万", 10**4), ("萬", 10**4)):
        if unit in words:
            high, low = words.split(unit, 1)
            return _chinese(high or "一") * size + (_chinese(low) if low else 0)
    total = digit = 0
    for character in words:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * _UNITS[character]
            digit = 0
    return total + digit
