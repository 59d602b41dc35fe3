"""Words of a dry run of a rule set."""

from flask_babel import lazy_gettext as _

from registry.services.rule_rehearsal import Effect

EFFECTS = {
    Effect.LISTED: _("Would be listed"),
    Effect.DELISTED: _("Would be off the violation list"),
    Effect.EXPIRED: _("Publicity would be over"),
    Effect.HIDDEN: _("Would not be shown"),
    Effect.SHORTER: _("Would be shown for less time"),
    Effect.LONGER: _("Would be shown for longer"),
}
