"""The standing words of a report. The document is Chinese whatever language its reader's pages are in.

Sections and counts follow the national report V2.0 (domain.md 7.2); there is no score.
"""

from datetime import date, datetime

from registry.clock import BEIJING
from registry.reports.model import CreditReportData, ReportSection, SectionKind, SpecialField, SpecialScope
from registry.reports.signing import SigningIdentity

FULL_TITLE = "经营主体公共信用信息报告"
SPECIAL_TITLE = "经营主体专项信用信息报告"
FULL_SUBTITLE = "完整版"
SPECIAL_SUBTITLE = "有无违法违规记录证明版"
REGISTRATION = "基本信息"
NOTES = "报告说明"
SPECIAL_RESULT = "查询范围与结果"
SPECIAL_ITEMS = "记录明细"
CONTINUED = "（续）"
NOT_PUBLISHED = "未公示"
NOT_COLLECTED = "未归集"
NOT_COLLECTED_NOTE = "本系统未归集此类信息，不等于没有记录"
UNDER_OBJECTION = "异议处理中"
SOURCE = "数据来源单位"
ENDS = "公示期限"
RECORD_ID = "记录编号"
NUMERALS = "一二三四五六七八九"

SECTION_TITLES = {
    SectionKind.ADMINISTRATION: "行政管理",
    SectionKind.HONESTY: "诚实守信",
    SectionKind.SERIOUS_BREACH: "严重失信",
    SectionKind.ABNORMAL_OPERATION: "经营异常",
    SectionKind.COMMITMENT: "信用承诺",
    SectionKind.EVALUATION: "信用评价",
    SectionKind.JUDGMENT: "司法判决",
    SectionKind.OTHER: "其他",
}


def moment_words(moment: datetime) -> str:
    """2026-11-23 10:00:00, in Beijing time."""
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def day_words(day: date) -> str:
    """2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def grouped_code(code: str) -> tuple[str, ...]:
    """A code in groups for reading aloud: 911301 02MA0 7XKJ4 2Y; other lengths in fives."""
    if len(code) == 18:
        return code[:6], code[6:11], code[11:16], code[16:]
    return tuple(code[start : start + 5] for start in range(0, len(code), 5))


def nothing_found(kind: SectionKind, report: CreditReportData) -> str:
    """What it means that a section has no item."""
    return f"截至{moment_words(report.data_as_of)}，本系统范围内未发现公示中的{SECTION_TITLES[kind]}信息。"


def conclusion(report: CreditReportData) -> str:
    """The sentence on top, from the report's own sections."""
    if report.special:
        return _special_conclusion(report.special)
    serious = report.section(SectionKind.SERIOUS_BREACH)
    abnormal = report.section(SectionKind.ABNORMAL_OPERATION)
    found = []
    if serious and serious.items:
        found.append(f"现被列入严重违法失信名单（{len(serious.items)}条）")
    if abnormal and abnormal.items:
        found.append(f"现有经营异常信息{len(abnormal.items)}条")
    if found:
        return f"该主体{'，'.join(found)}。事实、依据、机关和公示期限见正文。"
    looked_for = [words for section, words in ((serious, "严重违法失信名单"), (abnormal, "经营异常信息")) if section]
    if not looked_for:
        return "本报告列示该主体在本系统范围内公示中的公共信用信息。"
    start = f"截至{moment_words(report.data_as_of)}，本系统范围内未发现该主体公示中的{'、'.join(looked_for)}。"
    administration = report.section(SectionKind.ADMINISTRATION)
    if administration and administration.items:
        start += f"另有行政管理信息{len(administration.items)}条，见正文。"
    return start


def _special_conclusion(scope: SpecialScope) -> str:
    days = f"{day_words(scope.from_on)}至{day_words(scope.to_on)}"
    collected = [field for field in scope.fields if field.items is not None]
    if not collected:
        return "本报告所列领域的信息本系统均未归集，不能说明有无记录。"
    names = "、".join(field.name for field in collected)
    count = len(scope.items)
    if count:
        return f"在{names}领域和{days}期间，本系统范围内发现记录{count}条，见正文。"
    return f"在{names}领域和{days}期间，本系统范围内未发现记录。"


def special_result(field: SpecialField) -> str:
    """The answer for one field of law: never "no violation", only what was found in scope."""
    if field.items is None:
        return NOT_COLLECTED_NOTE
    count = len(field.items)
    return f"发现记录{count}条，见“{SPECIAL_ITEMS}”" if count else "在查询范围内未发现记录"


def count_words(section: ReportSection | None) -> str:
    """The figure in the overview."""
    return NOT_COLLECTED if section is None else str(len(section.items))


def notes(report: CreditReportData) -> tuple[tuple[str, str], ...]:
    """The closing page, heading and text: scope, use, verification, correction, remedies.

    Remedies: Administrative Reconsideration Law (2023) art. 20, 24; Administrative Litigation Law art. 45, 46.
    """
    return (
        (
            "报告范围",
            f"本报告收录{report.scope_name}在本系统归集并依法处于公示期内的信息，数据截至{moment_words(report.data_as_of)}，"
            f"对应台账第{report.ledger_seq}号。公示期届满、已经信用修复、被撤销或者依法不公开的信息不予列示。"
            "“未发现”仅表示在上述范围和时点内没有查询到记录，“未归集”表示本系统不收录该类信息，二者都不是对主体合法合规的证明。",
        ),
        (
            "使用建议",
            "本报告不评分、不评级，不代替使用者自己的判断。信息会随列入、移出、修复和更正而变化，作出重要决定前请重新查询；"
            "对轻微或者已到期的记录，请勿采取超出法律规定的限制措施。",
        ),
        (
            "真伪核验",
            f"扫描首页二维码或者访问 {report.verify_url} ，可以查明本报告有效、已被更新还是查无此号，"
            "并可用文件的摘要值核对内容是否被改动。"
            "带有电子签名的PDF文件可以直接在阅读软件中验证签名；打印件以核验页面为准。",
        ),
        (
            "异议与修复",
            "认为信息有误、遗漏或者侵犯合法权益的，可以向数据来源单位或者通过本系统提出异议，免费办理；"
            "符合条件的主体可以申请信用修复，修复后信息停止公示、停止共享。",
        ),
        (
            "救济途径",
            "对行政处罚、列入名单等决定不服的，可以自知道或者应当知道该决定之日起六十日内，向作出决定机关的本级人民政府申请行政复议，"
            "也可以自知道或者应当知道之日起六个月内依法向人民法院提起行政诉讼；决定文书另有告知的，以文书为准。",
        ),
    )


def issued_by(report: CreditReportData, signer: SigningIdentity | None) -> tuple[tuple[str, str], ...]:
    """Issuing unit and moment; with a signature, whose it is and its certificate's SHA-256 in groups of four."""
    rows = (("出具单位", report.issuer), ("出具时间", f"{moment_words(report.issued_at)}（北京时间）"))
    if signer is None:
        return rows
    fingerprint = signer.fingerprint.upper()
    groups = " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))
    return (
        *rows,
        ("电子签名", f"{signer.common_name}（PAdES，ECDSA P-256，SHA-256）"),
        ("证书指纹", f"SHA-256 {groups}"),
    )


ADVICE = "信用是经营主体的第二张名片。请依法依规经营，按时履行公示义务，及时纠正失信行为。"
