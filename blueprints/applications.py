"""Applying for the repair of a record, or objecting to it, without an account: find it, read what is needed, send."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.anonymous import limited
from blueprints.area import desk
from blueprints.guards import open_to_all
from blueprints.handing_in import Faults, code_of_form, new_form_token, posted_files, told
from blueprints.pages import words_applications
from blueprints.pages.operator_items import item_of
from blueprints.public import LONGEST_QUERY
from blueprints.records import FORM
from models import InspectionResult, Proceeding
from registry.clock import today
from registry.queries.calendar import working_calendar
from registry.queries.inspection_results import is_public_on
from registry.queries.public_findings import finding_of_record
from registry.queries.public_records import PublicRecord, negative_results, public_records
from registry.queries.records import FindingRecord, RecordNotFound, get_record
from registry.rules.objection_procedure import CLOCKS, ObjectionKind, window_ends_on
from registry.rules.operator import OperatorKind
from registry.rules.procedure import GuardsNotMet
from registry.rules.repair_procedure import DECIDED_WITHIN
from registry.rules.rule_sets import RuleSet, rule_set_for
from registry.services import application_forms, applications, evidence
from registry.services.earliest_days import can_never_be_repaired, earliest_on, repair_of
from registry.services.imports.faults import Fault
from registry.services.proceedings.engine import ProceedingOpen
from registry.services.query_codes import grouped
from registry.transaction import transaction

blueprint = Blueprint("applications", __name__)

Sending = Callable[[str], Proceeding]


@blueprint.get("/repairs")
@open_to_all
@limited
def find_repair() -> ResponseReturnValue:
    """Find the record that a repair is asked for."""
    return _find("repairs", lambda found: repair_of(found.record) is not None)


@blueprint.get("/objections")
@open_to_all
@limited
def find_objection() -> ResponseReturnValue:
    """Find the record that is wrong, or that somebody has a question about."""
    return _find("objections")


@blueprint.get("/repairs/<record_id>")
@open_to_all
def show_repair(record_id: str) -> ResponseReturnValue:
    """The earliest day, the authority, the materials, the clock, and the form."""
    record = _to_be_repaired(record_id)
    return _gone(record_id) if record is None else _repair_page(record, {}, {})


@blueprint.post("/repairs/<record_id>")
@open_to_all
@limited
def apply_for_repair(record_id: str) -> ResponseReturnValue:
    """Take an application in; sent twice it is one."""
    record = _to_be_repaired(record_id)
    if record is None:
        return _gone(record_id)
    form = application_forms.read_repair(request.form, posted_files("proof"), posted_files("authorisation"))

    def send(code: str) -> Proceeding:
        return applications.apply_for_repair(record, form, code=code, desk=desk())

    return take_in(send, form.faults, lambda faults: _repair_page(record, dict(request.form.items()), faults))


@blueprint.get("/objections/<record_id>")
@open_to_all
def show_objection(record_id: str) -> ResponseReturnValue:
    """Until when, to whom, what is needed, and the form."""
    record = _record(record_id)
    return _gone(record_id) if record is None else _objection_page(record, {}, {})


@blueprint.post("/objections/<record_id>")
@open_to_all
@limited
def object_to(record_id: str) -> ResponseReturnValue:
    """Take an objection or a question in; sent twice it is one."""
    record = _record(record_id)
    if record is None:
        return _gone(record_id)
    kinds = applications.kinds_for(record)
    form = application_forms.read_objection(request.form, kinds, posted_files("proof"))

    def send(code: str) -> Proceeding:
        kind = ObjectionKind(request.form["kind"])
        return applications.object_to(record, kind, form, code=code, desk=desk())

    return take_in(send, form.faults, lambda faults: _objection_page(record, dict(request.form.items()), faults))


def take_in(send: Sending, faults: list[Fault], page: Callable[[Faults], str]) -> ResponseReturnValue:
    """Send a form that has no fault; the query code is shown on the answer, and nowhere else ever again."""
    code = code_of_form()
    if code is None:
        faults = [*faults, Fault("form", "form_old")]
    if faults or code is None:
        return page(told(faults)), 422
    try:
        with transaction():
            proceeding = send(code)
    except GuardsNotMet as refusal:
        return page(told(Fault("form", guard) for guard in refusal.guards)), 422
    except (ProceedingOpen, applications.NoBureau) as refusal:
        return page(told([Fault("form", refusal.code)])), 422
    answer = make_response(
        render_template(
            "public/handed_in.html", proceeding=proceeding, code=grouped(code), application_words=words_applications
        )
    )
    answer.cache_control.no_store = True
    return answer


def _find(what: str, fits: Callable[[PublicRecord], bool] | None = None) -> str:
    typed = request.args.get("q", "").strip()[:LONGEST_QUERY]
    day = today()
    found = [each for each in public_records(typed, day) if fits is None or fits(each)] if typed else []
    negative = what == "repairs" and typed
    return render_template(
        "public/find_record.html",
        what=what,
        typed=typed,
        found=[(each, earliest_on(each.record), can_never_be_repaired(each.record)) for each in found],
        results=[(each, earliest_on(each)) for each in negative_results(typed, day)] if negative else [],
        today=day,
    )


def _record(record_id: str) -> FindingRecord | None:
    """The record while it is public; None afterwards, and for a result of an inspection, objected to at the counter.

    RecordNotFound for what is none.
    """
    if FORM.fullmatch(record_id) is None:
        raise RecordNotFound("There is no record with this number.")
    record = get_record(record_id)
    if isinstance(record, InspectionResult) or finding_of_record(record_id, today()) is None:
        return None
    return record


def _to_be_repaired(record_id: str) -> FindingRecord | InspectionResult | None:
    """As `_record`, and a negative result of an inspection while it is public (信用修复管理办法, 2025: its scope)."""
    record = _record(record_id)
    result = get_record(record_id) if record is None else record
    if isinstance(result, InspectionResult) and repair_of(result) is not None and is_public_on(result, today()):
        return result
    return record


def _gone(record_id: str) -> ResponseReturnValue:
    return redirect(url_for("records.show_record", record_id=record_id), 303)


def _about(record: FindingRecord | InspectionResult) -> dict[str, Any]:
    """What the form stands under. A result of an inspection gives no finding, and ends by nothing but its repair."""
    finding = None if isinstance(record, InspectionResult) else finding_of_record(record.record_id, today())
    return {
        "record": record,
        "item": None if finding is None or isinstance(record, InspectionResult) else item_of(finding, record),
        "finding": finding,
        "has_page": record.operator.kind is not OperatorKind.NATURAL_PERSON,
        "token": new_form_token(),
        "most_files": evidence.MOST,
        "largest_file": evidence.LARGEST // 2**20,
        "longest": application_forms.LONGEST,
        "today": today(),
    }


def _rules(record: FindingRecord | InspectionResult) -> RuleSet:
    return rule_set_for(record.authority.regime, today())


def _repair_page(record: FindingRecord | InspectionResult, typed: dict[str, str], faults: Faults) -> str:
    kind, deadlines, day = repair_of(record), _rules(record).deadlines, today()
    earliest = earliest_on(record)
    never = kind is None or can_never_be_repaired(record)
    return render_template(
        "public/repair.html",
        **_about(record),
        kind=kind,
        never=never,
        earliest=earliest,
        open_now=not never and (earliest is None or earliest <= day),
        accept_days=deadlines["accept_repair"].amount,
        decide_days=deadlines[DECIDED_WITHIN[kind]].amount if kind is not None else None,
        typed=typed,
        faults=faults,
    )


def _objection_page(record: FindingRecord, typed: dict[str, str], faults: Faults) -> str:
    kinds = applications.kinds_for(record)
    deadlines = _rules(record).deadlines
    clocks = {kind: (CLOCKS[kind].accept, CLOCKS[kind].decide) for kind in kinds}
    return render_template(
        "public/objection.html",
        **_about(record),
        kinds={kind: words_applications.OBJECTIONS[kind] for kind in kinds},
        last_day=_last_day(record, kinds[0]),
        clocks={
            kind: (deadlines[accept].amount if accept else None, deadlines[decide].amount)
            for kind, (accept, decide) in clocks.items()
        },
        typed=typed,
        faults=faults,
    )


def _last_day(record: FindingRecord, kind: ObjectionKind) -> date | None:
    """The last day to object; None where there is no such day."""
    if record.public_from is None:
        return None
    return window_ends_on(kind, record.public_from, rule_set=_rules(record), calendar=working_calendar())
