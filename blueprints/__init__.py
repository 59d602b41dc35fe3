"""HTTP: parse, guard, one call, answer."""

from flask import Flask, has_request_context, request

from blueprints import errors, health, ledger, ledger_page, pages, public, records, verify

LANGUAGES = ("zh_Hans_CN", "en")


def choose_locale() -> str:
    """Chinese unless the reader asked for English, by the address or by the switch kept in a cookie."""
    if not has_request_context():
        return LANGUAGES[0]
    asked = request.args.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else LANGUAGES[0]


def register(app: Flask) -> None:
    """Hang every blueprint and the error answers on the application."""
    errors.register(app)
    pages.register(app)
    for part in (health, ledger, public, records, verify, ledger_page):
        app.register_blueprint(part.blueprint)
