"""Handing batches over while what is still to be made is made: ends first, whole batches, in order."""

from collections.abc import Iterator, Mapping
from datetime import date
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement

from models import Carrier, Chain, SentBatch
from registry.config import Settings
from registry.rules.record import EndReason
from registry.services import publicity
from registry.transaction import transaction
from sync import making, own_messages, runs
from sync.carriers import handing
from tests.carriers import PARTNER, city_with_partner, enter, sent_batches
from tests.exchange_wire import settings_of
from tests.factories import ACTOR

LONGEST = 60  # seconds a thread waits for the other one before the test fails


class FakePartner:
    """Takes every batch, or none while it is away; knows how far messages were made at that moment."""

    among: ColumnElement[bool] | None = None

    def __init__(self) -> None:
        self.handed: list[tuple[Chain, int, int]] = []
        self.away = False
        self.first = Event()

    def read_back(self, run: runs.Run) -> None:
        """It never answers."""

    def lying(self) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    def hand_over(self, batch: SentBatch) -> Mapping[str, Any]:
        """Note chain, count and how far was made."""
        if self.away:
            raise handing.NotReached("away", is_fault=False)
        self.handed.append((batch.chain, batch.count, own_messages.made_to()))
        self.first.set()
        return {"carrier": "fake"}


@pytest.fixture
def city() -> Iterator[Flask]:
    with city_with_partner(Carrier.FRONT_DATABASE) as application:
        yield application


@pytest.fixture
def partner() -> FakePartner:
    return FakePartner()


def push(city: Flask, partner: FakePartner, *, told: bool = False) -> runs.Run:
    return handing.push(settings_of(city), PARTNER, lambda *_: partner, told=told)


def end(record_id: str) -> None:
    with transaction():
        publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=date(2026, 11, 1), actor=ACTOR)


def test_an_end_goes_over_before_all_else_is_made(
    city: Flask, partner: FakePartner, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = enter()
    push(city, partner)
    end(first)
    enter(4)
    partner.handed.clear()
    partner.first.clear()
    monkeypatch.setattr(own_messages, "BATCH", 1)
    monkeypatch.setattr(making, "_BATCHES", 1)
    make = own_messages.make
    pieces: list[int | None] = []

    def slow(settings: Settings, batches: int | None) -> tuple[int, int]:
        if pieces:
            assert partner.first.wait(LONGEST), "nothing was handed over while messages were made"
        pieces.append(batches)
        return make(settings, batches)

    monkeypatch.setattr(own_messages, "make", slow)
    assert push(city, partner).outcome == "done"
    made_at_the_end = own_messages.made_to()
    (chain, count, made), *others = partner.handed
    assert (chain, count) == (Chain.URGENT, 1)
    assert made < made_at_the_end
    assert [(chain, count) for chain, count, _ in others] == [(Chain.BULK, 5)]  # not in pieces as they were made


def test_nothing_overtakes_a_batch_whose_pause_is_not_over(city: Flask, partner: FakePartner) -> None:
    enter()
    partner.away = True
    assert push(city, partner).outcome == "no_answer"
    partner.away = False
    enter()
    assert push(city, partner).counts["batches"] == 0
    assert len(sent_batches()) == 1
    push(city, partner, told=True)
    assert [count for _, count, _ in partner.handed] == [2, 2]
