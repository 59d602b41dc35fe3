"""Messages: strict I-JSON, and a digest that equals RFC 8785's whatever a message holds."""

import hashlib
import json
import math

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sync.message import LARGEST, NotJson, canonical, only_characters, parse

NO_CHARACTERS = [*range(0xFDD0, 0xFDF0), *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF))]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=map(chr, NO_CHARACTERS)))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, VALUES, max_size=5), st.booleans())
def test_the_digest_is_that_of_the_canonical_form(members, ascii_only):
    raw = json.dumps(members, ensure_ascii=ascii_only, indent=1).encode()
    message = parse(raw)
    rest = {name: value for name, value in members.items() if name != "digest"}
    assert message.irregular is None
    assert message.digest == f"sha256:{hashlib.sha256(rfc8785.dumps(rest)).hexdigest()}"


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_a_plain_message_is_read_as_any_other(members):
    raw = orjson.dumps(members)
    quick, closely = parse(raw), parse(b" " + raw)  # with a blank before it nothing is plain
    assert (quick.members, quick.digest, quick.irregular) == (closely.members, closely.digest, closely.irregular)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"record_id":"r","a":1,"a":2}',
        b'{"record_id":"r","data":{"a":"x","a":"x"}}',
        b'{"record_id":"r","revision":9007199254740992}',
    ],
)
def test_what_looks_plain_and_is_not_is_told(raw):
    assert parse(raw).irregular


@pytest.mark.parametrize("strange", ["\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"])
def test_what_is_no_character_is_told_however_it_is_written(strange):
    members = {"record_id": "r", "data": {"a": f"x{strange}"}}
    for raw in (orjson.dumps(members), json.dumps(members).encode(), json.dumps({strange: "", **members}).encode()):
        assert parse(raw).irregular
    for near in ("\ufdcf", "\ufdf0", "\ufffd", "\u4ffe俾", "\U0001fffd", "\U00020000"):
        assert parse(orjson.dumps({"a": near})).irregular is None


@given(st.lists(TEXT | st.sampled_from(["\ufdd0", "\uffff", "\U0010ffff", "\u4ffe", "\ufdcf"]), min_size=1, max_size=4))
def test_a_quick_look_at_all_lines_lets_no_line_pass(texts):
    lines = [orjson.dumps({"record_id": "r", "a": each}) for each in texts]
    looked = only_characters(b"\n".join(lines))
    assert [parse(each, characters=looked).irregular for each in lines] == [parse(each).irregular for each in lines]


def test_names_are_sorted_as_utf16_has_them():
    assert canonical({"\U00010000": 1, "\ufb33": 2}) == '{"\U00010000":1,"\ufb33":2}'.encode()


@pytest.mark.parametrize(
    "raw",
    [
        b'{"record_id": "r", "a": 1, "a": 2}',
        b'{"record_id": "r", "data": {"a": 1, "\\u0061": 2}}',
        b'{"record_id": "r", "revision": 9007199254740992}',
        b'{"record_id": "r", "n": 1e999}',
        b'{"record_id": "r", "name": "\\ud800"}',
    ],
)
def test_json_that_two_programs_read_otherwise_is_told_with_its_record(raw):
    message = parse(raw)
    assert message.irregular
    assert message.record_id == "r"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"1", b'{"a": NaN}', b"\xff", b"{} {}", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(raw):
    with pytest.raises(NotJson):
        parse(raw)


def test_the_largest_whole_number_is_still_one():
    assert parse(b'{"revision": 9007199254740991}').revision == 2**53 - 1
    assert math.isclose(2**53 - 1, LARGEST)
