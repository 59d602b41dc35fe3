"""Loading the demo register: invented files through the real importers, then the states that no file brings.

Everything follows from one day, which is kept beside the files: a load that was interrupted is repeated and meets what
stands already. Records are told apart by the runs of these very files, so a register that holds others keeps them as
they are.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from models import Authority, ImportRun, LedgerEntry, db
from registry.config import Settings
from registry.demo.register import CITY, ORGANS, OTHERS, DemoRegister, Organ, Row
from registry.errors import NotAllowed
from registry.ledger import Actor
from registry.queries.records import PublishedRecord, get_record
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Regime
from registry.services import authorities, demo_announcements, publicity
from registry.services.imports.reading import open_source
from registry.services.imports.running import Importer, Progress
from registry.services.imports.runs import Counts
from registry.services.personal_values import Vault
from registry.transaction import transaction

OPERATORS = 20_000
OPERATORS_A_PENALTY = OPERATORS / 1_500

ACTOR = Actor("system", "demo")
WITHDRAWN_BECAUSE = "行政处罚决定经行政复议撤销，依法撤回公示。"
_STATES_AT_ONCE = 200  # records of one transaction

Say = Callable[[str], None]


class DemoRefused(NotAllowed):
    """Invented records have no place in a register that real people rely on."""

    code = "demo_refused"

    def __init__(self) -> None:
        super().__init__("REGISTRY_ENV: a production node takes no demo data.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load did: counts by kind of file, and records by the state they were brought into."""

    day: date
    files: dict[str, Counts]
    states: dict[str, int]

    @property
    def applied(self) -> int:
        """Rows that changed something."""
        return sum(counts.applied for counts in self.files.values())


def load(
    settings: Settings, today: date, *, operators: int = OPERATORS, say: Say, progress: Callable[[], Progress]
) -> Loaded:
    """Load the demo register of `operators` operators, or complete one whose load was interrupted.

    `say` is told each file's kind before it is taken in, `progress` makes what the importer then reports to.
    DemoRefused in production, before anything is written.
    """
    if settings.is_production:
        raise DemoRefused
    folder = settings.data_dir / "demo"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    day = _kept_day(folder, today)
    register = DemoRegister(day, size=operators, penalty_count=round(operators / OPERATORS_A_PENALTY))
    enter_authorities()
    importer = Importer(settings.node_id, Vault.of(settings))
    counts: dict[str, Counts] = {}
    files = []
    for kind, rows in _files(register):
        path = _write(folder / f"{kind}.csv", rows)
        say(kind)
        counts[kind] = importer.take_in(kind, path, progress=progress()).counts
        files.append((kind, path))
    states: Counter[str] = Counter()
    for kind, path in files:
        states += _bring_into_states(_records_of(kind, path), day)
    demo_announcements.enter()
    return Loaded(day, counts, dict(states))


def _files(register: DemoRegister) -> Iterator[tuple[str, Iterable[Row]]]:
    """The kinds of files in the order in which they need each other; also the order in which the rows are drawn."""
    yield "operators", register.operators()
    yield "online-presences", register.online_presences()
    yield "licences", register.licences()
    yield "penalties", register.penalties()
    yield "abnormal-listings", register.abnormal_listings()
    yield "violation-listings", register.violation_listings()


def _kept_day(folder: Path, today: date) -> date:
    """The day of the first load: a repeated one on a later day has to draw the same rows."""
    kept = folder / "day"
    if not kept.exists():
        draft = folder / ".day"
        draft.write_text(today.isoformat(), encoding="ascii")
        draft.replace(kept)
    return date.fromisoformat(kept.read_text(encoding="ascii"))


def _write(path: Path, rows: Iterable[Row]) -> Path:
    draft = path.with_name(f".{path.name}")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow(row)
    draft.replace(path)
    return path


def enter_authorities() -> None:
    """The organs of the demo; those that stand already are left alone."""
    with transaction():
        known = set(db.session.execute(select(Authority.uscc).where(Authority.confirmed)).scalars())
        _enter_authority(CITY, None, known)
        for organ in ORGANS.values():
            _enter_authority(organ, CITY.uscc, known)
        for organ in OTHERS:
            _enter_authority(organ, None, known)


def _enter_authority(organ: Organ, parent: str | None, known: set[str]) -> None:
    if organ.uscc not in known:
        authorities.create(organ.uscc, organ.name, regime=Regime(organ.regime), region=organ.region, parent=parent)


def _records_of(kind: str, path: Path) -> Sequence[str]:
    """Names of the records that this file brought in, in the order of the file, whichever run of it that was."""
    if kind in {"operators", "online-presences"}:
        return []
    source = open_source(path, kind)
    runs = db.session.execute(select(ImportRun.id).where(ImportRun.file_sha256 == source.sha256)).scalars()
    actors = [str(Actor("import", str(run))) for run in runs]
    return (
        db.session.execute(
            select(LedgerEntry.record_id)
            .where(LedgerEntry.actor.in_(actors), LedgerEntry.revision == 1, LedgerEntry.record_type != "operator")
            .order_by(LedgerEntry.seq)
        )
        .scalars()
        .all()
    )


Step = Callable[[PublishedRecord, date], PublishedRecord]


def _repair(record: PublishedRecord, day: date) -> PublishedRecord:
    return publicity.end_publicity(record.record_id, reason=EndReason.REPAIRED, on=day, actor=ACTOR)


def _withdraw(record: PublishedRecord, day: date) -> PublishedRecord:
    return publicity.withdraw(
        record.record_id, statement=WITHDRAWN_BECAUSE, reason=EndReason.DECISION_REVOKED, on=day, actor=ACTOR
    )


def _shield(record: PublishedRecord, day: date) -> PublishedRecord:
    return publicity.shield(record.record_id, on=day, actor=ACTOR)


def _object(record: PublishedRecord, day: date) -> PublishedRecord:
    del day
    return record if record.under_objection else publicity.mark_objection(record.record_id, actor=ACTOR)


_EVERY = 30
_STEPS: Mapping[int, Step] = {3: _repair, 11: _withdraw, 18: _shield, 25: _object}
"""What happens to a record by its place among every thirty of its file."""


def _bring_into_states(record_ids: Sequence[str], day: date) -> Counter[str]:
    """Records by state afterwards. Those that a first load has changed already are counted and left alone."""
    reached: Counter[str] = Counter()
    for start in range(0, len(record_ids), _STATES_AT_ONCE):
        with transaction():
            for place, record_id in enumerate(record_ids[start : start + _STATES_AT_ONCE], start):
                record = get_record(record_id)
                step = _STEPS.get(place % _EVERY)
                if step is not None and record.state is RecordState.IN_FORCE and _is_public_on(record, day):
                    step(record, day)
                reached[_state_of(record, day)] += 1
    return reached


def _is_public_on(record: PublishedRecord, day: date) -> bool:
    return (
        record.public_from is not None
        and record.public_from <= day
        and (record.public_until is None or day < record.public_until)
    )


def _state_of(record: PublishedRecord, day: date) -> str:
    """The record's state, told apart where one state has several causes: how it ended, that it ran out, an objection."""
    if record.state is RecordState.ENDED:
        return str(record.end_reason or record.state)
    if record.state is RecordState.IN_FORCE and not _is_public_on(record, day):
        return "expired"
    return "under_objection" if record.under_objection else str(record.state)
