"""Walking a list while it changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import PublicFinding, db
from registry.queries import public_lists
from registry.queries.public_lists import ListFilter, PublicList
from registry.rules.merchant_status import FindingType, Level
from tests.factories import make_operator

TODAY = date(2026, 11, 24)


def put(operator_id: int, number: int, days: int) -> None:
    db.session.add(
        PublicFinding(
            record_id=f"130100.abnormal_listing.{number:04d}",
            type=FindingType.ABNORMAL_LISTING,
            public_from=TODAY - timedelta(days=days),
            public_until=None,
            operator_id=operator_id,
            level=Level.MEDIUM,
            data={"code": "R1", "authority": {"uscc": "x", "name": "y"}},
        )
    )


@pytest.mark.usefixtures("database")
@settings(max_examples=25)
@given(
    ages=st.lists(st.integers(0, 5), min_size=1, max_size=20),
    changes=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=20),
)
def test_walking_never_doubles_or_skips_an_entry_that_stayed(ages: list[int], changes: list[tuple[int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch, db.session.begin_nested() as savepoint:
        patch.setattr(public_lists, "PAGE", 3)
        operator = make_operator()
        for number, days in enumerate(ages):
            put(operator.id, number, days)
        db.session.flush()
        stayed, seen, after = set(range(len(ages))), [], None
        moves = iter(changes)
        while True:
            page = public_lists.page_of(PublicList.ABNORMAL, ListFilter(), TODAY, after)
            seen += [int(entry.record_id[-4:]) for entry in page.entries]
            if page.after is None:
                break
            after = page.after
            number, days = next(moves, (30, 0))
            if number < len(ages):  # an entry goes
                stayed.discard(number)
                finding = db.session.get(
                    PublicFinding,
                    (
                        f"130100.abnormal_listing.{number:04d}",
                        FindingType.ABNORMAL_LISTING,
                        TODAY - timedelta(days=ages[number]),
                    ),
                )
                if finding is not None:
                    db.session.delete(finding)
            else:  # another comes
                put(operator.id, 1000 + len(seen), days)
            db.session.flush()
        savepoint.rollback()
        db.session.expunge_all()
    assert len(seen) == len(set(seen))
    assert stayed <= set(seen)
