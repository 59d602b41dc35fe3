"""Lists of text as parameters: the database gets each item to the letter, whatever stands in it."""

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import adapters
from psycopg.adapt import PyFormat

from models.text_arrays import TextListDumper
from registry.services.imports.tables import cursor

pytestmark = pytest.mark.usefixtures("database")

_SPECIAL = st.sampled_from(['"', "\\", ",", "{", "}", "NULL", "null", "", " ", "\n", "\t", "'", '","', "甲", "\ufffe"])
_TEXTS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=6)
    | st.lists(_SPECIAL, max_size=4).map("".join),
    max_size=6,
)


def _back(items: list[Any], kind: str) -> Any:
    work = cursor()
    work.execute(f"SELECT %s::{kind}[]", (items,))
    return work.fetchone()[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TEXTS)
def test_each_text_comes_back_to_the_letter(items: list[str]) -> None:
    assert _back(items, "text") == items


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ([], "text"),
        (["甲", None, "NULL"], "text"),
        ([None], "text"),
        ([["a", "b"], ["c", "d"]], "text"),
        ([1, 2**40], "int8"),
        ([b"\x00\xff"], "bytea"),
    ],
    ids=["none", "with null", "null alone", "lists", "numbers", "bytes"],
)
def test_other_lists_are_written_as_before(items: list[Any], kind: str) -> None:
    assert _back(items, kind) == items


def test_a_text_that_no_column_can_hold_is_refused() -> None:
    with pytest.raises(psycopg.DataError):
        _back(["a\0b"], "text")


def test_the_connections_of_the_registry_write_lists_so() -> None:
    assert adapters.get_dumper(list, PyFormat.AUTO) is TextListDumper
    assert cursor().adapters.get_dumper(list, PyFormat.AUTO) is TextListDumper
