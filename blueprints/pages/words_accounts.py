"""Words of the console's accounts: roles, faults of passwords, events of the access log."""

from typing import Any

from flask_babel import lazy_gettext as _

from registry.rules.account_policy import POLICY, PasswordFault
from registry.rules.roles import Role

ROLES = {
    Role.ENTRY: _("Entry and first review"),
    Role.REVIEW: _("Second review"),
    Role.LEGAL: _("Legal review"),
    Role.SUPERIOR: _("Consent of the superior authority"),
    Role.REPAIR: _("Credit repair"),
    Role.OBJECTION: _("Objections"),
    Role.PUBLISH: _("Publication"),
    Role.EXCHANGE: _("Data exchange"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}
PASSWORD_FAULTS = {
    PasswordFault.SHORT: _("Use at least %(least)s characters.", least=POLICY.shortest_password),
    PasswordFault.LONG: _("Use at most %(most)s characters.", most=POLICY.longest_password),
    PasswordFault.SIMPLE: _("Mix at least three of: small letters, capitals, digits, other characters."),
    PasswordFault.CONTAINS_NAME: _("It must not contain your name."),
    PasswordFault.USED_BEFORE: _("It was used before; choose a new one."),
}
FIELDS = {
    "name": _("User name"),
    "authority": _("Organ"),
    "roles": _("Roles"),
    "reason": _("Reason"),
    "old": _("Present password"),
    "new": _("New password"),
    "again": _("New password again"),
}
"""Fields of the forms, as the summary of their faults names them."""

REFUSALS: dict[str, tuple[str, Any]] = {
    "officer_exists": ("name", _("An officer of this name exists already; names are never given again.")),
    "authority_unknown": ("authority", _("No authority has this code.")),
    "same_authority": ("authority", _("The officer works at this authority already.")),
    "own_account": ("reason", _("Ask another administrator to change your own account.")),
}
"""What the services refuse, by the code of the refusal: the field it is about, and the words."""

EVENTS = {
    "sign_in.password": _("Password accepted"),
    "sign_in.code": _("Signed in"),
    "sign_in.refused": _("Sign-in refused"),
    "sign_in.locked": _("Account locked after failures"),
    "sign_in.ended": _("Signed out"),
    "officer.created": _("Account made"),
    "officer.reset": _("Account reset"),
    "officer.unlocked": _("Account unlocked"),
    "officer.disabled": _("Account disabled"),
    "officer.enabled": _("Account enabled"),
    "officer.roles_set": _("Roles changed"),
    "officer.moved": _("Moved to another authority"),
    "officer.password_changed": _("Password changed"),
    "officer.sessions_ended": _("Other sessions ended"),
    "officer.phone_renewed": _("New phone set up"),
    "announcement.drafted": _("Announcement drafted"),
    "announcement.changed": _("Announcement draft changed"),
    "announcement.published": _("Announcement published"),
    "announcement.withdrawn": _("Announcement withdrawn"),
    "operator.read": _("Operator's file read"),
    "operator.edited": _("Operator changed by hand"),
    "console.refused": _("Access refused"),
    "audit.read": _("Audit log read"),
    "audit.exported": _("Audit log exported"),
}


def event(code: str) -> str:
    """A word for an event of the access log; its code where there is none."""
    return str(EVENTS.get(code, code))
