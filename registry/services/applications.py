"""What the public hands in without an account: applications for repair, objections, clues; and following them by a code.

Sent twice, a form is taken in once: its token gives the query code, and the code is unique.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text

from models import Authority, Operator, Penalty, Proceeding, db
from registry.clock import today
from registry.errors import Conflict, RuleViolation
from registry.ledger import Actor as LedgerActor
from registry.queries import proceedings as queries
from registry.queries.records import PublishedRecord
from registry.rules import clue_procedure, objection_procedure, repair_procedure
from registry.rules.objection_procedure import ObjectionKind
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.repair_procedure import RepairOf
from registry.rules.rule_sets import Regime
from registry.services import evidence
from registry.services.application_forms import Read
from registry.services.earliest_days import repair_of
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.query_codes import digest_of

PUBLIC = LedgerActor("party", "online")
"""Who the ledger names for what comes in without an account; who it is stands sealed in the case."""
ONLINE = "网上提交"
_LISTINGS = frozenset({RepairOf.ABNORMAL_LISTING, RepairOf.HOUSEHOLD_MARK, RepairOf.VIOLATION_LISTING})


class NothingToRepair(RuleViolation):
    """A licence is nothing that could be repaired."""

    code = "nothing_to_repair"


class NoBureau(RuleViolation):
    """No authority of this register is responsible for the operator's place."""

    code = "no_bureau"


class NotAskedFor(Conflict):
    """Nothing is to be supplemented now."""

    code = "nothing_asked_for"


def kinds_for(record: PublishedRecord) -> tuple[ObjectionKind, ...]:
    """What can be said against a record, or asked about it."""
    kind = repair_of(record)
    if kind in _LISTINGS:
        return ObjectionKind.LISTING, ObjectionKind.QUESTION
    if isinstance(record, Penalty):
        return ObjectionKind.PENALTY_DATA, ObjectionKind.QUESTION
    return ObjectionKind.CREDIT_INFORMATION, ObjectionKind.QUESTION


def apply_for_repair(record: PublishedRecord, form: Read, *, code: str, desk: Desk) -> Proceeding:
    """Hand in an application, for the authority that decided on the record. The caller commits.

    GuardsNotMet (too early, not public any more), ProceedingOpen, NothingToRepair. A repeat answers what stands.
    """
    standing = _standing(code)
    if standing is not None:
        return standing
    if repair_of(record) is None:
        raise NothingToRepair("A licence cannot be repaired.")
    proceeding = _open(
        Procedure.REPAIR,
        repair_procedure.Action.DRAFT,
        form,
        code=code,
        desk=desk,
        authority=record.authority,
        operator=record.operator,
        about=record.record_id,
    )
    engine.take_step(
        proceeding,
        repair_procedure.Action.SUBMIT,
        part=Actor.PARTY,
        revision=proceeding.revision,
        statement=ONLINE,
        actor=PUBLIC,
        desk=desk,
    )
    evidence.keep(proceeding, form.files, vault=desk.vault, actor=PUBLIC)
    return proceeding


def object_to(record: PublishedRecord, kind: ObjectionKind, form: Read, *, code: str, desk: Desk) -> Proceeding:
    """Hand in an objection or a question, for the authority that decided on the record. The caller commits."""
    standing = _standing(code)
    if standing is not None:
        return standing
    proceeding = _open(
        Procedure.OBJECTION,
        objection_procedure.Action.OBJECT,
        form,
        code=code,
        desk=desk,
        authority=record.authority,
        operator=record.operator,
        about=record.record_id,
        reason=kind,
    )
    evidence.keep(proceeding, form.files, vault=desk.vault, actor=PUBLIC)
    return proceeding


def report(operator: Operator, form: Read, *, code: str, desk: Desk) -> Proceeding:
    """Hand in a clue about an operator, for the bureau of its place. NoBureau. The caller commits."""
    standing = _standing(code)
    if standing is not None:
        return standing
    bureau = bureau_of(operator)
    if bureau is None:
        raise NoBureau("No authority of this register is responsible for that place.")
    action = clue_procedure.Action.REPORT
    proceeding = _open(Procedure.CLUE, action, form, code=code, desk=desk, authority=bureau, operator=operator)
    evidence.keep(proceeding, form.files, vault=desk.vault, actor=PUBLIC)
    return proceeding


def supplement(proceeding: Proceeding, form: Read, *, revision: int, desk: Desk) -> None:
    """Hand in what was asked for. NotAskedFor; ProceedingMoved for a form sent twice. The caller commits."""
    if proceeding.procedure is not Procedure.REPAIR or proceeding.stage != repair_procedure.Stage.SUPPLEMENT:
        if proceeding.revision != revision:
            raise engine.ProceedingMoved(proceeding.id, revision)
        raise NotAskedFor("Nothing is to be supplemented now.")
    sealed = {f"supplement_{name}": value for name, value in form.personal.items()}
    digests = {name: desk.vault.put(proceeding.record_id, name, value) for name, value in sealed.items()}
    with db.session.no_autoflush:
        proceeding.personal = {**proceeding.personal, **digests}
    engine.take_step(
        proceeding,
        repair_procedure.Action.SUPPLEMENT,
        part=Actor.PARTY,
        revision=revision,
        statement=ONLINE,
        values={"received_on": today().isoformat()},
        actor=PUBLIC,
        desk=desk,
    )
    evidence.keep(proceeding, form.files, vault=desk.vault, actor=PUBLIC)


def follow(code: str) -> Proceeding | None:
    """The case that a query code follows; None for a code that is none."""
    return queries.by_query_code(digest_of(code))


def bureau_of(operator: Operator) -> Authority | None:
    """The market regulation bureau of an operator's district, else that of its city; None where there is neither."""
    if operator.region is None:
        return None
    wanted = (operator.region, f"{operator.region[:4]}00")
    found = db.session.execute(
        select(Authority)
        .where(Authority.regime == Regime.SAMR, Authority.confirmed, Authority.region.in_(wanted))
        .order_by(Authority.id)
    ).scalars()
    return min(found, key=lambda each: wanted.index(each.region or ""), default=None)


def _standing(code: str) -> Proceeding | None:
    """What was handed in under this code already. Of two requests at once the second waits here for the first."""
    digest = digest_of(code)
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('query code'), hashtext(:digest))"), {"digest": digest}
    )
    return queries.by_query_code(digest)


def _open(procedure: Procedure, action: Any, form: Read, *, code: str, desk: Desk, **case: Any) -> Proceeding:
    values: Mapping[str, Any] = {**form.values, "received_on": today().isoformat()}
    return engine.open_case(
        procedure,
        action,
        part=Actor.PARTY,
        statement=ONLINE,
        actor=PUBLIC,
        desk=desk,
        values=values,
        personal=form.personal,
        query_code=digest_of(code),
        **case,
    )
