"""What a new rule set means for records that were open when it came into force: the earlier end counts (domain.md 5).

The entry `<type>.publicity_recomputed` says so: its payload names both sets and both ends beside the record's content.
Every set is applied in the order of its day, to what was public on that day. So a run that was skipped, or that comes a
second time, finds what is left to do and nothing else.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from models import db
from registry.rules.recomputed_ends import end_under
from registry.rules.rule_sets import Regime, RuleSet, all_sets
from registry.services.day.bulk import BATCH, LockedRecord, Progress, lock, move_ends
from registry.services.imports.tables import cursor
from registry.transaction import transaction

_OPEN = (
    "r.state = 'in_force' AND r.rule_set = ANY(%(older)s) AND r.public_from <= %(day)s"
    " AND (r.public_until IS NULL OR r.public_until > %(day)s)"
    " AND starts_with(r.record_id, (SELECT node || '.' FROM exchange_node))"  # others recompute theirs
)
_READ = {
    "administrative_penalty": (
        "penalty", "decided_on", "published_on", "period_basis_on", "public_from", "public_until", "kinds", "fine",
        "party_category", "severity", "restriction_until", "rule_set",
    ),
    "violation_listing": (
        "violation_listing", "listed_on", "period_basis_on", "public_from", "public_until", "restriction_until",
        "rule_set",
    ),
}  # fmt: skip
"""Records whose period depends on the set: their table, and the columns that decide on their end."""


def recompute(on: date, progress: Progress) -> dict[str, int]:
    """Set the earlier end for every record that was open when a set came into force up to this day. Commits by batch.

    Answer: how many ends were moved, by resource.
    """
    counts = dict.fromkeys(_READ, 0)
    for new_set in sorted(all_sets(), key=lambda each: each.in_force_from):
        older = [
            each.name
            for each in all_sets()
            if each.regime is new_set.regime and each.in_force_from < new_set.in_force_from
        ]
        if new_set.in_force_from > on or not older:
            continue
        for resource in _READ:
            if resource == "violation_listing" and new_set.regime is not Regime.SAMR:
                continue
            for ids in _to_be_moved(resource, new_set, older):
                counts[resource] += _move(resource, ids, new_set, older)
                progress(sum(counts.values()))
    return counts


def _to_be_moved(resource: str, new_set: RuleSet, older: Sequence[str]) -> Iterator[list[int]]:
    """Keys of records whose end would move, read without locks in parts of BATCH records."""
    table, *names = _READ[resource]
    columns = ", ".join(f"r.{name}" for name in names)
    after = 0
    while True:
        work = cursor()
        work.execute(
            f"SELECT r.id, a.settings, {columns} FROM {table} r JOIN authority a ON a.id = r.authority_id"  # noqa: S608
            f" WHERE {_OPEN} AND r.id > %(after)s ORDER BY r.id LIMIT {BATCH}",
            {"older": older, "day": new_set.in_force_from, "after": after},
        )
        rows = work.fetchall()
        db.session.rollback()
        if not rows:
            return
        found = []
        for key, settings, *values in rows:
            record = dict(zip(names, values, strict=True))
            if end_under(new_set, record, settings) != record["public_until"]:
                found.append(key)
        if found:
            yield found
        after = rows[-1][0]


def _move(resource: str, ids: Sequence[int], new_set: RuleSet, older: Sequence[str]) -> int:
    with transaction():
        condition = f"r.id = ANY(%(ids)s) AND {_OPEN}"
        moves: list[tuple[LockedRecord, date]] = []
        for record in lock(resource, condition, {"ids": ids, "older": older, "day": new_set.in_force_from}):
            until = end_under(new_set, record.columns, record.settings)
            if until is not None and until != record.columns["public_until"]:
                moves.append((record, until))
        if moves:
            ends = {record.id: until for record, until in moves}
            move_ends(
                resource,
                moves,
                lambda record: {
                    "recomputed": {
                        "old_set": record.columns["rule_set"],
                        "new_set": new_set.name,
                        "old_until": record.columns["public_until"] and record.columns["public_until"].isoformat(),
                        "new_until": ends[record.id].isoformat(),
                    }
                },
            )
    return len(moves)
