"""The one way to change the register."""

from collections.abc import Iterator
from contextlib import contextmanager

from models import db
from registry import ledger, projections
from registry.ledger.writing import write


@contextmanager
def transaction() -> Iterator[None]:
    """Flush, lock the ledger, number and insert its entries, renew the projection, commit (architecture.md 1).

    Whatever fails rolls everything back. Large work runs in transactions of at most 2,000 records, since every other
    change waits while the lock is held.
    """
    try:
        yield
        db.session.flush()
        entries = ledger.take_collected()
        if entries:
            first, _ = write(db.session.connection(), entries)
            for written in ledger.take_followers():
                written(first)
            projections.renew({e.operator_id for e in entries if e.renews and e.operator_id is not None})
        db.session.commit()
    except BaseException:  # an interrupt must roll back as well
        ledger.take_collected()
        ledger.take_followers()
        db.session.rollback()
        raise
