"""The node's Ed25519 keys: what signs tree heads and receipts, and what anybody checks them with.

Each key is a JWK in a file of its own in `settings.key_dir`, `ed25519-0001.json` and so on. The one with the highest
number signs; the others stay published, so that what they signed can be checked for ever. A file may be reduced to its
public half once a newer key signs.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"  # RFC 9864; "EdDSA" names no curve and is deprecated there
PATTERN = "ed25519-*.json"


class NoSigningKeyError(Exception):
    """The folder holds public halves only: nothing can be signed."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """All keys of a node, oldest first."""

    keys: tuple[OKPKey, ...]

    @property
    def current(self) -> OKPKey:
        """The key that signs now; NoSigningKeyError when its private half is not here."""
        if not self.keys[-1].is_private:
            raise NoSigningKeyError("The newest signing key has no private half on this machine.")
        return self.keys[-1]

    def sign(self, payload: bytes, *, kind: str) -> str:
        """A compact JWS over `payload`. `kind` is its `typ`, so that a receipt can never be shown as a tree head."""
        header = {"alg": ALGORITHM, "kid": self.current.thumbprint(), "typ": kind}
        return jws.serialize_compact(header, payload, self.current, algorithms=[ALGORITHM])

    def verify(self, token: str, *, kind: str) -> bytes | None:
        """The payload of a compact JWS of ours of this kind; None when it is not."""
        try:
            found = jws.deserialize_compact(token, KeySet(list(self.keys)), algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            return None
        return found.payload if found.headers().get("typ") == kind else None

    def public_jwks(self) -> list[dict[str, Any]]:
        """The public halves, as a JWK set lists them."""
        return [
            {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM} for key in self.keys
        ]


def load_or_create(folder: Path) -> SigningKeys:
    """The keys in this folder; the first one is drawn when there is none."""
    found = _read(folder)
    if not found:
        _write(folder, 1)
        found = _read(folder)
    return SigningKeys(tuple(found))


def rotate(folder: Path) -> SigningKeys:
    """Draw a new key that signs from now on."""
    _write(folder, _last_number(folder) + 1)
    return load_or_create(folder)


def adopt(folder: Path, source: Path) -> SigningKeys:
    """Let the newest key of another folder sign in this one from now on; it leaves the other folder."""
    (*_, newest) = sorted(source.glob(PATTERN))
    newest.rename(folder / f"ed25519-{_last_number(folder) + 1:04d}.json")
    return load_or_create(folder)


def _last_number(folder: Path) -> int:
    return max((int(path.stem.rpartition("-")[2]) for path in folder.glob(PATTERN)), default=0)


def _read(folder: Path) -> list[OKPKey]:
    return [OKPKey.import_key(orjson.loads(path.read_bytes())) for path in sorted(folder.glob(PATTERN))]


def _write(folder: Path, number: int) -> None:
    """Write a key that only its owner may read, whole or not at all; of two that draw at once the first one wins."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = OKPKey.generate_key("Ed25519")
    draft = folder / f".draft-{key.thumbprint()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(key.as_dict(private=True)))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        (folder / f"ed25519-{number:04d}.json").hardlink_to(draft)
    draft.unlink()
    folder_descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(folder_descriptor)
    finally:
        os.close(folder_descriptor)
