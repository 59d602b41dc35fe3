"""The visibility matrix (domain.md 5) over every public output: what may be seen is seen, and nothing else anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count

import pytest
import time_machine
from flask import Flask
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from registry.app import create_app
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services import api_clients
from registry.services.api_clients import Scope
from registry.services.personal_values import Vault
from registry.transaction import transaction
from tests.database import cloned_database, close
from tests.matrix_records import LISTS, Case, Kind, Stage, World, Written, cases, write_world
from tests.public_outputs import NO_RECORDS, READERS, Reader

NOON = "2026-11-24T12:00:00+08:00"

_requests = count(1)


def must_show(world: World, record: Written) -> Iterator[tuple[str, str]]:
    """The outputs in which a public record is found, each with what it is known by there."""
    yield "records.show_record", record.word
    if (
        record.case.kind is Kind.INSPECTION
    ):  # no finding: neither platforms nor reports are told, announcements cannot rest on it
        if not world.is_person:
            yield "public.show_operator", record.word
        return
    if record.case.kind in LISTS:
        yield "lists.export_list", record.record_id
    for endpoint in ("show_announcements", "show_announcement", "feed_announcements"):
        yield f"announcements.{endpoint}", record.word
    if world.is_person:
        return
    yield "public.show_operator", record.word
    for endpoint in ("reports.show_report", "credit_report.show_report"):
        yield endpoint, record.word
    for endpoint in ("merchant_status.show_status", "merchant_checks.check"):
        yield endpoint, record.record_id
    if record.case.kind in LISTS:
        yield "lists.show_list", record.record_id
        yield "lists.feed_list", record.record_id


@pytest.fixture(scope="module")
def node() -> Iterator[Flask]:
    """A node of its own: the hot path reads with connections that see no rolled-back data."""
    with cloned_database() as own:
        app = create_app(replace(own, anonymous_per_minute=1_000_000))
        yield app
        close(app)


@pytest.fixture(scope="module")
def key(node: Flask) -> str:
    """The key of a platform that may ask everything."""
    with node.app_context(), transaction():
        return api_clients.create("platform", list(Scope), 1_000_000)[1]


EVERY_STAGE = [Case(kind, stage, -30, 400) for kind in Kind for stage in Stage]
EVERY_EDGE = [
    Case(kind, Stage.IN_FORCE, first, end)
    for kind in Kind
    for first, end in ((-30, 0), (-30, 1), (-1, None), (0, None), (0, 1), (1, None))
]


@settings(max_examples=25)
@given(
    drawn=st.lists(cases(), min_size=1, max_size=6),
    kind=st.sampled_from((OperatorKind.ENTERPRISE, OperatorKind.HOUSEHOLD, OperatorKind.NATURAL_PERSON)),
    status=st.sampled_from(RegistrationStatus),
    since=st.sampled_from((-400, -1, 0, 1)),
)
@example(drawn=EVERY_STAGE, kind=OperatorKind.ENTERPRISE, status=RegistrationStatus.REVOKED, since=0)
@example(drawn=EVERY_EDGE, kind=OperatorKind.HOUSEHOLD, status=RegistrationStatus.SUSPENDED, since=1)
@example(drawn=EVERY_STAGE, kind=OperatorKind.NATURAL_PERSON, status=RegistrationStatus.ACTIVE, since=0)
def test_every_output_shows_what_is_public_and_nothing_else(
    node: Flask, key: str, drawn: list[Case], kind: OperatorKind, status: RegistrationStatus, since: int
) -> None:
    with time_machine.travel(datetime.fromisoformat(NOON), tick=False):
        with node.app_context():
            vault = Vault.of(node.extensions["registry_settings"])
            with transaction():
                world = write_world(vault, drawn, kind, status, since)
            operator_id, is_person = world.operator.record_id, world.is_person
            expected = [(record, list(must_show(world, record))) for record in world.records if record.case.public]
        reader = Reader(node, key, f"{next(_requests)}")
        read = {endpoint: "\n".join(output(reader, world.sought)) for endpoint, output in READERS.items()}
    for endpoint, shown in read.items():
        for secret in world.secrets:
            assert secret not in shown, (endpoint, secret)
        for record in world.records:
            event(f"{record.case.kind}: {'public' if record.case.public else 'hidden'}")
            if not record.case.public:
                assert record.word not in shown, (endpoint, record)
                assert record.record_id not in shown, (endpoint, record)
            told = endpoint == "records.show_record" and record.case.stage is Stage.REVOKED
            assert (record.statement in shown) is told, (endpoint, record)
    for record, places in expected:
        for endpoint, mark in places:
            assert mark in read[endpoint], (endpoint, record)
    if not is_person:
        marked = status is not RegistrationStatus.ACTIVE and since <= 0
        assert (operator_id in read["merchant_status.show_status"]) is marked


def test_every_public_address_is_read_or_carries_no_records(app: Flask) -> None:
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if str(getattr(app.view_functions[rule.endpoint], "access", "")).startswith(("public", "api:"))
    }
    assert public == READERS.keys() | NO_RECORDS.keys()
    assert not READERS.keys() & NO_RECORDS.keys()
