"""Reporting an operator without an account, with or without a name; the answer is read with the query code."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.anonymous import limited
from blueprints.applications import take_in
from blueprints.area import desk
from blueprints.guards import open_to_all
from blueprints.handing_in import Faults, new_form_token, posted_files
from blueprints.public import LONGEST_QUERY, address_of
from models import Operator, Proceeding
from registry.clock import today
from registry.queries.public_operators import get_public_operator
from registry.queries.public_records import operators_for
from registry.rules import uscc
from registry.rules.clue_procedure import WITHIN
from registry.rules.rule_sets import Regime, rule_set_for
from registry.services import application_forms, applications, evidence

blueprint = Blueprint("clues", __name__)


@blueprint.get("/clues")
@open_to_all
@limited
def find_operator() -> ResponseReturnValue:
    """Find the operator that somebody wants to report."""
    typed = request.args.get("q", "").strip()[:LONGEST_QUERY]
    return render_template(
        "public/find_operator.html",
        typed=typed,
        found=[(each, address_of(each)) for each in operators_for(typed)] if typed else [],
    )


@blueprint.get("/clues/<identifier>")
@open_to_all
def show_clue(identifier: str) -> ResponseReturnValue:
    """Who deals with it, until when it is answered, and the form."""
    return _page(get_public_operator(uscc.normalise(identifier)), {}, {})


@blueprint.post("/clues/<identifier>")
@open_to_all
@limited
def report(identifier: str) -> ResponseReturnValue:
    """Take a clue in; sent twice it is one."""
    operator = get_public_operator(uscc.normalise(identifier))
    form = application_forms.read_clue(request.form, posted_files("proof"))

    def send(code: str) -> Proceeding:
        return applications.report(operator, form, code=code, desk=desk())

    return take_in(send, form.faults, lambda faults: _page(operator, dict(request.form.items()), faults))


def _page(operator: Operator, typed: dict[str, str], faults: Faults) -> str:
    return render_template(
        "public/clue.html",
        operator=operator,
        address=address_of(operator),
        bureau=applications.bureau_of(operator),
        answer_days=rule_set_for(Regime.SAMR, today()).deadlines[WITHIN].amount,
        token=new_form_token(),
        most_files=evidence.MOST,
        largest_file=evidence.LARGEST // 2**20,
        longest=application_forms.LONGEST,
        typed=typed,
        faults=faults,
    )
