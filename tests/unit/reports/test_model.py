"""What a report's values refuse."""

from dataclasses import replace
from datetime import date

import pytest

from registry.reports.model import ReportSection, SectionKind, SpecialField, SpecialScope
from tests.unit.reports.samples import MOMENT, make_report


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(make_report(), issued_at=MOMENT.replace(tzinfo=None))


def test_a_section_comes_once() -> None:
    twice = (ReportSection(SectionKind.OTHER, ()),) * 2
    with pytest.raises(ValueError, match="once"):
        make_report(sections=twice)


def test_a_special_report_needs_fields_and_days_in_order() -> None:
    with pytest.raises(ValueError, match="field"):
        SpecialScope((), date(2026, 1, 1), date(2026, 1, 2))
    with pytest.raises(ValueError, match="order"):
        SpecialScope((SpecialField("市场监管", ()),), date(2026, 1, 2), date(2026, 1, 1))
