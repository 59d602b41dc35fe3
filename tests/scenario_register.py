"""A register as everybody sees it: officers act through the services, days come, and the outputs are read over HTTP."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, TypeVar

import orjson
import time_machine
from flask import Flask
from sqlalchemy import Engine, NullPool, create_engine
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from models import Authority, Matter, Operator, Penalty, Proceeding, db
from models.rights import make_partitions
from registry.app import create_app
from registry.queries.records import get_record
from registry.rules.penalty_procedure import Action as MatterAction
from registry.rules.penalty_procedure import Subject
from registry.rules.procedure import Actor
from registry.rules.record import EndReason
from registry.services import api_clients
from registry.services.api_clients import Scope
from registry.services.matters import deciding, drafting
from registry.transaction import transaction
from tests.database import cloned_database, close
from tests.matters import DESK, FIRST, SECOND, penalty_form
from tests.public_outputs import READERS, Reader, Sought

LISTED = frozenset({"status", "page", "record", "list"})
"""Where a stay on a list or a mark is seen while it is in force."""
PUBLISHED = frozenset({"status", "page", "record"})
"""Where a penalty is seen."""
NOWHERE: frozenset[str] = frozenset()

_requests = count(1)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end."""

    status: int
    data: bytes
    headers: Headers

    @classmethod
    def of(cls, answer: TestResponse) -> "Answer":
        """The whole of it, streamed or not."""
        return cls(answer.status_code, answer.get_data(), answer.headers)

    @property
    def text(self) -> str:
        """The body of a page."""
        return self.data.decode()

    @property
    def json(self) -> Any:
        """The body of an answer of the API."""
        return orjson.loads(self.data)


@dataclass(frozen=True, slots=True)
class Register:
    """A node of its own with one platform."""

    app: Flask
    key: str
    owner: Engine

    @contextmanager
    def on(self, day: str) -> Iterator[None]:
        """Noon of a day in Beijing."""
        with self.owner.begin() as connection:  # the worker makes them ahead
            make_partitions(connection, date.fromisoformat(day), months=0)
        with time_machine.travel(f"{day}T12:00:00+08:00", tick=False):
            db.session.expire_all()
            yield

    def day_comes(self, day: str, *, exit_code: int = 0) -> dict[str, Any]:
        """`day run` at noon of that day; what it did."""
        with self.on(day):
            result = self.app.test_cli_runner().invoke(
                args=["day", "run", "--json", "--on", day], catch_exceptions=False
            )
            db.session.expire_all()
        assert result.exit_code == exit_code, result.output
        done: dict[str, Any] = orjson.loads(result.output.splitlines()[-1])
        return done

    def status(self, code: str, *, key: str | None = None, **query: str) -> "Answer":
        """What the platform is told of a merchant."""
        headers = {"Authorization": f"Bearer {key or self.key}"}
        address = f"/api/v1/operators/{code}/status"
        return outside(lambda: Answer.of(self.app.test_client().get(address, query_string=query, headers=headers)))

    def checks(self, *items: dict[str, str], request_no: str, key: str | None = None) -> "Answer":
        """What a platform is told of several merchants."""
        headers = {"Authorization": f"Bearer {key or self.key}"}
        body = {"request_no": request_no, "purpose": "onboarding", "items": list(items)}
        return outside(lambda: Answer.of(self.app.test_client().post("/api/v1/checks", json=body, headers=headers)))

    def get(self, address: str, **query: str) -> "Answer":
        """What anybody reads there."""
        return outside(lambda: Answer.of(self.app.test_client().get(address, query_string=query)))

    def seen(self, record_id: str, code: str) -> frozenset[str]:
        """Where the public and a platform see a record of the operator with this code now."""
        record = self.get(f"/records/{record_id}")
        lists = "".join(self.get(f"/lists/{name}.csv").text for name in ("abnormal", "violations"))
        places = {
            "status": record_id in self.status(code).text,
            "page": f"/records/{record_id}" in self.get(f"/operators/{code}").text,
            "record": record.status == 200,
            "list": record_id in lists,
        }
        return frozenset(place for place, shown in places.items() if shown)

    def read_everything(self, code: str, name: str, record_id: str, *words: str) -> dict[str, str]:
        """The text of every public output, by its endpoint; words that are asked for are not part of an answer."""
        sought = Sought(code, name, (record_id,), words)
        reader = Reader(self.app, self.key, f"{next(_requests)}")

        def read() -> dict[str, str]:
            return {endpoint: "\n".join(output(reader, sought)) for endpoint, output in READERS.items()}

        return outside(read)


def outside(work: Callable[[], T]) -> T:
    """Do some work as another process would: what runs within the application's context shares it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


@contextmanager
def register() -> Iterator[Register]:
    """A register with nothing in it, in whose application the caller works."""
    with cloned_database() as own:
        app = create_app(replace(own, anonymous_per_minute=1_000_000))
        owner = create_engine(own.database_owner_url, poolclass=NullPool)
        try:
            with app.app_context():
                with transaction():
                    key = api_clients.create("platform", list(Scope), 1_000_000)[1]
                yield Register(app, key, owner)
                db.session.remove()
        finally:
            owner.dispose()
            close(app)


def code_of(operator: Operator | None) -> str:
    """The code by which everybody asks for an operator."""
    assert operator is not None
    assert operator.uscc is not None
    return operator.uscc


def clock_of(case: Proceeding) -> tuple[str | None, date | None]:
    """The clock of a case."""
    return case.deadline, case.due_on


def submitted(authority: Authority, operator: Operator, **cells: str) -> Matter:
    """A penalty that the first officer has entered for review."""
    return submitted_form(authority, penalty_form(operator, **cells))


def submitted_form(authority: Authority, form: dict[str, str]) -> Matter:
    """The same of any form."""
    with transaction():
        matter = drafting.open_entry(Subject.PENALTIES, form, authority=authority, desk=DESK, actor=FIRST)
    with transaction():
        drafting.submit(matter, revision=matter.revision, reason="按决定书录入", desk=DESK, actor=FIRST)
    return matter


def decided(matter: Matter, action: MatterAction, *, by: Any = SECOND) -> Matter:
    """The second officer's decision on a matter."""
    with transaction():
        deciding.decide(matter, action, revision=matter.revision, reason="已核对", desk=DESK, actor=by)
    return matter


def published(authority: Authority, operator: Operator, **cells: str) -> Penalty:
    """A penalty that two officers have brought to the public."""
    matter = decided(submitted(authority, operator, **cells), MatterAction.PUBLISH)
    assert matter.record_id is not None
    record = get_record(matter.record_id)
    assert isinstance(record, Penalty)
    return record


def annulled(penalty: Penalty, *, since: date) -> Matter:
    """A penalty that a court or a review has annulled, withdrawn by two officers."""
    with transaction():
        matter = drafting.propose_withdrawal(
            penalty,
            statement="复议机关撤销了处罚决定",
            reason=EndReason.DECISION_REVOKED,
            since=since,
            desk=DESK,
            actor=FIRST,
        )
    return decided(matter, MatterAction.WITHDRAW)


HANDLER, REVIEWER, PARTY, SUPERIOR = Actor.HANDLER, Actor.REVIEWER, Actor.PARTY, Actor.SUPERIOR
