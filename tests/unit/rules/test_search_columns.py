"""The short way to the search columns of a name gives what the long way gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import names


def by_the_long_way(name, former):
    return names.fold(name), names.initials(name), names.search_terms(name, former)


@given(
    st.text(alphabet="石家庄瑞祥商貿（）() AbＢ1１𠮷堃·&", max_size=14),
    st.lists(st.text(alphabet="旧名商贸", max_size=5), max_size=2),
)
def test_both_ways_agree(name, former):
    assert names.search_columns(name, former) == by_the_long_way(name, former)


@pytest.mark.parametrize("name", ["", "甲", "石家庄瑞祥商贸有限公司"])
def test_short_names_too(name):
    assert names.search_columns(name, []) == by_the_long_way(name, [])
