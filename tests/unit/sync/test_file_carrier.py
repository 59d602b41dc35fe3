"""Zips and detached signatures: pure."""

import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from io import BytesIO

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from registry.clock import BEIJING
from sync.carriers import archive, detached
from sync.carriers.archive import Archive, NotWhole
from sync.carriers.detached import NotVouchedFor
from sync.keys import OwnKeys
from sync.manifest import MOST_BYTES, Malformed, TooLarge

MOMENT = datetime(2026, 11, 23, 10, 0, 1, tzinfo=BEIJING)
WHOLE = Archive(b'{"batch_no": 1}', b'{"a": 1}\n', b"x..y")
KEYS = OwnKeys("130100", (OKPKey.generate_key("Ed25519"),), None)
STRANGER = OwnKeys("130100", (OKPKey.generate_key("Ed25519"),), None)
TRUSTED = {jwk["kid"]: jwk for jwk in KEYS.public_jwks()["keys"]}


def check(token: bytes, payload: bytes = b"{}", *, sender: str = "130100") -> object:
    return detached.check(token, payload, sender=sender, jwk_of=TRUSTED.get)


def token(payload: bytes = b"{}") -> bytes:
    return detached.sign(KEYS, payload)


def test_the_same_batch_gives_the_same_zip() -> None:
    assert archive.pack(WHOLE, MOMENT) == archive.pack(WHOLE, MOMENT)
    assert archive.unpack(archive.pack(WHOLE, MOMENT)) == WHOLE
    assert token() == token()


def test_a_manifest_on_several_lines_is_one_line_of_the_batch() -> None:
    spread = Archive(b'{\r\n  "batch_no": 1\n}\n', b"{}\n", b"")
    assert spread.plain.count(b"\n") == 2
    assert spread.plain.endswith(b"}\n{}\n")


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("packed", "error"),
    [
        (b"", NotWhole),
        (archive.pack(WHOLE, MOMENT)[:-30], NotWhole),
        (zipped(("manifest.json", b"{}"), ("messages.ndjson", b"")), Malformed),
        (zipped(("manifest.json", b"{}"), ("messages.ndjson", b""), ("../manifest.jws", b"")), Malformed),
        (
            zipped(("manifest.json", b"{}"), ("messages.ndjson", bytes(MOST_BYTES + 1)), ("manifest.jws", b"")),
            TooLarge,
        ),
    ],
)
def test_what_is_no_zip_of_a_batch_is_refused(packed: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        archive.unpack(packed)


def repacked(how: int) -> bytes:
    """The batch, its members packed in this way, and then a byte of what is packed changed."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", how) as file:
        for name, content in (
            ("manifest.json", b"{}" * 50),
            ("messages.ndjson", b"{}\n" * 50),
            ("manifest.jws", b"a..b"),
        ):
            file.writestr(name, content)
    packed = bytearray(made.getvalue())
    packed[60] ^= 0xFF
    return bytes(packed)


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_what_is_packed_in_another_way_is_refused_before_it_is_unpacked(how: int) -> None:
    with pytest.raises(Malformed):
        archive.unpack(repacked(how))


def test_whatever_byte_is_changed_it_is_refused_or_whole() -> None:
    whole = archive.pack(WHOLE, MOMENT)
    for place in range(len(whole)):
        for bit in range(8):
            broken = bytearray(whole)
            broken[place] ^= 1 << bit
            with suppress(Malformed, TooLarge):  # NotWhole too; any other failure would stop the reading of a folder
                archive.unpack(bytes(broken))


def test_a_signature_is_a_detached_jws_as_rfc_7515_has_it() -> None:
    payload = b'{"batch_no": "x"}'
    header, nothing, signature = token(payload).split(b".")
    assert nothing == b""
    whole = b".".join([header, detached._encoded(payload), signature]).decode()
    found = jws.deserialize_compact(whole, KEYS.current, algorithms=["Ed25519"])
    assert found.payload == payload
    assert check(token(payload), payload)["kid"] == KEYS.keyid  # type: ignore[index]


@pytest.mark.parametrize(
    ("attempt", "code"),
    [
        (lambda: check(token(), b"{ }"), "signature_invalid"),
        (lambda: check(token(), sender="130200"), "key_unknown"),
        (lambda: check(b"e30..AA"), "signature_invalid"),
        (lambda: check(b"nonsense"), "signature_invalid"),
        (lambda: check(detached.sign(STRANGER, b"{}")), "key_unknown"),
    ],
)  # fmt: skip
def test_a_signature_of_another_key_or_file_vouches_for_nothing(attempt: Callable[[], object], code: str) -> None:
    with pytest.raises(NotVouchedFor) as raised:
        attempt()
    assert raised.value.code == code
