"""Signing printed documents: the node's key and certificate, and a PAdES B-B signature in the file."""

import base64
import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from registry.clock import now

IDENTITY_FILE = "report-signing.pem"
FIELD_NAME = "ReportSignature"
_YEARS = 10
_NAME_BYTES = 64  # upper bound of a common name in a certificate (RFC 5280)
_CONTAINER_BYTES = 700  # of the signature container beside the certificate and its issuer's name


@dataclass(frozen=True)
class SigningIdentity:
    """A private key (ECDSA, P-256) with its self-signed certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def load_or_create(cls, key_dir: Path, common_name: str) -> "SigningIdentity":
        """The identity kept in `key_dir/report-signing.pem`, made on first use.

        The file appears whole and readable for its owner only; of several processes that make one at once, all end with
        the same. `common_name` is used only when it is made. OSError when the folder cannot be written.
        """
        path = key_dir / IDENTITY_FILE
        if not path.exists():
            key_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, _make_identity(common_name))
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{IDENTITY_FILE} holds no elliptic curve key")
        return cls(key, x509.load_pem_x509_certificate(content))

    @property
    def common_name(self) -> str:
        """Who signs, as the certificate says."""
        (attribute,) = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(attribute.value)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, lower-case hexadecimal, for comparing by eye."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def public_jwk(self) -> dict[str, Any]:
        """The public key with its certificate, as a JWK set lists it (RFC 7517)."""
        key = ECKey.import_key(self.key.public_key())
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return {
            **key.as_dict(private=False),
            "kid": key.thumbprint(),
            "use": "sig",
            "alg": "ES256",
            "x5c": [base64.b64encode(der).decode()],
        }

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """The file with a signature appended; any later change of a signed byte breaks it."""
        output = BytesIO(pdf)
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
        )
        certificate = self.certificate
        room = len(certificate.public_bytes(serialization.Encoding.DER)) + len(certificate.issuer.public_bytes())
        signers.PdfSigner(metadata, self._signer).sign_pdf(
            IncrementalPdfFileWriter(output), in_place=True, bytes_reserved=2 * (room + _CONTAINER_BYTES)
        )
        return output.getvalue()

    @cached_property
    def _signer(self) -> signers.SimpleSigner:
        key = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (certificate,) = load_certs_from_pemder_data(self.certificate.public_bytes(serialization.Encoding.DER))
        return signers.SimpleSigner(
            signing_cert=certificate,
            signing_key=load_private_key_from_pemder_data(key, passphrase=None),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )


def _make_identity(common_name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    short_name = common_name.encode()[:_NAME_BYTES].decode(errors="ignore")
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, short_name)]
    )
    start = now() - timedelta(minutes=5)  # clocks of readers may be a little behind
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=366 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _write_once(path: Path, content: bytes) -> None:
    """Put the file there unless somebody else just did: linking a finished file succeeds whole or not at all."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        os.unlink(draft)
