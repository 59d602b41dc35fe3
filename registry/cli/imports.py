"""`import …`: taking files in and taking a run back."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from registry.cli.language import in_chinese
from registry.errors import RegistryError
from registry.services.imports import upkeep
from registry.services.imports.correction_file import write_flagged, write_rejected
from registry.services.imports.layouts import kinds
from registry.services.imports.running import Importer, Report
from registry.services.imports.undo import undo as take_back
from registry.services.personal_values import Vault

imports = AppGroup("import", help="Take files into the register.")

SOME_REJECTED = 3
"""Exit status when the file was taken in but rows of it were refused."""


def _command(kind: str) -> None:
    @imports.command(kind, help=f"Take in {kind} from FILE (csv or xlsx).")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the rejected rows here.")
    @click.option("--flagged", type=click.Path(dir_okay=False, path_type=Path), help="Write the flagged rows here.")
    @click.option("--authority", metavar="USCC", help="The authority that hands the file in.")
    @click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON on the last line.")
    @in_chinese
    def take_in(file: Path, errors: Path | None, flagged: Path | None, authority: str | None, as_json: bool) -> None:
        with told_plainly():
            report = importer().take_in(kind, file, authority=authority, progress=Progress())
        if report.counts.applied >= upkeep.LARGE:
            upkeep.tidy(current_app.extensions["registry_settings"].database_owner_url)
        _tell(report, errors, flagged, as_json)
        if report.counts.rejected:
            raise SystemExit(SOME_REJECTED)


for _kind in kinds():
    _command(_kind)


@imports.command("undo")
@click.argument("run", type=int)
@in_chinese
def undo(run: int) -> None:
    """Take back everything that RUN applied, while nothing rests on it."""
    with told_plainly():
        undone = take_back(run)
    click.echo(
        _(
            "Run %(run)s taken back: %(taken_back)s records left the register, %(restored)s are what they were before",
            run=run,
            taken_back=undone.taken_back,
            restored=undone.restored,
        )
    )


def importer() -> Importer:
    """The importer of this node, with the key of its personal data."""
    settings = current_app.extensions["registry_settings"]
    return Importer(settings.node_id, Vault.of(settings))


@contextmanager
def told_plainly() -> Iterator[None]:
    """A failure that a person can be told about ends the command with its words and status 1."""
    try:
        yield
    except RegistryError as error:
        raise click.ClickException(str(error)) from error


class Progress:
    """One line on standard error, written anew after each batch: rows, share, rows a second."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, rows: int, share: float) -> None:
        pace = rows / max(0.001, time.monotonic() - self._start)
        line = _("%(rows)s rows, %(share)s %%, %(pace)s rows a second", rows=f"{rows:,}", share=f"{min(share, 1) * 100:.0f}",
                 pace=f"{pace:,.0f}")  # fmt: skip
        end = "" if sys.stderr.isatty() and share < 1 else "\n"
        click.echo(("\r" if sys.stderr.isatty() else "") + line + end, nl=False, err=True)


def _tell(report: Report, errors: Path | None, flagged: Path | None, as_json: bool) -> None:
    counts = report.counts
    if errors is not None and counts.rejected:
        write_rejected(report.run_id, report.source, errors)
        click.echo(_("The rejected rows with their reasons are in %(file)s", file=errors), err=True)
    if flagged is not None and counts.flagged:
        write_flagged(report.run_id, report.source, flagged)
        click.echo(_("The flagged rows and what to look at are in %(file)s", file=flagged), err=True)
    if report.unknown:
        click.echo(
            _("Columns that were not recognised and left out: %(columns)s", columns="、".join(report.unknown)), err=True
        )
    click.echo(
        _(
            "Run %(run)s: read %(read)s, applied %(applied)s, unchanged %(unchanged)s, rejected %(rejected)s,"
            " flagged %(flagged)s",
            run=report.run_id, read=counts.read, applied=counts.applied, unchanged=counts.unchanged,
            rejected=counts.rejected, flagged=counts.flagged,
        )
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps({"run": report.run_id, "layout": report.layout, **asdict(counts)}))
