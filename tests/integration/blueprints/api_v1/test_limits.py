"""The limit is exact, whoever asks at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import time_machine
from flask import Flask

from registry.clock import now
from registry.services import admission
from registry.services.api_clients import Scope
from tests.factories import make_uscc
from tests.integration.blueprints.api_v1.conftest import enrol


def test_eight_threads_share_one_exact_limit(node: Flask, noon: time_machine.Traveller) -> None:
    busy = enrol(node, "busy", Scope.CHECK, Scope.SEARCH, per_minute=50)
    code = make_uscc(serial=999_995)

    def ask(number: int) -> int:
        address = f"/operators/{code}/status" if number % 2 else "/search?q=瑞祥"
        return busy.get(address).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(ask, range(100)))
    assert answers[429] == 50
    assert answers[200] + answers[404] == 50
    noon.shift(timedelta(minutes=1))
    assert busy.get(f"/operators/{code}/status").status_code == 404


def test_over_the_limit_names_the_wait_and_the_cheaper_way(node: Flask, noon: time_machine.Traveller) -> None:
    noon.shift(timedelta(seconds=15))
    one = enrol(node, "one a minute", Scope.CHECK, per_minute=1)
    address = f"/operators/{make_uscc(serial=999_994)}/status"
    assert one.get(address).headers["RateLimit-Remaining"] == "0"
    refused = one.get(address)
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == "45"
    assert "POST /api/v1/checks" in refused.json["hint"]


def test_proofs_and_wrong_keys_are_limited_by_address(node: Flask, noon: time_machine.Traveller) -> None:
    noon.shift(timedelta(hours=1))
    client = node.test_client()
    answers = [client.get("/api/v1/ledger/head").status_code for _ in range(119)]
    assert set(answers) == {404}
    assert client.get("/api/v1/search?q=x").status_code == 401
    assert client.get("/api/v1/search?q=x").status_code == 429
    assert client.get("/api/v1/ledger/head").status_code == 429
    assert client.get("/.well-known/jwks.json").status_code == 200


def test_counts_of_past_minutes_go(node: Flask, noon: time_machine.Traveller) -> None:
    short = enrol(node, "short", Scope.SEARCH)
    short.get("/search?q=瑞祥")
    noon.shift(timedelta(minutes=admission.WINDOWS_KEPT + 2))
    short.get("/search?q=瑞祥")
    with node.app_context():
        assert admission.forget_old_windows(now()) > 0
    assert short.rows('SELECT min("window") FROM rate_window') == [(admission.window_of(now()),)]
