"""The drawn timeline stays inside its picture and tells the truth about ends."""

from datetime import date

import pytest

from blueprints.pages.timeline import timeline_of
from models import PublicFinding
from registry.rules.merchant_status import FindingType

TODAY = date(2026, 11, 24)


def finding(start: date, end: date | None, kind: FindingType = FindingType.PENALTY) -> PublicFinding:
    return PublicFinding(record_id="r", type=kind, public_from=start, public_until=end)


def test_nothing_to_draw_is_no_picture() -> None:
    assert timeline_of([], TODAY) is None
    assert timeline_of([finding(date(2026, 1, 1), None, FindingType.REGISTRATION_STATUS)], TODAY) is None


@pytest.mark.parametrize("end", [None, date(2026, 11, 25), date(2027, 3, 2), date(2066, 1, 1)])
@pytest.mark.parametrize("start", [date(2003, 5, 5), date(2026, 11, 24)])
def test_bars_and_ticks_stay_inside(start: date, end: date | None) -> None:
    picture = timeline_of([finding(start, end)], TODAY)
    assert picture is not None
    ((bar,),) = (lane.bars for lane in picture.lanes)
    assert 0 <= bar.start <= picture.today <= bar.start + bar.width <= 100.01
    assert bar.width > 0
    assert all(0 <= tick.at <= 100 for tick in picture.ticks)
    assert len(picture.ticks) <= 7


def test_a_bar_is_open_without_an_end_or_with_one_beyond_the_picture() -> None:
    picture = timeline_of(
        [
            finding(date(2026, 1, 1), None),
            finding(date(2026, 1, 1), date(2066, 1, 1)),
            finding(date(2026, 1, 1), TODAY),
        ],
        TODAY,
    )
    assert picture is not None
    assert [bar.open for bar in picture.lanes[0].bars] == [True, True, False]


def test_bars_that_begin_together_start_together_and_the_longer_is_wider() -> None:
    start = date(2026, 3, 2)
    picture = timeline_of([finding(start, date(2029, 3, 2)), finding(start, date(2027, 3, 2))], TODAY)
    assert picture is not None
    long, short = picture.lanes[0].bars
    assert long.start == short.start
    assert long.width > short.width


def test_each_kind_has_a_lane_with_its_bars_below_each_other() -> None:
    start, end = date(2026, 3, 2), date(2027, 3, 2)
    penalties = [finding(start, end) for _ in range(14)]
    picture = timeline_of([finding(start, None, FindingType.ABNORMAL_LISTING), *penalties], TODAY)
    assert picture is not None
    assert [(lane.kind.value, len(lane.bars)) for lane in picture.lanes] == [("abnormal_listing", 1), ("penalty", 14)]
    tops = [top for lane in picture.lanes for top in (lane.top, *(bar.top for bar in lane.bars))]
    assert tops == sorted(set(tops))
    assert tops[-1] < picture.axis < picture.height < 400
