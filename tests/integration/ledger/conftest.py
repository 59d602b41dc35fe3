"""What the tests of the ledger share: entering records, and verifying."""

from collections.abc import Callable

import pytest
from flask import Flask

from models import db
from registry import signing_keys
from registry.config import Settings
from registry.ledger import heads
from registry.ledger.verify import Verification, verify
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator, make_penalty


def ignore(done: int) -> None:
    """Nobody watches the progress of a test."""


@pytest.fixture
def verified(own_app: Flask, own_settings: Settings) -> Callable[[], Verification]:
    """`ledger verify` on the test's own database."""

    def run() -> Verification:
        with own_app.app_context():
            return verify(db.engine, signing_keys.load_or_create(own_settings.key_dir), ignore)

    return run


@pytest.fixture
def grown(own_app: Flask, own_settings: Settings) -> None:
    """A ledger of eleven entries with heads over four and over nine of them."""
    keys = signing_keys.load_or_create(own_settings.key_dir)
    with own_app.app_context():
        with transaction():
            authority, operator, other = make_authority(), make_operator(), make_operator()
            make_penalty(operator, authority)
            make_penalty(other, authority)
        heads.sign_if_grown(db.engine, keys)
        with transaction():
            for _ in range(5):
                make_penalty(db.session.merge(operator), db.session.merge(authority))
        heads.sign_if_grown(db.engine, keys)
        with transaction():
            make_abnormal_listing(db.session.merge(operator), db.session.merge(authority))
            make_operator()
