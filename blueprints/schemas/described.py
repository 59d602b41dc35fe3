"""Words on a field for the description of the API, in the language in which the description is asked for."""

from typing import Any

from flask_babel import LazyString


def described(words: LazyString) -> dict[str, Any]:
    """Metadata of a field: its words stand in the OpenAPI document and on the page made from it."""
    return {"description": words}
