"""The data-quality list: what should be looked at, each with the page where it is seen; as csv too."""

import csv
import io

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from blueprints.guards import officers
from blueprints.signed_in import current_officer
from registry.queries.data_quality import Concern, Doubt, doubts
from registry.rules.roles import Role, scope_of
from registry.services.imports.faults import sentence
from registry.services.table_cells import guarded

blueprint = Blueprint("console_quality", __name__, url_prefix="/console/quality")

WORDS = {
    Concern.DOUBTFUL_CODE: _("Doubtful codes"),
    Concern.NO_CODE: _("No unified social credit code"),
    Concern.NO_REGION: _("No region"),
    Concern.SAME_NAME: _("One name, several codes"),
    Concern.UNCONFIRMED_AUTHORITY: _("Authorities that only a file has named"),
    Concern.FLAGGED_ROW: _("Flagged rows"),
}


@blueprint.get("")
@officers(Role.ENTRY, Role.REVIEW)
def show_quality() -> ResponseReturnValue:
    """One concern at a time, of the officer's area."""
    concern = _asked()
    return render_template(
        "console/quality.html", concern=concern, found=_found(concern), words_of=WORDS, detail_of=_detail
    )


@blueprint.get("/list.csv")
@officers(Role.ENTRY, Role.REVIEW)
def as_csv() -> ResponseReturnValue:
    """The same list as a file."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(["concern", "name", "identifier", "detail"])
    for each in _found(_asked()):
        writer.writerow(
            [each.concern.value, guarded(each.name), each.identifier or each.line or "", guarded(_detail(each))]
        )
    return Response("\ufeff" + lines.getvalue(), mimetype="text/csv")


def _asked() -> Concern:
    asked = request.args.get("concern", "")
    return Concern(asked) if asked in set(Concern) else Concern.DOUBTFUL_CODE


def _found(concern: Concern) -> list[Doubt]:
    authority = current_officer().authority
    return doubts(concern, scope_of(authority.id, authority.region))


def _detail(doubt: Doubt) -> str:
    return doubt.detail or " ".join(sentence(fault) for fault in doubt.faults)
