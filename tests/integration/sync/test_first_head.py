"""The head that a node shows while nothing stands in its ledger: an answer has a JWS there from the first one on."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256

from tests.exchange_messages import penalty
from tests.exchange_nodes import Partner, node


def members_of(head: str) -> dict[str, object]:
    payload = head.split(".")[1]
    found: dict[str, object] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def test_an_empty_ledger_has_a_head_that_those_after_it_extend():
    with node() as province:
        partner = Partner(province)
        shown = members_of(partner.ask("GET", "/node").get_json()["ledger_head"])
        assert (shown["size"], shown["root"]) == (0, sha256().hexdigest())
        assert members_of(partner.send(penalty())["ledger_head"])["size"] == 0  # signed before the batch is taken in
        grown = members_of(partner.ask("GET", "/node").get_json()["ledger_head"])
        assert int(str(grown["size"])) > 0
        assert str(grown["at"]) >= str(shown["at"])
