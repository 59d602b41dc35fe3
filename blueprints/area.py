"""The officer's area: whose matters and records an officer works on. What lies elsewhere is not there."""

from collections.abc import Collection

from flask import current_app, request

from blueprints.signed_in import current_officer, vault
from models import Matter
from registry.queries import matters as queries
from registry.queries.records import RecordNotFound, get_record
from registry.rules.roles import Role, scope_of
from registry.services.matters import Desk
from registry.services.matters.faults import MatterNotFound
from registry.services.matters.records import Record

READERS = (Role.ENTRY, Role.REVIEW, Role.LEGAL, Role.SUPERIOR, Role.REPAIR, Role.OBJECTION, Role.PUBLISH)
"""Roles that may read the records and matters of their area."""


def desk() -> Desk:
    """The desk of this node."""
    return Desk(current_app.extensions["registry_settings"].node_id, vault())


def area() -> Collection[int]:
    """The authorities whose matters the officer works on."""
    authority = current_officer().authority
    return queries.authorities_within(scope_of(authority.id, authority.region))


def matter_of(matter_id: int) -> Matter:
    """The matter, if it lies in the officer's area; else it is not there."""
    found = queries.get_matter(matter_id, area())
    if found is None:
        raise MatterNotFound("There is no such matter in your area.")
    return found


def record_of(record_id: str) -> Record:
    """The penalty or licence, if it lies in the officer's area; else it is not there."""
    found = get_record(record_id)
    if not isinstance(found, Record) or found.authority_id not in area():
        raise RecordNotFound("There is no such record in your area.")
    return found


def seen() -> int:
    """The revision that the officer looked at, as the form says."""
    return request.form.get("revision", type=int) or 0
