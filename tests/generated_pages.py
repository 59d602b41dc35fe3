"""Pages of docs/ that are written from the program, so that they cannot go stale.

`python -m tests.generated_pages` writes them anew; tests/integration/test_docs.py fails while they are old.
"""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from models import db
from registry import cli
from registry.ledger.content import TYPE_OF
from registry.ledger.public_view import SHOWN
from tests import carrier_pages, exchange_vectors, procedure_pages
from tests.column_meanings import MEANINGS, PERSONAL

DOCS = Path(__file__).resolve().parent.parent / "docs"

_COMMANDS = """# The command line

Every command with its options, written from the program (`python -m tests.generated_pages`). They run as
`.venv/bin/flask --app wsgi …`, with the environment of the node: `REGISTRY_DATA_DIR` for one that `make serve` runs (`var/` when
not given), the settings of [deploy.md](deploy.md) otherwise. Messages are Chinese, or English with `REGISTRY_LANGUAGE=en`.

Long commands show their progress on standard error and end with their counts. Exit status: 0 all is well, 3 some rows were
rejected, 1 failure, 2 a wrong call.
"""

_DICTIONARY = """# Data dictionary

Every table and column, written from the models (`python -m tests.generated_pages`). Constraints and indexes stand in `models/`.

**public** columns are shown to everybody while the law shows the record at all; **personal** ones hold data of natural persons and
never leave unmasked; all others are **internal**: officers only. `registry/ledger/public_view.py` is the list that decides; name
and responsible person of a registered operator are registration items.
"""


def command_line() -> str:
    """docs/command-line.md."""
    app = Flask("registry")
    cli.register(app)
    return "\n".join([_COMMANDS, *_commands(app.cli, "")])


def _commands(group: click.Group, prefix: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        full = f"{prefix}{name}"
        if isinstance(command, click.Group):
            yield from _commands(command, f"{full} ")
            continue
        with click.Context(command, info_name=full, terminal_width=100, max_content_width=100) as context:
            yield f"## {full}\n\n```\n{command.get_help(context)}\n```\n"


def data_dictionary() -> str:
    """docs/data-dictionary.md."""
    described = {mapper.local_table: mapper.class_ for mapper in db.Model.registry.mappers}
    record_types = {model.__tablename__: record_type for model, record_type in TYPE_OF.items()}
    parts = [_DICTIONARY]
    for table in sorted(db.metadata.tables.values(), key=lambda each: each.name):
        lines = (described[table].__doc__ or "").strip().split("\n\n", maxsplit=1) if table in described else [""]
        shown = SHOWN.get(record_types.get(table.name, ""), ())
        head = "| column | type | meaning | seen by |\n| --- | --- | --- | --- |"
        parts.append(f"## {table.name}\n\n{' '.join(lines[0].split())}\n\n{head}")
        parts[-1] += "".join(f"\n{_row(table, column, shown)}" for column in table.columns) + "\n"
    return "\n".join(parts)


def _row(table: Table, column: Column[object], shown: tuple[str, ...]) -> str:
    kind = column.type.compile(dialect=postgresql.dialect())
    kind = kind if column.nullable else f"{kind}, required"
    target = next((key.target_fullname for key in column.foreign_keys), "")
    meaning = (
        MEANINGS.get(f"{table.name}.{column.name}") or MEANINGS.get(column.name) or (f"→ {target}" if target else "")
    )
    personal = f"{table.name}.{column.name}" in PERSONAL
    seen = "personal" if personal else "public" if column.name in shown else "internal"
    return f"| `{column.name}` | {kind.lower()} | {meaning} | {seen} |"


def pages() -> dict[Path, str]:
    """Every generated page with what has to stand in it."""
    return {
        DOCS / "command-line.md": command_line(),
        DOCS / "data-dictionary.md": data_dictionary(),
        DOCS / "exchange-carriers.md": carrier_pages.page(),
        **{DOCS / "exchange-vectors" / name: text for name, text in exchange_vectors.files().items()},
        **procedure_pages.pages(DOCS / "procedures"),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
