"""Background work: the handlers, and what runs by the clock. Deferred by name through `registry.job_queue`."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import procrastinate
import structlog
from flask import Flask, current_app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.worker import Worker
from sqlalchemy import create_engine

from models import Carrier, PeerState, RunKind, db
from models.rights import make_partitions
from registry import signing_keys
from registry.clock import now, today
from registry.config import Settings
from registry.job_queue import defer
from registry.ledger import Recovering, heads
from registry.queries.exchange_node import this_node
from registry.services import admission, day, listing_batch_run, merchant_checks, notices, public_statistics
from registry.services.imports import uploads
from registry.services.imports.running import Importer
from registry.services.matters import Desk
from registry.services.notices import sending
from registry.services.personal_values import Vault
from registry.transaction import transaction
from sync import keeping, outbound, peers, pulling, reconciliation, recovery, runs
from sync.carriers import choice
from sync.runs import AlreadyRunning

FAILED_JOBS_KEPT_HOURS = 30 * 24
BATCHES_A_JOB = 40  # then others have their turn
STALLED_SECONDS = 30  # a worker that has given no sign of life for so long is gone

UNTIL_RECOVERED = procrastinate.RetryStrategy(wait=60, retry_exceptions={Recovering})
"""What changes the register waits until a restored node has its own records back."""

_log = structlog.get_logger()
queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())  # a worker puts its own connector in


def in_app_context(call_next: Callable[[], Any], context: procrastinate.JobContext, worker: Worker) -> Any:
    """Run a handler as a request is run: with the application at hand and a session of its own."""
    del worker
    app: Flask = context.additional_context["app"]
    with app.app_context():
        return call_next()


@queue.periodic(cron="* * * * *")
@queue.task(name="ledger.head", lock="ledger.head", queueing_lock="ledger.head")
def sign_head(timestamp: int) -> None:
    """Sign a head each minute in which the log grew."""
    del timestamp
    heads.sign_if_grown(db.engine, signing_keys.load_or_create(_settings().key_dir))


@queue.periodic(cron="* * * * *")
@queue.task(name="queue.retry_stalled", queueing_lock="queue.retry_stalled", pass_context=True)
async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """Put jobs of killed workers back: they would stay `doing` for ever."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # the next one of its kind waits already and will do its work
            await manager.finish_job(job, Status.FAILED, delete_job=True)


@queue.periodic(cron="17 3 * * *")
@queue.task(name="queue.tidy", queueing_lock="queue.tidy", pass_context=True)
async def tidy(context: procrastinate.JobContext, timestamp: int) -> None:
    """Forget failed jobs after a month; those that succeeded are deleted at once."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FAILED_JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@queue.periodic(cron="*/10 * * * *")
@queue.task(name="rate_window.tidy", queueing_lock="rate_window.tidy")
def forget_rate_windows(timestamp: int) -> None:
    """Delete the counts of minutes that are over, and the numbers of checks that nobody will repeat any more."""
    del timestamp
    admission.forget_old_windows(now())
    merchant_checks.forget_old_requests(now())


@queue.periodic(cron="*/10 * * * *")
@queue.task(name="statistics.refresh", queueing_lock="statistics.refresh")
def refresh_statistics(timestamp: int) -> None:
    """Count the public statistics, so that no reader waits for it."""
    del timestamp
    with transaction():
        public_statistics.refresh()


@queue.periodic(cron="7 * * * *")  # each hour, so that a midnight without a worker is made up for
@queue.task(name="day.run", queueing_lock="day.run")
def run_day(timestamp: int) -> None:
    """Everything that a day brings. Another process that is at it already will do."""
    del timestamp
    with suppress(day.AlreadyRunning, Recovering), day.only_one():
        done = day.run(today(), _desk(), progress=lambda _: None)
        if done.raised.years_missing:
            _log.warning("day.calendar_missing", years=sorted(done.raised.years_missing))


@queue.periodic(cron="27 3 * * *")
@queue.task(name="access_log.partitions", queueing_lock="access_log.partitions")
def prepare_partitions(timestamp: int) -> None:
    """Keep a year of the access log's partitions ready. Only the owner may make tables."""
    del timestamp
    engine = create_engine(_settings().database_owner_url)
    with engine.begin() as connection:
        make_partitions(connection, today())
    engine.dispose()


@queue.periodic(cron="42 3 * * *")
@queue.task(name="exchange.forget_bodies", queueing_lock="exchange.forget_bodies")
def forget_bodies(timestamp: int) -> None:
    """Forget what batches said when their time is over."""
    del timestamp
    with transaction():
        keeping.forget_bodies(now())


@queue.task(name=notices.SEND)
def send_notice(notice_id: int) -> None:
    """Send a notice that was just entered; tried again later where it is not taken."""
    sending.send(notice_id, settings=_settings(), desk=_desk())


@queue.periodic(cron="* * * * *")
@queue.task(name="notice.send_due", queueing_lock="notice.send_due")
def send_due_notices(timestamp: int) -> None:
    """Send what waits: what a batch entered, what was not taken the last time. Where more waits, it has its turn again."""
    if sending.send_due(settings=_settings(), desk=_desk()) == sending.AT_ONCE:
        with transaction():
            defer(db.session.connection(), "notice.send_due", once="notice.send_due", timestamp=timestamp)


@queue.periodic(cron="* * * * * */5")  # the last column counts seconds
@queue.task(name="exchange.look", queueing_lock="exchange.look")
def look_after_peers(timestamp: int) -> None:
    """Exchange with every peer in a job of its own: one that is slow costs only its own lag."""
    del timestamp
    settings = _settings()
    if this_node().recovering_since is not None:
        _look_after_recovery()
        return
    with transaction():
        for peer in peers.every():
            if peer.carrier is Carrier.HTTP and peer.state is PeerState.ACTIVE:
                if outbound.goes_upwards(settings, peer):
                    defer(db.session.connection(), "exchange.push", once=f"exchange.push {peer.node}", node=peer.node)
                if pulling.comes_downwards(settings, peer) and runs.may_begin(peer, RunKind.PULL):
                    defer(db.session.connection(), "exchange.pull", once=f"exchange.pull {peer.node}", node=peer.node)


def _look_after_recovery() -> None:
    """Take the records of a restored node back from each peer that was not read yet; nothing else goes before that."""
    if recovery.go_on_where_read():
        return
    with transaction():
        for peer in recovery.waiting_for():
            if runs.may_begin(peer, RunKind.RECOVER):
                lock = f"exchange.recover {peer.node}"
                defer(db.session.connection(), "exchange.recover", once=lock, node=peer.node)


@queue.task(name="exchange.recover")
def take_back_from(node: str) -> None:
    """Take a restored node's own records back from a peer; once all are back, compare with every one of them."""
    with suppress(AlreadyRunning):
        recovery.recover(_settings(), node, told=False)
    if this_node().recovering_since is None:
        compare_with_peers(0)


@queue.periodic(cron="* * * * *")
@queue.task(name="exchange.look_at_carriers", queueing_lock="exchange.look_at_carriers")
def look_after_carriers(timestamp: int) -> None:
    """The same for peers by file and front database, whose answers take minutes at best."""
    del timestamp
    settings = _settings()
    with transaction():
        for peer in peers.every():
            if peer.carrier is not Carrier.HTTP and peer.state is PeerState.ACTIVE:
                task = "exchange.push" if outbound.goes_upwards(settings, peer) else "exchange.pull"
                defer(db.session.connection(), task, once=f"{task} {peer.node}", node=peer.node)


@queue.task(name="exchange.push")
def push_to(node: str) -> None:
    """Send a peer what waits. Another process that is at it already will do."""
    with suppress(AlreadyRunning):
        choice.carrier_of(node).push(_settings(), node, told=False, most=BATCHES_A_JOB)


@queue.task(name="exchange.pull")
def pull_from(node: str) -> None:
    """Take in what a peer has for us. Another process that is at it already will do."""
    with suppress(AlreadyRunning):
        choice.carrier_of(node).pull(_settings(), node, told=False, most=BATCHES_A_JOB)


@queue.periodic(cron="37 2 * * *")
@queue.task(name="exchange.reconcile_all", queueing_lock="exchange.reconcile_all")
def compare_with_peers(timestamp: int) -> None:
    """Compare with every peer each night, in a job of its own."""
    del timestamp
    with transaction():
        for peer in peers.every():
            if peer.carrier is Carrier.HTTP:
                lock = f"exchange.reconcile {peer.node}"
                defer(db.session.connection(), "exchange.reconcile", once=lock, node=peer.node)


@queue.task(name="exchange.reconcile")
def compare_with(node: str) -> None:
    """Compare with one peer and repair what differs. Another process that is at it already will do."""
    with suppress(AlreadyRunning):
        reconciliation.reconcile(_settings(), node, told=True)


@queue.task(name="import.take_in", retry=UNTIL_RECOVERED)
def take_file_in(file_id: int) -> None:
    """Take an uploaded file in; put back after a crash, it carries on where the killed worker stood."""
    settings = _settings()
    uploads.take_in(file_id, Importer(settings.node_id, Vault.of(settings)), settings.data_dir)


def _desk() -> Desk:
    settings = _settings()
    return Desk(settings.node_id, Vault.of(settings))


@queue.task(name="listing_batch.run", retry=UNTIL_RECOVERED)
def run_listing_batch(batch_id: int) -> None:
    """Carry an approved batch out; put back after a crash, it goes on after the last position."""
    listing_batch_run.run(batch_id, _desk())


def _settings() -> Settings:
    settings: Settings = current_app.extensions["registry_settings"]
    return settings
