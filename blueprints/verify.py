"""Is this report ours, unchanged, and still what the register says: by its number, or by the file itself.

Receipts of the platform API are checked here as well: by what they are, since nobody but their holder keeps them.
"""

import hashlib

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.guards import open_to_all
from blueprints.public import address_of
from registry import signing_keys
from registry.clock import now
from registry.config import Settings
from registry.extensions import csrf
from registry.services import receipts, report_checks

blueprint = Blueprint("verify", __name__)

LONGEST_NUMBER = 64
CHUNK = 1 << 20


@blueprint.get("/verify")
@open_to_all
def verify() -> ResponseReturnValue:
    """Enter a number, or choose the file."""
    typed = "".join(request.args.get("report_no", "").split()).upper()[:LONGEST_NUMBER]
    if typed:
        return redirect(url_for("verify.verify_number", report_no=typed), 303)
    return render_template("public/verify.html", asked=False)


@blueprint.post("/verify")
@csrf.exempt  # changes nothing, so no other site can do harm with it; works without cookies
@open_to_all
def verify_file() -> ResponseReturnValue:
    """Check a dropped PDF by its hash. The file is read and forgotten."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return render_template("public/verify.html", asked=False, missing_file=True), 422
    digest = hashlib.sha256()
    for chunk in iter(lambda: upload.stream.read(CHUNK), b""):
        digest.update(chunk)
    check = report_checks.check_file(digest.digest(), now())
    return render_template(
        "public/verify.html", asked=True, check=check, by_file=True, sha256=digest.hexdigest(), checked_at=now()
    )


@blueprint.post("/verify/receipt")
@csrf.exempt  # as above
@open_to_all
def verify_receipt() -> ResponseReturnValue:
    """Check a pasted receipt, and say what the public sees otherwise today."""
    token = request.form.get("receipt", "").strip()
    if not token:
        return render_template("public/verify.html", asked=False, missing_receipt=True), 422
    settings: Settings = current_app.extensions["registry_settings"]
    check = receipts.check(token, signing_keys.load_or_create(settings.key_dir), now())
    return render_template(
        "public/verify.html",
        asked=False,
        receipt=check,
        receipt_address=check.operator and address_of(check.operator),
        checked_at=now(),
    )


@blueprint.get("/verify/<report_no>")
@open_to_all
def verify_number(report_no: str) -> ResponseReturnValue:
    """Valid, superseded since, or unknown; 404 for an unknown number."""
    well_formed = report_no.isascii() and report_no.isalnum() and len(report_no) <= LONGEST_NUMBER
    check = (
        report_checks.check_number(report_no.upper(), now())
        if well_formed
        else report_checks.ReportCheck(report_checks.Verdict.UNKNOWN)
    )
    page = render_template(
        "public/verify.html",
        asked=True,
        check=check,
        by_file=False,
        report_no=report_no[:LONGEST_NUMBER],
        sha256=check.report.sha256.hex() if check.report else None,
        checked_at=now(),
    )
    return page, 404 if check.report is None else 200
