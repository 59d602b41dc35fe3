"""Settings: read once, checked before anything starts, all faults told at once and by name.

A setting has a default only where that is right in production and fit to be public.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from registry import front_database_settings, notice_settings
from registry.notice_settings import NoticeSettings

ENVIRONMENTS = ("production", "demo", "test")
ROLES = ("city", "province")
MINIMUM_SECRET = 32
LOG_FORMATS = ("json", "console")
_WEAK = re.compile(r"change|secret|password|example|default|12345|qwerty", re.IGNORECASE)
_WEAK_PASSWORDS = {"postgres", "password", "registry", "admin", "123456", "changeme"}
PERSON_MATCHING_KEY = "REGISTRY_PERSON_MATCHING_KEY"
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_KNOWN = {
    "REGISTRY_ENV", "REGISTRY_NODE_ROLE", "REGISTRY_NODE_ID", "REGISTRY_NODE_REGION", "REGISTRY_SECRET_KEY",
    "REGISTRY_PERSONAL_DATA_KEY", PERSON_MATCHING_KEY,
    "REGISTRY_DATA_DIR", "REGISTRY_KEY_DIR", "REGISTRY_SITE_URL", "REGISTRY_ISSUER_NAME",
    "REGISTRY_AREA_NAME",
    "REGISTRY_LANGUAGE", "REGISTRY_LOG_FORMAT", "REGISTRY_ANONYMOUS_PER_MINUTE", "REGISTRY_ADMIN_NETWORKS",
    *notice_settings.NAMES,
}  # fmt: skip

_AREAS = ("石家庄市 | Shijiazhuang", "河北省 | Hebei")
"""Of a city's node, of a province's."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Exception):
    """The settings that are missing or wrong, a line each. Never holds the value of a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("These settings are missing or wrong:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Settings:
    """How this node runs. Made by `from_env`; frozen."""

    environment: str
    node_role: str
    node_id: str
    node_region: str
    database_url: str
    database_owner_url: str
    secret_key: str
    personal_data_key: bytes
    person_matching_key: bytes
    """Names natural persons; the same on all nodes of a province (exchange.md 2)."""
    data_dir: Path
    key_dir: Path
    site_url: str
    issuer_name: str
    area_name: tuple[str, str]
    """Whose operators the site shows, in Chinese and in English."""
    trusted_proxies: int
    metrics_networks: tuple[Network, ...]
    admin_networks: tuple[Network, ...]
    """Where administrators may work from; empty: anywhere."""
    log_format: str
    anonymous_per_minute: int
    notices: NoticeSettings
    front_databases: Mapping[str, str] = field(repr=False)

    @property
    def is_production(self) -> bool:
        """Whether real people rely on this node: demo data and a future `day run` are refused."""
        return self.environment == "production"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check every setting. SettingsError names all that are missing or wrong.

        A file `environment` in the data folder, as `make serve` keeps it, stands under the process's own environment.
        """
        data_dir = Path(environ.get("REGISTRY_DATA_DIR") or "var").absolute()
        kept = read_environment_file(data_dir / "environment")
        reader = _Reader({**kept, **environ}, data_dir)
        if reader.environment == "production":
            reader.check_for_production(kept)
        return reader.settings()


def derived_matching_key(personal_data_key: bytes) -> bytes:
    """The key that names persons on a node which shares none with others: it follows from that for their data."""
    return HKDF(SHA256(), 32, salt=None, info=b"person key").derive(personal_data_key)


def read_environment_file(path: Path) -> dict[str, str]:
    """`KEY=value` lines; an empty mapping where there is no file or it may not be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _split(address: str) -> SplitResult:
    """The parts of an address; no parts at all where it is none."""
    try:
        return urlsplit(address)
    except ValueError:  # such as a bracket that is never closed
        return urlsplit("")


class _Reader:
    """Collects faults while it reads, so that all of them are told together."""

    def __init__(self, environ: Mapping[str, str], data_dir: Path) -> None:
        self.environ = environ
        self.data_dir = data_dir
        self.faults: list[str] = []
        self.environment = self._choice("REGISTRY_ENV", ENVIRONMENTS, "production")

    def settings(self) -> Settings:
        """Read everything. SettingsError when anything is missing or wrong."""
        production = self.environment == "production"
        node_id = self._matching("REGISTRY_NODE_ID", r"\d{6}", "six digits", "130100")
        personal = self._key("REGISTRY_PERSONAL_DATA_KEY")
        settings = Settings(
            environment=self.environment,
            node_role=self._choice("REGISTRY_NODE_ROLE", ROLES, "city"),
            node_id=node_id,
            node_region=self._matching("REGISTRY_NODE_REGION", r"\d{6}", "six digits", node_id),
            database_url=self._database("DATABASE_URL"),
            database_owner_url=self._database("DATABASE_OWNER_URL"),
            secret_key=self._secret("REGISTRY_SECRET_KEY"),
            personal_data_key=personal,
            person_matching_key=self._key(PERSON_MATCHING_KEY, derived_matching_key(personal)),
            data_dir=self.data_dir,
            key_dir=Path(self.environ.get("REGISTRY_KEY_DIR") or self.data_dir / "keys").absolute(),
            site_url=self._site(production),
            issuer_name=self.environ.get("REGISTRY_ISSUER_NAME") or "石家庄市公共信用信息中心",
            area_name=self._area(),
            trusted_proxies=self._number("TRUSTED_PROXIES", 0, at_most=5),
            metrics_networks=self._networks("METRICS_ADDRESSES", "127.0.0.1/32 ::1/128"),
            admin_networks=self._networks("REGISTRY_ADMIN_NETWORKS", ""),
            log_format=self._choice("REGISTRY_LOG_FORMAT", LOG_FORMATS, "json" if production else "console"),
            anonymous_per_minute=self._number("REGISTRY_ANONYMOUS_PER_MINUTE", 120),
            notices=notice_settings.read(self.environ, self.faults, production=production),
            front_databases=front_database_settings.read(self.environ, self.faults),
        )
        if self.faults:
            raise SettingsError(self.faults)
        return settings

    def check_for_production(self, kept: Mapping[str, str]) -> None:
        """What real people may not be served with: a demo's data, shared roles, known passwords, misspelt settings."""
        if not self.environ.get("REGISTRY_DATA_DIR"):
            self.faults.append("REGISTRY_DATA_DIR: is missing")
        if kept.get("REGISTRY_ENV", "production") != "production":
            self.faults.append("REGISTRY_DATA_DIR: holds the data of a demo node, made by make serve")
        roles = [_split(self.environ.get(name, "")) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")]
        if roles[0].username and roles[0].username == roles[1].username:
            self.faults.append("DATABASE_URL: must be another role than DATABASE_OWNER_URL, one that owns nothing")
        for name, role in zip(("DATABASE_URL", "DATABASE_OWNER_URL"), roles, strict=True):
            if role.password is not None and (role.password in {role.username, *_WEAK_PASSWORDS}):
                self.faults.append(f"{name}: has a well-known password")
        key = self.environ.get("REGISTRY_PERSONAL_DATA_KEY")
        if key and key == self.environ.get("REGISTRY_SECRET_KEY"):
            self.faults.append("REGISTRY_PERSONAL_DATA_KEY: must be another one than REGISTRY_SECRET_KEY")
        if key and key == self.environ.get(PERSON_MATCHING_KEY):
            self.faults.append(f"{PERSON_MATCHING_KEY}: must be another one than REGISTRY_PERSONAL_DATA_KEY")
        unknown = {name for name in self.environ if name.startswith("REGISTRY_")} - _KNOWN
        unknown = {name for name in unknown if not front_database_settings.is_one(name)}
        self.faults += [f"{name}: is no setting" for name in sorted(unknown)]

    def _required(self, name: str) -> str:
        value = self.environ.get(name, "")
        if not value:
            self.faults.append(f"{name}: is missing")
        return value

    def _choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.environ.get(name) or default
        if value not in choices:
            self.faults.append(f"{name}: must be one of {', '.join(choices)}")
        return value

    def _matching(self, name: str, pattern: str, words: str, default: str) -> str:
        value = self.environ.get(name) or default
        if re.fullmatch(pattern, value) is None:
            self.faults.append(f"{name}: must be {words}")
            return default
        return value

    def _number(self, name: str, default: int, *, at_most: int = 1_000_000) -> int:
        value = self.environ.get(name) or str(default)
        if not (value.isascii() and value.isdecimal() and int(value) <= at_most):
            self.faults.append(f"{name}: must be a whole number up to {at_most}")
            return default
        return int(value)

    def _database(self, name: str) -> str:
        value = self._required(name)
        if not value:
            return value
        parts = _split(value)
        if parts.scheme not in {"postgresql", "postgresql+psycopg"} or not parts.username or len(parts.path) < 2:
            self.faults.append(f"{name}: must be an address such as postgresql://role:password@host/database")
        return value.replace("postgresql://", "postgresql+psycopg://", 1)

    def _secret(self, name: str) -> str:
        value = self._required(name)
        if value and (len(value) < MINIMUM_SECRET or len(set(value)) < 10 or _WEAK.search(value)):
            self.faults.append(f"{name}: is weak; draw at least {MINIMUM_SECRET} random characters")
        return value

    def _key(self, name: str, default: bytes | None = None) -> bytes:
        if default is not None and not self.environ.get(name):
            return default
        value = self._required(name)
        try:
            key = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        steps = {after - before for before, after in pairwise(key)}  # bytes(range(32)) and its like are known to all
        if value and (len(key) != 32 or len(set(key)) < 10 or (self.environment == "production" and len(steps) < 4)):
            self.faults.append(f"{name}: must be 32 random bytes in base64")
        return key

    def _site(self, production: bool) -> str:
        value = self._required("REGISTRY_SITE_URL").rstrip("/")
        parts = _split(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc):
            self.faults.append("REGISTRY_SITE_URL: must be an address such as https://credit.example.cn")
        elif value and production and (parts.scheme != "https" or parts.hostname in _THIS_MACHINE):
            self.faults.append("REGISTRY_SITE_URL: must be the public https address in production")
        return value

    def _area(self) -> tuple[str, str]:
        """The name of the area as `石家庄市 | Shijiazhuang`; one name alone stands in both languages."""
        default = _AREAS[self.environ.get("REGISTRY_NODE_ROLE") == "province"]
        names = [name.strip() for name in (self.environ.get("REGISTRY_AREA_NAME") or default).split("|")]
        if len(names) > 2 or not all(names):
            self.faults.append(f"REGISTRY_AREA_NAME: must be a name such as {default}")
        return names[0], names[-1]

    def _networks(self, name: str, default: str) -> tuple[Network, ...]:
        networks = []
        for word in re.findall(r"[^ ,]+", self.environ.get(name) or default):
            try:
                networks.append(ipaddress.ip_network(word))
            except ValueError:
                self.faults.append(f"{name}: {word!r} is no address or network")
        return tuple(networks)
