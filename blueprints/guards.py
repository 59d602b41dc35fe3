"""Who may call a route. Every view carries one of these; `tests/test_architecture.py` looks for `view.access`."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

View = TypeVar("View", bound=Callable[..., Any])


def open_to_all(view: View) -> View:
    """Anybody may look, signed in or not. What is shown is decided by queries on public findings."""
    view.access = "public"  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return view


def form_fields() -> dict[str, Any]:
    """The submitted form without its CSRF token, as schemas load it."""
    return {name: value for name, value in request.form.items() if name != "csrf_token"}
