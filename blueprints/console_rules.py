"""The dry run of a rule set in the console: what it would mean for the records of the area. Nothing is written."""

from datetime import date
from typing import Any

import orjson
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from blueprints.area import area, desk
from blueprints.guards import officers
from blueprints.pages.form_faults import Faults
from blueprints.pages.words_rehearsal import EFFECTS
from registry.clock import today
from registry.rules import rule_sets
from registry.rules.roles import Role
from registry.rules.rule_drafts import DraftRefused, drafted
from registry.rules.rule_sets import RuleSet, all_sets
from registry.services.rule_rehearsal import rehearse

blueprint = Blueprint("console_rules", __name__, url_prefix="/console/rules")

FIRST = 50
"""Records of each kind that are named."""

LABELS = {"set": _("Rule set"), "on": _("As of"), "draft": _("Draft: values in place of the set's")}


@blueprint.get("")
@officers(Role.REVIEW, Role.LEGAL)
def show_rehearsal() -> ResponseReturnValue:
    """A form, and under it what the chosen set or draft would do as of the day."""
    faults: Faults = {}
    found = None
    if "set" in request.args:
        rule_set, on, faults = _asked()
        if rule_set is not None and on is not None:
            found = rehearse(rule_set, on, desk=desk(), authority_ids=list(area()), first=FIRST)
    page = render_template(
        "console/rules.html",
        sets=[each.name for each in all_sets()],
        typed={"on": today().isoformat(), **request.args},
        found=found,
        effects=EFFECTS,
        faults=faults,
        labels=LABELS,
        most=FIRST,
    )
    return page, 422 if faults else 200


def _asked() -> tuple[RuleSet | None, date | None, Faults]:
    faults: Faults = {}
    on = None
    try:
        on = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        faults["on"] = [gettext("Enter a day, as in 2026-11-23.")]
    name = request.args["set"]
    if name not in {each.name for each in all_sets()}:
        faults["set"] = [gettext("Choose one of the values that are offered.")]
        return None, on, faults
    typed = request.args.get("draft", "").strip()
    if not typed:
        return (None if faults else rule_sets.get(name)), on, faults
    try:
        draft: Any = orjson.loads(typed)
        rule_set = drafted(draft, on=on or today(), base=name)
    except orjson.JSONDecodeError:
        faults["draft"] = [gettext("This is no JSON.")]
    except DraftRefused as refusal:
        faults["draft"] = refusal.faults
    return (None if faults else rule_set), on, faults
