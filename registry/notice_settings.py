"""How notices to operators leave the node: SMTP, an SMS gateway, or files where neither is set up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

NAMES = (
    "REGISTRY_SMTP_HOST", "REGISTRY_SMTP_PORT", "REGISTRY_SMTP_SECURITY", "REGISTRY_SMTP_USER", "REGISTRY_SMTP_PASSWORD",
    "REGISTRY_SMTP_SENDER", "REGISTRY_SMTP_CA_FILE", "REGISTRY_SMS_URL", "REGISTRY_SMS_SECRET",
)  # fmt: skip
SECURITY = ("starttls", "tls")
_PORTS = {"starttls": 587, "tls": 465}
MINIMUM_SECRET = 16


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server; never without TLS. `ca_file` names whom to trust beside the system's authorities."""

    host: str
    port: int
    security: str
    sender: str
    user: str | None
    password: str | None = field(repr=False)
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """A gateway that takes JSON by POST, signed with HMAC-SHA-256 under the secret."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """None where a way is not set up: its notices are then written to the outbox folder."""

    smtp: SmtpSettings | None
    sms: SmsSettings | None


def read(environ: Mapping[str, str], faults: list[str], *, production: bool) -> NoticeSettings:
    """Read and check; what is missing or wrong is added to `faults`, so that half a setting never starts."""
    return NoticeSettings(_smtp(environ, faults), _sms(environ, faults, production))


def _smtp(environ: Mapping[str, str], faults: list[str]) -> SmtpSettings | None:
    found = {name: environ.get(name, "") for name in NAMES if name.startswith("REGISTRY_SMTP_")}
    if not any(found.values()):
        return None
    faults += [f"{name}: is missing" for name in ("REGISTRY_SMTP_HOST", "REGISTRY_SMTP_SENDER") if not found[name]]
    if bool(found["REGISTRY_SMTP_USER"]) != bool(found["REGISTRY_SMTP_PASSWORD"]):
        faults.append("REGISTRY_SMTP_USER: goes with REGISTRY_SMTP_PASSWORD")
    security = found["REGISTRY_SMTP_SECURITY"] or SECURITY[0]
    if security not in SECURITY:
        faults.append(f"REGISTRY_SMTP_SECURITY: must be one of {', '.join(SECURITY)}")
        security = SECURITY[0]
    port = found["REGISTRY_SMTP_PORT"] or str(_PORTS[security])
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        faults.append("REGISTRY_SMTP_PORT: must be a port")
        port = "0"
    ca_file = Path(found["REGISTRY_SMTP_CA_FILE"]) if found["REGISTRY_SMTP_CA_FILE"] else None
    if ca_file is not None and not ca_file.is_file():
        faults.append("REGISTRY_SMTP_CA_FILE: is no file")
    return SmtpSettings(
        host=found["REGISTRY_SMTP_HOST"],
        port=int(port),
        security=security,
        sender=found["REGISTRY_SMTP_SENDER"],
        user=found["REGISTRY_SMTP_USER"] or None,
        password=found["REGISTRY_SMTP_PASSWORD"] or None,
        ca_file=ca_file,
    )


def _sms(environ: Mapping[str, str], faults: list[str], production: bool) -> SmsSettings | None:
    url, secret = environ.get("REGISTRY_SMS_URL", ""), environ.get("REGISTRY_SMS_SECRET", "")
    if not url and not secret:
        return None
    if not url or not secret:
        faults.append("REGISTRY_SMS_URL: goes with REGISTRY_SMS_SECRET")
    elif urlsplit(url).scheme not in ({"https"} if production else {"http", "https"}) or not urlsplit(url).hostname:
        faults.append("REGISTRY_SMS_URL: must be an https address")
    if secret and len(secret) < MINIMUM_SECRET:
        faults.append(f"REGISTRY_SMS_SECRET: must have at least {MINIMUM_SECRET} characters")
    return SmsSettings(url, secret)
