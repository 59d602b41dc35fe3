"""The ways out, each against a real receiver: a mail server over TLS, an HTTP gateway, a folder."""

import hashlib
import hmac
import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models import Channel
from registry.notice_settings import SmsSettings, SmtpSettings
from registry.services.notices.senders import FileOutbox, Message, SendingFailed, SmsSender, SmtpSender

MAIL = Message("r1", Channel.EMAIL, "boss@shop.example", "长安区局：移出决定", "请领取。\n免费。")
SMS = Message("r2", Channel.SMS, "13800005678", "长安区局", "请领取。")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine that signs itself, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


class Mailbox:
    """Takes mail for everybody but one."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mail_server(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    box = Mailbox()
    right = (b"registry", b"long-enough-9f3")
    server = Controller(
        box,
        hostname="127.0.0.1",
        port=8390,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda *asked: AuthResult(success=(asked[4].login, asked[4].password) == right, handled=False),
    )
    server.start()
    try:
        yield box
    finally:
        server.stop()


def smtp(certificate, **others):
    values = {
        "host": "127.0.0.1",
        "port": 8390,
        "security": "starttls",
        "sender": "notice@registry.example",
        "user": "registry",
        "password": "long-enough-9f3",
        "ca_file": certificate[0],
        **others,
    }
    return SmtpSender(SmtpSettings(**values))


class TestMail:
    def test_it_arrives_signed_in_and_over_tls(self, mail_server, certificate):
        assert smtp(certificate).send(MAIL) == "SMTP 250"
        (mail,) = mail_server.mails
        assert (mail["To"], mail["Subject"]) == ("boss@shop.example", "长安区局：移出决定")
        assert mail["Message-ID"] == "<r1@registry.example>"
        assert mail.get_content().splitlines() == ["请领取。", "免费。"]

    @pytest.mark.parametrize(
        ("others", "address", "told"),
        [
            ({}, "nobody@shop.example", "SMTP 550: recipient refused"),
            ({"password": "wrong"}, "boss@shop.example", "SMTP 535"),
            ({"ca_file": None}, "boss@shop.example", "SMTP: SSLCertVerificationError"),
            ({"port": 8399}, "boss@shop.example", "SMTP: ConnectionRefusedError"),
        ],
    )
    def test_a_refusal_says_why_and_names_nobody(self, mail_server, certificate, others, address, told):
        message = Message("r1", Channel.EMAIL, address, "x", "y")
        with pytest.raises(SendingFailed) as refusal:
            smtp(certificate, **others).send(message)
        assert str(refusal.value) == told
        assert mail_server.mails == []


@pytest.fixture
def gateway():
    """An HTTP gateway on this machine that answers with `status` and keeps what it was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.server.taken.append(
                (self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
            )
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.taken, server.status = [], 202
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class TestGateway:
    SECRET = "sixteen-characters-at-least"

    def sender(self, gateway):
        return SmsSender(SmsSettings(f"http://127.0.0.1:{gateway.server_port}/sms?line=1", self.SECRET))

    def test_it_is_posted_with_a_signature_that_the_gateway_can_check(self, gateway):
        assert self.sender(gateway).send(SMS) == "HTTP 202"
        ((path, headers, body),) = gateway.taken
        assert path == "/sms?line=1"
        assert json.loads(body) == {"to": "13800005678", "text": "请领取。", "reference": "r2"}
        covered = f"{headers['X-Registry-Timestamp']}.".encode() + body
        assert headers["X-Registry-Signature"] == hmac.new(self.SECRET.encode(), covered, hashlib.sha256).hexdigest()

    @pytest.mark.parametrize("status", [302, 429, 503])
    def test_any_other_answer_is_a_failure(self, gateway, status):
        gateway.status = status
        with pytest.raises(SendingFailed, match=f"^HTTP {status}$"):
            self.sender(gateway).send(SMS)

    def test_a_gateway_that_is_gone_is_a_failure(self):
        with pytest.raises(SendingFailed, match="HTTP: ConnectionRefusedError"):
            SmsSender(SmsSettings("http://127.0.0.1:8399/", self.SECRET)).send(SMS)


class TestOutbox:
    def test_a_second_try_replaces_the_file(self, tmp_path):
        for _ in range(2):
            assert FileOutbox(tmp_path / "outbox").send(SMS) == "outbox"
        (file,) = (tmp_path / "outbox").iterdir()
        assert json.loads(file.read_bytes())["to"] == "13800005678"
        assert file.stat().st_mode & 0o777 == 0o600

    def test_a_folder_that_cannot_be_written_is_a_failure(self, tmp_path):
        (tmp_path / "outbox").write_text("a file")
        with pytest.raises(SendingFailed, match="outbox: FileExistsError"):
            FileOutbox(tmp_path / "outbox").send(SMS)
