"""The abnormal-operations list and the violation list: filters, pages by key, csv, feed, and entries by month."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.anonymous import limited
from blueprints.guards import open_to_all
from blueprints.pages import words
from blueprints.pages.charts import columns_by_month, last_months
from blueprints.pages.kept import Kept, kept
from registry.clock import BEIJING, now, today
from registry.queries import public_lists
from registry.queries.public_lists import Cell, ListEntry, ListFilter, PublicList
from registry.queries.public_operators import data_as_of
from registry.rules import regions
from registry.rules.listing import AbnormalReason, ViolationReason
from registry.services.table_cells import guarded

blueprint = Blueprint("lists", __name__)

REASONS: dict[PublicList, type[AbnormalReason] | type[ViolationReason]] = {
    PublicList.ABNORMAL: AbnormalReason,
    PublicList.VIOLATIONS: ViolationReason,
}
LONGEST_QUERY = 100
MONTHS = 24
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})\.([0-9A-Za-z_.-]{1,120})")
_BUFFERED = 200  # rows of an export that leave together


def title_of(chosen: PublicList) -> str:
    """The list's name in the reader's language."""
    if chosen is PublicList.ABNORMAL:
        return _("Abnormal operations list and marks")
    return _("Serious violation and dishonesty list")


def reason_in_words(code: str) -> str:
    """The reason of an entry of either list."""
    if code in {reason.value for reason in AbnormalReason}:
        return str(words.ABNORMAL[AbnormalReason(code)])
    return str(words.VIOLATION[ViolationReason(code)])


@blueprint.get("/lists/<any(abnormal, violations):name>")
@open_to_all
def show_list(name: str) -> ResponseReturnValue:
    """One page of a list with the counts of every choice, and its entries by month."""
    chosen, narrowed = PublicList(name), _narrowed(PublicList(name))
    counted = _cells(chosen, narrowed)
    counts = public_lists.counts(counted.value, narrowed)
    return render_template(
        "public/list.html",
        chosen=chosen,
        title=title_of(chosen),
        narrowed=narrowed,
        asked=_asked(narrowed),
        counts=counts,
        counted_at=counted.counted_at,
        page=public_lists.page_of(chosen, narrowed, today(), _after()),
        further="after" in request.args,
        chart=columns_by_month(last_months(today(), MONTHS), counts.months),
        reasons=list(REASONS[chosen]),
        region_names=regions.NAMES,
        data_as_of=data_as_of(),
        reason_in_words=reason_in_words,
    )


@blueprint.get("/lists/<any(abnormal, violations):name>.csv")
@open_to_all
@limited
def export_list(name: str) -> ResponseReturnValue:
    """The list under the same filters as a file: UTF-8 with its mark, sent while it is read."""
    chosen = PublicList(name)
    lines = _csv_lines(chosen, _narrowed(chosen))
    answer = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{today()}.csv"'
    answer.cache_control.no_store = True  # a copy must not outlive what is public
    return answer


@blueprint.get("/lists/<any(abnormal, violations):name>.atom")
@open_to_all
def feed_list(name: str) -> ResponseReturnValue:
    """The newest entries under the same filters, for feed readers."""
    chosen, narrowed = PublicList(name), _narrowed(PublicList(name))
    entries = public_lists.page_of(chosen, narrowed, today()).entries
    body = render_template(
        "public/list_feed.xml",
        title=title_of(chosen),
        entries=[(entry, _published_at(entry.public_from)) for entry in entries],
        updated=_published_at(entries[0].public_from) if entries else now(),
        address=url_for("lists.feed_list", name=name, _external=True, **_asked(narrowed)),
        page_address=url_for("lists.show_list", name=name, _external=True, **_asked(narrowed)),
        reason_in_words=reason_in_words,
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _narrowed(chosen: PublicList) -> ListFilter:
    """The filters of the address; a value that is no choice is left out."""
    args = request.args
    reason, region = args.get("reason", ""), args.get("region", "")
    authority = args.get("authority", "")
    return ListFilter(
        q=args.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
        reason=reason if reason in {each.value for each in REASONS[chosen]} else "",
        region=region if region in regions.NAMES else "",
        authority=authority if re.fullmatch(r"[0-9A-Z]{18}", authority) else "",
        since=_day(args.get("since", "")),
        until=_day(args.get("until", "")),
    )


def _asked(narrowed: ListFilter) -> dict[str, Any]:
    """The filters that are set, as they stand in addresses."""
    values = {
        "q": narrowed.q,
        "reason": narrowed.reason,
        "region": narrowed.region,
        "authority": narrowed.authority,
        "since": narrowed.since and narrowed.since.isoformat(),
        "until": narrowed.until and narrowed.until.isoformat(),
    }
    return {name: value for name, value in values.items() if value}


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _after() -> tuple[date, str] | None:
    """The key behind which the page begins; the first page where it is none of ours."""
    key = _KEY.fullmatch(request.args.get("after", ""))
    day = _day(key[1]) if key else None
    return (day, key[2]) if key and day else None


def _cells(chosen: PublicList, narrowed: ListFilter) -> Kept[list[Cell]]:
    if narrowed.q:  # few operators answer to it: counted at once
        return Kept(public_lists.cells(chosen, today(), narrowed.q), now())
    return kept(f"list_{chosen.value}", lambda: public_lists.cells(chosen, today()))


def _published_at(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def _csv_lines(chosen: PublicList, narrowed: ListFilter) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(
        [
            _("Name"),
            _("Unified social credit code"),
            _("Registration number"),
            _("List"),
            _("Reason"),
            _("Reason as decided"),
            _("Basis"),
            _("Authority"),
            _("Document number"),
            _("Public since"),
            _("Public until (that day excluded)"),
            _("District"),
            _("Objection pending"),
            _("Record"),
        ]
    )
    for number, entry in enumerate(public_lists.every_entry(chosen, narrowed, today()), 1):
        writer.writerow([guarded(cell) for cell in _cells_of(entry)])
        if number % _BUFFERED == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cells_of(entry: ListEntry) -> list[str]:
    data = entry.data
    return [
        entry.name,
        entry.uscc or "",
        entry.registration_no or "",
        str(words.FINDINGS[entry.type]),
        reason_in_words(data["code"]),
        data["title"],
        data["legal_basis"] or "",
        data["authority"]["name"],
        data["decision_no"] or "",
        entry.public_from.isoformat(),
        entry.public_until.isoformat() if entry.public_until else "",
        regions.NAMES.get(entry.region or "") or entry.region_text or "",
        _("yes") if data["under_objection"] else _("no"),
        url_for("records.show_record", record_id=entry.record_id, _external=True),
    ]
