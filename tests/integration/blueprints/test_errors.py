"""What callers are told when their change met another one."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from blueprints.guards import open_to_all
from models import db
from registry.transaction import transaction

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
