"""Twenty thousand companies of the city with everything that goes wrong in such files, through the command line."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from models import ImportRow, LedgerEntry, Operator, db
from registry.app import create_app
from registry.services.imports.faults import sentence
from tests.database import cloned_database, close
from tests.registration_file import CODE, EVERY, ODDITIES, Written, rows_of, write

ROWS = 20_000
ENGLISH = re.compile(r"[A-Za-z]{3,}")  # a code's letters stand singly in these sentences


class Imported:
    """The node after the import: the run's answer, the file of refused rows, what was written."""

    def __init__(self, node: Flask, result: Result, errors: Path, written: Written, again: Result) -> None:
        self.node, self.result, self.errors, self.written, self.again = node, result, errors, written, again
        self.counts = json.loads(result.stdout.splitlines()[-1])
        with node.app_context():
            self.notes = {
                row.line: row
                for row in db.session.execute(select(ImportRow).where(ImportRow.run_id == self.counts["run"])).scalars()
            }

    def lines_of(self, what: str) -> list[int]:
        return [line for line, (oddity, _) in self.written.odd.items() if oddity.what == what]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("registration")
    rows, written = rows_of(ROWS)
    path, errors = write(folder / "石家庄企业.csv", rows), folder / "errors.csv"
    with cloned_database() as settings, time_machine.travel("2026-11-24T02:00:00Z"):
        node = create_app(settings)
        words = ["import", "operators", str(path), "--errors", str(errors), "--json"]
        result = node.test_cli_runner().invoke(args=words)
        again = node.test_cli_runner().invoke(args=words)
        yield Imported(node, result, errors, written, again)
        close(node)


def test_every_oddity_stands_in_the_file(imported):
    assert {oddity.what for oddity, _ in imported.written.odd.values()} == {each.what for each in ODDITIES}


def test_the_counts_add_up(imported):
    refused = sum(oddity.refused is not None for oddity, _ in imported.written.odd.values())
    unchanged = sum(oddity.unchanged for oddity, _ in imported.written.odd.values())
    counts = imported.counts
    assert imported.result.exit_code == 3
    assert (counts["read"], counts["rejected"], counts["unchanged"]) == (ROWS, refused, unchanged)
    assert counts["applied"] == ROWS - refused - unchanged
    with imported.node.app_context():
        assert db.session.execute(select(func.count()).select_from(Operator)).scalar_one() == counts["applied"]
        assert db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one() == counts["applied"]


def test_a_second_import_changes_nothing(imported):
    counts = json.loads(imported.again.stdout.splitlines()[-1])
    assert counts["applied"] == 0
    assert counts["rejected"] == imported.counts["rejected"]


def test_sound_rows_are_neither_refused_nor_flagged(imported):
    assert set(imported.notes) <= set(imported.written.odd)


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda each: each.what)
def test_each_oddity_ends_as_an_officer_expects(imported, oddity):
    lines = imported.lines_of(oddity.what)
    assert lines
    for line in lines:
        note = imported.notes.get(line)
        told = oddity.refused or oddity.flagged
        if told is None:
            assert note is None or oddity.unchanged, note.faults
        else:
            assert note is not None
            assert note.refused is (oddity.refused is not None)
            column, words = told
            with imported.node.app_context():
                sentences = {fault["field"]: sentence(fault) for fault in note.faults}
            assert words in sentences[column]
            assert len(note.faults) == 1, "one fault has one reason"
    if oddity.refused is None and not oddity.unchanged:
        stands_as_meant(imported, oddity, lines)


def stands_as_meant(imported, oddity, lines):
    with imported.node.app_context():
        for line in lines:
            meant = imported.written.odd[line][1]
            operator = db.session.execute(select(Operator).where(Operator.uscc == meant[CODE])).scalar_one()
            held = {name: getattr(operator, name) for name in oddity.stored(meant)}
            days = {name: value and str(value) for name, value in held.items() if name.endswith("_on")}
            assert held | days == oddity.stored(meant)


def test_the_refused_rows_come_back_with_chinese_reasons(imported):
    with imported.errors.open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.DictReader(file))
    assert len(back) == imported.counts["rejected"]
    for row in back:
        assert int(row["原行号"]) in imported.written.odd
        assert re.search("[\u4e00-\u9fff]", row["错误原因"])
        assert not ENGLISH.search(row["错误原因"]), row["错误原因"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_other_encodings_say_the_same(imported, tmp_path, encoding):
    rows, _ = rows_of(EVERY * len(ODDITIES))
    kept = [row for row in rows if "\ufffd" not in "".join(row)]  # GB18030 writes it; a real file of it would not
    path = write(tmp_path / "small.csv", kept, encoding)
    result = imported.node.test_cli_runner().invoke(args=["import", "operators", str(path), "--json"])
    counts = json.loads(result.stdout.splitlines()[-1])
    assert (counts["read"], counts["applied"]) == (len(kept), 0)
