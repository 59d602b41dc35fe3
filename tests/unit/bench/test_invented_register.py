import csv
from pathlib import Path

from bench import invented_register
from bench.invented_register import ABNORMAL_LISTINGS, OPERATORS, VIOLATION_LISTINGS, sample, write_files
from registry.rules import uscc
from registry.services.imports.reading import open_source

COUNT = 2_000


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_count_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_files(tmp_path / name, 300)
    for file in (OPERATORS, ABNORMAL_LISTINGS, VIOLATION_LISTINGS):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_codes_are_valid_and_a_twentieth_is_listed(tmp_path: Path) -> None:
    write_files(tmp_path, COUNT)
    rows = _rows(tmp_path / OPERATORS)
    codes = [row["统一社会信用代码"] for row in rows if row["统一社会信用代码"]]
    assert len(rows) == COUNT
    assert len(set(codes)) == len(codes)
    assert {uscc.fault(code) for code in codes} == {None}
    assert uscc.fault(invented_register.AUTHORITY[1]) is None
    listed = [
        row["统一社会信用代码"] for name in (ABNORMAL_LISTINGS, VIOLATION_LISTINGS) for row in _rows(tmp_path / name)
    ]
    assert len(set(listed)) == len(listed)
    assert 0.045 * COUNT <= len(listed) <= 0.05 * COUNT
    assert set(listed) <= set(codes)


def test_the_importer_knows_every_column(tmp_path: Path) -> None:
    write_files(tmp_path, 200)
    for name in (OPERATORS, ABNORMAL_LISTINGS, VIOLATION_LISTINGS):
        assert open_source(tmp_path / name, name.removesuffix(".csv")).headings.unknown == ()


def test_a_sample_is_spread_over_the_file_and_repeatable(tmp_path: Path) -> None:
    write_files(tmp_path, COUNT)
    taken = sample(tmp_path / OPERATORS, 100)
    order = {row["统一社会信用代码"]: number for number, row in enumerate(_rows(tmp_path / OPERATORS))}
    places = sorted(order[code] for code, _, _ in taken)
    assert taken == sample(tmp_path / OPERATORS, 100)
    assert len(set(places)) == 100
    assert places[0] < COUNT / 4
    assert places[-1] > COUNT * 3 / 4
