"""Words for the register's enumerations, in the reader's language."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from models import Operator
from registry.queries.search import CodeDoubt
from registry.queries.search_ranking import HitReason
from registry.rules import regions, rule_sets
from registry.rules.listing import AbnormalReason, ViolationReason
from registry.rules.merchant_status import FindingType
from registry.rules.operator import OperatorKind, PresenceType, RegistrationStatus
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import Regime, Severity, UnknownRuleSet
from registry.rules.uscc import UsccFault

REGISTRATION = {
    RegistrationStatus.ACTIVE: _("Active"),
    RegistrationStatus.SUSPENDED: _("Business suspended by its own notice"),
    RegistrationStatus.MOVED_OUT: _("Moved to another registrar"),
    RegistrationStatus.REVOKED: _("Licence revoked, not yet deregistered"),
    RegistrationStatus.ANNULLED: _("Registration annulled"),
    RegistrationStatus.CLOSED_BY_ORDER: _("Closed by order"),
    RegistrationStatus.LIQUIDATION: _("In liquidation"),
    RegistrationStatus.CANCELLED: _("Deregistered"),
}
KINDS = {
    OperatorKind.ENTERPRISE: _("Enterprise"),
    OperatorKind.HOUSEHOLD: _("Individual household business"),
    OperatorKind.COOPERATIVE: _("Farmers' cooperative"),
    OperatorKind.OTHER_ORGANISATION: _("Other organisation"),
    OperatorKind.NATURAL_PERSON: _("Natural person"),
}
RESPONSIBLE = {
    OperatorKind.ENTERPRISE: _("Legal representative or person in charge"),
    OperatorKind.HOUSEHOLD: _("Proprietor"),
    OperatorKind.COOPERATIVE: _("Legal representative"),
    OperatorKind.OTHER_ORGANISATION: _("Person in charge"),
}
FINDINGS = {
    FindingType.VIOLATION_LISTING: _("Serious violation and dishonesty list"),
    FindingType.ABNORMAL_LISTING: _("Abnormal operations list"),
    FindingType.HOUSEHOLD_MARK: _("Marked as operating abnormally"),
    FindingType.REGISTRATION_STATUS: _("Registration status"),
    FindingType.PERSON_BAN: _("Ban on a person"),
    FindingType.PENALTY: _("Administrative penalty"),
    FindingType.LICENCE: _("Administrative licence"),
}
PRESENCES = {
    PresenceType.WEBSITE: _("Website"),
    PresenceType.SHOP: _("Online shop"),
    PresenceType.APP: _("App"),
    PresenceType.MINI_PROGRAM: _("Mini program"),
    PresenceType.LIVE_ROOM: _("Live-streaming room"),
}
STATUS_MEMBERS = {
    "uscc": _("Unified social credit code"),
    "registration_no": _("Registration number"),
    "name": _("Name"),
    "former_names": _("Former names"),
    "kind": _("Kind"),
    "registration_status": _("Registration status"),
}
HITS = {
    HitReason.CODE: _("Found by code or number"),
    HitReason.PINYIN: _("Found by pinyin"),
    HitReason.INITIALS: _("Found by initials"),
    HitReason.SIMILAR_NAME: _("Found by a similar name: one character differs"),
}
SEVERITIES = {
    Severity.MINOR: _("Minor"),
    Severity.GENERAL: _("General"),
    Severity.SERIOUS: _("Serious"),
}
REGIMES = {
    Regime.SAMR: _("Rules of market regulation"),
    Regime.NDRC: _("General rules of credit information"),
}
PENALTIES = {
    PenaltyKind.WARNING: _("Warning"),
    PenaltyKind.CIRCULATED_CRITICISM: _("Circulated criticism"),
    PenaltyKind.FINE: _("Fine"),
    PenaltyKind.CONFISCATION_OF_GAINS: _("Confiscation of unlawful gains"),
    PenaltyKind.CONFISCATION_OF_PROPERTY: _("Confiscation of unlawful property"),
    PenaltyKind.SUSPENSION_OF_LICENCE: _("Withholding of a licence"),
    PenaltyKind.DOWNGRADING: _("Lowering of a qualification"),
    PenaltyKind.REVOCATION_OF_LICENCE: _("Revocation of a licence"),
    PenaltyKind.RESTRICTION_OF_BUSINESS: _("Restriction of business activities"),
    PenaltyKind.SUSPENSION_OF_BUSINESS: _("Order to suspend business"),
    PenaltyKind.CLOSURE: _("Order to close"),
    PenaltyKind.RESTRICTION_OF_OCCUPATION: _("Ban from an occupation"),
    PenaltyKind.DETENTION: _("Administrative detention"),
    PenaltyKind.OTHER: _("Other"),
}
ABNORMAL = {
    AbnormalReason.R1: _("Annual report not published in time"),
    AbnormalReason.R2: _("Information not published within the time ordered"),
    AbnormalReason.R3: _("Published information conceals the truth or is false"),
    AbnormalReason.R4: _("Cannot be reached at the registered address"),
}
CURES = {
    AbnormalReason.R1: _("publishes the missing annual report and applies"),
    AbnormalReason.R2: _("publishes the information as ordered and applies"),
    AbnormalReason.R3: _("corrects the published information and this is verified"),
    AbnormalReason.R4: _("registers its new address, or can be reached there again, and this is verified"),
}
VIOLATION = {
    ViolationReason.FOOD: _("Food safety"),
    ViolationReason.DRUGS: _("Drugs, medical devices and cosmetics"),
    ViolationReason.QUALITY: _("Quality and safety of products"),
    ViolationReason.CONSUMERS: _("Harm to consumers"),
    ViolationReason.COMPETITION: _("Fair competition and market order"),
    ViolationReason.LICENSING: _("Licensing, registration and supervision"),
    ViolationReason.REFUSAL: _("Refusal to carry out an administrative decision"),
    ViolationReason.OTHER: _("Other circumstances named by law"),
}
CODE_FAULTS = {
    UsccFault.MISSING: _("Nothing was entered."),
    UsccFault.LENGTH: _("A unified social credit code has 18 characters; this one has %(length)s."),
    UsccFault.ALPHABET: _("A code has no letters I, O, S, V, Z. Please check these characters: %(where)s."),
    UsccFault.MASKED: _("Part of the code is masked with asterisks; the full code is needed."),
    UsccFault.ALL_ZEROS: _("This is a placeholder, not a code."),
    UsccFault.PLACEHOLDER: _("This is a placeholder, not a code."),
    UsccFault.IDENTITY_NUMBER: _("This looks like a citizen's identity number. Please do not enter it here."),
    UsccFault.PREFIX: _("No registering department issues codes that begin with this character."),
    UsccFault.CHECK_CHARACTER: _(
        "The code fails its check: behind these first 17 characters, the last one should be %(expected)s, not %(last)s."
    ),
}


def explain(doubt: CodeDoubt) -> list[str]:
    """Which character of a typed code fails, in sentences."""
    where = places(doubt.bad)
    told = [
        str(CODE_FAULTS[doubt.fault])
        % {"length": len(doubt.code), "where": where, "expected": doubt.expected, "last": doubt.code[-1:]}
    ]
    if doubt.suspects:
        told.append(
            gettext(
                "If one character was misread, it would pass with: %(where)s. Please compare it with the licence.",
                where=places(doubt.suspects),
            )
        )
    return told


def places(characters: list[tuple[int, str]]) -> str:
    """Characters with their positions, as a person counts them."""
    return gettext(", ").join(
        gettext("%(character)s as character %(position)s", character=character, position=position)
        for position, character in characters
    )


def rule_set(name: str) -> str:
    """A rule set as people read it: whose rules, in force from which day, and its name; a stranger's as it is named."""
    try:
        known = rule_sets.get(name)
    except UnknownRuleSet:
        return name
    regime = REGIMES[known.regime]
    return gettext("%(regime)s, in force from %(day)s (%(name)s)", regime=regime, day=known.in_force_from, name=name)


def district(operator: Operator) -> str | None:
    """Name of the region, or what was printed where the region was left open."""
    return regions.NAMES.get(operator.region or "") or operator.region_text
