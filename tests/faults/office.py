"""The offices at work on both registers while they exchange: entering, correcting, ending, withdrawing, by a seed."""

import time
from collections import Counter
from datetime import date
from random import Random
from threading import Event, Thread

from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from models import Authority, Operator, db
from registry.errors import NotFound
from registry.ledger import Recovering
from registry.queries.records import get_record
from registry.rules.record import EndReason, RecordState
from registry.services import operators, publicity
from registry.transaction import transaction
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)

DAY = date(2026, 11, 2)
_MAKE = (make_penalty, make_penalty, make_licence, make_violation_listing, make_abnormal_listing)


class Office:
    """One office of a node. What a restore took away it no longer knows, and enters other things."""

    def __init__(self, app: Flask, seed: int) -> None:
        self._app, self._chance = app, Random(seed)
        self._operators: list[str] = []
        self._records: list[str] = []
        self.done: Counter[str] = Counter()
        with app.app_context():
            self._enter_authority()

    def work(self, times: int = 1) -> None:
        """So many things, each a transaction of its own."""
        for _ in range(times):
            what = self._chance.choices(
                (self._enter, self._contest, self._rename, self._end, self._withdraw, self._shield), (8, 4, 2, 2, 1, 1)
            )[0]
            with self._app.app_context():
                try:
                    with transaction():
                        what()
                except (Recovering, NotFound, OperationalError, IntegrityError, StaleDataError) as error:
                    self.done[type(error).__name__] += (
                        1  # the node was just restored, or the restore was chosen to go on
                    )
                else:
                    self.done[what.__name__.strip("_")] += 1
                finally:
                    db.session.remove()

    def _enter_authority(self) -> None:
        with transaction():
            self._authority = make_authority(name="石家庄市桥西区市场监督管理局").id

    def _enter(self) -> None:
        authority = db.session.get(Authority, self._authority)
        if authority is None:  # the backup is older
            authority = make_authority(name="石家庄市桥西区市场监督管理局")
            self._authority = authority.id
        known = None
        if self._operators and self._chance.random() < 0.7:
            known = db.session.query(Operator).filter_by(record_id=self._chance.choice(self._operators)).one_or_none()
        operator = known or make_operator()
        if known is None:
            self._operators.append(operator.record_id)
        make = self._chance.choice(_MAKE)
        year = {"report_year": 2000 + len(self._records) % 25} if make is make_abnormal_listing else {}
        self._records.append(make(operator, authority, **year).record_id)

    def _contest(self) -> None:
        record = get_record(self._chance.choice(self._records)) if self._records else None
        if record is None or record.state is not RecordState.IN_FORCE:
            return
        if hasattr(record, "facts"):
            record.facts = f"更正后的事实{self._chance.randrange(1000)}。"
        if record.under_objection:
            publicity.clear_objection(record.record_id, actor=ACTOR)
        else:
            publicity.mark_objection(record.record_id, actor=ACTOR)

    def _rename(self) -> None:
        if self._operators:
            name = self._chance.choice(self._operators)
            operator = db.session.query(Operator).filter_by(record_id=name).one_or_none()
            if operator is not None:
                operators.rename(
                    operator, name=f"石家庄{self._chance.randrange(10**6)}商贸有限公司", on=DAY, actor=ACTOR
                )

    def _end(self) -> None:
        if (record_id := self._one_in_force()) is not None:
            reason = self._chance.choice((EndReason.REPAIRED, EndReason.EXPIRED))
            publicity.end_publicity(record_id, reason=reason, on=DAY, actor=ACTOR)

    def _withdraw(self) -> None:
        if (record_id := self._one_in_force()) is not None:
            publicity.withdraw(
                record_id, statement="原决定已被撤销", reason=EndReason.DECISION_REVOKED, on=DAY, actor=ACTOR
            )

    def _shield(self) -> None:
        if (record_id := self._one_in_force()) is not None:
            publicity.shield(record_id, on=DAY, actor=ACTOR)

    def _one_in_force(self) -> str | None:
        record = get_record(self._chance.choice(self._records)) if self._records else None
        return record.record_id if record is not None and record.state is RecordState.IN_FORCE else None


class AtWork:
    """Offices in the background until the end of the block."""

    def __init__(self, *offices: Office, pause: float = 0.05) -> None:
        self._ended, self._pause = Event(), pause
        self._threads = [Thread(target=self._work, args=(office,)) for office in offices]

    def __enter__(self) -> "AtWork":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _work(self, office: Office) -> None:
        while not self._ended.is_set():
            office.work()
            time.sleep(self._pause)
