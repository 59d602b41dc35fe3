"""The commands of imports and exports as a terminal sees them."""

import base64
import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from models import Authority, LedgerEntry, Operator, db
from registry.app import create_app
from tests.database import cloned_database, close, plain_url
from tests.factories import make_uscc
from tests.import_files import write_csv
from tests.import_rows import (
    abnormal_row,
    licence_row,
    operator_row,
    penalty_row,
    person_row,
    violation_row,
    wrong,
)


@pytest.fixture(scope="module")
def node() -> Iterator[Flask]:
    with cloned_database() as settings:
        application = create_app(settings)
        yield application
        close(application)


@pytest.fixture(autouse=True)
def on_a_fixed_day() -> Iterator[None]:
    with time_machine.travel("2026-11-24T02:00:00Z"):
        yield


def run(node, *words):
    return node.test_cli_runner().invoke(args=list(words))


def test_a_good_file_ends_with_its_counts_and_status_0(node, tmp_path):
    path = write_csv(tmp_path / "operators.csv", [operator_row(统一社会信用代码=make_uscc())])
    result = run(node, "import", "operators", str(path), "--json")
    assert result.exit_code == 0, result.output
    counts = json.loads(result.stdout.splitlines()[-1])
    assert {name: counts[name] for name in ("read", "applied", "unchanged", "rejected")} == {
        "read": 1,
        "applied": 1,
        "unchanged": 0,
        "rejected": 0,
    }
    assert "100" in result.stderr


def test_rejected_rows_give_status_3_and_a_file(node, tmp_path):
    rows = [operator_row(统一社会信用代码=make_uscc()), operator_row(统一社会信用代码=wrong(make_uscc()))]
    path, errors = write_csv(tmp_path / "operators.csv", rows), tmp_path / "errors.csv"
    result = run(node, "import", "operators", str(path), "--errors", str(errors), "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout.splitlines()[-1])["rejected"] == 1
    with errors.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert "统一社会信用代码" in row["错误原因"]


def test_flagged_rows_are_in_the_register_and_in_a_file_that_says_why(node, tmp_path):
    code = make_uscc()
    rows = [operator_row(统一社会信用代码=make_uscc()), operator_row(统一社会信用代码=code, 企业类型="个体工商户")]
    path, flagged = write_csv(tmp_path / "operators.csv", rows), tmp_path / "flagged.csv"
    result = run(node, "import", "operators", str(path), "--flagged", str(flagged), "--json")
    counts = json.loads(result.stdout.splitlines()[-1])
    assert (result.exit_code, counts["applied"], counts["flagged"]) == (0, 2, 1)
    with flagged.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["统一社会信用代码"], row["原行号"]) == (code, "3")
    assert row["提示"].startswith("企业类型：与代码不一致")


def test_a_refused_file_gives_status_1_and_one_sentence(node, tmp_path):
    path = tmp_path / "operators.csv"
    path.write_bytes(b"")
    result = run(node, "import", "operators", str(path))
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


def test_unknown_authority_gives_status_1(node, tmp_path):
    path = write_csv(tmp_path / "penalties.csv", [penalty_row()])
    assert run(node, "import", "penalties", str(path), "--authority", make_uscc("11")).exit_code == 1


def test_a_run_is_taken_back(node, tmp_path):
    code = make_uscc()
    path = write_csv(tmp_path / "operators.csv", [operator_row(统一社会信用代码=code)])
    result = run(node, "import", "operators", str(path), "--json")
    number = json.loads(result.stdout.splitlines()[-1])["run"]
    assert run(node, "import", "undo", str(number)).exit_code == 0
    assert run(node, "import", "undo", str(number)).exit_code == 1
    with node.app_context():
        assert db.session.execute(select(Operator).where(Operator.uscc == code)).first() is None


def test_tables_are_what_the_ledger_says_after_imports_and_undo(node, tmp_path):
    code = make_uscc()
    files = [
        ("operators", [{**operator_row(统一社会信用代码=code, 曾用名="旧名"), "登记状态": "歇业"}]),
        ("operators", [operator_row(统一社会信用代码=code, 企业名称="石家庄新名有限公司")]),
        ("penalties", [penalty_row(**{"行政相对人代码_1(统一社会信用代码)": make_uscc()})]),
        ("penalties", [person_row()]),
        ("licences", [licence_row(**{"行政相对人代码_1(统一社会信用代码)": make_uscc()})]),
        ("abnormal-listings", [abnormal_row(统一社会信用代码=code)]),
        ("violation-listings", [violation_row(统一社会信用代码=code)]),
    ]
    runs = []
    for kind, rows in files:
        result = run(node, "import", kind, str(write_csv(tmp_path / "file.csv", rows)), "--json")
        assert result.exit_code == 0, result.output
        runs.append(json.loads(result.stdout.splitlines()[-1])["run"])
    checked = run(node, "ledger", "rebuild", "--check")
    assert checked.exit_code == 0, checked.output
    for number in reversed(runs):
        assert run(node, "import", "undo", str(number)).exit_code == 0
    checked = run(node, "ledger", "rebuild", "--check")
    assert checked.exit_code == 0, checked.output


def test_an_authority_is_entered_once(node):
    code = make_uscc("11")
    words = ("authority", "create", code, "正定县市场监督管理局", "--regime", "samr", "--region", "130123")
    assert run(node, *words).exit_code == 0
    assert run(node, *words).exit_code == 1
    with node.app_context():
        assert db.session.execute(select(Authority.confirmed).where(Authority.uscc == code)).scalar_one()
    assert run(node, "authority", "create", wrong(code), "某局", "--regime", "ndrc").exit_code == 1


def test_what_law_leaves_to_an_authority_is_set(node):
    code = make_uscc("11")
    run(node, "authority", "create", code, "正定县市场监督管理局", "--regime", "samr")
    result = run(node, "authority", "set", code, "--low-fine-organisation", "50000")
    assert (result.exit_code, "50000" in result.stdout) == (0, True)
    refused = run(node, "authority", "set", code, "--low-fine-person", "much")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)


def test_templates_are_written(node, tmp_path):
    out = tmp_path / "out.xlsx"
    assert run(node, "export", "penalties", "--layout", "organisation", str(out)).exit_code == 0
    assert out.stat().st_size > 0


def test_a_process_killed_outright_loses_nothing_and_repeats_nothing(node, tmp_path):
    codes = [make_uscc() for _ in range(6_000)]
    path = write_csv(tmp_path / "operators.csv", [operator_row(统一社会信用代码=code) for code in codes])
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "import", "operators", str(path)],
        cwd=Path(__file__).parents[3],
        env={**os.environ, **environment_of(node.extensions["registry_settings"])},
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr.readline()  # the first batch is in
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    result = run(node, "import", "operators", str(path), "--json")
    counts = json.loads(result.stdout.splitlines()[-1])
    assert (counts["read"], counts["applied"], counts["unchanged"]) == (6_000, 6_000, 0)
    with node.app_context():
        entered = db.session.execute(
            select(db.func.count(), db.func.count(LedgerEntry.record_id.distinct()))
            .select_from(LedgerEntry)
            .join(Operator, Operator.record_id == LedgerEntry.record_id)
            .where(Operator.uscc.in_(codes))
        ).one()
    assert tuple(entered) == (6_000, 6_000)


def environment_of(settings):
    """The environment variables that give these settings."""
    return {
        "REGISTRY_ENV": settings.environment,
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": plain_url(settings.database_url),
        "DATABASE_OWNER_URL": plain_url(settings.database_owner_url),
        "REGISTRY_SECRET_KEY": settings.secret_key,
        "REGISTRY_PERSONAL_DATA_KEY": base64.b64encode(settings.personal_data_key).decode(),
        "REGISTRY_SITE_URL": settings.site_url,
    }
