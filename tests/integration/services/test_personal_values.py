"""Personal values: sealed, opened, erased (architecture.md 1)."""

import hashlib
import hmac

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from models import PersonalValue, db
from registry.services.personal_values import PersonalValueGone, Vault, erase

RECORD = "130100.administrative_penalty.0190a1b2-0000-7000-8000-000000000001"
VAULT = Vault(bytes(range(32)), bytes(range(32, 64)))
pytestmark = pytest.mark.usefixtures("database")


def row():
    return db.session.execute(select(PersonalValue)).scalar_one()


def test_a_value_comes_back_and_stands_nowhere_in_clear():
    digest = VAULT.put(RECORD, "name", "欧阳建国")
    assert VAULT.read(RECORD, "name", digest) == "欧阳建国"
    stored = row()
    assert "欧阳建国".encode() not in stored.ciphertext
    assert stored.digest == hashlib.sha256(stored.salt + "欧阳建国".encode()).digest()


def test_equal_values_have_different_digests():
    assert VAULT.put(RECORD, "name", "欧阳建国") != VAULT.put(RECORD, "name", "欧阳建国")


def test_an_erased_value_is_gone_and_its_digest_stays():
    digest = VAULT.put(RECORD, "id_number", "130102199003071234")
    assert erase(RECORD) == 1
    db.session.expire_all()
    assert (row().ciphertext, row().salt, row().digest.hex()) == (None, None, digest)
    with pytest.raises(PersonalValueGone):
        VAULT.read(RECORD, "id_number", digest)
    assert erase(RECORD) == 0


def test_a_ciphertext_opens_in_its_own_place_only():
    VAULT.put(RECORD, "name", "欧阳建国")
    stored = row()
    with pytest.raises(InvalidTag):
        VAULT.open("130100.administrative_penalty.another", "name", stored.ciphertext)
    with pytest.raises(InvalidTag):
        Vault(bytes(reversed(range(32))), VAULT.matching_key).open(RECORD, "name", stored.ciphertext)


def test_persons_are_matched_by_a_keyed_hash():
    key = VAULT.person_key("身份证", "130102199003071234")
    assert key == VAULT.person_key("身份证", "130102199003071234")
    assert (
        len(
            {
                key,
                VAULT.person_key("护照号", "130102199003071234"),
                Vault(VAULT.key, b"k" * 32).person_key("身份证", "130102199003071234"),
            }
        )
        == 3
    )


def test_another_node_of_the_province_names_a_person_alike():
    """As exchange.md 2 has it: an independent node computes the same from the key that they share."""
    shared = bytes(range(32, 64))
    expected = hmac.new(shared, "身份证|130102199003071234".encode(), "sha256").hexdigest()
    assert Vault(bytes(range(32)), shared).person_key("身份证", "130102199003071234") == expected


def test_the_key_is_never_printed():
    assert "\\x00\\x01" not in repr(VAULT)
    assert repr(bytes(range(4)))[2:-1] not in repr(VAULT)
