"""The problem queue of the exchange, and the quality rates of what was reported."""

import csv
import io
from datetime import date

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.guards import officers, stepped_up
from blueprints.pages import words_exchange as terms
from blueprints.signed_in import current_actor, needs_code
from models import ExchangeProblem, ProblemState, db
from registry.clock import today
from registry.config import Settings
from registry.errors import RuleViolation
from registry.rules.roles import Role
from registry.services.table_cells import guarded
from registry.transaction import transaction
from sync import board, peers, quality
from sync import problems as queue
from sync.problems import ProblemNotFound

blueprint = Blueprint("console_exchange_problems", __name__, url_prefix="/console/exchange/problems")


class ReasonMissing(RuleViolation):
    """Setting a message aside needs a reason."""

    code = "reason_missing"


@blueprint.get("")
@officers(Role.EXCHANGE)
def show_problems() -> ResponseReturnValue:
    """Refused messages, those to be settled first asked for."""
    asked = request.args.get("state", ProblemState.OPEN.value)
    state = ProblemState(asked) if asked in set(ProblemState) else ProblemState.OPEN
    rows = board.problems(None, state, before=request.args.get("before", type=int))
    return render_template("console/exchange_problems.html", rows=rows, state=state, states=ProblemState, terms=terms)


@blueprint.get("/<int:problem_id>")
@officers(Role.EXCHANGE)
def show_problem(problem_id: int) -> ResponseReturnValue:
    """One refused message: its faults by field, and what can be done."""
    problem = db.session.get(ExchangeProblem, problem_id)
    if problem is None:
        raise ProblemNotFound("No message stands in the queue under this number.")
    return render_template(
        "console/exchange_problem.html", problem=problem, me=str(current_actor()), needs_code=needs_code(), terms=terms
    )


@blueprint.post("/<int:problem_id>/propose")
@officers(Role.EXCHANGE)
def propose(problem_id: int) -> ResponseReturnValue:
    """Propose to set a message aside."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise ReasonMissing("This step needs a reason.")
    with transaction():
        queue.propose_to_set_aside(problem_id, reason=reason[:500], by=str(current_actor()))
    return redirect(url_for(".show_problem", problem_id=problem_id), 303)


@blueprint.post("/<int:problem_id>/set-aside")
@officers(Role.EXCHANGE, Role.REVIEW)
@stepped_up
def set_aside(problem_id: int) -> ResponseReturnValue:
    """Approve of what another one has proposed."""
    with transaction():
        queue.set_aside(problem_id, by=str(current_actor()))
    return redirect(url_for(".show_problem", problem_id=problem_id), 303)


@blueprint.get("/errors.csv")
@officers(Role.EXCHANGE)
def error_file() -> Response:
    """Everything that is to be settled, a line for each fault, for whoever corrects the records."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["peer", "direction", "record_id", "revision", "batch_no", "field", "code", "message"])
    for problem in board.problems(None, ProblemState.OPEN, size=5_000):
        for fault in problem.faults:
            told = [fault.get(name) or "" for name in ("field", "code", "message")]
            row = [
                problem.peer.node,
                problem.direction.value,
                problem.record_id,
                problem.revision,
                problem.batch_no or "",
            ]
            writer.writerow([guarded(str(cell)) for cell in (*row, *told)])
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="exchange-problems.csv"'
    return answer


@blueprint.get("/quality")
@officers(Role.EXCHANGE)
def show_quality() -> ResponseReturnValue:
    """The rates of a month for each peer, computed now from what is kept."""
    settings: Settings = current_app.extensions["registry_settings"]
    first = _month(request.args.get("month", ""))
    rows = [
        (peer, quality.month_of(first, peer_id=peer.id, node=settings.node_id, today=today())) for peer in peers.every()
    ]
    return render_template(
        "console/exchange_quality.html", rows=rows, first=first, gaps=quality.gaps(first.year, node=settings.node_id)
    )


def _month(asked: str) -> date:
    """The first day of the month asked for as 2026-11; of this one where that is none."""
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today().replace(day=1)
