"""Addresses of partners' front databases: secrets, told by the environment only."""

import re
from collections.abc import Mapping

PREFIX = "REGISTRY_FRONT_DATABASE_URL_"
_NAME = re.compile(rf"{PREFIX}[A-Z0-9_]+")
DIALECTS = {
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mysql+pymysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "mariadb+pymysql": "mariadb+pymysql",
}
"""Schemes of an address, and what they mean to SQLAlchemy with the drivers that are installed."""


def is_one(name: str) -> bool:
    """Whether an environment variable names a front database."""
    return _NAME.fullmatch(name) is not None


def read(environ: Mapping[str, str], faults: list[str]) -> Mapping[str, str]:
    """Address by environment variable, its driver named; what is wrong is added to `faults`, never with the address."""
    found: dict[str, str] = {}
    for name, address in environ.items():
        if not is_one(name) or not address:
            continue
        scheme, separator, rest = address.partition("://")
        if scheme not in DIALECTS or not separator or "/" not in rest:
            faults.append(f"{name}: must be postgresql://user:password@host/database, mysql://… or mariadb://…")
            continue
        found[name] = f"{DIALECTS[scheme]}://{rest}"
    return found
