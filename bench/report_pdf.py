"""How long a signed credit report of three pages takes, and how big it is.

Targets (architecture.md, section 5): 150 ms at p95, 150 KB. Each round prints another operator, so that no text is met
already set; fonts and keys are warm, as in a server that has printed before.
"""

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from bench.database import Bench
from bench.figures import Figure, percentile
from registry.reports.credit_report import render
from registry.reports.model import (
    CreditReportData,
    ReportItem,
    ReportSection,
    ReportSubject,
    ReportTag,
    SectionKind,
    Tone,
)
from registry.reports.signing import SigningIdentity

ROUNDS = 100
MOST_MILLISECONDS = 150
MOST_KILOBYTES = 150
TRADE_NAMES = "恒昌瑞祺晟禾泽沐宸逸骏翔鑫磊淼焱垚翀喆曦昊璟琪瑾瑜珺珩琛瑶璇玥璐琳珊瑚碧翠岚峦峰岳嵩崧嵘"
REGISTRY_OFFICE = "石家庄市长安区市场监督管理局"
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


def report_of(round_no: int) -> CreditReportData:
    """A made-up restaurant with two penalties, a licence and one listing; its trade name differs with the round."""
    letters = "".join(islice(cycle(TRADE_NAMES), round_no, round_no + 3))
    name = f"石家庄{letters}餐饮管理服务有限公司"
    code = f"91130102MA{round_no:07d}X"
    at = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC) + timedelta(seconds=round_no)
    report_no = f"20261123{round_no:06d}50859D39"
    penalties = tuple(_penalty(round_no, number, facts) for number, facts in enumerate(FACTS, start=1))
    listing = ReportItem(
        kind="列入经营异常名录",
        title="通过登记的住所或者经营场所无法联系",
        rows=(
            ("列入日期", "2026-07-14"),
            ("作出决定机关", REGISTRY_OFFICE),
            ("列入依据", "《企业经营异常名录管理暂行办法》第四条第四项"),
            ("移出条件", "依法办理住所变更登记，或者重新取得联系后申请移出"),
        ),
        source=REGISTRY_OFFICE,
        ends="公示至移出经营异常名录之日",
        tone=Tone.ABNORMAL,
        record_id=f"130100.abnormal-listings.{round_no:032x}",
    )
    return CreditReportData(
        report_no=report_no,
        issued_at=at,
        data_as_of=at - timedelta(hours=1),
        ledger_seq=1_000_000 + round_no,
        issuer="石家庄市市场监督管理局",
        scope_name="石家庄市登记注册的经营主体",
        verify_url=f"https://credit.example.cn/verify/{report_no}",
        subject=ReportSubject(
            name=name,
            code=code,
            code_label="统一社会信用代码",
            rows=(
                ("名称", name),
                ("曾用名", f"石家庄市长安区{letters}小吃店"),
                ("统一社会信用代码", code),
                ("类型", "有限责任公司（自然人投资或控股）"),
                ("法定代表人", f"赵{letters[1:]}"),
                ("成立日期", "2018-06-01"),
                ("登记状态", "存续（在营、开业）"),
                ("登记机关", REGISTRY_OFFICE),
                ("行业", "正餐服务"),
                ("住所", "河北省石家庄市长安区谈固东街与裕华路交叉口东北角商铺 A-106 号"),
                ("网站或者网店", f"{letters}旗舰店  https://shop.example.com/{round_no}"),
            ),
            source=REGISTRY_OFFICE,
            tags=(ReportTag("存续"), ReportTag("经营异常名录", Tone.ABNORMAL)),
        ),
        sections=(
            ReportSection(SectionKind.ADMINISTRATION, (*penalties, _licence(round_no))),
            ReportSection(SectionKind.SERIOUS_BREACH, ()),
            ReportSection(SectionKind.ABNORMAL_OPERATION, (listing,)),
        ),
    )


def _penalty(round_no: int, number: int, facts: str) -> ReportItem:
    document_no = f"石长市监罚处〔2026〕{round_no * 10 + number}号"
    return ReportItem(
        kind="行政处罚",
        title=document_no,
        rows=(
            ("决定书文号", document_no),
            ("处罚类别", "罚款；没收违法所得"),
            ("违法行为类型", "违反广告管理、食品安全管理规定"),
            ("处罚决定日期", "2026-03-02"),
            ("违法事实", facts),
            (
                "处罚依据",
                "《中华人民共和国广告法》第五十五条；《中华人民共和国食品安全法》第一百二十四条、第一百三十六条",
            ),
            ("处罚内容", "责令停止违法行为；没收违法所得 102.00 元；罚款 20,000.00 元（2 万元）"),
            ("处罚机关", REGISTRY_OFFICE),
            ("公示起始", "2026-03-10"),
        ),
        source=f"{REGISTRY_OFFICE}（2026-11-22 23:10 更新）",
        ends="公示至 2027-03-02（不含当日）；依据《信用修复管理办法》",
        record_id=f"130100.penalties.{round_no:030x}{number:02x}",
    )


def _licence(round_no: int) -> ReportItem:
    return ReportItem(
        kind="行政许可",
        title=f"JY2130102{round_no:07d}",
        rows=(
            ("许可文书号", f"JY2130102{round_no:07d}"),
            ("许可类别", "核准"),
            ("许可决定日期", "2025-05-06"),
            ("有效期至", "2030-05-05"),
            ("许可内容", "热食类食品制售、冷食类食品制售（含凉菜）、自制饮品制售"),
            ("许可机关", "石家庄市长安区行政审批局"),
        ),
        source="石家庄市长安区行政审批局",
        ends="许可有效期内持续公示",
    )


def measure(bench: Bench) -> list[Figure]:
    """Needs no register: what is printed is made up here."""
    del bench
    with tempfile.TemporaryDirectory() as folder:
        signer = SigningIdentity.load_or_create(Path(folder), "石家庄市经营主体信用登记系统")
        pages = render(report_of(0), None).count(b"/Type /Page\n")
        seconds, sizes = [], []
        for round_no in range(1, ROUNDS + 1):
            report = report_of(round_no)
            started = time.perf_counter()
            sizes.append(len(render(report, signer)))
            seconds.append(time.perf_counter() - started)
    median, p95, largest = statistics.median(seconds) * 1000, percentile(seconds, 0.95) * 1000, max(sizes) / 1000
    return [
        Figure(
            f"credit report, {pages} pages, signed",
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
