"""Days as tables print them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.table_dates import parse


@pytest.mark.parametrize(
    "cell",
    [
        "2024/2/29",
        "2024-02-29",
        "2024.2.29",
        "2024年2月29日",
        "20240229",
        "２０２４－０２－２９",
        " 2024-2-29 ",
        "2024/02/29 00:00:00",
        "2024-02-29T00:00:00",
        "2024/2/29 0:00",
        "2024/2/29 0:00:00",
        "2024-02-29 00:00:00.000",
        "45351",
        "45351.0",
        45351,
        45351.0,
        date(2024, 2, 29),
        datetime(2024, 2, 29),  # noqa: DTZ001 - a workbook's cell has no zone
    ],
)
def test_ways_to_write_a_day(cell):
    assert parse(cell) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "24-02-29",
        "2024-02",
        "长期",
        "",
        "nan",
        "2024-02-29 10:30:00",
        "45351.5",
        45351.5,
        99999,
        float("nan"),
        float("inf"),
        datetime(2024, 2, 29, 10),  # noqa: DTZ001 - a workbook's cell has no zone
    ],
)
def test_what_is_no_day(cell):
    assert parse(cell) is None


def test_the_far_end_that_stands_for_long_term():
    assert parse("2099/12/31") == date(2099, 12, 31)


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_every_spelling_of_a_day_is_that_day(day):
    spellings = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        (day - date(1899, 12, 30)).days,
        str((day - date(1899, 12, 30)).days),
    ]
    assert [parse(each) for each in spellings] == [day] * len(spellings)


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)), st.timedeltas(timedelta(seconds=1), timedelta(hours=23)))
def test_a_time_of_day_is_never_dropped(day, time):
    assert parse(datetime.combine(day, datetime.min.time()) + time) is None


@given(st.text(max_size=12) | st.floats() | st.integers())
def test_any_cell_has_an_answer(cell):
    assert parse(cell) is None or isinstance(parse(cell), date)
