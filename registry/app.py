"""create_app: the only module that knows every part."""

import os
from pathlib import Path

from flask import Flask

import blueprints
import models
from models import text_arrays
from registry import cli, logging
from registry.config import Settings
from registry.extensions import babel, csrf, login_manager, migrate
from registry.services.proceedings import carried_out

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """The whole program on one database, ready for WSGI and for the command line."""
    app = Flask(
        "registry",
        root_path=str(ROOT / "registry"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "registry" / "static"),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True, "hide_parameters": True},
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.site_url.startswith("https://"),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "registry" / "translations"),
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
    )
    app.extensions["registry_settings"] = settings
    text_arrays.register()
    models.db.init_app(app)
    migrate.init_app(app, models.db, directory=str(ROOT / "models" / "migrations"), compare_type=True)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)  # no page asks who is signed in yet
    babel.init_app(app, locale_selector=blueprints.choose_locale)
    carried_out.bind_all()
    blueprints.register(app)
    cli.register(app)
    return app


def from_environment() -> Flask:
    """The program as the environment describes it; refuses to start, by name, when a setting is missing or weak."""
    settings = Settings.from_env(os.environ)
    logging.configure(settings.log_format)
    return create_app(settings)
