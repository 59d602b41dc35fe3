"""Forms of the console that change one operator, checked by the very rules that check files; all faults at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models import Operator
from registry.ledger.content import presence_content
from registry.rules.operator import RegistrationStatus
from registry.rules.registration_procedure import MACHINE
from registry.services.imports.cells import Binding, RowCells
from registry.services.imports.presence_rows import read_particulars
from registry.services.imports.presences import place_of
from registry.services.matters.faults import FormRefused

RENAMING = ("name", "on", "reason")
STATUS = ("status", "on", "reason")
PRESENCE = ("type", "name", "platform", "url", "icp_no", "reason")
REMOVAL = ("reason",)
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Renaming:
    """The new name and the day from which it holds."""

    name: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The new status of registration and its day."""

    status: RegistrationStatus
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class PresenceChange:
    """The particulars of an online presence as a ledger payload holds them."""

    presence: dict[str, Any]
    reason: str


def next_statuses(status: RegistrationStatus) -> list[RegistrationStatus]:
    """States of registration that can follow this one (SM-K), in the order in which they are declared."""
    after = {row.after for row in MACHINE.transitions if status in row.before}
    return [state.stage for state in MACHINE.states if state.stage in after]


def read_renaming(operator: Operator, posted: Mapping[str, str], today: date) -> Renaming:
    """A new name. FormRefused with everything that is wrong with it."""
    row = _row("renaming", RENAMING, posted, today)
    name = row.text("name", required=True, longest=200)
    if name is not None and name == operator.name:
        row.refuse("name", "correction_changes_nothing")
    on = _day(row, operator.established_on)
    reason = _reason(row)
    _sound(row)
    assert name is not None
    assert on is not None
    return Renaming(name, on, reason)


def read_status(operator: Operator, posted: Mapping[str, str], today: date) -> StatusChange:
    """A new status, one that can follow the present one. FormRefused with everything that is wrong with it."""
    row = _row("status", STATUS, posted, today)
    possible = next_statuses(operator.registration_status)
    cell = row.raw("status")
    if not cell:
        row.refuse("status", "missing")
    elif cell not in possible:
        row.refuse("status", "status_cannot_follow")
    on = _day(row, operator.status_on or operator.established_on)
    reason = _reason(row)
    _sound(row)
    assert on is not None
    return StatusChange(RegistrationStatus(cell), on, reason)


def read_presence(
    operator: Operator, posted: Mapping[str, str], today: date, *, presence_id: int | None = None
) -> PresenceChange:
    """An online presence, new or in the place of the one with this key. FormRefused with everything that is wrong."""
    row = _row("presence", PRESENCE, posted, today)
    presence = read_particulars(row)
    reason = _reason(row)
    if not row.refused:
        known = {each.id: presence_content(each) for each in operator.online_presences}
        if presence == known.get(presence_id or 0):
            row.refuse("type", "correction_changes_nothing")
        elif place_of(presence) in {place_of(each) for key, each in known.items() if key != presence_id}:
            row.refuse("url" if presence["url"] else "name", "presence_stands")
    _sound(row)
    return PresenceChange(presence, reason)


def read_removal(posted: Mapping[str, str], today: date) -> str:
    """Why an online presence is removed. FormRefused where nothing says so."""
    row = _row("removal", REMOVAL, posted, today)
    reason = _reason(row)
    _sound(row)
    return reason


def _row(layout: str, names: tuple[str, ...], posted: Mapping[str, str], today: date) -> RowCells:
    binding = Binding(layout, {key: at for at, key in enumerate(names)}, {key: key for key in names}, len(names))
    return RowCells(0, [posted.get(key, "") for key in names], binding, today)


def _day(row: RowCells, not_before: date | None) -> date | None:
    on = row.day("on", required=True, past=True)
    if on is not None and not_before is not None and on < not_before:
        row.refuse("on", "date_order")
    return on


def _reason(row: RowCells) -> str:
    return row.text("reason", required=True, longest=LONGEST_REASON) or ""


def _sound(row: RowCells) -> None:
    if row.refused:
        raise FormRefused(row.refused)
