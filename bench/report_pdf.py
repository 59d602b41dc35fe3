"""How long a reader waits for a credit report of three pages, and how big it is.

Targets (architecture.md, section 5): 150 ms at p95, 150 KB. What is timed is all of it: reading what is public at one
position of the ledger, typesetting, signing, entering the report, and the commit. Each round asks about another
operator, so that no text is met already set; fonts and keys are warm, as in a server that has printed before.
"""

import csv
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench.database import Bench, say
from bench.figures import Figure, percentile
from bench.invented_register import AUTHORITY, Known
from models import Operator, db
from registry.app import create_app
from registry.clock import today
from registry.config import Settings
from registry.services import credit_reports
from registry.services.credit_reports import IssuedReport
from registry.transaction import transaction

ROUNDS = 100
WARM_UP = 5
MOST_MILLISECONDS = 150
MOST_KILOBYTES = 150
PENALTIES = "report-penalties.csv"
ADVERTISING = (
    "当事人在其开设的网店商品详情页面宣称所售膏贴具有“根治颈椎病”“三日见效”“国家专利”等内容，不能提供任何检验报告、"
    "临床依据或者专利证书，与实际情况不符，足以欺骗、误导消费者，构成发布虚假广告的违法行为。案发后当事人主动删除链接，"
    "配合调查，如实陈述违法事实并提供证据材料。"
)
FOOD = (
    "经抽样检验，当事人销售的散装酱腌菜苯甲酸及其钠盐项目不符合食品安全国家标准《食品添加剂使用标准》要求，检验结论为不合格。"
    "当事人未履行进货查验义务，无法提供供货者许可证、出厂合格证明及购销凭证，货值金额四百八十六元，违法所得一百零二元。"
)
FACTS = (ADVERTISING, FOOD)


def measure(bench: Bench) -> list[Figure]:
    """Needs the register; gives a hundred of its operators two penalties each."""
    bench.ensure_register()
    known = bench.sample(ROUNDS + WARM_UP)
    _take_in_records(bench, known)
    app = create_app(Settings.from_env(bench.environ))
    with app.app_context():
        for code, _, _ in known[:WARM_UP]:
            _issue(app, code)
        timed = [_timed(app, code) for code, _, _ in known[WARM_UP:]]
        db.session.remove()
        db.engine.dispose()
    took = [seconds * 1000 for seconds, _ in timed]
    pages = sorted({_pages(issued) for _, issued in timed})
    median, p95 = percentile(took, 0.5), percentile(took, 0.95)
    largest = max(len(issued.pdf) for _, issued in timed) / 1000
    return [
        Figure(
            f"credit report of {' or '.join(map(str, pages))} pages, issued",
            f"p95 {p95:.0f} ms (p50 {median:.0f} ms)",
            "",
            "",
            f"<= {MOST_MILLISECONDS} ms",
            p95 <= MOST_MILLISECONDS,
        ),
        Figure(
            "  the largest of them", f"{largest:.0f} KB", "", "", f"<= {MOST_KILOBYTES} KB", largest <= MOST_KILOBYTES
        ),
    ]


def _pages(issued: IssuedReport) -> int:
    """Pages of the file as printed; the signature comes behind with a newer copy of the first."""
    printed, _, _ = issued.pdf.partition(b"%%EOF")
    return printed.count(b"/Type /Page\n")


def _timed(app: Flask, code: str) -> tuple[float, IssuedReport]:
    started = time.perf_counter()
    issued = _issue(app, code)
    return time.perf_counter() - started, issued


def _issue(app: Flask, code: str) -> IssuedReport:
    settings: Settings = app.extensions["registry_settings"]
    with transaction():
        operator_id = db.session.execute(select(Operator.id).where(Operator.uscc == code)).scalar_one()
        return credit_reports.issue(operator_id, settings=settings)


def _take_in_records(bench: Bench, known: list[Known]) -> None:
    """Through the real import; a file that stands already is taken in again, which changes nothing."""
    path = bench.folder / PENALTIES
    if not path.exists():
        _write(path, [row for of_one in map(_penalties, known) for row in of_one])
    say(f"taking in {path.name}")
    bench.flask("import", "penalties", str(path), "--authority", AUTHORITY[1])


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _party(known: Known) -> Mapping[str, str]:
    code, name, _ = known
    return {
        "行政相对人名称": name,
        "行政相对人类别": "个体工商户" if code.startswith("92") else "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": code,
    }


def _penalties(known: Known) -> Iterable[dict[str, str]]:
    organ, organ_code = AUTHORITY
    decided = today() - timedelta(days=30)
    for number, facts in enumerate(FACTS, start=1):
        yield {
            **_party(known),
            "行政处罚决定书文号": f"石市监罚〔{decided.year}〕{known[0][9:17]}{number}号",
            "违法行为类型": "违反广告管理、食品安全管理规定",
            "违法事实": facts,
            "处罚依据": "《中华人民共和国广告法》第五十五条；《中华人民共和国食品安全法》第一百二十四条、第一百三十六条",
            "处罚类别": "罚款;没收违法所得",
            "处罚内容": "责令停止违法行为；没收违法所得102元；罚款20000元",
            "罚款金额（万元）": "2",
            "没收违法所得、没收非法财物的金额（万元）": "0.0102",
            "处罚决定日期": decided.isoformat(),
            "处罚有效期": "2099/12/31",
            "处罚机关": organ,
            "处罚机关统一社会信用代码": organ_code,
            "数据来源单位": organ,
            "数据来源单位统一社会信用代码": organ_code,
        }
