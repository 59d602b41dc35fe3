"""Statistics of both lists: pictures, their tables, and the tables as files."""

import csv
import io
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import open_to_all
from blueprints.lists import REASONS, reason_in_words, title_of
from blueprints.pages.charts import Chart, columns_by_month, last_months
from registry.clock import today
from registry.queries.list_statistics import FEWEST
from registry.queries.public_lists import PublicList
from registry.rules import regions
from registry.services import public_statistics
from registry.services.public_statistics import Statistics
from registry.services.table_cells import guarded
from registry.transaction import transaction

blueprint = Blueprint("statistics", __name__)

MONTHS = 24
Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """What the page shows of one list."""

    chosen: PublicList
    title: str
    chart: Chart
    reasons: list[Row]
    regions: list[Row]
    ended: int | None
    repaired: int | None
    median_days: int | None

    @property
    def share_repaired(self) -> int | None:
        """Per cent of the ended stays that a repair or the met duty ended; None where it must not be told."""
        if not self.ended or self.repaired is None:
            return None
        return round(100 * self.repaired / self.ended)


@blueprint.get("/statistics")
@open_to_all
def show_statistics() -> ResponseReturnValue:
    """Both lists, their figures and the moment these were counted at."""
    statistics = _statistics()
    parts = [_part(chosen, statistics) for chosen in PublicList]
    return render_template("public/statistics.html", parts=parts, counted_at=statistics.counted_at, fewest=FEWEST)


@blueprint.get("/statistics/<any(abnormal, violations):name>-<any(months, reasons, districts):table>.csv")
@open_to_all
def export_statistics(name: str, table: str) -> ResponseReturnValue:
    """One table of the page as a file."""
    part = _part(PublicList(name), _statistics())
    rows: list[list[str]]
    if table == "months":
        entered, removed = part.chart.series
        rows = [[_("Month"), _("Entered"), _("Ended")]]
        rows += [[month, str(entered.get(month, 0)), _told(removed.get(month, 0))] for month in part.chart.months]
    elif table == "reasons":
        rows = [[_("Reason"), _("Entered")], *([words, str(number)] for words, number in part.reasons)]
    else:
        rows = [[_("District"), _("Entered")], *([words, str(number)] for words, number in part.regions)]
    buffer = io.StringIO()
    buffer.write("\ufeff")
    csv.writer(buffer).writerows([guarded(cell) for cell in row] for row in rows)
    answer = Response(buffer.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{table}-{today()}.csv"'
    return answer


def _told(number: int | None) -> str:
    """A number as it is shown; words where it must not be told."""
    return _("fewer than %(number)s", number=FEWEST) if number is None else str(number)


def _statistics() -> Statistics:
    with transaction():
        return public_statistics.current()


def _part(chosen: PublicList, statistics: Statistics) -> Part:
    counted = statistics.lists[chosen.value]
    by_reason = {reason.value: counted["reasons"].get(reason.value, 0) for reason in REASONS[chosen]}
    by_region = sorted(counted["regions"].items(), key=lambda item: (-item[1], item[0]))
    return Part(
        chosen=chosen,
        title=title_of(chosen),
        chart=columns_by_month(last_months(today(), MONTHS), counted["entered"], counted["removed"]),
        reasons=[(reason_in_words(reason), number) for reason, number in by_reason.items()],
        regions=[(regions.NAMES.get(code, "") or _("not published"), number) for code, number in by_region],
        ended=counted["ended"],
        repaired=counted["repaired"],
        median_days=counted["median_days"],
    )
