"""`worker`: runs background jobs until somebody asks it to stop."""

from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from models import db
from registry.clock import now
from registry.config import Settings
from registry.job_queue import defer, worker_connector
from registry.jobs import STALLED_SECONDS, in_app_context, queue
from registry.transaction import transaction

GRACE_SECONDS = 15  # less than the launcher and systemd wait before they kill


@click.command("worker")
@click.option("--once", is_flag=True, help="Run each periodic job once and what is waiting, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Run background jobs. SIGTERM and Ctrl-C let the running ones finish."""
    app: Any = current_app
    settings: Settings = app.extensions["registry_settings"]
    if once:
        with transaction():
            for periodic in queue.periodic_registry.periodic_tasks.values():
                task = periodic.task
                defer(db.session.connection(), task.name, once=task.queueing_lock, timestamp=int(now().timestamp()))
    db.session.remove()
    with queue.replace_connector(worker_connector(settings.database_url)):
        queue.run_worker(
            wait=not once,
            concurrency=2,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            additional_context={"app": app._get_current_object()},
            task_middleware=[in_app_context],
        )
