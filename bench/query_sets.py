"""What people type when they look for an operator, made from names that stand in the register."""

import re
from collections.abc import Callable, Sequence
from random import Random

from opencc import OpenCC

from bench.invented_register import Known
from registry.rules import names
from registry.rules.regions import NAMES

SEED = 20240601
_PLACES = "|".join(sorted(NAMES.values(), key=len, reverse=True))
_BEFORE = re.compile(rf"^(河北省?|石家庄市?|{_PLACES})+")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_WIDTH = str.maketrans("（）()", "()（）")
_TRADITIONAL = OpenCC("s2t")

Sought = tuple[str, str]
"""What is typed, and the code of the operator that is meant."""


def trade_name(name: str) -> str:
    """The name from the trade name on: without the place before it, and without brackets."""
    return _BRACKETS.sub("", _BEFORE.sub("", name))


def query_sets(known: Sequence[Known]) -> dict[str, list[Sought]]:
    """Queries by kind for operators given as code, name, former name (or nothing)."""
    chance = Random(SEED)

    def typed(make: Callable[[str], str]) -> list[Sought]:
        return [(make(name), code) for code, name, _ in known]

    def wrong(name: str) -> str:
        place = len(name) - len(trade_name(name)) + 1 if _BRACKETS.search(name) is None else 1
        return name[:place] + chance.choice("亿彤兰岩晓") + name[place + 1 :]

    return {
        "2 characters": typed(lambda name: trade_name(name)[:2]),
        "3 characters": typed(lambda name: trade_name(name)[:3]),
        "4 characters": typed(lambda name: trade_name(name)[:4]),
        "the whole name": typed(lambda name: name),
        "brackets of the other width": [
            (name.translate(_WIDTH), code) for code, name, _ in known if _BRACKETS.search(name)
        ],
        "a former name": [(former, code) for code, _, former in known if former],
        "traditional characters": typed(lambda name: _TRADITIONAL.convert(trade_name(name)[:6])),
        "pinyin": typed(lambda name: "".join(names.pinyin(trade_name(name)[:4]))),
        "initials": typed(lambda name: names.initials(trade_name(name)[:6])),
        "one wrong character": typed(wrong),
        "the code": [(code, code) for code, _, _ in known],
    }
