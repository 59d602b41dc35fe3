"""Structured fields: what signatures write is read back to the letter, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.structured_fields import InnerList, Item, MalformedField, Token, parse_dictionary, serialise

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
BARE = st.one_of(
    PRINTABLE, st.booleans(), st.binary(max_size=64), st.integers(-(10**15) + 1, 10**15 - 1), st.just(Token("ed-25519"))
)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
ITEMS = st.builds(Item, BARE, st.dictionaries(KEYS, BARE, max_size=3))
LISTS = st.builds(InnerList, st.lists(ITEMS, max_size=4).map(tuple), st.dictionaries(KEYS, BARE, max_size=3))


@given(st.dictionaries(KEYS, st.one_of(ITEMS, LISTS), max_size=4))
def test_reads_back_what_it_writes(members):
    text = ", ".join(f"{key}={serialise(value)}" for key, value in members.items())
    assert parse_dictionary(text) == members


def test_reads_a_signature_input():
    found = parse_dictionary('sig1=("@method"), node=("@path" "content-digest");created=1618884473;keyid="130100#a"')
    assert found["node"] == InnerList(
        (Item("@path"), Item("content-digest")), {"created": 1618884473, "keyid": "130100#a"}
    )


def test_the_last_of_two_members_with_one_name_counts():
    assert parse_dictionary("a=1, b=2, a=3") == {"b": Item(2), "a": Item(3)}


@pytest.mark.parametrize(
    "text",
    [
        'node=("a"',
        'node="a',
        "node=:a:",
        "node=?2",
        "node=1.5",
        "node=1,",
        'node=("a""b")',
        "Node=1",
        "node=(1)x",
        "=1",
    ],
)
def test_refuses_what_the_grammar_does_not_know(text):
    with pytest.raises(MalformedField):
        parse_dictionary(text)
