"""What two nodes tell each other in the benchmark: files of operators, and of a fine on each of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

from bench.invented_register import AUTHORITY, OPERATORS, names_in, write_files

PENALTIES = "penalties.csv"
_ACT = "发布虚假广告"
_FACTS = "当事人在其网店页面对所售商品作虚假宣传，内容与实际情况不符，经执法人员现场检查并提取网页截图予以证实"
_BASIS = "《中华人民共和国广告法》第五十五条第一款"
_HEADER = (
    "行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)", "法定代表人", "行政处罚决定书文号", "违法行为类型",
    "违法事实", "处罚依据", "处罚类别", "处罚内容", "罚款金额（万元）", "处罚决定日期", "处罚有效期", "处罚机关",
    "处罚机关统一社会信用代码", "数据来源单位", "数据来源单位统一社会信用代码",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one node."""

    operators: Path
    penalties: Path


def write(folder: Path, records: int, seed: int) -> Files:
    """Files of so many records, half of them operators, half penalties; another seed gives other operators."""
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, records // 2, seed)
    files = Files(folder / OPERATORS, folder / PENALTIES)
    with files.penalties.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for number, (code, name, _) in enumerate(names_in(files.operators)):
            writer.writerow(_penalty(number, seed, code, name))
    return files


def _penalty(number: int, seed: int, code: str, name: str) -> tuple[str, ...]:
    kind = "个体工商户" if code.startswith("92") else "法人及非法人组织"
    document = f"石市监罚〔2026〕{seed % 1000}{number:06d}号"
    day = f"2026-{number % 9 + 1:02d}-{number % 28 + 1:02d}"
    return (
        name, kind, code, "张三丰", document, _ACT, _FACTS, _BASIS, "罚款", "罚款20000元", "2", day, "2099/12/31",
        *AUTHORITY, *AUTHORITY,
    )  # fmt: skip
