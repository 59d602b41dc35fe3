"""Applications, objections and clues for tests: a test states only what it is about."""

import struct
import zlib
from contextlib import contextmanager
from itertools import count

import time_machine

from registry.ledger import Actor as LedgerActor
from registry.queries.proceedings import get_proceeding
from registry.rules.procedure import Actor
from registry.services import applications
from registry.services.application_forms import read_clue, read_objection, read_repair
from registry.services.evidence import HandedIn
from registry.services.proceedings import engine
from registry.transaction import transaction
from tests.matters import DESK, FIRST, SECOND

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
REPAIR_FORM = {
    "applicant": "王小明",
    "contact": "13800001111",
    "statement": "罚款已于3月缴清，违法宣传已全部删除。",
    "commitment": "yes",
}
OBJECTION_FORM = {
    "kind": "penalty_data",
    "standing": "other",
    "applicant": "李四光",
    "contact": "reader@example.cn",
    "statement": "金额应为二千元。",
}
_codes = count(1)


def pdf(name: str = "缴款凭证.pdf") -> HandedIn:
    """A file that can be handed in."""
    return HandedIn(name, PDF)


def png(width: int = 4, height: int = 4) -> bytes:
    """A picture that says it has so many pixels, whatever it holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * (4 * (1 + 3 * 4)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def new_code() -> str:
    """A query code that no other call gives."""
    return f"TEST{next(_codes):016d}"


@contextmanager
def on(day: str):
    """As if it were noon in Beijing of this day."""
    with time_machine.travel(f"{day}T12:00:00+08:00", tick=False):
        yield


def apply_for(record, *, code=None, files=None, **cells):
    """An application for repair, handed in."""
    form = read_repair({**REPAIR_FORM, **cells}, [pdf()] if files is None else files, [])
    assert form.faults == []
    with transaction():
        return applications.apply_for_repair(record, form, code=code or new_code(), desk=DESK)


def object_to(record, *, code=None, files=None, **cells):
    """An objection, handed in."""
    kinds = applications.kinds_for(record)
    form = read_objection({**OBJECTION_FORM, "kind": kinds[0], **cells}, kinds, [pdf()] if files is None else files)
    assert form.faults == []
    kind = next(each for each in kinds if each == {**OBJECTION_FORM, "kind": kinds[0], **cells}["kind"])
    with transaction():
        return applications.object_to(record, kind, form, code=code or new_code(), desk=DESK)


def report(operator, *, code=None, **cells):
    """A clue, handed in."""
    form = read_clue({"statement": "该店铺已搬走，电话停机。", **cells}, [])
    assert form.faults == []
    with transaction():
        return applications.report(operator, form, code=code or new_code(), desk=DESK)


def step(proceeding, action, *, by: LedgerActor = FIRST, part: Actor = Actor.HANDLER, reason="核对材料", **values):
    """A step of an officer."""
    with transaction():
        return engine.take_step(
            proceeding,
            action,
            part=part,
            revision=proceeding.revision,
            statement=reason,
            values=values,
            actor=by,
            desk=DESK,
        )


def decide(proceeding, action, *, by: LedgerActor = SECOND, reason="符合条件", **values):
    """A decision of the second officer."""
    return step(proceeding, action, by=by, part=Actor.REVIEWER, reason=reason, **values)


def note(proceeding, *, by: LedgerActor = FIRST, reason="核查", **values):
    """A note of the first officer."""
    with transaction():
        return engine.note(
            proceeding, values, part=Actor.HANDLER, revision=proceeding.revision, statement=reason, actor=by, desk=DESK
        )


def fresh(proceeding):
    """The case as it stands now."""
    return get_proceeding(proceeding.id)
