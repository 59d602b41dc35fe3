"""Ending what is no longer public. Visibility itself waits for no job; this writes the ledger's entries."""

from datetime import date

from registry.queries.records import MODELS
from registry.services.day.bulk import Progress, end_expired, lock
from registry.transaction import transaction


def expire(on: date, progress: Progress) -> dict[str, int]:
    """End every record in force that is no longer public on this day; how many of each resource. Commits by batch.

    A record ends on its own last day, not on the day of the run: a run that comes late leaves the same state behind.
    """
    counts = dict.fromkeys(MODELS, 0)
    for resource in MODELS:
        after = 0
        while True:
            with transaction():
                due = "r.state = 'in_force' AND r.public_until <= %(on)s AND r.id > %(after)s"
                records = lock(resource, due, {"on": on, "after": after})
                if records:
                    end_expired(resource, records)
            if not records:
                break
            after = records[-1].id
            counts[resource] += len(records)
            progress(sum(counts.values()))
    return counts
