"""`peer …`, `exchange …`: whom this node exchanges with, its keys, where the exchange stands."""

from pathlib import Path

import click
import orjson
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from models import Carrier, NodeRole
from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.services import access_log
from registry.transaction import transaction
from sync import keys, peers, reconciliation, recovery, runs
from sync.carriers import choice, front_database
from sync.runs import Run
from sync.status import status_of_peers

SOME_REJECTED = 3

peer = AppGroup("peer", help="Other nodes of the exchange, and the keys.")
exchange = AppGroup("exchange", help="The exchange of records with other nodes.")


@peer.command("add")
@click.argument("node")
@click.argument("url")
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A partner by file or front database may have none.",
)
@click.option("--role", type=click.Choice([role.value for role in NodeRole]), help="Told by the node id when left out.")
@click.option("--carrier", type=click.Choice([carrier.value for carrier in Carrier]), default=Carrier.HTTP.value)
@in_chinese
def add(node: str, url: str, key_file: Path | None, role: str | None, carrier: str) -> None:
    """Enter node NODE at address URL with the public keys of a JWK file; again to add keys or change the address."""
    if key_file is None and carrier == Carrier.HTTP:
        raise click.UsageError(_("A peer of the wire has keys: --key is missing."))
    with told_plainly(), transaction():
        found = keys.read_public(key_file.read_bytes(), node) if key_file else []
        made = peers.add(node, url, found, role=NodeRole(role) if role else None, carrier=Carrier(carrier))
        told = _(
            "Peer %(node)s (%(role)s) at %(url)s, %(count)d keys trusted",
            node=made.node,
            role=made.role.value,
            url=made.url,
            count=sum(key.retired_at is None for key in made.keys),
        )
    click.echo(told)


@peer.command("set")
@click.argument("node")
@click.argument("pairs", metavar="NAME=VALUE...", nargs=-1, required=True)
@in_chinese
def set_up(node: str, pairs: tuple[str, ...]) -> None:
    """Set how the carrier of node NODE works; an empty value takes a setting back.

    By file: folder (whole path), output (zip or templates). By front database: url_variable (name of the environment
    variable that holds the address), table_prefix.
    """
    with told_plainly(), transaction():
        made = peers.set_up(node, dict(_pair(each) for each in pairs))
        told = orjson.dumps(made.settings, option=orjson.OPT_SORT_KEYS).decode()
    click.echo(told)


def _pair(told: str) -> tuple[str, str]:
    name, separator, value = told.partition("=")
    if not separator:
        raise click.UsageError(_("%(told)s is not of the form NAME=VALUE.", told=told))
    return name, value


@peer.command("retire-key")
@click.argument("kid")
@in_chinese
def retire_key(kid: str) -> None:
    """Trust the key KID of a peer no longer."""
    with told_plainly(), transaction():
        peers.retire_key(kid)
    click.echo(_("Key %(kid)s is no longer trusted", kid=kid))


@peer.command("key")
@click.option("--draw", is_flag=True, help="Draw the key that shall follow; it is shown, and signs nothing yet.")
@click.option("--switch", is_flag=True, help="Sign with the key that was drawn; do so when every peer holds it.")
def key(draw: bool, switch: bool) -> None:
    """Print this node's public keys as a JWK set, for the administrators of its peers."""
    settings = current_app.extensions["registry_settings"]
    with told_plainly():
        if draw:
            keys.draw_next(settings)
        if switch:
            keys.put_next_in_force(settings)
        shown = keys.own_keys(settings).public_jwks()
    click.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())


@exchange.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def status(as_json: bool) -> None:
    """Show for each peer what was sent and received last, what waits, and what a person must settle."""
    found = status_of_peers()
    if as_json:
        click.echo(orjson.dumps({each.pop("node"): each for each in found}, default=str).decode())
        return
    for each in found:
        click.echo(f"{each.pop('node')}")
        width = max(len(name) for name in each)
        for name, value in each.items():
            click.echo(f"  {name:<{width}}  {'-' if value is None else value}")


@exchange.command("recover")
@click.argument("node")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
def recover(node: str, as_json: bool) -> None:
    """After a restore: take this node's own records back from node NODE. The worker does so by itself.

    With the last active peer of the wire the register accepts changes again. Exit status 1 when NODE did not answer.
    """
    with told_plainly():
        run = recovery.recover(current_app.extensions["registry_settings"], node, told=True)
    _tell(run, recovery.COUNTS, as_json)


@exchange.command("recovered")
@click.option("--reason", required=True, help="Why it goes on although a peer was not read; kept in the access log.")
@in_chinese
def recovered(reason: str) -> None:
    """After a restore, where a peer cannot be read: accept changes without what it may hold of this node's records."""
    with told_plainly(), transaction():
        waiting = [each.node for each in recovery.waiting_for()]
        recovery.go_on()
        access_log.note("exchange.recovered", actor="system:cli", purpose=reason)
    if waiting:
        click.echo(_("Not read: %(nodes)s", nodes=", ".join(waiting)))
    click.echo(_("The register accepts changes again, and the exchange goes on."))


@exchange.command("push")
@click.argument("node")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
def push(node: str, as_json: bool) -> None:
    """Send node NODE what waits for it. Exit status 3 when messages were rejected, 1 when something did not go."""
    with told_plainly():
        run = choice.carrier_of(node).push(current_app.extensions["registry_settings"], node, told=True)
    _tell(run, ("batches", "received", "accepted", "duplicate", "superseded", "rejected"), as_json)


@exchange.command("pull")
@click.argument("node")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
def pull(node: str, as_json: bool) -> None:
    """Take in what node NODE has for us. Exit status 3 when messages went into quarantine, 1 when nothing came."""
    with told_plainly():
        run = choice.carrier_of(node).pull(current_app.extensions["registry_settings"], node, told=True)
    _tell(run, ("read", "accepted", "duplicate", "superseded", "rejected"), as_json)


@exchange.command("reconcile")
@click.argument("node")
@click.option(
    "--again-after", type=click.FloatRange(0), default=reconciliation.LOOK_AGAIN_SECONDS, show_default=True,
    help="Seconds after which differences are looked at again.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
def reconcile(node: str, again_after: float, as_json: bool) -> None:
    """Compare with node NODE both ways and repair what differs. Exit status 1 when a difference stays."""
    with told_plainly():
        run = reconciliation.reconcile(current_app.extensions["registry_settings"], node, told=True, pause=again_after)
    _tell(run, ("scopes", "differences", "explained", "sent", "fetched", "staying"), as_json)


@exchange.group("front-database")
def front_databases() -> None:
    """Tables in the database of a partner that is reached by front database."""


@front_databases.command("create")
@click.argument("node")
@in_chinese
def create_front_tables(node: str) -> None:
    """Make the tables for node NODE in its front database, where they are missing."""
    with told_plainly():
        names = front_database.create(current_app.extensions["registry_settings"], node)
    click.echo(_("Tables of the front database: %(names)s", names=", ".join(names)))


def _tell(run: Run, names: tuple[str, ...], as_json: bool) -> None:
    """Counts of a run, and the exit status that goes with them."""
    counts = {name: run.counts[name] for name in names}
    told = {"outcome": run.outcome, **counts, **run.detail}
    if as_json:
        click.echo(orjson.dumps(told).decode())
    else:
        for name, value in told.items():
            click.echo(f"{name:<12} {value}")
    if run.outcome != runs.DONE:
        raise click.exceptions.Exit(1)
    if run.counts["rejected"]:
        raise click.exceptions.Exit(SOME_REJECTED)
