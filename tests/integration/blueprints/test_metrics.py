"""What the monitoring reads, and who may."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from models import Chain, Direction, PeerState, SentBatch, SentState, db
from registry.clock import now
from registry.queries.exchange_node import this_node
from registry.queries.node_state import ledger_entries
from registry.services.day.reminding import remind
from registry.transaction import transaction
from sync import incidents, own_messages, peers, problems
from tests.factories import make_authority, make_operator, make_penalty
from tests.integration.services.day.test_reminding import make_case

pytestmark = pytest.mark.usefixtures("database")
HERE = {"REMOTE_ADDR": "127.0.0.1"}


def value(client: FlaskClient, name: str) -> float:
    """One sample; 0 while nothing was counted under this name."""
    answer = client.get("/metrics", environ_overrides=HERE)
    assert answer.status_code == 200
    found = re.search(rf"^{re.escape(name)} (\S+)$", answer.get_data(as_text=True), re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("address", ["198.51.100.7", "", "unix"])
def test_other_addresses_are_refused(client: FlaskClient, address: str) -> None:
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == 403


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/healthz", 'registry_requests_total{endpoint="health.healthz",status="200"}'),
        ("/nowhere", 'registry_requests_total{endpoint="none",status="404"}'),
        ("/console/", 'registry_requests_total{endpoint="console_home.show_home",status="303"}'),
    ],
)
def test_every_request_counts_once(client: FlaskClient, path: str, name: str) -> None:
    before = value(client, name)
    client.get(path)
    assert value(client, name) == before + 1


def test_the_ledger_and_the_queue_have_a_size(client: FlaskClient) -> None:
    make_operator()
    make_authority()
    db.session.flush()
    assert value(client, "registry_ledger_entries") == ledger_entries()
    assert 'registry_jobs{state="todo"}' in client.get("/metrics", environ_overrides=HERE).get_data(as_text=True)


def test_missed_deadlines_are_told(client: FlaskClient) -> None:
    overdue, alarms = value(client, "registry_cases_over_deadline"), value(client, "registry_alarms")
    make_case()
    remind(date(2026, 10, 30))
    db.session.flush()
    assert value(client, "registry_cases_over_deadline") == overdue + 1
    assert value(client, "registry_alarms") == alarms + 1


def test_the_exchange_tells_what_stands_still(client: FlaskClient) -> None:
    peer = peers.add("130000", "http://127.0.0.1:1", ())
    make_penalty(make_operator(), make_authority(), decided_on=date(2026, 1, 5))
    db.session.flush()
    named = 'registry_exchange_{}{{peer="130000"}}'.format
    assert value(client, "registry_exchange_recovering") == 0
    calm = ("stopped", "paused", "incidents", "positions_behind", "unanswered_seconds", "proven_equal")
    assert [value(client, named(name)) for name in calm] == [0] * len(calm)
    peer.state, peer.incident = PeerState.STOPPED, "peer_knows_more"
    incidents.note("peer_knows_more", peer)
    problems.note(Direction.IN, peer.id, record_id="130200.x.1", revision=1, content=b"{}", faults=[])
    frozen = now() - timedelta(minutes=5)
    db.session.add(
        SentBatch(
            peer_id=peer.id, epoch="e", chain=Chain.URGENT, batch_no="130100-20261126-000001", body_digest="x",
            from_seq=1, to_seq=1, count=1, headers={}, state=SentState.FROZEN, receipt_headers={}, frozen_at=frozen,
            attempts=0,
        )
    )  # fmt: skip
    this_node().recovering_since = now()
    db.session.flush()
    assert [value(client, named(name)) for name in ("stopped", "incidents", "proven_equal")] == [1, 1, 0]
    assert 300 <= value(client, named("unanswered_seconds")) < 3600
    assert value(client, 'registry_exchange_problems{direction="in",peer="130000"}') == 1
    assert value(client, "registry_exchange_recovering") == 1


def test_the_exchange_tells_how_far_it_lags(client: FlaskClient) -> None:
    settings = client.application.extensions["registry_settings"]
    with transaction():
        peers.add("130000", "http://127.0.0.1:1", ())
        make_penalty(make_operator(), make_authority(), decided_on=date(2026, 1, 5))
    own_messages.catch_up(settings)
    lag = 'registry_exchange_{}{{peer="130000",resource="administrative_penalty"}}'.format
    assert value(client, lag("unsent_records")) == 1
    assert 0 <= value(client, lag("lag_seconds")) < 3600
    assert value(client, 'registry_exchange_overdue{peer="130000"}') == 1
