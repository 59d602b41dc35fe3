"""Who of an initial list is left out, and why: for the run operator by operator, for the preview as one expression.

Both ways say the same (one test compares them). The reasons are words for programs.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, not_, null, select, true, union_all

from models import AbnormalListing, BatchKind, HouseholdMark, ListingBatch, Operator, Proceeding, db
from registry.queries.scoping import registered_within
from registry.rules import abnormal_cases as rule
from registry.rules.abnormal_cases import OtherListing
from registry.rules.listing import AbnormalReason
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.rules.roles import registered_in_scope, scope_of
from registry.rules.rule_sets import RuleSet
from registry.services.listing_batches import LISTED_KINDS
from registry.services.proceedings.abnormal_facts import ENDED, NOT_ON_REGISTER

_LISTS: tuple[Any, Any] = (AbnormalListing, HouseholdMark)


def why_not_listed(
    operator: Operator, batch: ListingBatch, others: Sequence[OtherListing], law: RuleSet, on: date
) -> str | None:
    """Why an operator of the initial list is not listed; None where the rules let it be (domain.md 5, SM-A, A3 to A5)."""
    facts = rule.Case(
        on,
        law,
        AbnormalReason.R1,
        report_year=batch.report_year,
        founded_on=operator.established_on,
        other_listings=others,
    )
    if operator.kind not in LISTED_KINDS:
        return "wrong_kind"
    if operator.registration_status in NOT_ON_REGISTER:
        return "not_on_register"
    if not _registered_here(operator, batch):
        return "registered_elsewhere"
    if operator.established_on is None:
        return "founding_unknown"
    if not rule.report_is_missing(facts):
        return "newly_founded"
    return None if rule.no_second_listing(facts) else "listed_for_that_year"


def why_not_removed(
    operator: Operator, batch: ListingBatch, *, record_id: str | None, node: str, busy: bool
) -> str | None:
    """Why an operator is not taken off; `record_id` is its stay or mark for the year. A stay of another node ends there."""
    if record_id is None:
        return "not_listed"
    if operator.registration_status in ENDED:
        return "not_on_register"
    if not _registered_here(operator, batch):
        return "registered_elsewhere"
    if not record_id.startswith(f"{node}."):
        return "other_node"
    return "case_open" if busy else None


def verdict(batch: ListingBatch, law: RuleSet, on: date, node: str) -> ColumnElement[str | None]:
    """Why an operator is left out as of a day, null where it is not, as an expression over `Operator`."""
    scope = scope_of(batch.authority.id, batch.authority.region)
    elsewhere = not_(func.coalesce(registered_within(scope, Operator.region), False))
    case_open = Operator.id.in_(_open_cases())
    if batch.kind is BatchKind.REMOVE:
        return case(
            (Operator.id.not_in(_stays(batch, in_force=True)), "not_listed"),
            (Operator.registration_status.in_(ENDED), "not_on_register"),
            (elsewhere, "registered_elsewhere"),
            (Operator.id.not_in(_stays(batch, in_force=True, node=node)), "other_node"),
            (case_open, "case_open"),
            else_=null(),
        )
    owes_from = func.date_part("year", Operator.established_on) <= batch.report_year
    due = on > rule.report_period_ends_on(batch.report_year, law)
    return case(
        (Operator.kind.not_in(LISTED_KINDS), "wrong_kind"),
        (Operator.registration_status.in_(NOT_ON_REGISTER), "not_on_register"),
        (elsewhere, "registered_elsewhere"),
        (Operator.established_on.is_(None), "founding_unknown"),
        (not_(owes_from) if due else true(), "newly_founded"),
        (Operator.id.in_(_stays(batch, in_force=False)), "listed_for_that_year"),
        (case_open, "case_open"),
        else_=null(),
    )


def others_of(operator_ids: Sequence[int]) -> dict[int, list[OtherListing]]:
    """Stays and marks that were not corrected away, by operator; a company does not answer for its time as a household."""
    found: dict[int, list[OtherListing]] = {}
    for model in _LISTS:
        columns: Any = (model.operator_id, model.reason, model.report_year, model.state)
        rows = select(*columns).where(model.operator_id.in_(operator_ids), model.state != RecordState.WITHDRAWN)
        for operator_id, reason, year, state in db.session.execute(rows):
            found.setdefault(operator_id, []).append(OtherListing(reason, year, state is RecordState.IN_FORCE))
    return found


def busy_among(operator_ids: Sequence[int]) -> set[int]:
    """Operators that an officer has an open case about for a missing report: it is decided there."""
    return {
        row.operator_id for row in db.session.execute(_open_cases().where(Proceeding.operator_id.in_(operator_ids)))
    }


def _open_cases() -> Select[tuple[int]]:
    operator_id: Any = Proceeding.operator_id
    return select(operator_id).where(
        operator_id.is_not(None),
        Proceeding.closed_on.is_(None),
        Proceeding.reason == AbnormalReason.R1,
        Proceeding.procedure.in_((Procedure.ABNORMAL_LISTING, Procedure.HOUSEHOLD_MARK)),
    )


def _stays(batch: ListingBatch, *, in_force: bool, node: str | None = None) -> Any:
    """Operators with a stay or mark for the year: one in force, else any that was not corrected away."""
    chosen = []
    for model in _LISTS:
        state = model.state == RecordState.IN_FORCE if in_force else model.state != RecordState.WITHDRAWN
        stays = select(model.operator_id).where(
            state, model.reason == AbnormalReason.R1, model.report_year == batch.report_year
        )
        chosen.append(stays if node is None else stays.where(model.record_id.startswith(f"{node}.", autoescape=True)))
    return union_all(*chosen)


def _registered_here(operator: Operator, batch: ListingBatch) -> bool:
    return registered_in_scope(scope_of(batch.authority.id, batch.authority.region), operator.region)
