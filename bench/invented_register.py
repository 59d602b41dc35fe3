"""The data: operators of the registration layout and the lists, the same for the same count.

Names and codes come from the demo register's inventor (region, trade name of real character frequencies, trade, form;
valid codes); a fiftieth had another name before. A twentieth is listed: one in a hundred for a violation, four for
abnormal operations, of which the households' stand as marks.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from registry.demo.names import Identity, Inventor
from registry.rules.operator import OperatorKind

SEED = 20240601
AUTHORITY = ("石家庄市市场监督管理局", "111301000000000191")
OPERATORS = "operators.csv"
ABNORMAL_LISTINGS = "abnormal-listings.csv"
VIOLATION_LISTINGS = "violation-listings.csv"
OPERATOR_HEADER = (
    "企业名称",
    "统一社会信用代码",
    "注册号",
    "注册日期",
    "企业类型",
    "法人代表",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
    "曾用名",
)
LISTING_HEADER = (
    "主体名称",
    "统一社会信用代码",
    "列入原因类型",
    "列入原因",
    "列入依据",
    "列入日期",
    "列入决定书文号",
    "作出决定机关",
    "作出决定机关统一社会信用代码",
)
_TYPES = {
    OperatorKind.ENTERPRISE: "有限责任公司(自然人投资或控股)",
    OperatorKind.HOUSEHOLD: "个体工商户",
    OperatorKind.COOPERATIVE: "农民专业合作社",
}

Known = tuple[str, str, str]
"""Code, name, and former name or nothing."""


def write_files(folder: Path, count: int, seed: int = SEED) -> None:
    """The register of so many operators as OPERATORS, ABNORMAL_LISTINGS and VIOLATION_LISTINGS in the folder."""
    inventor, chance = Inventor(seed), Random(seed)
    numbers: set[str | None] = set()
    with (
        (folder / OPERATORS).open("w", encoding="utf-8", newline="") as operators,
        (folder / ABNORMAL_LISTINGS).open("w", encoding="utf-8", newline="") as abnormal,
        (folder / VIOLATION_LISTINGS).open("w", encoding="utf-8", newline="") as violations,
    ):
        writers = [csv.writer(file) for file in (operators, abnormal, violations)]
        for writer, header in zip(writers, (OPERATOR_HEADER, LISTING_HEADER, LISTING_HEADER), strict=True):
            writer.writerow(header)
        for number in range(count):
            one = inventor.identity()
            while one.registration_no in numbers:  # there are few of them, and the importer would find two operators
                one = inventor.identity()
            numbers |= {one.registration_no} - {None}
            writers[0].writerow(_operator(number, one, chance))
            if one.uscc is not None and number % 25 == 11:
                writers[1].writerow(_abnormal_listing(number, one))
            elif one.uscc is not None and number % 100 == 3:
                writers[2].writerow(_violation_listing(number, one))


def names_in(path: Path) -> Iterator[Known]:
    """Those operators of the file that have a code."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["统一社会信用代码"]:
                yield row["统一社会信用代码"], row["企业名称"], row["曾用名"]


def sample(path: Path, size: int) -> list[Known]:
    """So many operators that have a code, spread over the whole file, the same each time."""
    chance = Random(SEED)
    kept: list[Known] = []
    for seen, one in enumerate(names_in(path), 1):
        if len(kept) < size:
            kept.append(one)
        elif (place := chance.randrange(seen)) < size:
            kept[place] = one
    chance.shuffle(kept)
    return kept


def _operator(number: int, one: Identity, chance: Random) -> tuple[str, ...]:
    former = f"{one.district}{one.name[-6:-4]}{chance.choice(('老店', '商行', '经营部'))}{number}号"
    return (
        one.name,
        one.uscc or "",
        one.registration_no or "",
        f"20{number % 24:02d}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        _TYPES[one.kind],
        one.person,
        f"{chance.choice((10, 50, 100, 500))}万元人民币",
        f"{one.trade}的研发、销售；互联网销售（除销售需要许可的商品）；货物进出口",
        "河北省",
        f"石家庄市{one.district}",
        f"石家庄市{one.district}中山路{number % 400 + 1}号",
        former if number % 50 == 7 else "",
    )


def _abnormal_listing(number: int, one: Identity) -> tuple[str, ...]:
    """For the report of 2024, or since nobody was found at the address."""
    if number % 2:
        reason, words = "R1", "未按照规定期限公示2024年度年度报告"
    else:
        reason, words = "R4", "通过登记的住所或者经营场所无法联系"
    basis = "《企业经营异常名录管理暂行办法》第四条"
    return one.name, one.uscc or "", reason, words, basis, "2026-07-06", f"石市监列〔2026〕{number}号", *AUTHORITY


def _violation_listing(number: int, one: Identity) -> tuple[str, ...]:
    basis = "《市场监督管理严重违法失信名单管理办法》第五条第（一）项"
    words = "未依法取得食品经营许可从事食品经营活动，情节严重"
    return one.name, one.uscc or "", "", words, basis, "2026-03-02", f"石市监严〔2026〕{number}号", *AUTHORITY
