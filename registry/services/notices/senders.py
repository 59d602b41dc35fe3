"""Ways out for a notice: a mail server, an SMS gateway, or files that somebody else takes along.

A sender answers what proves that the notice was taken, or raises SendingFailed. Neither says where it went or what it said.
"""

import hashlib
import hmac
import json
import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from models import Channel
from registry.clock import now
from registry.config import Settings
from registry.errors import RegistryError
from registry.notice_settings import SmsSettings, SmtpSettings

TIMEOUT = 20
"""Seconds for each answer of a server."""


@dataclass(frozen=True, slots=True)
class Message:
    """One notice on its way. `reference` is the same at each try, so that a receiver can tell a second one from a new one."""

    reference: str
    channel: Channel
    address: str = field(repr=False)
    subject: str
    text: str = field(repr=False)


class SendingFailed(RegistryError):
    """The notice was not taken. The message says why without naming anybody."""

    code = "sending_failed"


class Sender(Protocol):
    """A way out."""

    def send(self, message: Message) -> str:
        """What the other side said to it; SendingFailed."""


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Mail through a server of ours, over TLS with a checked certificate."""

    settings: SmtpSettings

    def send(self, message: Message) -> str:
        """Hand it to the server; whether it reaches the reader only a bounce would tell."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.settings.sender, message.address, message.subject
        mail["Message-ID"] = f"<{message.reference}@{self.settings.sender.rpartition('@')[2]}>"
        mail.set_content(message.text)
        try:
            with self._connected() as server:
                if self.settings.user is not None and self.settings.password is not None:
                    server.login(self.settings.user, self.settings.password)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _ in error.recipients.values()})
            raise SendingFailed(f"SMTP {codes[0]}: recipient refused") from None
        except smtplib.SMTPResponseException as error:
            raise SendingFailed(f"SMTP {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise SendingFailed(f"SMTP: {type(error).__name__}") from None
        return "SMTP 250"

    def _connected(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context(cafile=self.settings.ca_file)
        if self.settings.security == "tls":
            return smtplib.SMTP_SSL(self.settings.host, self.settings.port, timeout=TIMEOUT, context=trusted)
        server = smtplib.SMTP(self.settings.host, self.settings.port, timeout=TIMEOUT)
        try:
            server.starttls(context=trusted)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True)
class SmsSender:
    """A gateway: POST of `{to, text, reference}`, signed as hex HMAC-SHA-256 of `<timestamp>.<body>` under the shared secret."""

    settings: SmsSettings

    def send(self, message: Message) -> str:
        """Hand it to the gateway; any 2xx means taken."""
        body = json.dumps(
            {"to": message.address, "text": message.text, "reference": message.reference}, ensure_ascii=False
        ).encode()
        timestamp = str(int(now().timestamp()))
        signed = hmac.new(self.settings.secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-Registry-Timestamp": timestamp,
            "X-Registry-Signature": signed.hexdigest(),
        }
        parts = urlsplit(self.settings.url)
        make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = make(parts.netloc, timeout=TIMEOUT)
        try:
            connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise SendingFailed(f"HTTP: {type(error).__name__}") from None
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise SendingFailed(f"HTTP {status}")
        return f"HTTP {status}"


@dataclass(frozen=True, slots=True)
class FileOutbox:
    """A file for each notice, whole or not there: written under another name, flushed to disk, renamed."""

    folder: Path

    def send(self, message: Message) -> str:
        """Write it; a second try of the same notice replaces the file."""
        path = self.folder / f"{message.reference}.json"
        told = {
            "reference": message.reference,
            "channel": message.channel.value,
            "to": message.address,
            "subject": message.subject,
            "text": message.text,
        }
        unfinished = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(json.dumps(told, ensure_ascii=False, indent=1).encode())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise SendingFailed(f"outbox: {type(error).__name__}") from None
        return "outbox"


def sender_for(channel: Channel, settings: Settings) -> Sender:
    """The way that is set up for a channel, else the outbox in the data folder."""
    if channel is Channel.EMAIL and settings.notices.smtp is not None:
        return SmtpSender(settings.notices.smtp)
    if channel is Channel.SMS and settings.notices.sms is not None:
        return SmsSender(settings.notices.sms)
    return FileOutbox(settings.data_dir / "outbox")
