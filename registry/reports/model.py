"""What a credit report says, as plain values: a service fills these, `credit_report.render` prints them.

Everything here is public content: the one who fills it asks the publicity rules first. All texts are Chinese, as the
document is. A blank value is printed as 未公示; pass 不适用 or a longer word where that is the truth.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Tone(StrEnum):
    """How an item or tag is coloured. Amber belongs to the abnormal list and red to the violation list alone."""

    NEUTRAL = "neutral"
    ABNORMAL = "abnormal"
    VIOLATION = "violation"


class SectionKind(StrEnum):
    """Sections two to nine of the national report, in their order; section one is the subject's registration."""

    ADMINISTRATION = "administration"  # 行政管理: licences and penalties
    HONESTY = "honesty"  # 诚实守信
    SERIOUS_BREACH = "serious_breach"  # 严重失信: the violation list
    ABNORMAL_OPERATION = "abnormal_operation"  # 经营异常: the abnormal list and marks of households
    COMMITMENT = "commitment"  # 信用承诺
    EVALUATION = "evaluation"  # 信用评价
    JUDGMENT = "judgment"  # 司法判决
    OTHER = "other"  # 其他


@dataclass(frozen=True, slots=True)
class ReportTag:
    """A short word under the subject's name: 存续, 失信惩戒对象, 经营异常 …"""

    text: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class ReportItem:
    """One public record.

    `kind` says what it is (行政处罚), `title` which one (its document number or the list's name). `rows` are label and
    value in the official order; values may be long and have line breaks. `source` is the unit that supplied the record,
    with the time of its newest supply where known. `ends` says how its publication ends, with the article:
    "公示至 2029-03-02（不含当日）；依据……". `record_id` lets a reader find `/records/<record_id>`.
    """

    kind: str
    title: str
    rows: tuple[tuple[str, str], ...]
    source: str
    ends: str
    tone: Tone = Tone.NEUTRAL
    under_objection: bool = False
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReportSection:
    """The items of one section, newest first. `items=()` means: looked for, nothing public found.

    Leave the section out of `CreditReportData.sections` where the register does not collect this kind at all: it is
    then printed as 未归集, which is not the same as none.
    """

    kind: SectionKind
    items: tuple[ReportItem, ...]


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """Whom the report is about. `code_label`: 统一社会信用代码 or 注册号. `rows`: the registration, label and value.

    `tags` of a special report: the registration status alone, as lists may lie outside its scope.
    """

    name: str
    code: str
    code_label: str
    rows: tuple[tuple[str, str], ...]
    source: str
    tags: tuple[ReportTag, ...] = ()


@dataclass(frozen=True, slots=True)
class SpecialField:
    """One field of law that a special report asks about (市场监管, 知识产权 …), with the records found in it.

    `items=None`: the register does not collect this field, so that nothing is said about it.
    """

    name: str
    items: tuple[ReportItem, ...] | None


@dataclass(frozen=True, slots=True)
class SpecialScope:
    """What makes a report a special one (信用代证): fields, and days from `from_on` to `to_on`, both included."""

    fields: tuple[SpecialField, ...]
    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if not self.fields or self.from_on > self.to_on:
            raise ValueError("a special report needs a field, and days in order")

    @property
    def items(self) -> tuple[ReportItem, ...]:
        """What was found in all fields; a record that belongs to several of them comes once."""
        return tuple(dict.fromkeys(item for field in self.fields for item in field.items or ()))


@dataclass(frozen=True, slots=True)
class CreditReportData:
    """A whole report. Moments are aware; they are printed in Beijing time.

    `data_as_of`: newest completed intake of the sources. `ledger_seq`: newest ledger entry that the report takes into
    account. `scope_name`: what the register covers ("石家庄市……登记注册的经营主体"). `verify_url`:
    `<site_url>/verify/<report_no>`, printed and in the QR code. `conclusion`: the sentence on top; None lets the report
    state it from its own sections. A report with `special` prints that scope and ignores `sections`.
    """

    report_no: str
    issued_at: datetime
    data_as_of: datetime
    ledger_seq: int
    issuer: str
    scope_name: str
    verify_url: str
    subject: ReportSubject
    sections: tuple[ReportSection, ...] = ()
    special: SpecialScope | None = None
    conclusion: str | None = None

    def __post_init__(self) -> None:
        if self.issued_at.tzinfo is None or self.data_as_of.tzinfo is None:
            raise ValueError("moments of a report need a time zone")
        if len({section.kind for section in self.sections}) != len(self.sections):
            raise ValueError("a kind of section comes once")

    def section(self, kind: SectionKind) -> ReportSection | None:
        """The section of that kind; None when the register does not collect it."""
        return next((section for section in self.sections if section.kind is kind), None)
