"""What a platform is told for each level (domain.md 9.2, 电子商务法 art. 32-36). Advice only: it decides by its published rules."""

from flask_babel import lazy_gettext as _

from registry.rules.merchant_status import Level

ADVICE = {
    Level.CLEAR: _("No public record of dishonesty found within the scope; this is no certificate of good standing."),
    Level.INFO: _("Nothing speaks against the operator; note its registration status."),
    Level.LOW: _("Ordinary penalties are public; decide by your published rules."),
    Level.MEDIUM: _("The operator is on the abnormal list or marked; ask for proof that the cause is removed."),
    Level.HIGH: _("Serious breach of law; check closely and decide by your published rules."),
    Level.BARRED: _("The operator may not lawfully trade."),
    Level.UNKNOWN: _("No operator was matched; ask for the licence."),
}
