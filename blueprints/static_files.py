"""Addresses of static files carry a mark of their content, so that a browser keeps them until they change."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.security import safe_join

A_YEAR = 365 * 24 * 3600
"""Seconds; what HTTP takes for "for ever"."""


def register(app: Flask) -> None:
    """Mark the addresses that `url_for` makes, and let an answer be kept where it is what its address says."""
    marks: dict[tuple[str, int], str] = {}

    def mark_of(filename: str) -> str | None:
        """A short digest of the file as it is now; None where there is no such file."""
        found = safe_join(app.static_folder or "", filename)
        try:
            changed = Path(found or "").stat().st_mtime_ns
            if (filename, changed) not in marks:
                marks[filename, changed] = hashlib.sha256(Path(found or "").read_bytes()).hexdigest()[:12]
        except OSError:
            return None
        return marks[filename, changed]

    @app.url_defaults
    def mark_static(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = mark_of(values["filename"])

    @app.after_request
    def keep_static(response: Response) -> Response:
        asked = request.args.get("v")
        if request.endpoint != "static" or response.status_code not in {200, 304} or not asked:
            return response
        # another worker may be older or newer during an update: its file must not be kept under this address
        if asked == mark_of((request.view_args or {})["filename"]):
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = A_YEAR
            response.cache_control.immutable = True
        return response
