"""Ways out for notices: none, whole, or refused by name; half a setting never starts."""

from pathlib import Path

import pytest

from registry.notice_settings import NoticeSettings, read

MAIL = {"REGISTRY_SMTP_HOST": "mail.example.cn", "REGISTRY_SMTP_SENDER": "notice@example.cn"}
GATEWAY = {"REGISTRY_SMS_URL": "https://sms.example.cn/send", "REGISTRY_SMS_SECRET": "kq8-xf21-nn07-pd55"}


def faults(environ: dict[str, str]) -> list[str]:
    found: list[str] = []
    read(environ, found, production=True)
    return found


def test_without_a_setting_notices_go_to_files() -> None:
    assert read({}, [], production=True) == NoticeSettings(None, None)


def test_whole_settings_are_read_and_tls_is_the_default() -> None:
    assert faults({**MAIL, **GATEWAY}) == []
    found = read({**MAIL, **GATEWAY}, [], production=True)
    assert found.smtp is not None
    assert found.sms is not None
    assert (found.smtp.security, found.smtp.port) == ("starttls", 587)
    assert GATEWAY["REGISTRY_SMS_SECRET"] not in repr(found)
    tls = read({**MAIL, "REGISTRY_SMTP_SECURITY": "tls"}, [], production=True).smtp
    assert tls is not None
    assert tls.port == 465


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"REGISTRY_SMTP_HOST": "mail.example.cn"}, ["REGISTRY_SMTP_SENDER"]),
        ({"REGISTRY_SMTP_PORT": "25"}, ["REGISTRY_SMTP_HOST", "REGISTRY_SMTP_SENDER"]),
        ({**MAIL, "REGISTRY_SMTP_USER": "registry"}, ["REGISTRY_SMTP_USER"]),
        (
            {**MAIL, "REGISTRY_SMTP_SECURITY": "none", "REGISTRY_SMTP_PORT": "0"},
            ["REGISTRY_SMTP_SECURITY", "REGISTRY_SMTP_PORT"],
        ),
        ({**MAIL, "REGISTRY_SMTP_CA_FILE": "/nowhere"}, ["REGISTRY_SMTP_CA_FILE"]),
        ({"REGISTRY_SMS_URL": "https://sms.example.cn"}, ["REGISTRY_SMS_URL"]),
        ({**GATEWAY, "REGISTRY_SMS_URL": "http://sms.example.cn"}, ["REGISTRY_SMS_URL"]),
        ({**GATEWAY, "REGISTRY_SMS_SECRET": "short"}, ["REGISTRY_SMS_SECRET"]),
    ],
)
def test_half_a_setting_is_refused_by_name(environ: dict[str, str], names: list[str]) -> None:
    assert [fault.partition(":")[0] for fault in faults(environ)] == names


def test_a_certificate_of_ones_own_is_taken(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("one", encoding="ascii")
    assert faults({**MAIL, "REGISTRY_SMTP_CA_FILE": str(tmp_path / "ca.pem")}) == []
