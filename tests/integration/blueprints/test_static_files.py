"""Static files: kept by browsers under an address that changes with the content."""

import re

from flask import Flask, url_for
from flask.testing import FlaskClient


def address_of(app: Flask, filename: str) -> str:
    with app.test_request_context():
        return url_for("static", filename=filename)


def test_an_address_with_the_mark_of_the_content_is_kept_for_a_year(app: Flask, client: FlaskClient) -> None:
    address = address_of(app, "app.css")
    assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{12}", address)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age == 365 * 24 * 3600
    assert not answer.cache_control.no_cache
    answer.close()


def test_a_file_that_is_not_what_its_address_says_is_asked_for_again(client: FlaskClient) -> None:
    for address in ("/static/app.css", "/static/app.css?v=000000000000"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not answer.cache_control.immutable
        assert not answer.cache_control.max_age
        answer.close()


def test_a_file_that_is_none_has_no_mark_and_no_answer_to_keep(app: Flask, client: FlaskClient) -> None:
    assert address_of(app, "none.css") == "/static/none.css"
    for address in ("/static/none.css?v=000000000000", "/static/../config.py?v=1"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert not answer.cache_control.immutable
