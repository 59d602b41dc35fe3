"""Rows about online presences: which site, shop or app belongs to which operator."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from registry.rules import uscc
from registry.rules.operator import PresenceType
from registry.services.imports.cells import RowCells
from registry.services.imports.codes import read_registration_no, read_uscc
from registry.services.imports.faults import Fault
from registry.services.imports.record_rows import Party

_TYPES = {
    "网站": PresenceType.WEBSITE,
    "自建网站": PresenceType.WEBSITE,
    "独立网站": PresenceType.WEBSITE,
    "官网": PresenceType.WEBSITE,
    "网店": PresenceType.SHOP,
    "店铺": PresenceType.SHOP,
    "平台店铺": PresenceType.SHOP,
    "平台内网店": PresenceType.SHOP,
    "APP": PresenceType.APP,
    "应用": PresenceType.APP,
    "移动应用": PresenceType.APP,
    "小程序": PresenceType.MINI_PROGRAM,
    "直播间": PresenceType.LIVE_ROOM,
    "直播": PresenceType.LIVE_ROOM,
}


@dataclass(slots=True)
class PresenceRow:
    """A sound row: whose presence, and the presence as a ledger payload holds it."""

    line: int
    party: Party
    presence: dict[str, str | None]
    header: str
    flagged: list[Fault] = field(default_factory=list)


def read_presence(row: RowCells) -> PresenceRow | None:
    """The row as a presence of an operator; None when something forbids it."""
    presence = read_particulars(row)
    printed = uscc.normalise(row.raw("uscc"))
    code = read_uscc(row)[0] if printed and printed != uscc.PLACEHOLDER else None
    number = read_registration_no(row) if code is None else None
    if code is None and number is None and not row.refused:
        row.refuse("uscc", "no_identifier")
    if row.refused:
        return None
    party = Party(None, row.raw("operator_name"), code, registration_no=number)
    header = row.binding.headers.get("uscc" if code else "registration_no", "")
    return PresenceRow(row.line, party, presence, header, row.flagged)


def read_particulars(row: RowCells) -> dict[str, str | None]:
    """What a row says of the presence itself, as a ledger payload holds it. All faults are noted in `row`."""
    kind = _type(row)
    name, url = row.text("name", longest=200), _url(row)
    if name is None and url is None and not row.refused:
        row.refuse("name", "name_or_url")
    return {
        "type": kind.value if kind else None,
        "name": name,
        "url": url,
        "platform": row.text("platform", longest=100),
        "icp_no": row.text("icp_no", longest=100),
    }


def _type(row: RowCells) -> PresenceType | None:
    cell = row.raw("type")
    if not cell:
        row.refuse("type", "missing")
        return None
    kind = _TYPES.get(cell.upper())
    if kind is None and cell in set(PresenceType):
        kind = PresenceType(cell)
    if kind is None:
        row.refuse("type", "unknown_value", known="网站、网店、APP、小程序、直播间")
    return kind


def _url(row: RowCells) -> str | None:
    text = row.text("url", longest=1000)
    if text is None:
        return None
    address = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(address)
    except ValueError:
        row.refuse("url", "not_an_address")
        return None
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or " " in text:
        row.refuse("url", "not_an_address")
        return None
    return text if "://" in text else address
