"""A process that draws up, approves and carries out one batch; prints what it took as JSON. Started by `bench.batch`."""

import json
import os
import resource
import sys
import time
from pathlib import Path

from sqlalchemy import select

from blueprints.pages import batch_annex
from models import Authority, BatchKind, ListingBatch, db
from registry.app import create_app
from registry.config import Settings
from registry.ledger import Actor
from registry.services import listing_batch_run, listing_batches
from registry.services.listing_batch_preview import preview
from registry.services.matters import Desk
from registry.services.personal_values import Vault
from registry.transaction import transaction

REPORT_YEAR = 2025


def main() -> None:
    """Arguments: list or remove, the file of codes, the code of the authority."""
    settings = Settings.from_env(os.environ)
    with create_app(settings).app_context():
        began = time.perf_counter()
        with transaction():
            authority = db.session.execute(select(Authority).where(Authority.uscc == sys.argv[3])).scalar_one()
            authority.region = settings.node_region
            batch = listing_batches.draw_up(
                BatchKind(sys.argv[1]),
                authority=authority,
                report_year=REPORT_YEAR,
                content=Path(sys.argv[2]).read_bytes(),
                file_name="unreported.csv",
                reported=False,
                actor=Actor("officer", "first"),
            )
            batch_id = batch.id
        drawn = time.perf_counter()
        preview(db.session.get_one(ListingBatch, batch_id))
        previewed = time.perf_counter()
        with transaction():
            batch = db.session.get_one(ListingBatch, batch_id)
            listing_batches.approve(batch, statement="measured", actor=Actor("officer", "second"))
        approved = time.perf_counter()
        listing_batch_run.run(batch_id, Desk(settings.node_id, Vault.of(settings)))
        ran = time.perf_counter()
        done = db.session.get_one(ListingBatch, batch_id)
        db.session.refresh(done)
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        for _ in batch_annex.csv_lines(batch_id):
            pass
        written = time.perf_counter()
        batch_annex.volume_pdf(done, 1)
        printed = time.perf_counter()
        figures = {
            "draw_up": drawn - began,
            "preview": previewed - drawn,
            "run": ran - approved,
            "csv": written - start,
            "csv_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
            "volume": printed - written,
            "done": done.done,
            "left_out": done.left_out,
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
