"""The status lookup before Flask: the plain question that is asked ten thousand times, answered without its machinery.

Only what succeeds is answered here: a plain GET with a key, no query, no cookie, no condition. Whatever else is asked, or
becomes of it, is for the view of `status.py`, which takes over what was looked up and counted (decision 0004).
"""

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from blueprints.api_v1.answers import JSON, PRIVATE, advice_in, moving_members, sources_at, status_members, tagged
from blueprints.locales import LANGUAGES
from registry import clock
from registry.config import Settings
from registry.queries.answering import Connections
from registry.rules import uscc
from registry.rules.merchant_status import Level
from registry.services.admission import Asked
from registry.services.api_clients import Scope, hash_of
from registry.services.merchant_status import LookedUp, look_up

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOKED_UP = "registry.looked_up"
"""Where the view finds what was looked up already."""

_BEFORE, _AFTER = "/api/v1/operators/", "/status"
_PLAIN_CODE = re.compile("[0-9A-HJ-NP-RTUWXY]{18}")
_BEARER = "Bearer "
_ASK_FLASK = ("QUERY_STRING", "HTTP_COOKIE", "HTTP_IF_NONE_MATCH")
_LANGUAGE = LANGUAGES[0]


class StatusAtOnce:
    """A WSGI application in front of another one."""

    def __init__(self, app: Flask, connections: Connections, headers: list[tuple[str, str]]) -> None:
        self._behind: WSGIApplication = app.wsgi_app
        self._settings: Settings = app.extensions["registry_settings"]
        self._ask = connections.answer
        self._headers = [("Content-Type", JSON), ("Cache-Control", PRIVATE), ("Vary", "Cookie"), *headers]
        with app.app_context():  # the words of the advice are found once, where the catalogues can be asked
            for level in Level:
                advice_in(_LANGUAGE, level)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path.startswith(_BEFORE) and path.endswith(_AFTER) and environ["REQUEST_METHOD"] == "GET":
            code = path[len(_BEFORE) : -len(_AFTER)]
            key: str = environ.get("HTTP_AUTHORIZATION", "")
            if _PLAIN_CODE.fullmatch(code) and key.startswith(_BEARER) and not any(map(environ.get, _ASK_FLASK)):
                return self._answer(code, key[len(_BEARER) :], environ, start_response)
        return self._behind(environ, start_response)

    def _answer(
        self, code: str, key: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        asked = Asked(hash_of(key), Scope.CHECK, clock.now(), secrets.token_hex(8), Scope.CHECK.value)
        right = uscc.check_character(code[:17]) == code[17]
        looked_up = look_up(asked, code, missing=404 if right else 422, ask=self._ask)
        if not looked_up.answered:
            environ[LOOKED_UP] = looked_up
            return self._behind(environ, start_response)
        body, headers = self._told(looked_up)
        start_response("200 OK", headers)
        return (body,)

    def _told(self, looked_up: LookedUp) -> tuple[bytes, list[tuple[str, str]]]:
        admitted, found = looked_up.admitted, looked_up.found
        assert admitted is not None
        assert found is not None
        known = sources_at(looked_up.register, self._settings, self._ask)
        members = status_members(found, _LANGUAGE, self._settings, known)
        body, tag = tagged(members, moving_members(looked_up.register, known))
        return body, [
            *self._headers,
            ("Content-Length", str(len(body))),
            ("ETag", tag),
            ("X-Request-Id", looked_up.asked.request_id),
            ("RateLimit-Limit", str(admitted.quota)),
            ("RateLimit-Remaining", str(admitted.remaining)),
            ("RateLimit-Reset", str(admitted.reset)),
        ]
