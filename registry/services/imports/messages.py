"""The words for every fault; ids in English, as everywhere, with the catalogues translating them."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    # the file as a whole
    "not_found": _("There is no file named %(name)s."),
    "empty_file": _("The file is empty."),
    "no_rows": _("The file has a header but no rows below it."),
    "no_header": _("No header row of this layout was found in the first rows. Is this the right file for this import?"),
    "columns_missing": _(
        "These columns are missing: %(columns)s. Columns that were not recognised: %(unknown)s. Layout: %(layout)s."
    ),
    "doubled_column": _("Two columns say the same thing: %(first)s and %(second)s. Please keep one."),
    "old_layout": _(
        "This is the layout of 2015 (%(columns)s), in which the second and third party codes have swapped meanings."
        " Please move the data to the present template; column headers must say which code they hold."
    ),
    "utf16": _("The file is UTF-16 text. Please save it as CSV UTF-8 or as xlsx."),
    "web_page": _("The file is a web page that only carries the name of a table. Please open it and save it as xlsx."),
    "not_a_table": _("The file is not a table. Accepted are csv, xlsx and xls."),
    "nul_bytes": _("The file holds zero bytes: it is damaged, or it is not text."),
    "damaged_encoding": _("Line %(line)s is damaged: the file is not well-formed %(encoding)s from there on."),
    "quotes": _("A quotation mark that opens near row %(line)s is never closed."),
    "workbook_unreadable": _("The workbook cannot be read: it is damaged or protected by a password."),
    "workbook_too_large": _("The workbook is too large to be read at once. Please save it as CSV UTF-8."),
    "worker_failed": _(
        "Something went wrong on our side, not in your file. What was taken in stays; start it again and it goes on where"
        " it stopped."
    ),
    "import_already_running": _(
        "The same file is being taken in already, perhaps by a colleague. Start it again when that has ended."
    ),
    # the row
    "too_many_cells": _(
        "The row has %(count)s cells under %(width)s columns; a separator seems to stand inside a text."
    ),
    "too_few_cells": _("The row has %(count)s cells under %(width)s columns; it seems to be torn."),
    "several_operators": _(
        "%(count)s operators bear this number; the unified social credit code is needed to tell them apart."
    ),
    "contradicts_file": _("An earlier row of this file says something else about the same record."),
    "database_refused": _("The register cannot hold this row (%(constraint)s)."),
    # cells
    "missing": _("is required."),
    "too_long": _("has %(length)s characters; at most %(longest)s are allowed."),
    "bad_characters": _("holds characters that cannot be displayed."),
    "number_cell": _(
        "was turned into a rounded number by the spreadsheet; format the column as text and type it again."
    ),
    "not_a_choice": _("is not one of the choices."),
    "field_unknown": _("is no field of this step."),
    "not_a_day": _("is not a date; write it as 2024-02-29 or 2024/2/29."),
    "date_future": _("lies in the future."),
    "unknown_value": _("has an unknown value; known are: %(known)s."),
    # codes
    "uscc_missing": _("is required."),
    "uscc_length": _("has %(length)s characters; a unified social credit code has 18."),
    "uscc_alphabet": _("holds characters that no unified social credit code has (position: character): %(where)s."),
    "uscc_masked": _("is masked with asterisks; the full code is needed."),
    "uscc_all_zeros": _("is all zeros, which is no code."),
    "uscc_placeholder": _(
        "is the placeholder of 17 zeros and X, which only a household with a registration number may use."
    ),
    "uscc_identity_number": _("is a citizen's identity number, not a unified social credit code."),
    "uscc_prefix": _("begins with a character that no registering department has."),
    "uscc_check": _(
        "fails its check: the last character should be %(expected)s. Compare it with the licence; if the licence says"
        " so, give the reason in a column 存疑原因."
    ),
    "uscc_check_hint": _(
        "fails its check: the last character should be %(expected)s, or one character was misread"
        " (position → character): %(where)s. Compare it with the licence; if the licence says so, give the reason in"
        " a column 存疑原因."
    ),
    "uscc_doubtful": _("fails its check and is kept as doubtful for the reason given."),
    "no_identifier": _("is required, or else a registration number."),
    "placeholder_without_registration_no": _("is the placeholder; then the registration number is required."),
    "registration_no_check": _("has a wrong check digit; it is kept as printed."),
    "registration_no_form": _("is not a registration number of 15 digits; it is kept as printed."),
    "registration_no_is_uscc": _("looks like a unified social credit code; it is kept as printed."),
    "registration_no_in_uscc": _("holds a registration number of 15 digits, which was taken as one."),
    "registration_no_of_other": _("The registration number is also that of an operator with another code."),
    "kind_against_code": _("does not agree with the code: 92 is a household, 91 an enterprise, 93 a cooperative."),
    "company_type_against_code": _(
        "does not agree with the code: 92 is a household, 91 an enterprise, 93 a cooperative; the code was followed."
    ),
    "note_in_name": _(
        "holds a note that is no part of a registered name (%(note)s); state and former names belong in columns of"
        " their own."
    ),
    "person_not_registered": _("says natural person; natural persons are not entered as registered operators."),
    "operator_unknown": _("belongs to no operator in the register; take the operator in first."),
    "operator_outside_area": _("is about an operator that is not registered in your area."),
    "name_differs": _("differs from the name that the register holds for this code."),
    "name_or_url": _("is required, or else an address."),
    "not_an_address": _("is not the address of a web page."),
    # parties
    "must_be_empty": _("must be empty for %(category)s."),
    "code_against_category": _("does not fit the category: codes of households begin with 92, and no others do."),
    "category_against_code": _("does not fit the code: 92 is a household, 91 and others an organisation."),
    "identity_number_check": _("is not a valid identity number."),
    "number_masked": _("is masked with asterisks; the full number is needed."),
    "masked": _("held personal data of the kind that is not published; it was masked."),
    # decisions entered by hand
    "not_told": _("must be confirmed: without it the decision may not be published."),
    "stands_already": _("stands in the register already, as %(record_id)s; correct that record instead."),
    "status_cannot_follow": _("cannot follow from the present status of registration."),
    "presence_stands": _("is entered for this operator already."),
    "other_party": _("names another party; withdraw the record and enter the decision on the right party."),
    "correction_hides": _(
        "With this correction the rules would not let the decision be public any more (%(reason)s); withdraw it instead."
    ),
    "correction_changes_nothing": _("Nothing was changed."),
    # decisions
    "authority_code_missing": _("is not known by this name alone; its unified social credit code is needed."),
    "authority_outside_area": _("names an authority outside your area; a file can hold decisions of your area only."),
    "authority_code_prefix": _("does not begin with 1, as the codes of organs of state do."),
    "not_a_penalty": _("is a decision not to punish; it cannot be entered as a penalty."),
    "not_to_punish": _("says that nothing is punished; such a decision cannot be entered as a penalty."),
    "not_to_punish_beside": _("speaks of not punishing beside the kind of penalty; please compare with the decision."),
    "document_no_form": _("has an unusual form; it is kept as printed."),
    "date_order": _("lies before the day it must follow."),
    "kinds_unknown": _("names kinds of penalty that the law does not know: %(words)s."),
    "amount_format": _("is not an amount; write digits with at most six decimals."),
    "amount_missing": _("is required for this kind of penalty."),
    "amount_without_kind": _("has an amount, but the kinds of penalty name none that it could belong to."),
    "unit_suspect": _("seems to be in yuan where 10,000 yuan is the unit; the text names a ten-thousandth of it."),
    "amount_disagrees": _("is not among the amounts that the text names."),
    "licence_missing": _("is required where a licence is suspended or revoked."),
    "licence_no_missing": _("should be given where there is a certificate."),
    "publicity_too_long": _("lies beyond the longest time of publicity that the law allows (%(until)s)."),
    "before_rule_sets": _("lies before the first rules that this register knows; its publicity is over."),
    "rule_refuses": _("The rules do not allow it (%(reason)s)."),
    "duplicate_record": _("was received already on %(first)s; nothing was changed."),
    "record_closed": _("The record has been ended, withdrawn or shielded; a file cannot change it any more."),
    "removal_revoked": _("The removal was revoked, and the record is public again since %(since)s."),
    "foreign_record": _("The record belongs to another node of the exchange; only that node changes it."),
    "not_a_year": _("is not a year."),
    "report_year_missing": _("should name the year of the missing report."),
    "violation_reason_open": _("names no article; the reason is entered as other."),
    "region_unmatched": _("names no region of the city; the text is kept, the region is left open."),
}
LAYOUTS = {
    "penalty.organisation": _("Penalties of organisations and households, upload template"),
    "penalty.person": _("Penalties of natural persons, upload template"),
    "licence.organisation": _("Licences of organisations and households, upload template"),
    "licence.person": _("Licences of natural persons, upload template"),
    "registration": _("Registration data of operators"),
    "online presences": _("Online presences of operators"),
    "abnormal listings": _("Entries of the abnormal list and marks of households"),
    "violation listings": _("Entries of the violation list"),
}
"""What officers are told of the layout that a file was recognised as."""
