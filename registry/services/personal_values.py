"""Personal data kept apart: encrypted with a key outside the database, and erasable (architecture.md 1).

Ledger and records hold SHA-256(salt ‖ value) only. Persons are matched by a keyed hash, never by the number itself.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select, update

from models import PersonalValue, db
from registry.clock import now
from registry.config import Settings
from registry.errors import NotFound

_NONCE = 12
_SALT = 16


class PersonalValueGone(NotFound):
    """The value was erased, or never stood there."""

    code = "personal_value_gone"


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A value made ready to be stored: what the row of `personal_value` holds, its digest as hex for the record."""

    record_id: str
    field: str
    digest: bytes
    salt: bytes
    ciphertext: bytes


@dataclass(frozen=True)
class Vault:
    """Seals, opens and erases personal values under the key of the settings; names persons by another one. 32 bytes each."""

    key: bytes = field(repr=False)
    matching_key: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        """The vault of a node."""
        return cls(settings.personal_data_key, settings.person_matching_key)

    def person_key(self, document_type: str, number: str) -> str:
        """Who somebody is without saying it: hex HMAC-SHA-256 of `type|number` under the province's key (exchange.md 2)."""
        return hmac.new(self.matching_key, f"{document_type}|{number}".encode(), hashlib.sha256).hexdigest()

    def seal(self, record_id: str, name: str, value: str) -> SealedValue:
        """Encrypt a value for one field of one record; nothing is stored yet."""
        salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
        digest = hashlib.sha256(salt + value.encode()).digest()
        place = f"{record_id}|{name}".encode()  # a ciphertext moved to another row does not open there
        return SealedValue(record_id, name, digest, salt, nonce + self._cipher().encrypt(nonce, value.encode(), place))

    def put(self, record_id: str, name: str, value: str) -> str:
        """Store a value and answer its digest as hex. The caller commits."""
        sealed = self.seal(record_id, name, value)
        db.session.add(
            PersonalValue(
                record_id=record_id, field=name, digest=sealed.digest, salt=sealed.salt, ciphertext=sealed.ciphertext
            )
        )
        db.session.flush()
        return sealed.digest.hex()

    def open(self, record_id: str, name: str, ciphertext: bytes) -> str:
        """The value of one stored row."""
        place = f"{record_id}|{name}".encode()
        return self._cipher().decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], place).decode()

    def read(self, record_id: str, name: str, digest: str) -> str:
        """The value that a record names by its digest. PersonalValueGone when erased. The caller logs the access."""
        row = db.session.execute(
            select(PersonalValue).where(
                PersonalValue.record_id == record_id,
                PersonalValue.field == name,
                PersonalValue.digest == bytes.fromhex(digest),
            )
        ).scalar_one_or_none()
        if row is None or row.ciphertext is None:
            raise PersonalValueGone(f"{name} of {record_id} is not there any more.")
        return self.open(record_id, name, row.ciphertext)

    def encrypt(self, place: str, content: bytes) -> bytes:
        """Bytes sealed for one place, such as `evidence 12`: moved to another they do not open."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher().encrypt(nonce, content, place.encode())

    def decrypt(self, place: str, ciphertext: bytes) -> bytes:
        """What `encrypt` sealed for this place."""
        return self._cipher().decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], place.encode())

    def _cipher(self) -> AESGCM:
        return _cipher_under(self.key)


@lru_cache(maxsize=8)
def _cipher_under(key: bytes) -> AESGCM:
    """Derived once a key: that takes longer than to seal a message."""
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"personal values").derive(key))


def erase(record_id: str) -> int:
    """Delete values and salts of a record; digests stay, so the tree still verifies. Answer: how many."""
    erased = db.session.execute(
        update(PersonalValue)
        .where(PersonalValue.record_id == record_id, PersonalValue.erased_at.is_(None))
        .values(salt=None, ciphertext=None, erased_at=now())
        .returning(PersonalValue.id)
    )
    return len(erased.all())
