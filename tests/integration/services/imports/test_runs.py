"""The life of a run: continued after a kill, held by one process, taken back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from models import ImportRun, ImportState, LedgerEntry, Operator, Penalty, PersonalValue, PublicFinding, db
from registry.services.imports import running, runs
from registry.services.imports.faults import FileRefused
from registry.services.imports.reading import open_source
from registry.services.imports.undo import RunInUse, RunUndone, RunUnknown, undo
from tests.factories import make_uscc
from tests.import_files import write_csv
from tests.import_rows import (
    abnormal_row,
    identity_number,
    operator_row,
    penalty_row,
    person_row,
    wrong,
)

CODE_1 = "行政相对人代码_1(统一社会信用代码)"


def counts(report):
    return (report.counts.read, report.counts.applied, report.counts.unchanged, report.counts.rejected)


def operators():
    return set(db.session.execute(select(Operator.uscc)).scalars())


def last_entry(record_id):
    return db.session.execute(
        select(LedgerEntry.action, LedgerEntry.actor)
        .where(LedgerEntry.record_id == record_id)
        .order_by(LedgerEntry.revision.desc())
        .limit(1)
    ).one()


class Killed(BaseException):
    """What a kill looks like from inside."""


def test_a_killed_run_is_continued_and_applies_each_row_once(importer, tmp_path, monkeypatch):
    codes = [make_uscc() for _ in range(7)]
    rows = [operator_row(统一社会信用代码=code) for code in codes]
    rows[1]["统一社会信用代码"] = wrong(codes[1])
    path = write_csv(tmp_path / "operators.csv", rows)
    monkeypatch.setattr(running, "BATCH", 2)
    real = runs.advance

    def killed(run_id, position, to, outcomes):
        real(run_id, position, to, outcomes)
        if to == 5:
            raise Killed

    monkeypatch.setattr(runs, "advance", killed)
    with pytest.raises(Killed):
        importer.take_in("operators", path)
    run = db.session.execute(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).scalar_one()
    assert (run.state, run.position, run.read, run.rejected) == (ImportState.RUNNING, 3, 2, 1)
    db.session.rollback()
    monkeypatch.setattr(runs, "advance", real)
    report = importer.take_in("operators", path)
    assert (report.run_id, report.continued) == (run.id, True)
    assert counts(report) == (7, 6, 0, 1)
    entered = db.session.execute(
        select(db.func.count()).select_from(LedgerEntry).where(LedgerEntry.actor == f"import:{run.id}")
    ).scalar_one()
    assert entered == 6


def test_two_processes_cannot_take_in_one_file(importer, tmp_path):
    path = write_csv(tmp_path / "operators.csv", [operator_row(统一社会信用代码=make_uscc())])
    with runs.only_one("operators", open_source(path, "operators").sha256), pytest.raises(runs.AlreadyRunning):
        importer.take_in("operators", path)
    assert importer.take_in("operators", path).counts.applied == 1


def test_a_run_that_another_process_carried_on_is_left_to_it(importer, tmp_path):
    path = write_csv(tmp_path / "operators.csv", [operator_row(统一社会信用代码=make_uscc())])
    run_id = runs.begin("operators", open_source(path, "operators"), None)
    db.session.execute(update(ImportRun).where(ImportRun.id == run_id).values(position=9))
    db.session.commit()
    with pytest.raises(runs.RunMoved):
        runs.advance(run_id, 0, 5, [])
    db.session.rollback()
    db.session.execute(delete(ImportRun).where(ImportRun.id == run_id))
    db.session.commit()


def test_two_files_about_the_same_operators_do_not_harm_each_other(node, importer, tmp_path):
    codes = [make_uscc() for _ in range(400)]
    rows = [operator_row(统一社会信用代码=code) for code in codes]
    paths = [write_csv(tmp_path / "one.csv", rows), write_csv(tmp_path / "other.csv", rows[::-1])]

    def take_in(path):
        with node.app_context():
            return importer.take_in("operators", path).counts

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(take_in, paths)
    assert (one.rejected, other.rejected) == (0, 0)
    assert one.applied + other.applied == 400
    entered = select(db.func.count()).select_from(Operator).where(Operator.uscc.in_(codes))
    assert db.session.execute(entered).scalar_one() == 400


def test_counts_that_do_not_add_up_cannot_be_stored(importer, tmp_path):
    path = write_csv(tmp_path / "operators.csv", [operator_row(统一社会信用代码=make_uscc())])
    run_id = importer.take_in("operators", path).run_id
    with pytest.raises(IntegrityError, match="counts_add_up"):
        db.session.execute(text("UPDATE import_run SET read = read + 1 WHERE id = :id"), {"id": run_id})
    db.session.rollback()


def test_a_refused_file_leaves_no_run(importer, tmp_path):
    path = tmp_path / "operators.csv"
    path.write_text("nothing,here\n1,2\n", encoding="utf-8")
    before = db.session.execute(select(db.func.count()).select_from(ImportRun)).scalar_one()
    with pytest.raises(FileRefused):
        importer.take_in("operators", path)
    assert db.session.execute(select(db.func.count()).select_from(ImportRun)).scalar_one() == before


def test_undo_takes_new_operators_out_and_says_so_in_the_ledger(take):
    codes = {make_uscc() for _ in range(3)}
    report = take(
        "operators", *({**operator_row(统一社会信用代码=c, 曾用名="旧名"), "登记状态": "吊销"} for c in codes)
    )
    record_id = db.session.execute(select(Operator.record_id).where(Operator.uscc.in_(codes)).limit(1)).scalar_one()
    undone = undo(report.run_id)
    assert (undone.taken_back, undone.restored) == (3, 0)
    assert operators().isdisjoint(codes)
    assert last_entry(record_id) == ("operator.taken_back", f"system:undo-import-{report.run_id}")
    assert db.session.execute(select(PublicFinding).where(PublicFinding.record_id == record_id)).first() is None
    with pytest.raises(RunUndone):
        undo(report.run_id)


def test_undo_brings_changed_operators_back_to_what_they_were(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code))
    report = take("operators", operator_row(统一社会信用代码=code, 企业名称="河北新名有限公司", 注册资金="5万元"))
    undone = undo(report.run_id)
    assert (undone.taken_back, undone.restored) == (0, 1)
    operator = db.session.execute(select(Operator).where(Operator.uscc == code)).scalar_one()
    assert (operator.name, operator.registered_capital, operator.revision) == (
        "石家庄瑞祥商贸有限公司",
        "100万元人民币",
        3,
    )
    assert operator.former_names == []
    assert "新名" not in operator.search_terms
    assert last_entry(operator.record_id)[0] == "operator.restored"


def test_undo_takes_back_decisions_with_the_operators_they_entered(take):
    code, number = make_uscc(), identity_number(serial="311")
    report = take("penalties", penalty_row(**{CODE_1: code}))
    persons = take("penalties", person_row(证件号码=number))
    record_id = db.session.execute(select(Penalty.record_id).join(Operator).where(Operator.uscc == code)).scalar_one()
    assert undo(report.run_id).taken_back == 2
    assert code not in operators()
    assert db.session.execute(select(PublicFinding).where(PublicFinding.record_id == record_id)).first() is None
    payload = db.session.execute(
        select(LedgerEntry.payload)
        .where(LedgerEntry.record_id == record_id)
        .order_by(LedgerEntry.revision.desc())
        .limit(1)
    ).scalar_one()
    assert b'"state":"withdrawn"' in payload
    undo(persons.run_id)
    assert (
        db.session.execute(select(PersonalValue.ciphertext).where(PersonalValue.ciphertext.is_not(None))).first()
        is None
    )
    assert counts(take("penalties", penalty_row(**{CODE_1: code}))) == (1, 1, 0, 0)


def test_undo_says_what_rests_on_the_run(take):
    code = make_uscc()
    operators_run = take("operators", operator_row(统一社会信用代码=code))
    penalties_run = take("penalties", penalty_row(**{CODE_1: code}))
    with pytest.raises(RunInUse) as refusal:
        undo(operators_run.run_id)
    assert len(refusal.value.reasons) == 1
    assert "administrative_penalty" in refusal.value.reasons[0]
    assert code in operators()
    undo(penalties_run.run_id)
    assert undo(operators_run.run_id).taken_back == 1


def test_undo_refuses_while_a_later_change_stands(take):
    code = make_uscc()
    first = take("operators", operator_row(统一社会信用代码=code))
    second = take("operators", operator_row(统一社会信用代码=code, 注册资金="5万元"))
    with pytest.raises(RunInUse):
        undo(first.run_id)
    undo(second.run_id)
    assert undo(first.run_id).taken_back == 1
    assert code not in operators()


def test_undo_continues_after_a_kill(take, monkeypatch):
    from registry.services.imports import undo as undoing

    report = take("operators", *(operator_row(统一社会信用代码=make_uscc()) for _ in range(5)))
    monkeypatch.setattr(undoing, "BATCH", 2)
    real, calls = undoing._take_back, []

    def killed(records, actor):
        calls.append(records)
        if len(calls) == 2:
            raise Killed
        return real(records, actor)

    monkeypatch.setattr(undoing, "_take_back", killed)
    with pytest.raises(Killed):
        undo(report.run_id)
    monkeypatch.setattr(undoing, "_take_back", real)
    assert undo(report.run_id).taken_back == 3


@pytest.mark.usefixtures("node")
def test_undo_of_a_run_that_never_was():
    with pytest.raises(RunUnknown):
        undo(10**9)


def test_undo_of_listings_restores_the_projection(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code))
    report = take("abnormal-listings", abnormal_row(统一社会信用代码=code))
    operator_id = db.session.execute(select(Operator.id).where(Operator.uscc == code)).scalar_one()
    assert db.session.execute(select(PublicFinding).where(PublicFinding.operator_id == operator_id)).first() is not None
    undo(report.run_id)
    assert db.session.execute(select(PublicFinding).where(PublicFinding.operator_id == operator_id)).first() is None
