"""Pages that explain: how to read the register, what a platform may conclude, what this site covers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import open_to_all
from registry.queries.public_operators import data_as_of

blueprint = Blueprint("guides", __name__)


@blueprint.get("/guide")
@open_to_all
def guide() -> ResponseReturnValue:
    """For the public: look up, read a record, report, objection, repair."""
    return render_template("public/guide.html")


@blueprint.get("/guide/platforms")
@open_to_all
def guide_for_platforms() -> ResponseReturnValue:
    """For platforms: the levels, the ways to ask, what may be concluded and what not."""
    return render_template("public/guide_platforms.html")


@blueprint.get("/about")
@open_to_all
def about() -> ResponseReturnValue:
    """What this site covers, where its data come from and how fresh they are."""
    return render_template("public/about.html", data_as_of=data_as_of())
