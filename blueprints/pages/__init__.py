"""What the pages share: words for enumerations, formats, the language switch."""

from flask import Flask, Response

from blueprints.pages import (
    citations,
    console_nav,
    formats,
    language,
    words,
    words_accounts,
    words_fields,
    words_ledger,
)
from registry.config import Settings


def register(app: Flask) -> None:
    """Offer formats, words and settings to every template, and keep the choice of language."""
    citations.register(app)
    formats.register(app)
    language.register(app)
    console_nav.register(app)
    settings: Settings = app.extensions["registry_settings"]
    app.after_request(_always_ask_again)
    # globals, not a context processor: macros that are imported see only these
    app.jinja_env.globals.update(
        words=words,
        field_words=words_fields,
        events_of=words_accounts.event,
        ledger_verb=words_ledger.verb_of,
        ledger_who=words_ledger.who,
        issuer_name=settings.issuer_name,
        site_area=lambda: settings.area_name[0 if not language.is_english() else 1],
        site_environment=settings.environment,
    )


def _always_ask_again(response: Response) -> Response:
    """A page may be kept only if it is asked about again: what is public can end at any midnight."""
    if response.mimetype == "text/html" and not response.cache_control.max_age:
        response.cache_control.no_cache = True
        response.vary.add("Cookie")
    return response
