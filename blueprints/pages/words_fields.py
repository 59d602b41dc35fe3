"""Words of the console's forms: groups, fields, hints of the standard (standards.md 1.3–1.5), choices of closed lists."""

from flask_babel import lazy_gettext as _

from registry.rules.penalty_kinds import PenaltyKind

GROUPS = {
    "party": _("Party"),
    "case": _("Decision"),
    "sanction": _("Sanction"),
    "days": _("Days and periods"),
    "source": _("Source and remarks"),
    "notice": _("Notice to the party"),
}
FIELDS = {
    "category": _("Category of the party"),
    "name": _("Name of the party"),
    "uscc": _("Unified social credit code"),
    "doubt": _("Why a doubtful code is kept"),
    "registration_no": _("Registration number"),
    "organisation_code": _("Organisation code"),
    "tax_no": _("Tax registration number"),
    "institution_no": _("Certificate number of the public institution"),
    "society_no": _("Certificate number of the social organisation"),
    "representative": _("Legal representative"),
    "representative_id_type": _("Document type of the legal representative"),
    "representative_id": _("Document number of the legal representative"),
    "id_type": _("Document type"),
    "id_number": _("Document number of the person"),
    "document_no": _("Number of the decision"),
    "unlawful_act": _("Kind of unlawful act"),
    "facts": _("Facts"),
    "legal_basis": _("Legal basis"),
    "kinds": _("Kinds of penalty"),
    "content": _("Content of the decision"),
    "fine": _("Fine (in 10,000 yuan)"),
    "confiscated": _("Confiscated (in 10,000 yuan)"),
    "licence_affected": _("Licence withheld or revoked: name and number"),
    "restriction_until": _("Restriction until"),
    "decided_on": _("Day of the decision"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "declared_until": _("Declared end of publicity"),
    "severity": _("Class"),
    "source": _("Unit that hands the record on"),
    "source_uscc": _("Code of the unit that hands the record on"),
    "remark": _("Remark"),
    "told": _("Made by ordinary procedure and served; the party was told in writing of publicity and of repair"),
    "document_title": _("Title of the decision"),
    "licence_kind": _("Kind of licence"),
    "certificate_name": _("Name of the certificate"),
    "licence_no": _("Number of the licence"),
    "current_status": _("Present status"),
    "party_name": _("Name of the party"),
    "legal_representative": _("Legal representative"),
    "kinds_printed": _("Kinds of penalty"),
    "party_codes": _("Codes of the party"),
    "source_name": _("Unit that hands the record on"),
}
HINTS = {
    "name": _(
        "The full registered name; of a person the name of the document. Typing offers operators of the register."
    ),
    "uscc": _("Eighteen characters; blanks of a pasted code are taken out. Households begin with 92."),
    "registration_no": _("Fifteen or thirteen digits; needed where there is no code."),
    "doubt": _("Only where the licence itself shows a code that fails its check."),
    "representative_id": _("Better left empty; needed only where the document type is filled."),
    "id_number": _("Kept encrypted and shown masked; never public."),
    "document_no": _("As printed on the decision, for example 石市监处罚〔2023〕21号."),
    "unlawful_act": _("The kind, as the law names it; no names of persons."),
    "facts": _("What was found; names of natural persons are masked for the public."),
    "legal_basis": _("Full title of the law, and the article."),
    "kinds": _("The closed list of the penalty law, article 9; each kind asks for its own fields."),
    "content": _("What the decision orders, with its amounts; they are compared with the fields below."),
    "fine": _("Unit of the standard: 10,000 yuan, at most six decimals; 2,000 yuan is 0.2."),
    "confiscated": _("In 10,000 yuan as well; needed where gains or property were confiscated."),
    "licence_affected": _("Needed where a licence is withheld or revoked."),
    "decided_on": _("As 2026-02-28; the seven working days run from it."),
    "valid_until": _("Not before the day of the decision; 2099-12-31 where it has no end."),
    "declared_until": _("Only where the decision names an earlier end than the rules."),
    "source": _("Empty: the deciding authority itself."),
    "severity": _("Follows from the kinds of penalty unless the authority classes it otherwise."),
}
CATEGORIES = {
    "法人及非法人组织": _("Legal person or other organisation"),
    "个体工商户": _("Individual business"),
    "自然人": _("Natural person"),
}
PERSON = "自然人"
PENALTY_KINDS = {
    PenaltyKind.WARNING: _("Warning"),
    PenaltyKind.CIRCULATED_CRITICISM: _("Circulated criticism"),
    PenaltyKind.FINE: _("Fine"),
    PenaltyKind.CONFISCATION_OF_GAINS: _("Confiscation of unlawful gains"),
    PenaltyKind.CONFISCATION_OF_PROPERTY: _("Confiscation of unlawful property"),
    PenaltyKind.SUSPENSION_OF_LICENCE: _("Licence withheld"),
    PenaltyKind.DOWNGRADING: _("Lower class of qualification"),
    PenaltyKind.REVOCATION_OF_LICENCE: _("Licence revoked"),
    PenaltyKind.RESTRICTION_OF_BUSINESS: _("Restriction of business"),
    PenaltyKind.SUSPENSION_OF_BUSINESS: _("Order to stop business"),
    PenaltyKind.CLOSURE: _("Order to close"),
    PenaltyKind.RESTRICTION_OF_OCCUPATION: _("Restriction of occupation"),
    PenaltyKind.DETENTION: _("Administrative detention"),
    PenaltyKind.OTHER: _("Other"),
}
_ID_TYPES = {
    "": _("choose"),
    "身份证": _("Identity card"),
    "护照号": _("Passport"),
    "港澳居民来往内地通行证": _("Mainland travel permit of Hong Kong and Macao residents"),
    "台湾居民来往大陆通行证": _("Mainland travel permit of Taiwan residents"),
    "外国人永久居留身份证": _("Permanent residence card of foreigners"),
}
CHOICES = {
    "id_type": _ID_TYPES,
    "representative_id_type": _ID_TYPES,
    "severity": {
        "": _("By the kinds of penalty"),
        "轻微": _("Minor class"),
        "一般": _("General class"),
        "严重": _("Serious class"),
    },
    "licence_kind": {
        "": _("choose"),
        "普通": _("Ordinary"),
        "特许": _("Concession"),
        "认可": _("Recognition"),
        "核准": _("Approval"),
        "登记": _("Registration"),
    },
    "current_status": {"": _("choose"), "1": _("1 – valid"), "2": _("2 – not valid")},
}
SAME_CHOICE = {"minor": "轻微", "general": "一般", "serious": "严重"}
"""Programs' words for what the standard prints."""
AMOUNTS = frozenset({"fine", "confiscated"})
CODES = frozenset(
    {"uscc", "registration_no", "organisation_code", "tax_no", "id_number", "representative_id", "source_uscc"}
)
REQUIRED = frozenset(
    {"category", "name", "id_type", "id_number", "document_no", "unlawful_act", "facts", "legal_basis", "kinds",
     "content", "decided_on", "told", "document_title", "licence_kind", "valid_from", "current_status"}
)  # fmt: skip
LONG = frozenset({"facts", "content", "legal_basis", "remark", "unlawful_act"})
