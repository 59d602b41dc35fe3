"""`ledger rebuild --check`: tables against the ledger, and the public projection against the tables."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from models import Operator, PublicFinding, db
from registry.ledger.canonical import canonical
from registry.ledger.rebuild import BATCH, Comparison, compare_tables
from registry.projections import derive

Key = tuple[str, str, Any]


def check(progress: Callable[[int], object]) -> Comparison:
    """Derive everything again and compare. Reads one snapshot and writes nothing; the session must be fresh."""
    connection = db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    found = Comparison()
    compare_tables(connection, found, progress)
    _compare_findings(found, progress)
    db.session.rollback()
    return found


def _compare_findings(found: Comparison, progress: Callable[[int], object]) -> None:
    tables = sum(found.rows.values())
    found.rows["public_finding"] = 0
    for ids in _operator_ids():
        standing = _standing(ids)
        derived: dict[Key, Any] = {
            (each.record_id, each.type, each.public_from): (
                each.public_until, each.operator_id, each.level, canonical(each.data)
            )
            for each in derive(ids)
        }  # fmt: skip
        for key in sorted(standing.keys() | derived.keys()):
            if standing.get(key) != derived.get(key):
                found.note(key[0], f"its public finding {key[1]} from {key[2]} is not what the tables give")
        found.rows["public_finding"] += len(standing)
        progress(tables + found.rows["public_finding"])
    orphans = (
        select(PublicFinding.record_id)
        .outerjoin(Operator, Operator.id == PublicFinding.operator_id)
        .where(Operator.id.is_(None))
        .order_by(PublicFinding.record_id)
    )
    for (record_id,) in db.session.execute(orphans):
        found.note(record_id, "its public finding belongs to no operator")


def _operator_ids() -> Iterator[Sequence[int]]:
    after = 0
    ids = select(Operator.id).order_by(Operator.id).limit(BATCH)
    while batch := db.session.execute(ids.where(Operator.id > after)).scalars().all():
        yield batch
        after = batch[-1]


def _standing(ids: Sequence[int]) -> dict[Key, Any]:
    rows = db.session.execute(
        select(*PublicFinding.__table__.columns).where(
            PublicFinding.operator_id == any_(literal(list(ids), ARRAY(BigInteger)))
        )
    )
    return {
        (row.record_id, row.type, row.public_from): (
            row.public_until, row.operator_id, row.level, canonical(row.data)
        )
        for row in rows
    }  # fmt: skip
