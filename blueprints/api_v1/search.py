"""GET /search."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from blueprints.api_v1.answers import conditional
from blueprints.api_v1.spec import BEARER, IF_NONE_MATCH, NOT_MODIFIED, REFUSALS, ApiBlueprint, problems
from blueprints.guards import api_key
from blueprints.schemas.merchant_status import SearchIn, SearchOut
from registry.queries import search
from registry.queries.search import Hit
from registry.queries.search_ranking import HitReason
from registry.rules import names
from registry.services.api_clients import Scope

blueprint = ApiBlueprint("operator_search", __name__, url_prefix="/api/v1", description=_("Finding a code"))

SCORES = {
    HitReason.CODE: 1.0,
    HitReason.NAME: 0.8,
    HitReason.FORMER_NAME: 0.7,
    HitReason.PINYIN: 0.6,
    HitReason.INITIALS: 0.5,
    HitReason.SIMILAR_NAME: 0.4,
}
"""By what it was found; the very name scores 1.0. The order of the hits is the search's own."""


@blueprint.get("/search")
@blueprint.doc(
    summary=_("Operators for what was typed, best first"),
    description=_("A part of a name, a former name, pinyin, initials, the beginning of a code or a number."),
    security=[BEARER],
    parameters=[IF_NONE_MATCH],
    responses=NOT_MODIFIED | problems(*REFUSALS, (422, _("invalid: some parameters are not valid"))),
)
@api_key(Scope.SEARCH)
@blueprint.arguments(SearchIn, location="query", as_kwargs=True)
@blueprint.response(200, SearchOut, description=_("Hits, best first"))
def search_operators(q: str, limit: int) -> ResponseReturnValue:
    """Operators for a part of a name, a former name, pinyin, initials, a code or number; best first."""
    result = search.search_operators(q)
    return conditional({"items": [_hit(hit, names.fold(q)) for hit in result.hits[:limit]]})


def _hit(hit: Hit, folded: str) -> dict[str, Any]:
    operator = hit.operator
    is_the_name = hit.reason is HitReason.NAME and operator.folded_name == folded
    return {
        "uscc": operator.uscc,
        "name": operator.name,
        "region": operator.region,
        "score": 1.0 if is_the_name else SCORES[hit.reason],
        "why": hit.reason.value,
    }
