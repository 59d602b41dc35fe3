"""How an article of law is cited on pages: `《…规定》第四条至第九条、第十六条` in Chinese, `…规定 art. 4–9, 16` in English.

Rule sets hold the short form `law (note) art. 4-9, 16; law art. 3`. This is the only place that turns it into words.
"""

import re

from flask import Flask
from flask_babel import gettext as _

from blueprints.pages.language import is_english

_PART = re.compile(
    r"(?P<law>[^()（）,:]+?)(?: ?[(（](?P<note>[^()（）]+)[)）])?"
    r"(?: art\. (?P<articles>\d+(?:[-–]\d+)?(?:, \d+(?:[-–]\d+)?)*))?"
    r"(?:[,:] (?P<rest>.+))?"
)
_DOCUMENT_NUMBER = re.compile(r".*〔\d{4}〕\d+号")
_ANALOGY = re.compile(r"(?P<what>.+) by analogy with art\. (?P<article>\d+)")
_CITED = re.compile(r"[^《》第，。;]+(?:办法|条例|规定|法)(?: ?\([^()]+\))?(?: art\. [\d, –-]+)?(?:; .+)?")
_DIGITS = "零一二三四五六七八九"


def register(app: Flask) -> None:
    """Offer the format to every template."""
    app.add_template_filter(citation, "citation")
    app.add_template_filter(basis, "basis")


def basis(printed: str | None) -> str | None:
    """The basis of a record: as its authority printed it, or the citation of a rule set where it printed none."""
    return citation(printed) if printed and _CITED.fullmatch(printed) else printed


def citation(source: str) -> str:
    """A citation of a rule set in the reader's language; what does not follow the short form stays as it is."""
    if is_english():
        return re.sub(r"(?<=\d)-(?=\d)", "–", source)
    return "；".join(_in_chinese(part.strip()) for part in source.split(";"))


def chinese_numeral(number: int) -> str:
    """A number from 1 to 9999 as law writes it: 十六, 二十, 一百零三, 一百一十."""
    words, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            words += (_DIGITS[0] if gap and words else "") + _DIGITS[digit] + unit
        gap = not digit
    return words.removeprefix("一") if 10 <= number < 20 else words


def _in_chinese(part: str) -> str:
    found = _PART.fullmatch(part)
    if found is None:
        return part
    law = found["law"] if _DOCUMENT_NUMBER.fullmatch(found["law"]) else f"《{found['law']}》"
    note = f"（{found['note']}）" if found["note"] else ""
    articles = "、".join(_articles(each) for each in found["articles"].split(", ")) if found["articles"] else ""
    return f"{law}{note}{articles}{_remark(found['rest'])}"


def _remark(words: str | None) -> str:
    if words is None:
        return ""
    if words == "to be confirmed":
        return _(" (to be confirmed)")
    analogy = _ANALOGY.fullmatch(words)
    return f"（{analogy['what']}，参照{_articles(analogy['article'])}）" if analogy else f"（{words}）"


def _articles(span: str) -> str:
    return "至".join(f"第{chinese_numeral(int(number))}条" for number in re.split("[-–]", span))
