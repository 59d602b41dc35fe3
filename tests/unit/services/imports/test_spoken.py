"""What earlier rows of a file were about."""

from hypothesis import given
from hypothesis import strategies as st

from registry.services.imports.spoken import Spoken


@given(st.sets(st.integers(1, 100_000)), st.sets(st.integers(1, 100_000)))
def test_remembers_exactly_what_was_kept(kept, forgotten):
    spoken = Spoken()
    for key in kept:
        spoken.add("operator", key)
    spoken.keep()
    for key in forgotten:
        spoken.add("operator", key)
    assert all(spoken.has("operator", key) for key in kept | forgotten)
    spoken.forget()
    assert {key for key in kept | forgotten if spoken.has("operator", key)} == kept
    assert not any(spoken.has("penalty", key) for key in kept)


def test_forgets_back_to_a_mark():
    spoken = Spoken()
    spoken.add("operator", 1)
    mark = spoken.mark()
    spoken.add("operator", 1)
    spoken.add("operator", 2)
    spoken.forget(mark)
    assert (spoken.has("operator", 1), spoken.has("operator", 2)) == (True, False)
