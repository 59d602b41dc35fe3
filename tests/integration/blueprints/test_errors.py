"""What callers are told when their change met another one."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from blueprints.guards import open_to_all
from models import db
from registry.extensions import csrf
from registry.services import exchange_node
from registry.transaction import transaction
from tests.factories import make_operator

FIRST, SECOND = 7_001, 7_002


@pytest.mark.parametrize("address", ["/crosswise", "/api/v1/crosswise"])
def test_of_two_changes_crosswise_one_stands_and_the_other_is_told(own_app, address):
    both_hold_one = Barrier(2)

    @open_to_all
    def crosswise(first: int, second: int):
        with transaction():
            db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": first})
            both_hold_one.wait(30)
            db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": second})
        return "", 204

    own_app.add_url_rule(f"{address}/<int:first>/<int:second>", view_func=crosswise)
    answers = []

    def call(first: int, second: int) -> None:
        answers.append(own_app.test_client().get(f"{address}/{first}/{second}?lang=en"))

    callers = [Thread(target=call, args=(FIRST, SECOND)), Thread(target=call, args=(SECOND, FIRST))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    refused = max(answers, key=lambda answer: answer.status_code)
    if address.startswith("/api/"):
        assert refused.json["code"] == "conflict"
    else:
        assert "at the same moment" in refused.text


def test_other_failures_of_the_database_are_no_conflict(own_app):
    @open_to_all
    def broken():
        db.session.execute(text("SELECT 1 / 0"))

    own_app.add_url_rule("/broken", view_func=broken)
    own_app.testing = False
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    assert own_app.test_client().get("/broken").status_code == 500


@pytest.mark.parametrize("address", ["/changing", "/api/v1/changing"])
def test_a_restored_register_says_that_it_cannot_be_changed_yet_and_keeps_what_was_entered(own_app, address):
    @open_to_all
    def changing():
        with transaction():
            make_operator()
        return "", 204

    own_app.add_url_rule(address, view_func=changing, methods=["POST"])
    csrf.exempt(changing)
    with own_app.app_context(), transaction():
        exchange_node.draw_epoch()
    client = own_app.test_client()
    fields = {"name": 'a "quoted" name', "kind": ["one", "two"]}
    refused = client.post(f"{address}?lang=en", data=fields)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    if address.startswith("/api/"):
        assert refused.get_json()["code"] == "recovering"
        return
    assert "was restored from a backup" in refused.text
    for name, value in (("name", "a &#34;quoted&#34; name"), ("kind", "one"), ("kind", "two")):
        assert f'name="{name}" value="{value}"' in refused.text
    secret = client.post(f"{address}?lang=en", data={"name": "zhang", "password": "hidden-word"})
    assert "hidden-word" not in secret.text
    with own_app.app_context(), transaction():
        exchange_node.recovered()
    assert client.post(address, data=fields).status_code == 204
