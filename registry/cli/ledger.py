"""`ledger …`: check the tree, show and prove what it holds, compare the tables with it."""

import sys
from collections.abc import Mapping

import click
import orjson
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from models import db
from registry.cli.language import in_chinese
from registry.errors import RegistryError
from registry.ledger import heads, proofs
from registry.ledger.nodes import LedgerFaultError
from registry.ledger.verify import verify as verify_ledger
from registry.services import rebuild as rebuilding
from registry.signing_keys import SigningKeys, load_or_create

ledger = AppGroup("ledger", help="The ledger and its tree.")

LABELS = {
    "entries": _("Entries"),
    "leaves": _("Leaves of the tree"),
    "nodes": _("Nodes of the tree"),
    "heads": _("Signed heads"),
    "faults": _("Faults"),
    "size": _("How many entries the tree has"),
    "root": _("Root of the tree, in hexadecimal"),
    "at": _("When it was signed"),
    "jws": _("Signature (JWS)"),
    "differences": _("Differences"),
}
"""What is counted and shown, for people; names of tables stand for themselves."""


@ledger.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
@in_chinese
def verify(as_json: bool) -> None:
    """Hash everything again: each entry, leaf and node, each signed head. Exit status 1 when something differs."""
    found = verify_ledger(db.engine, _keys(), _show_progress)
    _end_progress()
    for fault in found.faults:
        click.echo(f"seq {fault.seq}: {fault.where} {fault.what}", err=True)
    counts = {
        "entries": found.entries,
        "leaves": found.leaves,
        "nodes": found.nodes,
        "heads": found.heads,
        "faults": found.fault_count,
    }
    _print(counts, as_json)
    if found.fault_count:
        first = min(fault.seq for fault in found.faults)
        raise click.ClickException(gettext("The first fault is at entry %(seq)s.", seq=first))


@ledger.command("head")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@in_chinese
def head(as_json: bool) -> None:
    """Print the newest signed head, after signing one when the log has grown."""
    newest = _newest_head()
    members = {
        "size": newest.size,
        "root": newest.root.hex(),
        "at": newest.signed_at.isoformat(),
        "jws": newest.jws,
    }
    _print(members, as_json)


@ledger.command("prove")
@click.argument("seq", type=click.IntRange(min=1))
@in_chinese
def prove(seq: int) -> None:
    """Print as JSON the proof that entry SEQ stands in the newest signed tree; docs/ledger.md says how to check it."""
    newest = _newest_head()
    if seq > newest.size:
        raise click.ClickException(
            gettext("There is no entry %(seq)s; the last one is %(last)s.", seq=seq, last=newest.size)
        )
    with db.engine.connect() as connection:
        try:
            proof = proofs.inclusion_proof(connection, seq, newest.size)
        except RegistryError as error:
            raise click.ClickException(str(error)) from error
    answer = {**proofs.inclusion_members(proof), "head": newest.jws}
    click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())


@ledger.command("rebuild")
@click.option("--check", is_flag=True, required=True, help="Compare only; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
@in_chinese
def rebuild(check: bool, as_json: bool) -> None:
    """Derive the current tables from the ledger again and compare. Exit status 1 when a row differs."""
    del check  # the only thing this can do: a register is never rebuilt in place
    found = rebuilding.check(_show_progress)
    _end_progress()
    for difference in found.differences:
        click.echo(f"{difference.record_id}: {difference.what}", err=True)
    _print({**found.rows, "differences": found.difference_count}, as_json)
    if found.difference_count:
        raise click.ClickException(gettext("The tables are not what the ledger says."))


def _keys() -> SigningKeys:
    return load_or_create(current_app.extensions["registry_settings"].key_dir)


def _newest_head() -> heads.Head:
    try:
        heads.sign_if_grown(db.engine, _keys())
    except LedgerFaultError as error:
        raise click.ClickException(gettext("%(fault)s Run `ledger verify`.", fault=error)) from error
    with db.engine.connect() as connection:
        newest = heads.newest_head(connection)
    if newest is None:
        raise click.ClickException(gettext("The ledger is empty."))
    return newest


def _print(members: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(members).decode())
        return
    for name, value in members.items():
        click.echo(f"{LABELS.get(name, name)}{gettext(': ')}{value}")


def _show_progress(done: int) -> None:
    """A count that grows in place on a terminal; nothing in a file."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:>12,}", nl=False, err=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        click.echo(err=True)
