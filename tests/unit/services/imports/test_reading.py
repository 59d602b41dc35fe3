"""Opening files: encodings, delimiters, damage (standards.md 6, check 24)."""

import csv
import io
from datetime import date

import pytest
from xlsxwriter import Workbook

from registry.services.imports.faults import FileRefused
from registry.services.imports.reading import open_source
from tests.import_rows import operator_row

RARE = "石家庄𠮷㐂堃喆餐饮有限公司"


def table(rows, delimiter=","):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


def opened(tmp_path, data, kind="operators"):
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    return open_source(path, kind)


def refused(tmp_path, data, kind="operators"):
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, data, kind)
    return refusal.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_check_24_encodings_and_delimiters(tmp_path, encoding, delimiter):
    text = table([operator_row(企业名称=RARE)], delimiter)
    source = opened(tmp_path, text.encode(encoding))
    assert [cells[0] for _, cells in source.data_rows()] == [RARE]


def test_check_24_a_short_gb18030_file_is_not_taken_for_utf8(tmp_path):
    # 联通 in GB18030 is well-formed UTF-8; only the header tells which one is meant
    text = "企业名称,注册号\n联通,130100000363655\n"
    source = opened(tmp_path, text.encode("gb18030"))
    assert [cells[0] for _, cells in source.data_rows()] == ["联通"]


def test_check_24_damaged_utf8_is_not_read_as_gb18030(tmp_path):
    data = table([operator_row(), operator_row()]).encode()
    broken = data[:-30] + b"\xe4" + data[-30:]
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, broken)
    assert refusal.value.reason == "damaged_encoding"
    assert refusal.value.params == {"line": 3, "encoding": "UTF-8"}


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    header = ",".join(operator_row())
    row = ",".join(operator_row().values())
    two_lines = ",".join(operator_row(经营范围='"食品\n销售"').values())
    source = opened(tmp_path, f"{header}\n\n{two_lines}\n{row}\n".encode())
    assert [line for line, _ in source.data_rows()] == [3, 4]


def test_whole_files_are_refused_with_one_reason(tmp_path):
    header = ",".join(operator_row())
    assert refused(tmp_path, b"") == "empty_file"
    assert refused(tmp_path, header.encode()) == "no_rows"
    assert refused(tmp_path, f"{header}\n,,\n".encode()) == "no_rows"
    assert refused(tmp_path, table([operator_row()]).encode() + b"\x00") == "nul_bytes"
    assert refused(tmp_path, table([operator_row()]).encode("utf-16")) == "utf16"
    assert refused(tmp_path, b"<html><table></table></html>") == "web_page"
    assert refused(tmp_path, b"%PDF-1.7") == "not_a_table"
    assert refused(tmp_path, b"one,two\n1,2\n") == "no_header"
    assert refused(tmp_path, b"PK\x03\x04 no workbook") == "workbook_unreadable"
    assert refused(tmp_path, table([operator_row()]).encode() + b'"never closed,\n1,2\n') == "quotes"


def workbook(tmp_path, rows):
    path = tmp_path / "file.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, days)
                else:
                    sheet.write(line, column, cell)
    return path


def test_check_24_cells_of_a_workbook_become_what_a_person_would_type(tmp_path):
    row = operator_row(企业名称=RARE)
    cells = [row[name] if name != "注册日期" else date(2024, 2, 29) for name in row]
    path = workbook(tmp_path, [["表格说明"], [], list(row), cells, [*cells[:2], 45351, *cells[3:]]])
    source = open_source(path, "operators")
    assert [(line, row[0], row[2]) for line, row in source.data_rows()] == [(4, RARE, "2024-02-29"), (5, RARE, "45351")]


def test_a_number_cell_that_lost_digits_shows_it(tmp_path):
    row = operator_row()
    cells = [row[name] if name != "统一社会信用代码" else 911301020000000123 for name in row]
    source = open_source(workbook(tmp_path, [list(row), cells]), "operators")
    ((_, read),) = source.data_rows()
    assert read[1] == "9.11301E+17"
