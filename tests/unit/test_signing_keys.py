"""The node's signing keys: drawn once, for their owner's eyes only, still known after a rotation."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest
from joserfc.jwk import OKPKey

from registry.signing_keys import NoSigningKeyError, SigningKeys, load_or_create, rotate


def test_draws_a_key_once(tmp_path: Path) -> None:
    first = load_or_create(tmp_path / "keys")
    assert load_or_create(tmp_path / "keys").public_jwks() == first.public_jwks()
    assert len(first.keys) == 1


def test_keeps_the_key_for_its_owner(tmp_path: Path) -> None:
    load_or_create(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    (path,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_that_start_at_once_draw_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load_or_create, [tmp_path] * 8))
    assert len({keys.current.thumbprint() for keys in found}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["ed25519-0001.json"]


def test_a_rotated_key_still_verifies(tmp_path: Path) -> None:
    old = load_or_create(tmp_path)
    token = old.sign(b"{}", kind="ledger-head")
    new = rotate(tmp_path)
    assert new.current.thumbprint() != old.current.thumbprint()
    assert new.verify(token, kind="ledger-head") == b"{}"
    assert old.verify(new.sign(b"{}", kind="ledger-head"), kind="ledger-head") is None


def test_a_signature_serves_one_kind_only(tmp_path: Path) -> None:
    keys = load_or_create(tmp_path)
    assert keys.verify(keys.sign(b"{}", kind="receipt"), kind="ledger-head") is None


@pytest.mark.parametrize("token", ["", "a.b.c", "no token at all", "e30.e30."])
def test_what_is_no_signature_does_not_verify(tmp_path: Path, token: str) -> None:
    assert load_or_create(tmp_path).verify(token, kind="ledger-head") is None


def test_a_changed_payload_does_not_verify(tmp_path: Path) -> None:
    keys = load_or_create(tmp_path)
    header, _, signature = keys.sign(b'{"size":1}', kind="ledger-head").split(".")
    assert keys.verify(f"{header}.eyJzaXplIjoyfQ.{signature}", kind="ledger-head") is None


def test_publishes_no_private_half(tmp_path: Path) -> None:
    load_or_create(tmp_path)
    (jwk,) = rotate(tmp_path).public_jwks()[1:]
    assert set(jwk) == {"kty", "crv", "x", "kid", "use", "alg"}
    assert (jwk["kty"], jwk["crv"], jwk["alg"]) == ("OKP", "Ed25519", "Ed25519")


def test_a_public_half_cannot_sign(tmp_path: Path) -> None:
    public = OKPKey.import_key(load_or_create(tmp_path).current.as_dict(private=False))
    with pytest.raises(NoSigningKeyError):
        SigningKeys((public,)).sign(b"{}", kind="receipt")


def test_an_old_key_may_be_reduced_to_its_public_half(tmp_path: Path) -> None:
    token = load_or_create(tmp_path).sign(b"{}", kind="receipt")
    rotate(tmp_path)
    path = tmp_path / "ed25519-0001.json"
    path.write_bytes(orjson.dumps({k: v for k, v in orjson.loads(path.read_bytes()).items() if k != "d"}))
    assert load_or_create(tmp_path).verify(token, kind="receipt") == b"{}"
