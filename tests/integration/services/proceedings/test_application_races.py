"""What the public hands in twice at the same moment: one case, and the second is told which, or that there is one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from models import Evidence, Operator, Penalty, Proceeding, db
from registry.services.proceedings.engine import ProceedingOpen
from registry.transaction import transaction
from tests.applications import apply_for, new_code, object_to, report
from tests.factories import make_authority, make_operator, make_penalty

HAND_IN: dict[str, Callable[..., Proceeding]] = {
    "repair": lambda code: apply_for(_record(), code=code),
    "objection": lambda code: object_to(_record(), code=code),
    "clue": lambda code: report(db.session.execute(select(Operator)).scalar_one(), code=code),
}


def _record() -> Penalty:
    return db.session.execute(select(Penalty)).scalar_one()


@pytest.fixture
def register(own_app: Flask) -> Flask:
    """One operator with a fine that may be repaired."""
    with own_app.app_context(), transaction():
        make_penalty(
            make_operator(), make_authority(), decided_on=date(2026, 1, 5), public_from=date(2026, 1, 6),
            public_until=date(2029, 1, 5),
        )  # fmt: skip
    return own_app


def at_once(app: Flask, *calls: Callable[[], Proceeding]) -> list[Any]:
    """What each call gave, the number of its case or the error, all begun at the same moment."""
    together = Barrier(len(calls))

    def run(call: Callable[[], Proceeding]) -> Any:
        with app.app_context():
            together.wait(30)
            try:
                return call().id
            except ProceedingOpen as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize("kind", HAND_IN)
def test_a_form_sent_twice_makes_one_case(register: Flask, kind: str) -> None:
    code = new_code()
    found = at_once(register, *[lambda: HAND_IN[kind](code)] * 4)
    with register.app_context():
        assert set(found) == set(db.session.execute(select(Proceeding.id)).scalars())
        files = db.session.execute(select(func.count()).select_from(Evidence)).scalar_one()
    assert len(set(found)) == 1
    assert files == (0 if kind == "clue" else 1)


def test_of_two_applications_for_one_record_the_second_is_told_of_the_first(register: Flask) -> None:
    found = at_once(register, *[lambda: HAND_IN["repair"](new_code())] * 4)
    with register.app_context():
        (standing,) = db.session.execute(select(Proceeding.id)).scalars()
    assert [each for each in found if each == standing] == [standing]
    assert sum(isinstance(each, ProceedingOpen) for each in found) == 3
