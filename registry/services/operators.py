"""Changing one operator: entering, renaming, changing its status, leading a corrected code to its successor."""

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from models import FormerName, Operator, db, violated_constraint
from registry import ledger
from registry.clock import now
from registry.errors import Conflict, RuleViolation
from registry.ledger import Actor
from registry.queries.operators import successors_from
from registry.rules import names
from registry.rules.operator import OperatorKind, RegistrationStatus


class OperatorExists(Conflict):
    """The code or number already belongs to an operator."""

    code = "operator_exists"


class OwnSuccessor(RuleViolation):
    """An operator cannot, directly or through others, be its own successor."""

    code = "own_successor"


def enter(*, node: str, name: str, kind: OperatorKind, actor: Actor, **columns: Any) -> Operator:
    """Enter an operator. `columns` are columns of Operator (uscc, registration_no, region …). The caller commits."""
    operator = Operator(
        record_id=f"{node}.operator.{uuid4()}",
        recorded_at=now(),
        name=name,
        kind=kind,
        registration_status=columns.pop("registration_status", RegistrationStatus.ACTIVE),
        **columns,
    )
    _derive(operator)
    db.session.add(operator)
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated_constraint(error) in {"uq_operator_uscc", "uq_operator_registration_no"}:
            raise OperatorExists("An operator with this code or number is registered already.") from error
        raise
    ledger.append("operator.entered", record=operator, actor=actor)
    return operator


def rename(operator: Operator, *, name: str, on: date, actor: Actor) -> None:
    """Give an operator a new name; the old one stays findable. The caller commits."""
    known = {former.name for former in operator.former_names}
    if operator.name != name and operator.name not in known:
        operator.former_names.append(
            FormerName(name=operator.name, folded_name=names.fold(operator.name), used_until=on)
        )
    operator.name = name
    _derive(operator)
    _changed(operator, "operator.renamed", actor)


def change_status(operator: Operator, *, status: RegistrationStatus, on: date, actor: Actor) -> None:
    """Note a change of registration status (SM-K). The caller commits."""
    operator.registration_status = status
    operator.status_on = on
    _changed(operator, "operator.status_changed", actor)


def lead_to(operator: Operator, *, successor: Operator, actor: Actor) -> None:
    """Lead a corrected, doubled or merged operator to its successor: its old code stays findable."""
    if operator in successors_from(successor):
        raise OwnSuccessor("An operator cannot be its own successor.")
    operator.successor = successor
    _changed(operator, "operator.succeeded", actor)


def _derive(operator: Operator) -> None:
    operator.folded_name = names.fold(operator.name)
    operator.initials = names.initials(operator.name)
    operator.search_terms = names.search_terms(operator.name, [former.name for former in operator.former_names])


def _changed(operator: Operator, action: str, actor: Actor) -> None:
    operator.recorded_at = now()
    db.session.flush()
    ledger.append(action, record=operator, actor=actor)
