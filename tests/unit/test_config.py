"""Settings: every one is checked by name, all faults are told at once, no secret is repeated."""

import base64
import hashlib
from pathlib import Path

import pytest

from registry.config import Settings, SettingsError

SECRET = "fR7-pl2Qw9_xTz4Hn8sVb3Kd6MgYc1Ej0"
KEY = base64.b64encode(hashlib.sha256(b"a key for this file").digest()).decode()
GOOD = {
    "REGISTRY_ENV": "production",
    "REGISTRY_DATA_DIR": "/srv/registry",
    "REGISTRY_SECRET_KEY": SECRET,
    "REGISTRY_PERSONAL_DATA_KEY": KEY,
    "REGISTRY_SITE_URL": "https://credit.example.cn/",
    "DATABASE_URL": "postgresql://registry_app:u8Jw-2mZq@db/registry",
    "DATABASE_OWNER_URL": "postgresql+psycopg://registry_owner:k3Vt-9xRs@db/registry",
}


def faults(**changes: str | None) -> list[str]:
    """What is wrong with a good production environment after these changes; None takes a variable away."""
    environ = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(environ)
    for secret in (SECRET, KEY, "u8Jw-2mZq", "k3Vt-9xRs"):
        assert secret not in str(refused.value)
    return refused.value.faults


def test_a_complete_environment_is_read() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.is_production
    assert settings.database_url == "postgresql+psycopg://registry_app:u8Jw-2mZq@db/registry"
    assert settings.database_owner_url == "postgresql+psycopg://registry_owner:k3Vt-9xRs@db/registry"
    assert settings.personal_data_key == base64.b64decode(KEY)
    assert settings.site_url == "https://credit.example.cn"
    assert settings.key_dir == Path("/srv/registry/keys")
    assert (settings.node_role, settings.node_id, settings.node_region) == ("city", "130100", "130100")
    assert settings.log_format == "json"
    assert [str(network) for network in settings.metrics_networks] == ["127.0.0.1/32", "::1/128"]
    assert settings.admin_networks == ()
    placed = Settings.from_env({**GOOD, "REGISTRY_ADMIN_NETWORKS": "10.20.0.0/16, 2001:db8::/48"})
    assert [str(network) for network in placed.admin_networks] == ["10.20.0.0/16", "2001:db8::/48"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("石家庄市", "Shijiazhuang")),
        ({"REGISTRY_NODE_ROLE": "province"}, ("河北省", "Hebei")),
        ({"REGISTRY_AREA_NAME": "保定市 | Baoding"}, ("保定市", "Baoding")),
        ({"REGISTRY_AREA_NAME": "保定市"}, ("保定市", "保定市")),
    ],
    ids=["city", "province", "both languages", "one name"],
)
def test_a_site_bears_the_name_of_its_area(given: dict[str, str], expected: tuple[str, str]) -> None:
    assert Settings.from_env({**GOOD, **given}).area_name == expected


@pytest.mark.parametrize("name", ["保定市 |", "a | b | c"])
def test_a_name_of_an_area_without_one_of_its_halves_is_a_fault(name: str) -> None:
    assert [fault.split(":")[0] for fault in faults(REGISTRY_AREA_NAME=name)] == ["REGISTRY_AREA_NAME"]


def test_all_faults_are_told_at_once_and_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # away from the var/ of a node that runs in this tree
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"REGISTRY_ENV": "production"})
    assert {fault.split(":")[0] for fault in refused.value.faults} == set(GOOD) - {"REGISTRY_ENV"}
    assert all(name in str(refused.value) for name in set(GOOD) - {"REGISTRY_ENV"})


def test_without_a_word_a_node_is_a_real_one() -> None:
    environ = {name: value for name, value in GOOD.items() if name != "REGISTRY_ENV"}
    assert Settings.from_env(environ).is_production


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("REGISTRY_ENV", "staging", "one of production, demo, test"),
        ("REGISTRY_NODE_ROLE", "county", "one of city, province"),
        ("REGISTRY_NODE_ID", "1301", "six digits"),
        ("REGISTRY_NODE_REGION", "石家庄", "six digits"),
        ("REGISTRY_LOG_FORMAT", "xml", "one of json, console"),
        ("REGISTRY_SECRET_KEY", "short", "is weak"),
        ("REGISTRY_SECRET_KEY", "ab" * 30, "is weak"),
        ("REGISTRY_SECRET_KEY", "please-change-me-" + SECRET, "is weak"),
        ("REGISTRY_PERSON_MATCHING_KEY", "no base64 at all", "32 random bytes"),
        ("REGISTRY_PERSON_MATCHING_KEY", base64.b64encode(bytes(range(32))).decode(), "32 random bytes"),
        ("REGISTRY_PERSONAL_DATA_KEY", "no base64 at all", "32 random bytes"),
        ("REGISTRY_PERSONAL_DATA_KEY", base64.b64encode(b"seventeen bytes..").decode(), "32 random bytes"),
        ("REGISTRY_PERSONAL_DATA_KEY", base64.b64encode(bytes(32)).decode(), "32 random bytes"),
        ("REGISTRY_PERSONAL_DATA_KEY", base64.b64encode(bytes(range(32))).decode(), "32 random bytes"),
        ("REGISTRY_SITE_URL", "credit.example.cn", "must be an address"),
        ("REGISTRY_SITE_URL", "http://credit.example.cn", "public https address"),
        ("REGISTRY_SITE_URL", "https://localhost", "public https address"),
        ("REGISTRY_SITE_URL", "https://[never-closed", "must be an address"),
        ("DATABASE_URL", "sqlite:///registry.db", "postgresql://role"),
        ("DATABASE_URL", "postgresql://db/registry", "postgresql://role"),
        ("DATABASE_URL", "postgresql://registry_owner:x9@db/registry", "another role"),
        ("DATABASE_URL", "postgresql://registry_app:registry_app@db/registry", "well-known password"),
        ("DATABASE_OWNER_URL", "postgresql://registry_owner:postgres@db/registry", "well-known password"),
        ("TRUSTED_PROXIES", "one", "whole number"),
        ("TRUSTED_PROXIES", "-1", "whole number"),
        ("TRUSTED_PROXIES", "60", "whole number"),
        ("REGISTRY_ANONYMOUS_PER_MINUTE", "many", "whole number"),
        ("METRICS_ADDRESSES", "10.0.0.0/8,monitor", "no address or network"),
        ("REGISTRY_ADMIN_NETWORKS", "10.1.2.3/8", "no address or network"),
        ("REGISTRY_SITEURL", "https://credit.example.cn", "is no setting"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, words: str) -> None:
    [fault] = faults(**{name: value})
    assert fault.startswith(f"{name}: ")
    assert words in fault


def test_the_two_secrets_differ() -> None:
    assert "REGISTRY_PERSONAL_DATA_KEY: must be another one than REGISTRY_SECRET_KEY" in faults(REGISTRY_SECRET_KEY=KEY)


def test_persons_are_named_under_a_key_of_their_own() -> None:
    assert faults(REGISTRY_PERSON_MATCHING_KEY=KEY) == [
        "REGISTRY_PERSON_MATCHING_KEY: must be another one than REGISTRY_PERSONAL_DATA_KEY"
    ]
    shared = base64.b64encode(hashlib.sha256(b"a province's key").digest()).decode()
    assert Settings.from_env({**GOOD, "REGISTRY_PERSON_MATCHING_KEY": shared}).person_matching_key == base64.b64decode(
        shared
    )
    alone = Settings.from_env(GOOD)
    assert len(alone.person_matching_key) == 32
    assert alone.person_matching_key != alone.personal_data_key


def test_what_is_set_to_nothing_is_not_set() -> None:
    assert Settings.from_env({**GOOD, "REGISTRY_ENV": "", "TRUSTED_PROXIES": "", "METRICS_ADDRESSES": ""}).is_production
    assert faults(DATABASE_URL="") == ["DATABASE_URL: is missing"]


def test_a_kept_environment_stands_under_the_process_s_own(tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in {**GOOD, "REGISTRY_ENV": "demo"}.items()]
    (tmp_path / "environment").write_text("\n".join(["# a comment = none", *lines]), encoding="utf-8")
    settings = Settings.from_env({"REGISTRY_DATA_DIR": str(tmp_path), "REGISTRY_SITE_URL": "http://127.0.0.1:9"})
    assert settings.environment == "demo"
    assert settings.data_dir == tmp_path
    assert settings.site_url == "http://127.0.0.1:9"
    assert settings.secret_key == SECRET
    assert settings.log_format == "console"


def test_a_real_node_never_runs_on_the_data_of_a_demo(tmp_path: Path) -> None:
    (tmp_path / "environment").write_text("REGISTRY_ENV=demo\n", encoding="utf-8")
    [fault] = faults(REGISTRY_DATA_DIR=str(tmp_path))
    assert "data of a demo node" in fault
