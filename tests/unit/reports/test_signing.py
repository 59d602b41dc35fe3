"""A signed report verifies, and no longer does when a byte of it is changed."""

import stat
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from joserfc.jwk import ECKey
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from registry.reports.credit_report import render
from registry.reports.signing import IDENTITY_FILE, SigningIdentity
from tests.unit.reports.samples import make_report, text_of

NAME = "石家庄市经营主体信用登记系统"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    return SigningIdentity.load_or_create(tmp_path_factory.mktemp("keys"), NAME)


@pytest.fixture(scope="module")
def signed(signer: SigningIdentity) -> bytes:
    return render(make_report(), signer)


def status_of(pdf: bytes, signer: SigningIdentity) -> Any:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    trusted = ValidationContext(trust_roots=[signer._signer.signing_cert], allow_fetching=False)
    return validate_pdf_signature(signature, trusted)


def test_the_signature_is_valid_and_covers_the_whole_file(signed: bytes, signer: SigningIdentity) -> None:
    status = status_of(signed, signer)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.md_algorithm == "sha256"
    assert status.pkcs7_signature_mechanism == "sha256_ecdsa"
    assert b"/ETSI.CAdES.detached" in signed


def test_one_changed_byte_breaks_it(signed: bytes, signer: SigningIdentity) -> None:
    at = signed.index(b"stream\n") + 40
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    status = status_of(changed, signer)
    assert not status.intact
    assert not status.bottom_line


def test_another_identity_is_not_taken_for_ours(signed: bytes, tmp_path: Path) -> None:
    other = SigningIdentity.load_or_create(tmp_path, NAME)
    assert not status_of(signed, other).trusted


def test_the_signed_file_says_who_signed(signed: bytes, signer: SigningIdentity) -> None:
    text = text_of(signed)
    assert NAME in text
    assert signer.fingerprint.upper() in text.replace(" ", "")
    assert signed.startswith(b"%PDF")


def test_an_unsigned_report_does_not_claim_a_signature() -> None:
    text = text_of(render(make_report(), None))
    assert "证书指纹" not in text
    assert "出具单位石家庄市市场监督管理局" in text


def test_the_identity_stays_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = SigningIdentity.load_or_create(folder, NAME)
    again = SigningIdentity.load_or_create(folder, "another name")
    assert again.fingerprint == first.fingerprint
    assert again.common_name == NAME
    assert stat.S_IMODE((folder / IDENTITY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [IDENTITY_FILE]


def test_of_many_that_make_one_at_once_all_end_with_the_same(tmp_path: Path) -> None:
    fingerprints = []
    start = Barrier(8)

    def run() -> None:
        start.wait()
        fingerprints.append(SigningIdentity.load_or_create(tmp_path, NAME).fingerprint)

    threads = [Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fingerprints) == 8
    assert len(set(fingerprints)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [IDENTITY_FILE]


def test_a_long_name_of_a_signer_is_cut_and_leaves_room_for_the_signature(tmp_path: Path) -> None:
    signer = SigningIdentity.load_or_create(tmp_path, "石" * 200)
    assert signer.common_name == "石" * 21  # 64 bytes is the limit
    assert status_of(render(make_report(), signer), signer).bottom_line


def test_a_file_without_such_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / IDENTITY_FILE).write_bytes(b"")
    with pytest.raises(ValueError):  # noqa: PT011
        SigningIdentity.load_or_create(tmp_path, NAME)


def test_the_public_key_is_given_as_a_jwk(signer: SigningIdentity) -> None:
    jwk = signer.public_jwk()
    assert "d" not in jwk
    assert ECKey.import_key(jwk).thumbprint() == jwk["kid"]
    assert (jwk["kty"], jwk["crv"], jwk["alg"]) == ("EC", "P-256", "ES256")
