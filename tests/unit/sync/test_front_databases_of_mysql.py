"""What MySQL and MariaDB do otherwise than PostgreSQL, as far as it shows without a server."""

import pymysql
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from sync.carriers import front_database
from sync.carriers.front_tables import tables


@pytest.mark.parametrize("scheme", ["mysql+pymysql", "mariadb+pymysql"])
def test_tables_hold_every_character_and_commit_as_one(scheme: str) -> None:
    dialect = make_url(f"{scheme}://host/front").get_dialect()()
    made = str(CreateTable(tables()["commitment"]).compile(dialect=dialect))
    assert "CHARSET=utf8mb4" in made
    assert "ENGINE=InnoDB" in made


@pytest.mark.parametrize(
    ("number", "lost"),
    [
        (2003, True),
        (2013, True),
        (1205, True),
        (1213, True),
        (1045, False),
        (1054, False),
        (1142, False),
        (4025, False),
    ],
)
def test_a_server_that_is_away_is_told_from_one_that_refuses(number: int, lost: bool) -> None:
    told = DBAPIError.instance("", {}, pymysql.err.OperationalError(number, "told"), pymysql.err.Error)
    assert isinstance(told, DBAPIError)
    assert front_database._is_lost(told) is lost


def test_values_are_never_cut_in_silence() -> None:
    assert "STRICT_ALL_TABLES" in front_database._limits("mysql")["init_command"]
    assert "STRICT_ALL_TABLES" in front_database._limits("mariadb")["init_command"]
