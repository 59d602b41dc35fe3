"""Addresses of front databases: told by the environment, checked, and never shown."""

import pytest

from registry.front_database_settings import read


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("postgresql://u:p@db/front", "postgresql+psycopg://u:p@db/front"),
        ("mysql://u:p@db/front", "mysql+pymysql://u:p@db/front"),
        ("mariadb+pymysql://u:p@db/front", "mariadb+pymysql://u:p@db/front"),
    ],
)
def test_an_address_means_the_driver_that_is_installed(told: str, meant: str) -> None:
    faults: list[str] = []
    found = read({"REGISTRY_FRONT_DATABASE_URL_130000": told, "REGISTRY_FRONT_DATABASE_URL_B": ""}, faults)
    assert (found, faults) == ({"REGISTRY_FRONT_DATABASE_URL_130000": meant}, [])


@pytest.mark.parametrize("told", ["oracle://u:secret@db/front", "u:secret@db", "postgresql://secret"])
def test_what_is_no_address_is_told_by_name_only(told: str) -> None:
    faults: list[str] = []
    assert read({"REGISTRY_FRONT_DATABASE_URL_130000": told}, faults) == {}
    assert "REGISTRY_FRONT_DATABASE_URL_130000" in faults[0]
    assert "secret" not in faults[0]
