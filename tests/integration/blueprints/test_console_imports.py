"""The import page on a database of its own: preview, start, the worker, error file, undo, a killed worker."""

import hashlib
import io
import os
import re
import stat
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select

from models import Authority, FileState, ImportFile, ImportRun, Operator, Penalty, db
from registry.jobs import take_file_in
from registry.rules.record import RecordState
from registry.rules.roles import Role
from registry.services.imports import running, runs, uploads
from registry.services.imports.running import Importer
from registry.transaction import transaction
from tests.database import connect_as_owner
from tests.factories import make_authority, make_operator, make_uscc
from tests.import_files import write_csv
from tests.import_rows import AUTHORITY_CODE, VAULT, licence_row, operator_row, penalty_row
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in


@pytest.fixture
def officer(own_app: Flask):
    """A browser of an officer who enters and reviews."""
    browser = Browser(own_app, own_app.response_class, use_cookies=True)
    with own_app.app_context():
        with transaction():
            authority = make_authority()
            authority.uscc = AUTHORITY_CODE
        sign_in(browser, "zhang", Role.ENTRY, Role.REVIEW, authority=authority)
    return browser


def hand_in(browser, path, name="处罚.csv", kind="penalties"):
    data = {"csrf_token": csrf_of(browser), "kind": kind, "file": (io.BytesIO(path.read_bytes()), name)}
    return browser.post("/console/imports", data=data)


def run_worker(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
    assert result.exit_code == 0, result.output


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": csrf_of(browser), **fields})


def file_of(app: Flask) -> ImportFile:
    with app.app_context():
        return db.session.execute(select(ImportFile)).scalar_one()


def test_a_file_is_looked_at_taken_in_and_taken_back(own_app, officer, tmp_path):
    rows = [
        penalty_row(),
        penalty_row(行政处罚决定书文号="石长市监罚〔2026〕22号", 处罚类别="罚金"),
    ]
    answer = hand_in(officer, write_csv(tmp_path / "f.csv", [{**row, "办案人": "甲"} for row in rows]))
    assert answer.status_code == 303
    page = officer.get(f"{answer.location}?lang=en").get_data(as_text=True)
    assert "Penalties of organisations and households, upload template" in page
    assert "penalty.organisation" not in page
    assert "办案人" in page
    assert "石长市监罚〔2026〕21号" in page
    with own_app.app_context():
        assert db.session.execute(select(Penalty)).first() is None, "a preview changes nothing"
    assert post(officer, f"{answer.location}/start").status_code == 303
    assert post(officer, f"{answer.location}/start").status_code == 409
    run_worker(own_app)
    file = file_of(own_app)
    assert (file.state, file.percent) == (FileState.FINISHED, 100)
    with own_app.app_context():
        assert db.session.execute(select(Penalty)).scalar_one().state is RecordState.IN_FORCE
    errors = officer.get(f"{answer.location}/rejected.csv").get_data(as_text=True)
    assert "石长市监罚〔2026〕22号" in errors
    assert "石长市监罚〔2026〕21号" not in errors
    assert post(officer, f"{answer.location}/undo", reason=" ").status_code == 422
    assert post(officer, f"{answer.location}/undo", reason="文件有误").status_code == 303
    with own_app.app_context():
        assert db.session.execute(select(Penalty)).first() is None


def test_uploads_are_readable_by_nobody_else(own_app, officer, own_settings, tmp_path):
    hand_in(officer, write_csv(tmp_path / "f.csv", [penalty_row()]), name="../../etc/处罚.csv")
    (kept,) = (own_settings.data_dir / uploads.FOLDER).iterdir()
    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    assert file_of(own_app).file_name == "处罚.csv"


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("x.exe", b"MZ", 422),
        ("x.csv", b"", 303),
        ("x.csv", "只,有,别的\n1,2,3\n".encode(), 303),
        ("x.xlsx", b"PK\x03\x04no", 303),
    ],
)
def test_a_bad_file_is_told_about_and_cannot_be_started(own_app, officer, tmp_path, name, content, status):
    path = tmp_path / "bad"
    path.write_bytes(content)
    answer = hand_in(officer, path, name=name)
    assert answer.status_code == status
    page = (answer if status == 422 else officer.get(answer.location)).get_data(as_text=True)
    assert 'role="alert"' in page
    assert "/start" not in page


def test_another_district_sees_no_file(own_app, officer, tmp_path):
    answer = hand_in(officer, write_csv(tmp_path / "f.csv", [penalty_row()]))
    stranger = Browser(own_app, own_app.response_class, use_cookies=True)
    with own_app.app_context():
        with transaction():
            elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
            elsewhere.region = "130104"
        sign_in(stranger, "wang", Role.ENTRY, Role.REVIEW, authority=elsewhere)
    for tail in ("", "/progress", "/rejected.csv"):
        assert stranger.get(answer.location + tail).status_code == 404
    for tail in ("/start", "/undo"):
        assert post(stranger, answer.location + tail, reason="x").status_code == 404


def test_work_that_broke_off_is_carried_on(own_app, officer, own_settings, tmp_path, monkeypatch):
    rows = [penalty_row(行政处罚决定书文号=f"石长市监罚〔2026〕{number}号") for number in range(1, 31)]
    answer = hand_in(officer, write_csv(tmp_path / "f.csv", rows))
    post(officer, f"{answer.location}/start")
    monkeypatch.setattr("registry.services.imports.running.BATCH", 10)
    with own_app.app_context():
        file_id = db.session.execute(select(ImportFile.id)).scalar_one()

        def break_off(*given: object, **columns: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(uploads, "_note", break_off)
            with pytest.raises(KeyboardInterrupt):
                uploads.take_in(file_id, Importer("130100", VAULT), own_settings.data_dir)
        db.session.remove()
        assert db.session.execute(select(ImportRun.read)).scalar_one() == 10
        take_file_in(file_id)
        db.session.remove()
        run = db.session.execute(select(ImportRun)).scalar_one()
        assert (run.read, run.applied) == (30, 30)
    with connect_as_owner(own_settings) as connection:
        (entered,) = connection.execute("SELECT count(*), count(DISTINCT record_id) FROM penalty").fetchall()
    assert entered == (30, 30)


STRANGER = "石家庄市桥西区市场监督管理局"


def taken_in(app: Flask, browser, path, **named) -> str:
    """Address of a file that was handed in, started and worked on."""
    answer = hand_in(browser, path, **named)
    assert post(browser, f"{answer.location}/start").status_code == 303
    run_worker(app)
    return answer.location


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("row_of", "organ", "kind"), [(penalty_row, "处罚机关", "penalties"), (licence_row, "许可机关", "licences")]
)
def test_a_row_of_an_authority_outside_the_area_is_refused(own_app, officer, tmp_path, known, row_of, organ, kind):
    code = make_uscc("11", "130104")
    if known:
        with own_app.app_context(), transaction():
            other = make_authority(name=STRANGER)
            other.uscc, other.region = code, "130104"
    rows = [row_of(), row_of(**{organ: STRANGER, f"{organ}统一社会信用代码": code})]
    address = taken_in(own_app, officer, write_csv(tmp_path / "f.csv", rows), kind=kind)
    with own_app.app_context():
        run = db.session.execute(select(ImportRun)).scalar_one()
        assert (run.read, run.applied, run.rejected) == (2, 1, 1)
        noted = db.session.execute(select(Authority).where(Authority.uscc == code)).scalar_one_or_none()
        assert (noted is not None) is known, "a stranger's name is not even noted"
    errors = officer.get(f"{address}/rejected.csv?lang=zh").get_data(as_text=True)
    assert "所列机关不在您的辖区" in errors


def test_a_city_hands_in_what_its_districts_decided(own_app, officer, tmp_path):
    with own_app.app_context(), transaction():
        authority = db.session.execute(select(Authority).where(Authority.uscc == AUTHORITY_CODE)).scalar_one()
        authority.region = "130100"
    rows = [
        penalty_row(),
        penalty_row(
            行政处罚决定书文号="石西市监罚〔2026〕1号",
            处罚机关=STRANGER,
            处罚机关统一社会信用代码=make_uscc("11", "130104"),
        ),
    ]
    taken_in(own_app, officer, write_csv(tmp_path / "f.csv", rows))
    with own_app.app_context():
        assert db.session.execute(select(ImportRun.applied)).scalar_one() == 2


@pytest.mark.parametrize("region", ["130104", None])
@pytest.mark.parametrize("kind", ["operators", "online-presences"])
def test_a_file_changes_no_operator_of_another_district(own_app, officer, tmp_path, kind, region):
    with own_app.app_context(), transaction():
        outside, own = make_operator(region=region), make_operator()
        codes = [outside.uscc, own.uscc]
    if kind == "operators":
        rows = [operator_row(统一社会信用代码=code, 企业名称=f"石家庄新名{code[-1]}有限公司") for code in codes]
    else:
        rows = [{"统一社会信用代码": code, "类型": "网店", "名称": f"新店{code[-1]}"} for code in codes]
    taken_in(own_app, officer, write_csv(tmp_path / "f.csv", rows), kind=kind)
    with own_app.app_context():
        run = db.session.execute(select(ImportRun)).scalar_one()
        assert (run.read, run.applied, run.rejected) == (2, 1, 1)
        untouched = db.session.execute(select(Operator).where(Operator.uscc == codes[0])).scalar_one()
        assert (untouched.revision, untouched.online_presences) == (1, [])


def test_what_nobody_foresaw_is_told_and_can_be_started_again(own_app, officer, tmp_path, monkeypatch):
    rows = [penalty_row(行政处罚决定书文号=f"石长市监罚〔2026〕{number}号") for number in range(1, 31)]
    path = write_csv(tmp_path / "f.csv", rows)
    monkeypatch.setattr("registry.services.imports.running.BATCH", 10)
    real, batches = running.apply_batch, count()

    def broken(*given):
        if next(batches) == 1:
            raise ZeroDivisionError("a bug")
        return real(*given)

    with monkeypatch.context() as patched:
        patched.setattr(running, "apply_batch", broken)
        address = taken_in(own_app, officer, path)
    assert file_of(own_app).state is FileState.FAILED
    page = officer.get(f"{address}?lang=en").get_data(as_text=True)
    assert "Something went wrong on our side" in page
    assert "Start it again" in page
    assert "ZeroDivisionError" not in page
    assert ">10<" in re.sub(r"\s", "", page), "how far it came"
    assert post(officer, f"{address}/start").status_code == 303
    assert file_of(own_app).failure is None
    run_worker(own_app)
    assert file_of(own_app).state is FileState.FINISHED
    with own_app.app_context():
        run = db.session.execute(select(ImportRun)).scalar_one()
        assert (run.read, run.applied) == (30, 30)
    assert post(officer, f"{address}/start").status_code == 409


def test_a_file_that_another_process_takes_in_is_not_taken_in_twice(own_app, officer, tmp_path):
    path = write_csv(tmp_path / "f.csv", [penalty_row()])
    with own_app.app_context(), runs.only_one("penalties", hashlib.sha256(path.read_bytes()).digest()):
        address = taken_in(own_app, officer, path)
    assert file_of(own_app).state is FileState.FAILED
    assert "相同的文件正在导入" in officer.get(f"{address}?lang=zh").get_data(as_text=True)
    post(officer, f"{address}/start")
    run_worker(own_app)
    assert file_of(own_app).state is FileState.FINISHED


def test_a_flagged_row_leads_to_its_operator(own_app, officer, tmp_path):
    code = make_uscc()
    rows = [operator_row(统一社会信用代码=make_uscc()), operator_row(统一社会信用代码=code, 企业类型="个体工商户")]
    address = taken_in(own_app, officer, write_csv(tmp_path / "f.csv", rows), kind="operators")
    with own_app.app_context():
        operator_id = db.session.execute(select(Operator.id).where(Operator.uscc == code)).scalar_one()
    for page in (officer.get(f"{address}?lang=en"), officer.get("/console/quality?concern=flagged_row&lang=en")):
        assert f'href="{address}/rows/3"' in page.get_data(as_text=True)
    assert officer.get(f"{address}/rows/3").location == f"/console/operators/{operator_id}"
    assert officer.get(f"{address}/rows/9").status_code == 404
    flagged = officer.get(f"{address}/flagged.csv").get_data(as_text=True)
    assert code in flagged
    stranger = Browser(own_app, own_app.response_class, use_cookies=True)
    with own_app.app_context():
        with transaction():
            elsewhere = make_authority(name=STRANGER)
            elsewhere.region = "130104"
        sign_in(stranger, "wang", Role.ENTRY, Role.REVIEW, authority=elsewhere)
    for tail in ("/rows/3", "/flagged.csv"):
        assert stranger.get(address + tail).status_code == 404
    assert address not in stranger.get("/console/quality?concern=flagged_row").get_data(as_text=True)
