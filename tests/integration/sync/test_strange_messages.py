"""Whatever a peer writes into a message costs it that message, never the batch, the tables or the server."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from models import db
from registry.services import rebuild
from tests.exchange_messages import abnormal, licence, message, operator, penalty, signed, violation
from tests.exchange_nodes import Partner, node

VALUES: list[Any] = [
    None, "", "x", "\x00", "零\x00", "\\N", "\t\n", "𠮷" * 300, "9" * 40, "0" * 17 + "X", "130102199003074514",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2026-02-30", "9999-12-31", "0001-01-01", "2026-03-02", [], {}, ["x"], {"uscc": []}, {"name": "x"}, True, False,
    0, -1, 2**53 - 1, "罚款", ";", "自然人", "个体工商户", "natural_person", "household", "organisation", "publish", "hold",
    "end_publicity", "withdraw", "repaired", "shielded", "expired", "other", "banana", "operator", "feedback",
    [{"type": "shop", "name": None, "url": "x"}, {"type": "shop", "name": None, "url": "x"}], [{"code": 1}], "99999999999999999999",
]  # fmt: skip
MAKERS = (
    penalty, licence, violation, abnormal, operator,
    lambda **changes: abnormal(resource="household_mark", **changes),
    lambda **changes: message("feedback", **changes),
    lambda **changes: message("inspection_result", data={"task": "x"}, **changes),
)  # fmt: skip


@pytest.fixture
def province() -> Iterator[Flask]:
    with node() as application:
        yield application


def places(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where something stands in a message."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name)
            yield from places(inner, (*path, name))


def strange(chance: random.Random, origin: str) -> dict[str, Any]:
    """A message of which up to three members are something else."""
    made: dict[str, Any] = copy.deepcopy(chance.choice(MAKERS)(origin=origin))
    made["operation"] = chance.choice(["publish", "publish", "hold", "end_publicity", "withdraw"])
    if made["operation"] in {"end_publicity", "withdraw"}:
        made["reason"] = chance.choice(["repaired", "expired", "shielded", "other", "unheard_of"])
        made["data"] = chance.choice([{}, made["data"]])
    if made["operation"] == "hold" or made["resource"] == "feedback":
        made["publicity"] = None
    for _ in range(chance.randint(0, 3)):
        *above, last = chance.choice(list(places(made)))
        inside = made
        for name in above:
            inside = inside[name]
        if last not in {"origin", "digest"}:
            inside[last] = copy.deepcopy(chance.choice(VALUES))
    return made if chance.random() < 0.05 else signed(made)


@pytest.mark.parametrize("seed", range(4))
def test_no_message_ever_stops_a_batch(province, seed):
    chance = random.Random(seed)
    partner = Partner(province)
    sent: list[dict[str, Any]] = []
    for _ in range(4):
        batch = [strange(chance, partner.node) for _ in range(150)]
        for earlier in chance.sample(sent, min(50, len(sent))):  # the same records again, otherwise
            again = strange(chance, partner.node) | {"record_id": earlier["record_id"], "resource": earlier["resource"]}
            revision = min(earlier["revision"], 2**53 - 3) if type(earlier["revision"]) is int else 1
            batch.append(signed(again | {"revision": revision + chance.randint(-1, 2)}))
        receipt = partner.send(*batch)
        assert receipt["received"] == len(batch)
        assert receipt["received"] == sum(receipt[name] for name in ("accepted", "duplicate", "superseded", "rejected"))
        sent += batch
    with province.app_context():
        applied = db.session.execute(
            db.text("SELECT count(*) FROM exchange_message WHERE state = 'applied'")
        ).scalar_one()
        assert applied > 20
        db.session.rollback()
        found = rebuild.check(lambda _: None)
        assert [(each.record_id, each.what) for each in found.differences] == []
