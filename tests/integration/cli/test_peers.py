"""`peer` and `exchange` on the command line."""

import json
from pathlib import Path

import pytest
from flask import Flask

from models import db
from registry.services import exchange_node
from registry.transaction import transaction
from tests.carriers import front_database
from tests.exchange_messages import abnormal, penalty
from tests.exchange_nodes import Partner, node


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_two_nodes_are_made_known_to_each_other_by_hand(own_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "hebei.json"
    with node() as province:
        file.write_text(run(province, "peer", "key"))
    told = run(own_app, "peer", "add", "130000", "https://credit.hebei.example", "--key", str(file))
    assert "130000" in told
    found = json.loads(run(own_app, "exchange", "status", "--json").splitlines()[-1])
    assert (found["130000"]["role"], found["130000"]["state"]) == ("province", "active")
    kid = json.loads(file.read_text())["keys"][0]["kid"]
    run(own_app, "peer", "retire-key", kid)
    with own_app.app_context():
        assert db.session.execute(db.text("SELECT retired_at FROM peer_key")).scalar_one() is not None


def test_a_key_is_told_before_it_signs(own_app: Flask) -> None:
    first = json.loads(run(own_app, "peer", "key"))["keys"]
    drawn = json.loads(run(own_app, "peer", "key", "--draw"))["keys"]
    assert drawn[0] == first[0]
    assert len(drawn) == 2
    assert json.loads(run(own_app, "peer", "key", "--switch"))["keys"] == drawn


@pytest.mark.parametrize("url", ["http://credit.hebei.example", "nonsense"])
def test_a_peer_needs_an_address_that_can_be_trusted(own_app: Flask, tmp_path: Path, url: str) -> None:
    file = tmp_path / "own.json"
    file.write_text(run(own_app, "peer", "key"))
    result = own_app.test_cli_runner().invoke(args=["peer", "add", "130100", url, "--key", str(file)])
    assert result.exit_code == 1


def test_the_status_tells_what_came() -> None:
    with node() as province:
        partner = Partner(province)
        partner.send(penalty(origin=partner.node), penalty(origin=partner.node))
        told = run(province, "exchange", "status")
        found = json.loads(run(province, "exchange", "status", "--json").splitlines()[-1])
    assert partner.node in told
    assert (found[partner.node]["records_held"], found[partner.node]["unclear"]) == (2, 0)
    assert found[partner.node]["last_batch_received"].endswith("-000001")


def test_an_unclear_record_is_listed_and_settled() -> None:
    with node() as province:
        partner = Partner(province)
        first = abnormal(origin=partner.node)
        name = {"name": first["subject"]["name"]}
        second = abnormal(
            origin=partner.node, uscc=first["subject"]["uscc"], subject=name, data={"listed_on": "2026-03-05"}
        )
        partner.send(first, second)
        assert run(province, "exchange", "unclear").split()[2:] == [second["record_id"], "open_stay_stands"]
        run(province, "exchange", "settle", second["record_id"], "--same-as", first["record_id"])
        assert run(province, "exchange", "unclear") == ""
        again = province.test_cli_runner().invoke(args=["exchange", "settle", second["record_id"]])
        assert again.exit_code == 1


def test_a_partner_by_file_needs_no_key_and_one_of_the_wire_does(own_app: Flask, tmp_path: Path) -> None:
    run(own_app, "peer", "add", "130000", "", "--carrier", "file")
    told = run(own_app, "peer", "set", "130000", f"folder={tmp_path}", "output=templates")
    assert json.loads(told) == {"folder": str(tmp_path), "output": "templates"}
    assert json.loads(run(own_app, "peer", "set", "130000", "output=")) == {"folder": str(tmp_path)}
    assert run(own_app, "exchange", "push", "130000").startswith("outcome      done")
    without = own_app.test_cli_runner().invoke(args=["peer", "add", "130200", "https://tangshan.example"])
    assert without.exit_code == 2


@pytest.mark.parametrize("pair", ["folder=relative", "output=fax", "url_variable=DATABASE_URL", "password=x"])
def test_a_setting_that_no_carrier_has_is_refused(own_app: Flask, pair: str) -> None:
    run(own_app, "peer", "add", "130000", "", "--carrier", "front_database")
    assert own_app.test_cli_runner().invoke(args=["peer", "set", "130000", pair]).exit_code == 1


def test_the_tables_of_a_front_database_are_made_once(own_app: Flask) -> None:
    run(own_app, "peer", "add", "130000", "", "--carrier", "front_database")
    with front_database(own_app.extensions["registry_settings"]) as (database, settings):
        assert own_app.test_cli_runner().invoke(args=["exchange", "front-database", "create", "130000"]).exit_code == 1
        own_app.extensions["registry_settings"] = settings
        assert "violation_listing" in run(own_app, "exchange", "front-database", "create", "130000")
        run(own_app, "exchange", "front-database", "create", "130000")
        assert database.rows() == []


def test_a_person_lets_a_restored_node_go_on_with_a_reason(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        exchange_node.draw_epoch()
    assert own_app.test_cli_runner().invoke(args=["exchange", "recovered"]).exit_code == 2
    run(own_app, "exchange", "recovered", "--reason", "The province was dissolved.")
    with own_app.app_context():
        assert exchange_node.this_node().recovering_since is None
        kept = db.session.execute(db.text("SELECT purpose FROM access_log WHERE event = 'exchange.recovered'"))
        assert kept.scalars().all() == ["The province was dissolved."]


def test_the_day_waits_for_a_restored_node(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        exchange_node.draw_epoch()
    refused = own_app.test_cli_runner().invoke(args=["day", "run"])
    assert refused.exit_code == 1
    assert "restored" in refused.output


def test_only_a_peer_of_the_wire_can_be_read(own_app: Flask) -> None:
    run(own_app, "peer", "add", "130000", "", "--carrier", "file")
    assert own_app.test_cli_runner().invoke(args=["exchange", "recover", "130000"]).exit_code == 1
