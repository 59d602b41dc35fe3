"""Limits of readers who are not signed in: a question past the limit, a pause past the ceiling."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from blueprints.anonymous import CEILING
from models import RateWindow, db
from registry.app import create_app
from registry.clock import now
from registry.config import Settings
from registry.services import challenges
from registry.services.admission import address_subject
from tests.database import close

LIMIT = 3


@pytest.fixture
def narrow(own_settings: Settings) -> Iterator[Flask]:
    """A node on a database of its own that lets nobody ask more than LIMIT times a minute."""
    application = create_app(replace(own_settings, anonymous_per_minute=LIMIT))
    with time_machine.travel("2026-11-24T10:00:10+08:00", tick=False):
        yield application
    close(application)


@pytest.fixture
def reader(narrow: Flask) -> FlaskClient:
    """A browser that has used up its limit."""
    browser = narrow.test_client()
    for _ in range(LIMIT):
        assert browser.get("/search?q=瑞祥").status_code == 200
    return browser


def token_of(page: str) -> str:
    found = re.search(r'name="token"\s+value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])


def answer_in(page: str) -> str:
    """What a person reads in the Chinese question."""
    numerals = "零一二三四五六七八九"
    found = re.search(r"文字题：(\S+?)加(\S+?)等于多少", page)
    assert found is not None
    total = 0
    for words in found.groups():
        tens, ones = words.split("十")
        total += (numerals.index(tens) if tens else 1) * 10 + (numerals.index(ones) if ones else 0)
    return str(total)


def test_past_the_limit_a_question_is_asked(reader: FlaskClient) -> None:
    refused = reader.get("/search?q=瑞祥")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "50"
    picture = reader.get(f"/challenge/{token_of(refused.text)}.png")
    assert picture.data.startswith(b"\x89PNG")


def test_the_right_sum_leads_on_and_counts_once(reader: FlaskClient) -> None:
    refused = reader.get("/search?q=瑞祥&lang=zh").text
    form = {"token": token_of(refused), "answer": answer_in(refused)}
    passed = reader.post("/challenge", data=form)
    assert passed.status_code == 303
    assert passed.location.startswith("/search?q=")
    assert reader.get(passed.location).status_code == 200
    assert reader.post("/challenge", data=form).status_code == 429


def test_the_digits_in_the_picture_are_an_answer_too(narrow: Flask, reader: FlaskClient) -> None:
    with narrow.app_context():
        secret = narrow.extensions["registry_settings"].secret_key
        nonce = challenges.new_nonce()
        assert challenges.is_answered(secret, nonce, now(), challenges.digits_of(secret, nonce))
        assert not challenges.is_answered(secret, nonce, now(), challenges.digits_of(secret, nonce))


def test_a_wrong_or_old_answer_gets_another_question(reader: FlaskClient) -> None:
    refused = reader.get("/search?q=瑞祥").text
    assert reader.post("/challenge", data={"token": token_of(refused), "answer": "1"}).status_code == 429
    assert reader.post("/challenge", data={"token": "x", "answer": "1"}).status_code == 429
    fresh = reader.get("/search?q=瑞祥").text
    with time_machine.travel("2026-11-24T10:30:00+08:00", tick=False):
        answer = {"token": token_of(fresh), "answer": answer_in(fresh)}
        assert reader.post("/challenge", data=answer).status_code == 429


def test_a_right_answer_of_another_reader_does_not_help(reader: FlaskClient) -> None:
    refused = reader.get("/search?q=瑞祥").text
    reader.post("/challenge", data={"token": token_of(refused), "answer": answer_in(refused)})
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    for _ in range(LIMIT):
        assert reader.get("/search?q=瑞祥", environ_overrides=elsewhere).status_code == 200
    assert reader.get("/search?q=瑞祥", environ_overrides=elsewhere).status_code == 429


def test_past_the_ceiling_no_question_helps(reader: FlaskClient) -> None:
    for _ in range(LIMIT * CEILING - LIMIT):
        reader.get("/lists/abnormal.csv")
    refused = reader.get("/lists/abnormal.csv")
    assert refused.status_code == 429
    assert "token" not in refused.text
    with time_machine.travel("2026-11-24T10:01:00+08:00", tick=False):
        assert reader.get("/lists/abnormal.csv").status_code == 200


def test_other_pages_are_not_counted(reader: FlaskClient) -> None:
    reader.get("/search?q=瑞祥")
    assert [reader.get(address).status_code for address in ("/", "/lists/abnormal", "/guide")] == [200, 200, 200]


def test_no_address_is_stored(narrow: Flask, reader: FlaskClient) -> None:
    with narrow.app_context():
        subjects = db.session.query(RateWindow.subject).all()
    assert subjects
    assert not [subject for (subject,) in subjects if "127.0.0.1" in subject]


def test_an_address_is_hashed_anew_every_day_and_ipv6_by_its_network() -> None:
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        today = now()
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=False):
        tomorrow = now()
    assert address_subject("192.0.2.1", "s", today) != address_subject("192.0.2.1", "s", tomorrow)
    assert address_subject("2001:db8::1", "s", today) == address_subject("2001:db8::ffff", "s", today)
    assert address_subject("2001:db8::1", "s", today) != address_subject("2001:db8:0:1::1", "s", today)
