"""Counts of the search's filters: exact, or told to be lower bounds."""

import pytest
from flask.testing import FlaskClient

from registry.queries import search
from registry.transaction import transaction
from tests.factories import make_operator


def search_among_many(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, looked_at: int, **query: str) -> str:
    """A search that five operators answer to, of which at most `looked_at` are looked at."""
    monkeypatch.setattr(search, "CANDIDATES", looked_at)
    with transaction():
        for number in range(5):
            make_operator(name=f"石家庄众多{number}商贸有限公司")
    return client.get("/search", query_string={"q": "众多", **query}).text


@pytest.mark.parametrize(
    ("language", "mark", "found"),
    [
        ("zh", "符合条件的主体很多", "至少找到3个主体。"),
        ("en", "Very many operators answer", "At least 3 operators were found."),
    ],
)
def test_counts_that_are_lower_bounds_say_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, language: str, mark: str, found: str
) -> None:
    shown = search_among_many(client, monkeypatch, 3, lang=language)
    assert "(3+)" in shown
    assert mark in shown
    assert found in shown


def test_counts_that_are_exact_carry_no_plus(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = search_among_many(client, monkeypatch, 5)
    assert "(5)" in shown
    assert "+)" not in shown
    assert "符合条件的主体很多" not in shown
    assert "共找到5个主体。" in shown


def test_that_no_operator_looked_at_answers_to_the_filters_is_not_told_as_none(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = search_among_many(client, monkeypatch, 3, kind="cooperative")
    assert "另有主体未比对" in shown


def test_a_code_that_very_many_begin_with_is_counted_as_at_least(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SHOWN", 2)
    with transaction():
        for _ in range(3):
            make_operator(region="130105")
    assert "(2+)" in client.get("/search?q=91130102MA").text
