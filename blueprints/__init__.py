"""HTTP: parse, guard, one call, answer."""

from flask import Flask

from blueprints import (
    announcements,
    anonymous,
    api_v1,
    applications,
    auth,
    clues,
    console_account,
    console_accounts,
    console_announcements,
    console_audit,
    console_batches,
    console_case_opening,
    console_certificates,
    console_documents,
    console_evidence,
    console_exchange,
    console_exchange_messages,
    console_exchange_problems,
    console_forms,
    console_home,
    console_imports,
    console_inspections,
    console_matters,
    console_notices,
    console_operators,
    console_point_in_time,
    console_proceedings,
    console_quality,
    console_records,
    console_rules,
    console_system,
    console_typing,
    errors,
    exchange,
    guides,
    headers,
    health,
    ledger,
    ledger_page,
    lists,
    metrics,
    pages,
    progress,
    public,
    records,
    reports,
    static_files,
    statistics,
    verify,
)
from blueprints.locales import choose_locale

__all__ = ["choose_locale", "register"]


def register(app: Flask) -> None:
    """Hang every blueprint and the error answers on the application."""
    exchange.register(app)
    metrics.register(app)
    errors.register(app)
    headers.register(app)
    static_files.register(app)
    pages.register(app)
    for part in (
        health,
        metrics,
        ledger,
        public,
        records,
        verify,
        lists,
        applications,
        clues,
        progress,
        announcements,
        statistics,
        guides,
        anonymous,
        ledger_page,
        reports,
        auth,
        console_home,
        console_matters,
        console_documents,
        console_evidence,
        console_exchange_messages,
        console_exchange_problems,
        console_exchange,
        console_forms,
        console_records,
        console_operators,
        console_point_in_time,
        console_certificates,
        console_rules,
        console_notices,
        console_proceedings,
        console_case_opening,
        console_batches,
        console_imports,
        console_inspections,
        console_quality,
        console_announcements,
        console_account,
        console_accounts,
        console_audit,
        console_system,
        console_typing,
    ):
        app.register_blueprint(part.blueprint)
    api_v1.register(app)
