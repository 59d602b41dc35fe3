"""A case is opened about what lies in the officer's area, by the law's own conditions: a crafted form names something else."""

import pytest
import time_machine

from registry.rules.proceedings import ABOUT_A_RECORD, Procedure
from registry.rules.roles import Role
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator, make_penalty
from tests.integration.blueprints.crafted import Desk, fingerprint, refusals

OPENS = {
    Procedure.ABNORMAL_LISTING: "record",
    Procedure.HOUSEHOLD_MARK: "propose",
    Procedure.VIOLATION_LISTING: "assess",
    Procedure.REPAIR: "draft",
    Procedure.OBJECTION: "object",
    Procedure.INSPECTION_RESULT: "record",
    Procedure.SERVICE_STOP: "propose",
    Procedure.CLUE: "report",
}


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False):
        yield


@pytest.fixture
def officer(app, database):
    with transaction():
        elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
        elsewhere.region = "130104"
    return Desk(app, "elsewhere", Role.ENTRY, Role.REVIEW, Role.REPAIR, Role.OBJECTION, at=elsewhere)


@pytest.fixture
def records(database):
    with transaction():
        operator, bureau = make_operator(region="130102"), make_authority()
        return make_penalty(operator, bureau), make_abnormal_listing(operator, bureau)


def opened(officer, procedure, record, **fields):
    form = {
        "operator": record.operator_id,
        "about": record.record_id,
        "statement": "当事人书面提出",
        "reason": {Procedure.ABNORMAL_LISTING: "R3", Procedure.HOUSEHOLD_MARK: "R3"}.get(procedure, ""),
        **fields,
    }
    return officer.post(f"/console/proceedings/new/{procedure}/{OPENS[procedure]}", **form)


@pytest.mark.parametrize("procedure", sorted(ABOUT_A_RECORD))
def test_nobody_takes_in_what_is_said_about_a_record_of_another_district(officer, records, database, procedure):
    before = fingerprint(database)
    answers = [(record.record_id, opened(officer, procedure, record)) for record in records]
    assert refusals(answers, 404) == []
    assert fingerprint(database) == before


@pytest.mark.parametrize("procedure", sorted(set(OPENS) - ABOUT_A_RECORD))
@pytest.mark.parametrize("field", ["about", "basis"])
def test_a_case_that_makes_its_record_names_none_when_it_begins(app, database, records, procedure, field):
    penalty, listing = records
    here = Desk(app, "here", Role.ENTRY, at=penalty.authority)
    other = make_penalty(make_operator(region="130102"), penalty.authority)
    named = {"about": [penalty, listing], "basis": [other]}[field]
    before = fingerprint(database)
    answers = [
        (record.record_id, opened(here, procedure, penalty, **{"about": "", field: record.record_id}))
        for record in named
    ]
    assert refusals(answers, 404) == []
    assert fingerprint(database) == before


def test_every_procedure_is_tried() -> None:
    assert set(OPENS) == set(Procedure)
