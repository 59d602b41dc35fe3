"""Changing one operator: entering, renaming, its status, its online presences, leading a corrected code to its successor."""

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from models import FormerName, OnlinePresence, Operator, db, violated_constraint
from registry import ledger
from registry.clock import now
from registry.errors import Conflict, NotFound, RuleViolation
from registry.ledger import Actor
from registry.queries.operators import successors_from
from registry.rules import names
from registry.rules.operator import OperatorKind, PresenceType, RegistrationStatus


class OperatorExists(Conflict):
    """The code or number already belongs to an operator."""

    code = "operator_exists"


class OwnSuccessor(RuleViolation):
    """An operator cannot, directly or through others, be its own successor."""

    code = "own_successor"


class OperatorMoved(Conflict):
    """Somebody else was faster: the operator is not what the officer saw. `seen` is the revision that they saw."""

    code = "operator_moved"

    def __init__(self, operator_id: int, seen: int) -> None:
        self.operator_id, self.seen = operator_id, seen
        super().__init__("Another officer has changed this operator in the meantime.")


class PresenceStands(Conflict):
    """The operator has this online presence already."""

    code = "presence_stands"


class PresenceNotFound(NotFound):
    """The operator has no such online presence."""

    code = "presence_not_found"


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


def add_presence(operator: Operator, presence: dict[str, Any], *, actor: Actor) -> None:
    """Note where an operator shows itself online, as `{type, name, url, platform, icp_no}`. PresenceStands."""
    operator.online_presences.append(_filled(OnlinePresence(), presence))
    _changed(operator, "operator.presence_added", actor)


def change_presence(operator: Operator, presence_id: int, presence: dict[str, Any], *, actor: Actor) -> None:
    """Put other particulars in the place of an online presence's. PresenceNotFound, PresenceStands."""
    _filled(presence_of(operator, presence_id), presence)
    _changed(operator, "operator.presence_changed", actor)


def remove_presence(operator: Operator, presence_id: int, *, actor: Actor) -> None:
    """Note that an operator is no longer to be found there; the ledger keeps that it was. PresenceNotFound."""
    operator.online_presences.remove(presence_of(operator, presence_id))
    _changed(operator, "operator.presence_removed", actor)


def presence_of(operator: Operator, presence_id: int) -> OnlinePresence:
    """One online presence of this operator; those of others are not there. PresenceNotFound."""
    found = next((each for each in operator.online_presences if each.id == presence_id), None)
    if found is None:
        raise PresenceNotFound("This operator has no such online presence.")
    return found


def expect(operator: Operator, revision: int) -> None:
    """Refuse to go on where the operator is not what the officer looked at. OperatorMoved."""
    if operator.revision != revision:
        raise OperatorMoved(operator.id, revision)


def _filled(presence: OnlinePresence, given: dict[str, Any]) -> OnlinePresence:
    presence.type = PresenceType(given["type"])
    presence.name, presence.url = given["name"], given["url"]
    presence.platform, presence.icp_no = given["platform"], given["icp_no"]
    return presence


def _derive(operator: Operator) -> None:
    operator.folded_name = names.fold(operator.name)
    operator.initials = names.initials(operator.name)
    operator.search_terms = names.search_terms(operator.name, [former.name for former in operator.former_names])


def _changed(operator: Operator, action: str, actor: Actor) -> None:
    operator_id, seen = operator.id, operator.revision
    operator.recorded_at = now()
    flag_modified(operator, "recorded_at")  # a presence stands in another table: the revision must rise all the same
    try:
        db.session.flush()
    except StaleDataError as error:
        raise OperatorMoved(operator_id, seen) from error
    except IntegrityError as error:
        if violated_constraint(error) == "uq_online_presence":
            raise PresenceStands("The operator has this online presence already.") from error
        raise
    ledger.append(action, record=operator, actor=actor)
