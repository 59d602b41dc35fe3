"""The words of every procedure that is carried out, and those that all of them share."""

from flask_babel import lazy_gettext as _

from blueprints.pages.proceeding_words import ProceedingWords, applications, lists, violations
from blueprints.pages.proceeding_words.conditions import GUARDS
from blueprints.pages.rule_words import RULES
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure

__all__ = ["ASKED", "DEADLINES", "GUARDS", "PARTS", "WORDS"]

WORDS: dict[Procedure, ProceedingWords] = {**lists.WORDS, **violations.WORDS, **applications.WORDS}

DEADLINES = {name.removeprefix("deadlines."): words for name, words in RULES.items() if name.startswith("deadlines.")}

PARTS = {
    Actor.HANDLER: _("Case handler"),
    Actor.REVIEWER: _("Second officer"),
    Actor.SUPERIOR: _("Superior authority"),
    Actor.PARTY: _("Party"),
    Actor.PROVIDER: _("Provider of network services"),
    Actor.SYSTEM: _("The system"),
}
ASKED = {
    Actor.HANDLER: _("Go on with the case"),
    Actor.REVIEWER: _("Review and decide"),
    Actor.SUPERIOR: _("Consent or refuse"),
    Actor.PARTY: _("Waits for the party"),
    Actor.PROVIDER: _("Waits for the provider"),
    Actor.SYSTEM: _("Goes on by itself"),
}
