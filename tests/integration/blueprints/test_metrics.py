"""What the monitoring reads, and who may."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from models import db
from registry.queries.node_state import ledger_entries
from registry.services.day.reminding import remind
from tests.factories import make_authority, make_operator
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
