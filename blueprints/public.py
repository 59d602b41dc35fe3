"""The lookup site: home, search, the operator's page."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.anonymous import limited
from blueprints.guards import open_to_all
from blueprints.pages import words_inspections
from blueprints.pages.operator_items import items_of, responsible_label, sentences, tone_of
from blueprints.pages.timeline import timeline_of
from blueprints.pages.words_announcements import KINDS
from models import Operator
from registry.clock import now, today
from registry.queries import announcements, public_findings, public_operators, search
from registry.queries.inspection_results import public_results_of
from registry.queries.search_facets import SearchFacets
from registry.rules import regions, uscc
from registry.rules.merchant_status import FindingType
from registry.rules.operator import OperatorKind

blueprint = Blueprint("public", __name__)

LONGEST_QUERY = 100
SUGGESTED = 8
ANNOUNCED = 3
FIGURES_KEPT = 60
"""Seconds for which counted figures are shown again, with the moment they were counted at."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures of the home page and their moment."""

    operators: int
    findings: dict[FindingType, int]
    counted_at: datetime
    data_as_of: datetime | None


@blueprint.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    """The search box is the page."""
    return render_template(
        "public/home.html",
        figures=_figures(),
        kinds=FindingType,
        announcements=announcements.page_of(today(), most=ANNOUNCED).entries,
        announcement_kinds=KINDS,
    )


@blueprint.get("/search")
@open_to_all
@limited
def search_page() -> ResponseReturnValue:
    """Operators for what was typed."""
    typed = request.args.get("q", "").strip()[:LONGEST_QUERY]
    facets = _facets()
    result = search.search_operators(typed, lambda found: facets.narrow(found, today())) if typed else None
    lists = public_findings.lists_of([hit.operator.id for hit in result.hits], today()) if result else {}
    return render_template(
        "public/search.html",
        typed=typed,
        result=result,
        facets=facets,
        listings=public_findings.LISTS,
        region_names=regions.NAMES,
        lists=lists,
        data_as_of=public_operators.data_as_of(),
        most=search.SHOWN,
    )


def _facets() -> SearchFacets:
    """The choice of the address; a value that is no choice is left out."""
    kind, region, listed = (request.args.get(name, "") for name in ("kind", "region", "list"))
    return SearchFacets(
        OperatorKind(kind) if kind in set(OperatorKind) else None,
        region if region in regions.NAMES else None,
        FindingType(listed) if listed in public_findings.LISTS else None,
    )


@blueprint.get("/suggestions")
@open_to_all
@limited
def suggestions() -> ResponseReturnValue:
    """A few names under the search box while somebody types; a part of a page."""
    typed = request.args.get("q", "").strip()[:LONGEST_QUERY]
    result = search.search_operators(typed) if typed else None
    return render_template("public/suggestions.html", hits=result.hits[:SUGGESTED] if result else [])


@blueprint.get("/operators/<identifier>")
@open_to_all
def show_operator(identifier: str) -> ResponseReturnValue:
    """Everything public about one operator. An old or corrected code leads to the one that holds now."""
    operator = public_operators.get_public_operator(uscc.normalise(identifier))
    if address_of(operator) != identifier:
        return redirect(url_for("public.show_operator", identifier=address_of(operator)), 301)
    findings = public_findings.findings_of(operator.id, today())
    items = items_of(findings)
    as_of = public_operators.data_as_of() or now()
    return render_template(
        "public/operator.html",
        operator=operator,
        findings=findings,
        items=items,
        kinds=FindingType,
        sentences=sentences(operator, items, findings, as_of),
        tone=tone_of(items),
        timeline=timeline_of(findings, today()),
        inspections=public_results_of(operator.id, today()),
        inspection_words=words_inspections,
        responsible_label=responsible_label(operator.kind),
        as_of=as_of,
        today=today(),
    )


def address_of(operator: Operator) -> str:
    """What stands for an operator in addresses: its code or, failing that, its registration number."""
    return operator.uscc or operator.registration_no or ""


def _figures() -> Figures:
    """Counted figures, at most FIGURES_KEPT seconds old and never of another day: they change at midnight."""
    kept: Figures | None = current_app.extensions.get("home_figures")
    moment = now()
    if kept is not None:
        age = (moment - kept.counted_at).total_seconds()
        if 0 <= age < FIGURES_KEPT and kept.counted_at.date() == moment.date():
            return kept
    figures = Figures(
        public_operators.operator_count(),
        public_findings.counts_by_type(moment.date()),
        moment,
        public_operators.data_as_of(),
    )
    current_app.extensions["home_figures"] = figures
    return figures
