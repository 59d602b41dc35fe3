"""Hiding what is not published of natural persons: names of parties, and numbers and addresses inside free text.

Source: domain.md 3.12 (个人信息保护法; GB/T 35273-2020 §7.2). Codes of organisations, registration numbers and licence
numbers are public and stay.
"""

import re
import unicodedata

from stdnum.iso7064 import mod_11_10
from stdnum.luhn import is_valid as passes_luhn

from registry.rules import identity_numbers, uscc

HIDDEN = "***"

_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
    "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生左丘西门第五贺兰纳兰"
)
_COMPOUND_SURNAMES = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d[\d ]{13,21}[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![0-9A-Za-z])")
_LANDLINE = re.compile(r"((?:联系)?电话(?:号码)?[:：为是]?\s*)0\d{2,3}[- ]?\d{7,8}")
_ACCOUNT = re.compile(r"((?:银行)?(?:账号|帐号|账户|帐户|卡号)[:：为是]?\s*)\d[\d ]{7,25}\d")
_ADDRESS = re.compile(
    r"((?:家庭住址|家庭地址|户籍地址|户籍所在地|户籍地|居住地|现住址|住址|现住|家住|(?<=[，,；;。（(])住(?![宿所房院建户客店])(?=\w{2,12}?[省市区县]))"
    r"[:：为是在]?\s*)[^，,。；;、（）()\s]{4,60}"
)

_LONG_NUMBER = re.compile(r"\d[\d -]{9,}\d")


def mask_person_name(name: str) -> str:
    """Surname and an asterisk: 张*, 欧阳*; of a foreign name its first letter. One character is hidden as a whole."""
    plain = name.strip()
    if len(plain) < 2:
        return "*"
    surname = plain[:2] if plain[:2] in _COMPOUND_SURNAMES and len(plain) > 2 else plain[:1]
    return f"{surname}*"


def mask_identity_number(number: str) -> str:
    """For regulators: the first three and the last four characters (130***********1234)."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def mask_mobile(number: str) -> str:
    """For regulators: 138****5678."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def mask_text(text: str) -> str:
    """The text without identity numbers, mobile and telephone numbers, accounts and home addresses of anybody."""
    masked = _ACCOUNT.sub(rf"\1{HIDDEN}", text)
    masked = _ADDRESS.sub(rf"\1{HIDDEN}", masked)
    masked = _LANDLINE.sub(rf"\1{HIDDEN}", masked)
    masked = _NUMBER.sub(lambda match: HIDDEN if _is_personal(match[0].replace(" ", "")) else match[0], masked)
    return _MOBILE.sub(HIDDEN, masked)


def may_name_person_data(text: str) -> bool:
    """A quick look: False where `names_person_data` is False for the text and for each of its lines."""
    return "住" in text or "户籍" in text or "家庭地址" in text or _LONG_NUMBER.search(text) is not None


def names_person_data(text: str) -> bool:
    """Whether a text holds an identity number, a mobile number or a home address that nobody has hidden."""
    if not may_name_person_data(text):
        return False
    text = unicodedata.normalize("NFKC", text)  # digits of full width say the same
    if _MOBILE.search(text) or any(_is_identity_number(match[0].replace(" ", "")) for match in _NUMBER.finditer(text)):
        return True
    return any(HIDDEN not in match[0] for match in _ADDRESS.finditer(text))


def _is_identity_number(number: str) -> bool:
    if len(number) == 18:
        return identity_numbers.is_valid(number.upper())
    return len(number) == 15 and _is_personal(number)


def _is_personal(number: str) -> bool:
    """Whether a long number is somebody's: an identity number of either form, or a bank card."""
    if len(number) == 18 and identity_numbers.is_valid(number.upper()):
        return True
    if len(number) == 18 and uscc.fault(number.upper()) is None:
        return False
    if len(number) == 15 and number.isdigit():
        return not mod_11_10.is_valid(number) and identity_numbers.is_valid(identity_numbers.in_18_characters(number))
    return len(number) in {16, 19} and number.startswith(("62", "4", "5")) and number.isdigit() and passes_luhn(number)
