"""The import page on a database of its own: preview, start, the worker, error file, undo, a killed worker."""

import io
import os
import stat

import pytest
from flask import Flask
from sqlalchemy import select

from models import FileState, ImportFile, ImportRun, Penalty, db
from registry.jobs import take_file_in
from registry.rules.record import RecordState
from registry.rules.roles import Role
from registry.services.imports import uploads
from registry.services.imports.running import Importer
from registry.transaction import transaction
from tests.database import connect_as_owner
from tests.factories import make_authority
from tests.import_files import write_csv
from tests.import_rows import VAULT, penalty_row
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in


@pytest.fixture
def officer(own_app: Flask):
    """A browser of an officer who enters and reviews."""
    browser = Browser(own_app, own_app.response_class, use_cookies=True)
    with own_app.app_context():
        with transaction():
            authority = make_authority()
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
    page = officer.get(answer.location).get_data(as_text=True)
    assert "penalty.organisation" in page
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
