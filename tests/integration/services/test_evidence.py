"""Files that are handed in: told by what they hold, refused with words, kept encrypted."""

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from blueprints.pages.words_applications import FAULTS
from models import Evidence, db
from registry.services import evidence
from registry.services.evidence import HandedIn
from registry.services.query_codes import ALPHABET, LENGTH, code_of, digest_of, grouped, new_token
from registry.transaction import transaction
from tests.applications import PDF, apply_for, on, pdf, png
from tests.factories import make_authority, make_operator, make_penalty
from tests.matters import DESK

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffda0008010100003f0000ffd9")


def faults_of(*files: HandedIn) -> list[str]:
    kept, faults = evidence.check(files, "proof")
    assert len(kept) + len(faults) >= 1
    for fault in faults:
        assert str(FAULTS[fault.code]) % fault.params
    return [fault.code for fault in faults]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("缴款凭证.pdf", PDF, "application/pdf"),
        ("照片 1.PNG", png(), "image/png"),
        ("A&B (2).jpeg", JPEG, "image/jpeg"),
    ],
)
def test_a_file_is_told_by_what_it_holds(name, content, media_type):
    kept, faults = evidence.check([HandedIn(name, content)], "proof")
    assert faults == []
    assert [each.media_type for each in kept] == [media_type]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.pdf", b"", "file_empty"),
        ("大.pdf", PDF + b"0" * evidence.LARGEST, "file_too_large"),
        ("网页.pdf", b"<html><script>alert(1)</script></html>", "file_type_unknown"),
        ("压缩包.pdf", b"PK\x03\x04" + bytes(64), "file_type_unknown"),
        ("程序.png", b"MZ\x90\x00" + bytes(64), "file_type_unknown"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_type_unknown"),
        ("动画.png", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "file_type_unknown"),
        ("图片.pdf", png(), "file_type_differs"),
        ("凭证.exe", PDF, "file_type_differs"),
        ("残缺.pdf", b"%PDF-1.7\n1 0 obj", "file_damaged"),
        ("残缺.png", png()[:20], "file_damaged"),
        ("炸弹.png", png(60_000, 60_000), "file_unfolds"),
        ("炸弹二.png", png(9_000, 9_000), "file_unfolds"),
        ("脚本.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"), "file_active"),
        ("夹带.pdf", PDF.replace(b"/Catalog", b"/Catalog/Names<</EmbeddedFiles 2 0 R>>"), "file_active"),
        ("../../etc/passwd.pdf", PDF, "file_name_bad"),
        ("C:\\temp\\a.pdf", PDF, "file_name_bad"),
        ("<script>alert(1)</script>.pdf", PDF, "file_name_bad"),
        ("a\x00.pdf", PDF, "file_name_bad"),
        ("a\u202efdp.pdf", PDF, "file_name_bad"),
        (".pdf", PDF, "file_name_bad"),
        ("长" * 130 + ".pdf", PDF, "file_name_bad"),
    ],
    ids=lambda each: each if isinstance(each, str) and each.isidentifier() else "-",
)
def test_a_bad_file_is_refused_with_words(name, content, code):
    assert faults_of(HandedIn(name, content)) == [code]


def test_too_many_files_and_too_much_together_are_refused():
    assert faults_of(*[pdf()] * (evidence.MOST + 1)) == ["too_many_files"]
    large = PDF[:-6] + b"0" * (evidence.LARGEST - len(PDF)) + PDF[-6:]
    assert "files_too_large" in faults_of(*[HandedIn("大.pdf", large)] * 4)


def test_every_bad_file_is_told_by_its_number():
    _, faults = evidence.check([pdf(), HandedIn("空.pdf", b""), HandedIn("a.exe", PDF)], "proof")
    assert [(fault.code, fault.params["number"]) for fault in faults] == [("file_empty", 2), ("file_type_differs", 3)]


@pytest.mark.usefixtures("database")
def test_what_is_kept_is_encrypted_and_opens_only_in_its_place():
    with transaction():
        penalty = make_penalty(make_operator(), make_authority())
    with on("2026-06-10"):
        proceeding = apply_for(penalty, files=[pdf("王小明身份证.pdf")])
        other = apply_for(make_penalty(penalty.operator, penalty.authority))
    row = db.session.execute(select(Evidence).where(Evidence.proceeding_id == proceeding.id)).scalar_one()
    assert PDF[:8] not in row.content
    assert "王小明".encode() not in row.name
    (opened,) = evidence.opened(proceeding, [row], vault=DESK.vault)
    assert (opened.name, opened.media_type, opened.size) == ("王小明身份证.pdf", "application/pdf", len(PDF))
    assert evidence.content_of(proceeding, row, vault=DESK.vault) == PDF
    with pytest.raises(InvalidTag):
        evidence.content_of(other, row, vault=DESK.vault)


def test_a_query_code_is_long_readable_and_the_same_for_the_same_form():
    token = new_token()
    code = code_of(token, "secret")
    assert code == code_of(token, "secret")
    assert code != code_of(token, "another") != code_of(new_token(), "secret")
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert len(ALPHABET) ** LENGTH >= 2**100
    assert grouped(code).count("-") == 3


def test_a_query_code_may_be_typed_as_people_do():
    code = code_of(new_token(), "secret")
    assert digest_of(f" {grouped(code).lower()} ") == digest_of(code) != digest_of(code[:-1])
