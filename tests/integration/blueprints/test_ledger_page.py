"""The ledger in plain words."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models import db
from registry import signing_keys
from registry.ledger import heads
from registry.transaction import transaction
from tests.factories import make_operator


def test_without_a_head_the_page_says_so(client: FlaskClient) -> None:
    assert "尚无签名" in client.get("/ledger").text
    assert "尚无可供核对的签名" in client.get("/ledger?seq=1").text


def test_the_head_is_shown_and_an_entry_is_checked_against_it(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction():
            for _ in range(3):
                make_operator()
        keys = signing_keys.load_or_create(own_app.extensions["registry_settings"].key_dir)
        head = heads.sign_if_grown(db.engine, keys)
    assert head is not None
    browser = own_app.test_client()
    shown = browser.get("/ledger?seq=2").text
    assert head.root.hex() in shown
    assert head.jws in shown
    assert "第2号条目在已签名的树中：经2步到达树根。" in shown
    for typed in ("0", "4", "-1", "x", "9" * 30):
        assert "条目序号为1至3" in browser.get(f"/ledger?seq={typed}").text


@pytest.mark.parametrize("typed", ["<b>", "１"])
def test_odd_input_is_only_a_text(client: FlaskClient, typed: str) -> None:
    answer = client.get("/ledger", query_string={"seq": typed})
    assert answer.status_code == 200
    assert "<b>" not in answer.text
