"""Where the console leads: one entry a room, with the roles whose officers work there."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

from blueprints.area import READERS
from blueprints.signed_in import current_officer, current_session
from registry.rules.roles import BUSINESS, Role


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the console's navigation."""

    endpoint: str
    words: Any
    icon: str
    roles: frozenset[Role]


ROOMS = (
    Room("console_home.show_home", _("Overview"), "home", frozenset(Role)),
    Room("console_matters.show_inbox", _("Inbox"), "list-check", frozenset(READERS)),
    Room("console_proceedings.show_proceedings", _("Cases"), "hierarchy", frozenset(READERS)),
    Room("console_records.show_penalties", _("Penalties"), "gavel", frozenset(READERS)),
    Room("console_records.show_licences", _("Licences"), "certificate", frozenset(READERS)),
    Room("console_operators.show_operators", _("Operators"), "building-store", BUSINESS),
    Room("console_certificates.show_certificates", _("Query certificates"), "certificate", frozenset(READERS)),
    Room("console_notices.show_notices", _("Notices to operators"), "message-circle", frozenset(READERS)),
    Room("console_rules.show_rehearsal", _("Dry run of rules"), "file-check", frozenset({Role.REVIEW, Role.LEGAL})),
    Room("console_batches.show_batches", _("Batches"), "list-check", frozenset({Role.ENTRY, Role.REVIEW})),
    Room("console_imports.show_imports", _("Imports"), "file-text", frozenset({Role.ENTRY, Role.REVIEW})),
    Room("console_quality.show_quality", _("Data quality"), "search", frozenset({Role.ENTRY, Role.REVIEW})),
    Room(
        "console_announcements.show_announcements",
        _("Announcements"),
        "message-circle",
        frozenset({Role.PUBLISH, Role.REVIEW}),
    ),
    Room("console_exchange.show_board", _("Exchange"), "refresh", frozenset({Role.EXCHANGE})),
    Room("console_accounts.show_accounts", _("Accounts"), "users", frozenset({Role.SECURITY_ADMIN})),
    Room("console_audit.show_audit", _("Audit"), "list-check", frozenset({Role.AUDIT_ADMIN})),
    Room("console_system.show_system", _("System"), "server", frozenset({Role.SYSTEM_ADMIN})),
    Room("console_account.show_account", _("My account"), "user", frozenset(Role)),
)
"""In the order of the navigation. A room's roles are those of its guard; a test compares them."""

ON_CASES = BUSINESS
"""Roles whose officers work on records; administrators have no room among them."""


def register(app: Flask) -> None:
    """Offer the rooms of the signed-in officer, and who that is, to the console's templates."""

    def console() -> dict[str, Any]:
        officer = current_officer()
        return {
            "officer": officer,
            "rooms": [room for room in ROOMS if not room.roles.isdisjoint(officer.roles)],
        }

    def may(*roles: str) -> bool:
        own_session = current_session()
        return own_session is not None and own_session.officer.has(*(Role(role) for role in roles))

    app.jinja_env.globals.update(console=console, may=may)
