"""What was posted with a step of a case: the particulars among the fields, and faults by the field they stand at."""

from collections.abc import Iterable

from flask import request

from registry.services.imports.faults import Fault, text_of

_OWN = {"csrf_token", "revision", "part", "statement", "otp", "reason", "report_year", "operator", "about", "basis"}
"""Names of posted fields that are no particulars."""


def posted_particulars() -> dict[str, list[str]]:
    """Values under each posted name that is no field of the form itself."""
    return {name: values for name, values in request.form.lists() if name not in _OWN}


def told_by_field(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """Messages in the reader's language, by name of the particular."""
    told: dict[str, list[str]] = {}
    for fault in faults:
        told.setdefault(fault.field, []).append(text_of(fault.code, fault.params))
    return told
