"""Two served nodes under load, either of them restored from an older backup: its worker takes back what it had lost."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from models import Authority, ExchangeMessage, ExchangeNode, Penalty, db
from registry.launcher.privileges import die_with_parent
from registry.ledger import Recovering
from registry.services import rebuild
from registry.transaction import transaction
from sync import own_messages
from tests.exchange_nodes import node
from tests.exchange_wire import settings_of, trust
from tests.factories import make_authority, make_operator, make_penalty
from tests.integration.sync.test_two_processes import BIN, ROOT, environ_of, held, push, served
from tests.restoring import back_up, ignore, put_back

LONGEST = 120  # seconds for everything to have arrived


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < end, "it did not come to rest"
        time.sleep(0.5)


@contextmanager
def working(environ: Mapping[str, str]) -> Iterator[None]:
    """A worker of a node."""
    quiet = subprocess.DEVNULL
    command = [str(BIN / "flask"), "--app", "wsgi", "worker"]
    stop = die_with_parent(signal.SIGKILL)
    with subprocess.Popen(command, env=environ, cwd=ROOT, stdout=quiet, stderr=quiet, preexec_fn=stop) as process:
        try:
            yield
        finally:
            process.kill()


def count(application: Flask) -> int:
    with application.app_context():
        return db.session.execute(select(func.count()).select_from(Penalty)).scalar_one()


def recovering(application: Flask) -> bool:
    with application.app_context():
        return db.session.execute(select(ExchangeNode.recovering_since)).scalar_one() is not None


def enter_until(city: Flask, ended: Event) -> None:
    """An office at work: what a restored register refuses is entered again later."""
    with city.app_context():
        with transaction():
            authority = make_authority(name="石家庄市裕华区市场监督管理局").id
        while not ended.is_set():
            try:
                with transaction():
                    make_penalty(make_operator(), db.session.get_one(Authority, authority))
            except (Recovering, OperationalError):  # the restore was chosen to go on, where both wait for each other
                time.sleep(0.2)
            time.sleep(0.02)


@pytest.mark.parametrize("restored", ["city", "province"])
def test_nothing_is_lost_that_either_side_still_has(tmp_path: Path, restored: str) -> None:
    with node("130100", "city") as city, node() as province, ExitStack() as running:
        above = running.enter_context(served(province, environ_of(settings_of(province)), tmp_path / "province.log"))
        below = running.enter_context(served(city, environ_of(settings_of(city)), tmp_path / "city.log"))
        trust(city, "130000", province, above)
        trust(province, "130100", city, below)
        environ, ended = environ_of(settings_of(city)), Event()
        office = Thread(target=enter_until, args=(city, ended))
        office.start()
        try:
            until(lambda: count(city) > 20)
            assert push(environ).wait(LONGEST) == 0
            one = city if restored == "city" else province
            backup = back_up(one, tmp_path / "older.tar")
            until(lambda: count(city) > 60)
            assert push(environ).wait(LONGEST) == 0
            known = set(held(city)) & set(held(province))
            put_back(one, backup)
            running.enter_context(working(environ_of(settings_of(one))))
            until(lambda: not recovering(one))
            grown = count(city)
            until(lambda: count(city) > grown)  # the office goes on
        finally:
            ended.set()
            office.join()
        until(lambda: push(environ).wait(LONGEST) == 0)  # its worker may be at it
        with city.app_context():
            own_messages.catch_up(settings_of(city))
        until(lambda: push(environ).wait(LONGEST) == 0 and held(city) == held(province))
        assert known <= set(held(city))
        for each in (city, province):
            with each.app_context():
                assert rebuild.check(ignore).differences == []
                doubled = select(ExchangeMessage.decision_key).where(ExchangeMessage.decision_key.is_not(None))
                keys = db.session.execute(doubled).scalars().all()
                assert len(keys) == len(set(keys))
