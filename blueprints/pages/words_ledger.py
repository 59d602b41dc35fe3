"""Words of the ledger: what an entry says happened to its record, for every action that the services append."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

VERBS = {
    "entered": _("Entered in the register"),
    "entered_again": _("Entered again"),
    "changed": _("Changed"),
    "renamed": _("Renamed"),
    "status_changed": _("Registration status changed"),
    "succeeded": _("Led to its successor"),
    "presence_added": _("Online presence added"),
    "presence_changed": _("Online presence changed"),
    "presence_removed": _("Online presence removed"),
    "published": _("Published"),
    "not_publishable": _("Kept from the public"),
    "corrected": _("Corrected"),
    "ended": _("Publicity ended"),
    "expired": _("Publicity has run out"),
    "withdrawn": _("Withdrawn"),
    "publicity_recomputed": _("Publicity computed anew"),
    "shielded": _("Shielded"),
    "shown_again": _("Shown again"),
    "objection_marked": _("Marked as contested"),
    "objection_cleared": _("No longer contested"),
    "taken_back": _("Taken back with its import"),
    "restored": _("Restored"),
    "adopted": _("Taken over from earlier data"),
    "noted": _("Note added"),
}
"""Words of what an entry did, by the verb of its action. The steps of a proceeding have the words of its procedure."""


def verb_of(action: str) -> str:
    """A word for what a ledger entry did; its code where there is none."""
    verb = action.partition(".")[2]
    return str(VERBS.get(verb, verb))


def who(actor: str) -> str:
    """Who made an entry: the name of an officer, an import by its number, the program itself."""
    kind, _colon, name = actor.partition(":")
    if kind == "officer":
        return name
    if kind == "import":
        return gettext("import no. %(number)s", number=name)
    return gettext("the system (%(part)s)", part=name) if kind == "system" else actor
