"""How days, moments, amounts and codes are written on pages."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.pages.language import is_english
from registry.clock import BEIJING
from registry.rules.amounts import format_yuan, wan_to_yuan, yuan_to_wan
from registry.rules.penalty_kinds import ticked

LARGE = Decimal(10_000)
"""From here on an amount is also written in 万元."""


def register(app: Flask) -> None:
    """Offer the formats to every template."""
    app.add_template_filter(day, "day")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(iso_moment, "iso_moment")
    app.add_template_filter(yuan, "yuan")
    app.add_template_filter(code, "code")
    app.add_template_filter(count, "count")
    app.add_template_filter(wan_to_yuan, "wan_as_yuan")
    app.add_template_filter(format_yuan, "plain_yuan")
    app.add_template_filter(yuan_to_wan, "plain_wan")
    app.add_template_filter(ticked, "kind_boxes")


def day(value: date | str | None) -> str:
    """`2026-11-23`; a word where there is none."""
    if value is None:
        return _("not published")
    return value if isinstance(value, str) else value.isoformat()


def moment(value: datetime) -> str:
    """`2026-11-23 10:00`, Beijing time."""
    return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def iso_moment(value: str) -> str:
    """The same of a moment that signed JSON holds as text."""
    return moment(datetime.fromisoformat(value))


def yuan(value: Decimal | None) -> str:
    """Yuan with thousands separators, on large sums in 万元 too; a word where there is none."""
    if value is None:
        return _("not applicable")
    if is_english():
        return f"CNY {format_yuan(value)}"
    return f"{format_yuan(value)} 元" + (f"（{yuan_to_wan(value)} 万元）" if value >= LARGE else "")


def count(value: int) -> str:
    """Thousands separators."""
    return f"{value:,}"


def code(value: str) -> Markup:
    """A code shown in groups but copied whole: the gaps are margins, not characters. `911301 02MA0 7XKJ4 2Y`."""
    edges = (0, 6, 11, 16, 18) if len(value) == 18 else (*range(0, len(value), 5), len(value))
    spans = (Markup("<span>{}</span>").format(value[start:end]) for start, end in pairwise(edges))
    return Markup('<span class="code" translate="no">{}</span>').format(Markup("").join(spans))
