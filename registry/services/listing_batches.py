"""Batches of the lists: drawing up, previewing, approving by a second officer (domain.md 5, batch invariants).

There is no table of annual reports: who did not report is told by a file of codes, either of those that did not, or of those
that did; then every other operator registered in the authority's area is on the initial list. `listing_batch_run` carries
an approved batch out.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Text, all_, any_, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from models import (
    AbnormalListing,
    Authority,
    BatchKind,
    BatchState,
    HouseholdMark,
    ItemOutcome,
    ListingBatch,
    ListingBatchItem,
    Operator,
    db,
)
from registry.clock import now, today
from registry.errors import Conflict, RuleViolation
from registry.job_queue import defer
from registry.ledger import Actor
from registry.queries.scoping import registered_within
from registry.rules import uscc
from registry.rules.abnormal_cases import report_period_ends_on
from registry.rules.documents import DocumentKind
from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind
from registry.rules.procedure import ReasonMissing, SamePerson
from registry.rules.record import RecordState
from registry.rules.roles import scope_of
from registry.rules.rule_sets import Regime, rule_set_for
from registry.services.documents import issuing
from registry.services.proceedings.abnormal_facts import NOT_ON_REGISTER

LISTED_KINDS = (OperatorKind.ENTERPRISE, OperatorKind.COOPERATIVE, OperatorKind.HOUSEHOLD)
"""Who reports each year, and is listed or marked for not doing so."""
DOCUMENT = {BatchKind.LIST: DocumentKind.LISTING_DECISION, BatchKind.REMOVE: DocumentKind.REMOVAL_DECISION}


class BatchNotReady(Conflict):
    """The batch was decided already, or is not in the state that the step needs."""

    code = "batch_not_ready"


class BatchEmpty(RuleViolation):
    """Nobody is on the initial list."""

    code = "batch_empty"


class PeriodNotOver(RuleViolation):
    """The annual reports of that year are not due yet (企业信息公示暂行条例 art. 8)."""

    code = "report_period_not_over"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a batch. `initial` = `effective` + `corrected` + `left_out` + `waiting`."""

    initial: int
    effective: int
    corrected: int
    left_out: dict[str, int]
    waiting: int


def codes_in(content: bytes) -> list[str]:
    """The codes of a file: the first column of each line, headings and what is no code left out. UTF-8 or GB 18030."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    found: dict[str, None] = {}
    for line in text.splitlines():
        code = uscc.normalise(line.replace("\t", ",").split(",")[0].strip('" '))
        if len(code) == len(uscc.PLACEHOLDER) and code != uscc.PLACEHOLDER:
            found[code] = None
    return list(found)


def draw_up(
    kind: BatchKind,
    *,
    authority: Authority,
    report_year: int,
    content: bytes,
    file_name: str,
    reported: bool,
    kinds: Collection[OperatorKind] = LISTED_KINDS,
    actor: Actor,
) -> ListingBatch:
    """Draw a batch up and lock its initial list. The caller commits. PeriodNotOver, BatchEmpty.

    The file names those that reported where `reported`, else those that did not; a removal is always of those that have
    made up for it. Only operators registered in the authority's area are taken.
    """
    if today() <= report_period_ends_on(report_year, rule_set_for(Regime.SAMR, today())):
        raise PeriodNotOver("The period for these annual reports is not over.")
    codes = codes_in(content)
    batch = ListingBatch(
        kind=kind,
        state=BatchState.DRAWN_UP,
        authority=authority,
        report_year=report_year,
        source={
            "file": file_name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "codes": len(codes),
            "reported": reported,
            "kinds": sorted(kinds),
        },
        initial=0,
        done=0,
        left_out=0,
        position=0,
        prepared_by=str(actor),
        prepared_at=now(),
    )
    db.session.add(batch)
    db.session.flush()
    chosen = select(Operator.id).where(
        registered_within(scope_of(authority.id, authority.region), Operator.region), Operator.kind.in_(kinds)
    )
    if kind is BatchKind.LIST and reported:
        named = Operator.uscc.is_(None) | (Operator.uscc != all_(literal(codes, ARRAY(Text))))
        chosen = chosen.where(named, Operator.registration_status.not_in(NOT_ON_REGISTER))
    else:
        chosen = chosen.where(Operator.uscc == any_(literal(codes, ARRAY(Text))))
    numbered = chosen.with_only_columns(func.row_number().over(order_by=Operator.id), Operator.id).subquery()
    position, operator_id = numbered.c
    db.session.execute(
        insert(ListingBatchItem).from_select(
            ["batch_id", "position", "operator_id", "outcome"],
            select(literal(batch.id, BigInteger), position, operator_id, _waiting()),
        )
    )
    items = select(func.count()).where(ListingBatchItem.batch_id == batch.id)
    batch.initial = db.session.execute(items).scalar_one()
    if batch.initial == 0:
        raise BatchEmpty("Nobody is on the initial list.")
    db.session.flush()
    return batch


def approve(batch: ListingBatch, *, statement: str, actor: Actor) -> None:
    """Decide the batch; the worker carries it out. The caller commits. BatchNotReady, SamePerson, ReasonMissing.

    The parent document is issued here, unless every operator is a household, which gets none.
    """
    _decide(batch, BatchState.APPROVED, statement, actor)
    batch.decided_on = today()
    if documented(batch):
        batch.document = issuing.issue(
            DOCUMENT[batch.kind],
            authority=batch.authority,
            rule_set=rule_set_for(Regime.SAMR, today()).name,
            on=today(),
            particulars={
                "party": f"详见附件名单（{batch.report_year}年度）",
                "party_no": None,
                "reason": AbnormalReason.R1,
                "report_year": batch.report_year,
                "cured_on": today(),
            },
            prepared_by=batch.prepared_by,
            decided_by=str(actor),
        )
    db.session.flush()
    defer(db.session.connection(), "listing_batch.run", once=f"listing_batch:{batch.id}", batch_id=batch.id)


def refuse(batch: ListingBatch, *, statement: str, actor: Actor) -> None:
    """Refuse the batch: nothing is listed or removed. The caller commits. BatchNotReady, SamePerson, ReasonMissing."""
    _decide(batch, BatchState.REFUSED, statement, actor)
    db.session.flush()


def counts_of(batch: ListingBatch) -> Counts:
    """What became of the batch so far; what was corrected away since counts apart."""
    outcomes: dict[tuple[ItemOutcome, str | None], int] = {
        (outcome, reason): number
        for outcome, reason, number in db.session.execute(
            select(ListingBatchItem.outcome, ListingBatchItem.reason, func.count())
            .where(ListingBatchItem.batch_id == batch.id)
            .group_by(ListingBatchItem.outcome, ListingBatchItem.reason)
        )
    }
    done = sum(number for (outcome, _), number in outcomes.items() if outcome is ItemOutcome.DONE)
    corrected = sum(_corrected(batch, model) for model in (AbnormalListing, HouseholdMark))
    return Counts(
        initial=batch.initial,
        effective=done - corrected,
        corrected=corrected,
        left_out={reason or "": n for (outcome, reason), n in outcomes.items() if outcome is ItemOutcome.LEFT_OUT},
        waiting=sum(number for (outcome, _), number in outcomes.items() if outcome is ItemOutcome.WAITING),
    )


def documented(batch: ListingBatch) -> bool:
    """Whether somebody on the initial list gets a document: whoever is no household."""
    others = (
        select(ListingBatchItem.position)
        .join(Operator, Operator.id == ListingBatchItem.operator_id)
        .where(ListingBatchItem.batch_id == batch.id, Operator.kind != OperatorKind.HOUSEHOLD)
        .limit(1)
    )
    return db.session.execute(others).first() is not None


def _waiting() -> Any:
    return literal(ItemOutcome.WAITING, ListingBatchItem.outcome.type)


def _decide(batch: ListingBatch, state: BatchState, statement: str, actor: Actor) -> None:
    db.session.refresh(batch, with_for_update=True)  # of two officers at once the second one finds it decided
    if batch.state is not BatchState.DRAWN_UP:
        raise BatchNotReady("This batch was decided already.")
    if str(actor) == batch.prepared_by:
        raise SamePerson("Who drew a batch up never decides it.")
    if not statement.strip():
        raise ReasonMissing("A decision needs a reason.")
    batch.state, batch.decided_by, batch.statement = state, str(actor), statement.strip()


def _corrected(batch: ListingBatch, model: Any) -> int:
    withdrawn = (
        select(func.count())
        .select_from(ListingBatchItem)
        .join(model, model.record_id == ListingBatchItem.record_id)
        .where(ListingBatchItem.batch_id == batch.id, model.state == RecordState.WITHDRAWN)
    )
    return db.session.execute(withdrawn).scalar_one()
