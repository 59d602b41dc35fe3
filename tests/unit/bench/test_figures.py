import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import HEADINGS, Figure, percentile, table


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.95, 7.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.51, 3.0),
        ([float(number) for number in range(1, 101)], 0.95, 95.0),
        ([float(number) for number in range(1, 101)], 0.99, 99.0),
        ([3.0, 1.0], 1.0, 3.0),
    ],
)
def test_a_percentile_is_the_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.floats(0.001, 1))
def test_a_percentile_is_the_first_value_that_covers_its_share(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.01)])
def test_there_is_no_percentile_of_nothing(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="needs values"):
        percentile(values, share)


def test_the_table_is_aligned_and_says_what_was_missed() -> None:
    figures = [
        Figure("status lookup", "4,000/s", "Datasette 500/s", "8.0 x", ">= 4 x", True),
        Figure("import", "90 s", "", "", "", None),
        Figure("search", "30 ms", "", "", "<= 20 ms", False),
    ]
    heading, rule, *lines = table(figures).splitlines()
    assert heading.split("  ")[0] == HEADINGS[0]
    assert {line.index(cell) for line, cell in zip(lines, ("4,000/s", "90 s", "30 ms"), strict=True)} == {
        heading.index("ours")
    }
    assert len(rule) >= max(map(len, lines))
    assert [line.split()[-1] for line in lines] == ["yes", "s", "NO"]
