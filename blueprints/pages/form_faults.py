"""Faults of a submitted form in the reader's language, by the id of their field: `<form>-<field>`.

The schemas say what is wrong in marshmallow's words, which programs read too; here these become words for people.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from marshmallow import ValidationError

Faults = dict[str, list[str]]

NO_DAY = "Not a valid date."
"""What marshmallow says of a text that is no day."""

_FILL_IN = _("Please fill this in.")
_WORDS: tuple[tuple[str, Any], ...] = (
    (r"Missing data for required field\.", _FILL_IN),
    (r"Field may not be null\.", _FILL_IN),
    (r"Shorter than minimum length (?P<least>\d+)\.", _("Use at least %(least)s characters.")),
    (r"Longer than maximum length (?P<most>\d+)\.", _("Use at most %(most)s characters.")),
    (r"Length must be between (?P<least>\d+) and (?P<most>\d+)\.", _("Use %(least)s to %(most)s characters.")),
    (r"Length must be (?P<exact>\d+)\.", _("This must have %(exact)s characters.")),
    (r"Must be one of: .*", _("Choose one of the values that are offered.")),
    (r"Not a valid date\.", _("Enter a day, as in 2026-11-23.")),
    (r"Not a day that has come\.", _("This day has not come yet.")),
    (r"Not a contact\.", _("This is neither a telephone number nor an e-mail address.")),
    (r"Unknown field\.", _("This field does not belong to the form.")),
    (r"At most (?P<most>\d+) records\.", _("Name at most %(most)s records.")),
    (r"One record number a line\.", _("Write one record number a line, without other text.")),
    (
        r"Not a name of an officer\.",
        _("A name has 2 to 32 small letters, digits, dots, dashes and underscores, and begins with a letter."),
    ),
    (r"Roles not separate\.", _("An administrator holds this one role and no other.")),
)
_OTHERWISE = _("This is not valid.")


def faults_of(refusal: ValidationError, form: str) -> Faults:
    """What the schema refused, all at once."""
    return {f"{form}-{field}": found for field, found in faults_at(refusal).items()}


def faults_at(refusal: ValidationError) -> Faults:
    """The same by the names of the fields, for a page with one form."""
    return {
        str(field): list(dict.fromkeys(worded(message) for message in _flat(found)))
        for field, found in refusal.messages_dict.items()
    }


def worded(message: str) -> str:
    """One of marshmallow's messages, for people."""
    for pattern, words in _WORDS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return str(words) % found.groupdict() if found.groupdict() else str(words)
    return str(_OTHERWISE)


def _flat(found: Any) -> Iterator[str]:
    if isinstance(found, Mapping):
        for inner in found.values():
            yield from _flat(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from _flat(inner)
    else:
        yield str(found)
