"""What the pages share: words for enumerations, formats, the language switch."""

from flask import Flask

from blueprints.pages import formats, language, words
from registry.config import Settings


def register(app: Flask) -> None:
    """Offer formats, words and settings to every template, and keep the choice of language."""
    formats.register(app)
    language.register(app)
    settings: Settings = app.extensions["registry_settings"]
    # globals, not a context processor: macros that are imported see only these
    app.jinja_env.globals.update(words=words, issuer_name=settings.issuer_name, site_environment=settings.environment)
