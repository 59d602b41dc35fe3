"""What must hold of the tree itself: guards, one migration head, models equal to migrations, named constraints."""

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

from models import db

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for folder in ("registry", "blueprints", "models", "sync")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def test_every_view_has_a_guard(app: Flask) -> None:
    unguarded = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not getattr(app.view_functions[rule.endpoint], "access", None)
    ]
    assert unguarded == []


def test_there_is_one_migration_head() -> None:
    script = ScriptDirectory(str(ROOT / "models" / "migrations"))
    assert len(script.get_heads()) == 1


@pytest.mark.usefixtures("database")
def test_models_equal_migrations() -> None:
    context = MigrationContext.configure(
        db.session.connection(),
        opts={
            "compare_type": True,
            "include_name": lambda name, kind, parents: (
                name is None if kind == "schema" else not (kind == "table" and name.startswith("access_log_"))
            ),
        },
    )
    assert compare_metadata(context, db.metadata) == []


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        (table.name, constraint)
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint | ForeignKeyConstraint) and not constraint.name
    ]
    assert unnamed == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text)) or not text.strip(), "a module says in its docstring what it is for"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_clock_asks_for_the_time(path: Path) -> None:
    if path.name == "clock.py":
        return
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    }
    assert calls.isdisjoint({"now", "utcnow", "today"})
