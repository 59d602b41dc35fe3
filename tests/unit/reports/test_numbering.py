"""Numbers and hashes of reports."""

import re

from registry.reports.numbering import new_report_no, report_sha256
from tests.unit.reports.samples import MOMENT


def test_a_number_is_beijing_time_and_eight_characters() -> None:
    assert new_report_no(MOMENT, lambda length: bytes.fromhex("50859d39")[:length]) == "2026112310000550859D39"


def test_numbers_of_one_second_differ() -> None:
    numbers = {new_report_no(MOMENT) for _ in range(200)}
    assert len(numbers) == 200
    assert all(re.fullmatch(r"20261123100005[0-9A-F]{8}", number) for number in numbers)


def test_the_hash_is_sha_256() -> None:
    assert report_sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
