"""Crafted requests for every transition of SM-A to SM-C, SM-E to SM-G, SM-J and of clues: refused, and nothing is changed.

What an action needs is written down here once more, by hand: a transition that a declaration gains has to be added. The
conditions of the law are granted and effects set aside, so that only the procedure itself can be what refuses.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, update

from models import Operator, Proceeding, db
from registry.rules.proceedings import ABOUT_A_RECORD, ONE_AT_A_TIME, WHERE_REGISTERED, Procedure
from registry.rules.roles import Role
from registry.services.proceedings import bindings, engine
from registry.services.proceedings.carried_out import PROCEDURES
from registry.transaction import transaction
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_inspection_result,
    make_operator,
    make_violation_listing,
)
from tests.integration.blueprints.crafted import Desk, fingerprint, refusals, rolled_back, undone
from tests.matters import DESK
from tests.walk_samples import WALKS, samples_of

ENTRY, REPAIR, OBJECTION = {Role.ENTRY}, {Role.REPAIR}, {Role.OBJECTION}
SECOND, ABOVE = {Role.REVIEW, Role.LEGAL}, {Role.SUPERIOR}
BUSINESS = (Role.ENTRY, Role.REVIEW, Role.LEGAL, Role.SUPERIOR, Role.REPAIR, Role.OBJECTION, Role.PUBLISH)


class Door(StrEnum):
    """Which address takes an action; the system's own have none."""

    OPENING = "opening"
    STEP = "steps"
    DECISION = "decisions"
    NONE = "none"


@dataclass(frozen=True)
class Way:
    """How an action is asked for, and the roles that may."""

    door: Door
    roles: frozenset[Role]


def by(door: Door, roles: set[Role]) -> Way:
    return Way(door, frozenset(roles))


def openings(roles: set[Role], *actions: str) -> dict[str, Way]:
    return dict.fromkeys(actions, by(Door.OPENING, roles))


def steps(roles: set[Role], *actions: str) -> dict[str, Way]:
    return dict.fromkeys(actions, by(Door.STEP, roles))


def decisions(*actions: str, roles: set[Role] = SECOND) -> dict[str, Way]:
    return dict.fromkeys(actions, by(Door.DECISION, roles))


def by_nobody(*actions: str) -> dict[str, Way]:
    return dict.fromkeys(actions, by(Door.NONE, set()))


TABLE: dict[Procedure, dict[str, Way]] = {
    Procedure.ABNORMAL_LISTING: openings(ENTRY, "record")
    | steps(ENTRY, "contact", "propose", "apply")
    | decisions("order", "drop", "refuse", "list", "refuse_removal", "remove", "correct", "restore")
    | by_nobody("close_order", "close"),
    Procedure.HOUSEHOLD_MARK: openings(ENTRY, "propose")
    | steps(ENTRY, "apply")
    | decisions("refuse", "mark", "refuse_recovery", "recover", "correct")
    | by_nobody("mark_unreported", "recover_reported", "close"),
    Procedure.VIOLATION_LISTING: openings(ENTRY, "assess")
    | steps(ENTRY, "notify", "ask_for_hearing", "apply")
    | decisions(
        "drop", "keep_proposal", "list", "refuse_removal", "remove", "revoke", "restore", "shield", "lift_shield"
    )
    | decisions("refuse_consent", roles=ABOVE)
    | by_nobody("expire"),
    Procedure.REPAIR: openings(REPAIR, "draft")
    | steps(REPAIR, "submit", "ask_for_more", "supplement", "accept", "not_accept", "verify")
    | decisions("grant", "refuse", "revoke")
    | by_nobody("sync"),
    Procedure.OBJECTION: openings(OBJECTION, "object")
    | steps(OBJECTION, "accept", "not_accept")
    | decisions("uphold", "reject")
    | by_nobody("correct"),
    Procedure.INSPECTION_RESULT: openings(ENTRY, "record")
    | decisions("publish", "end_after_repair", "withdraw")
    | by_nobody("end_with_record"),
    Procedure.SERVICE_STOP: openings(ENTRY, "propose")
    | decisions("approve")
    | steps(ENTRY, "confirm", "refuse")
    | by_nobody("send", "lift"),
    Procedure.CLUE: openings(ENTRY, "report") | steps(ENTRY, "take_up", "not_take_up", "answer"),
}
ABOUT: dict[Procedure, Any] = {
    Procedure.HOUSEHOLD_MARK: make_household_mark,
    Procedure.VIOLATION_LISTING: make_violation_listing,
    Procedure.SERVICE_STOP: make_violation_listing,
    Procedure.INSPECTION_RESULT: make_inspection_result,
}
REASONS = {
    Procedure.ABNORMAL_LISTING: "R3",
    Procedure.HOUSEHOLD_MARK: "R3",
    Procedure.VIOLATION_LISTING: "44-5",
    Procedure.OBJECTION: "penalty_data",
}
DECLARED = {binding.procedure: binding for binding in PROCEDURES}
ROWS = [(procedure, action) for procedure, ways in TABLE.items() for action in ways]
row_by_row = pytest.mark.parametrize(("procedure", "action"), ROWS)
row_of_officers = pytest.mark.parametrize(("procedure", "action"), [row for row in ROWS if TABLE[row[0]][row[1]].roles])


class Town:
    """Two districts and the city above them, an officer of every kind, and a case at every stage of every procedure."""

    def __init__(self, app: Flask, database: Connection) -> None:
        self.database = database
        with transaction():
            self.above = make_authority(name="石家庄市市场监督管理局")
            self.here, self.there = make_authority(), make_authority(name="石家庄市桥西区市场监督管理局")
            self.above.region, self.there.region = "130100", "130104"
            self.here.parent_id = self.above.id
        self.one = {role: Desk(app, f"one_{role}", role, at=self.here) for role in Role}
        self.consenting = Desk(app, "consenting", Role.SUPERIOR, at=self.above)
        self.elsewhere = Desk(app, "elsewhere", *BUSINESS, at=self.there)
        self.everything = Desk(app, "everything", *BUSINESS, at=self.here)
        self.cases: dict[tuple[Procedure, str], int] = {}
        self.operators: dict[Procedure, int] = {}
        with transaction():
            for procedure, binding in DECLARED.items():
                for state in binding.machine.states:
                    self.cases[procedure, str(state.stage)] = self._case(procedure, state.stage)
                self.operators[procedure] = self._operator().id
        self.stands_as = fingerprint(database)

    def officer(self, role: Role) -> Desk:
        """Who may act with this role in a case of `here`."""
        return self.consenting if role is Role.SUPERIOR else self.one[role]

    def case(self, procedure: Procedure, stage: str) -> Proceeding:
        return db.session.get_one(Proceeding, self.cases[procedure, stage])

    def _case(self, procedure: Procedure, stage: Any) -> int:
        operator = self._operator()
        about = ABOUT.get(procedure, make_abnormal_listing)(operator, self.here)
        return engine.adopt(
            procedure,
            stage,
            authority=self.here,
            operator=operator,
            about=about.record_id,
            reason=REASONS.get(procedure),
            report_year=None,
            actor=ACTOR,
            desk=DESK,
        ).id

    def _operator(self) -> Operator:
        return make_operator(region="130102")


@pytest.fixture(scope="module")
def town(app: Flask) -> Iterator[Town]:
    """One transaction for the whole module, rolled back after it; every condition of the law granted."""
    granted = pytest.MonkeyPatch()
    for procedure, binding in DECLARED.items():
        rows = tuple(replace(row, guards=()) for row in binding.machine.transitions)
        free = replace(
            binding,
            machine=replace(binding.machine, transitions=rows),
            facts=lambda _case, _desk: None,
            facing=None,
            clock=lambda _case, _desk: None,
            effects={},
        )
        granted.setitem(bindings._BINDINGS, procedure, free)
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False), rolled_back(app) as connection:
        yield Town(app, connection)
    granted.undo()


def stated(procedure: Procedure, action: str) -> dict[str, Any]:
    """What is stated with an action, as a form posts it."""
    binding = DECLARED[procedure]
    fields: dict[str, Any] = {"statement": "已核对"}
    for particular in binding.stated.get(binding.actions(action), ()):
        value = samples_of(WALKS[procedure], particular)[0]
        fields[particular.name] = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    return fields


def begun(town: Town, procedure: Procedure) -> dict[str, Any]:
    """The particulars of a new case."""
    fields: dict[str, Any] = {"operator": town.operators[procedure], "reason": REASONS.get(procedure, "")}
    if procedure in ABOUT_A_RECORD:  # one that has had its case, which is over
        case = town.case(procedure, str(next(state.stage for state in DECLARED[procedure].machine.states if state.end)))
        fields |= {"operator": case.operator_id, "about": case.about}
    return fields


def right_stages(procedure: Procedure, action: str) -> list[str]:
    rows = [row for row in DECLARED[procedure].machine.transitions if row.action == action]
    return sorted({str(stage) for row in rows for stage in row.before if stage is not None})


def requests(town: Town, procedure: Procedure, action: str) -> Iterator[tuple[str, str, int]]:
    """Stage, address and revision of what would be right to ask for."""
    way = TABLE[procedure][action]
    if way.door is Door.OPENING:
        yield "new", f"/console/proceedings/new/{procedure}/{action}", 0
        return
    for stage in right_stages(procedure, action):
        case = town.case(procedure, stage)
        yield stage, f"/console/proceedings/{case.id}/{way.door}/{action}", case.revision


def ask(town: Town, desk: Desk, procedure: Procedure, action: str, address: str, **fields: Any) -> Any:
    return desk.post(address, **{**begun(town, procedure), **stated(procedure, action), **fields})


def test_every_transition_has_its_way_here_and_every_way_its_transition() -> None:
    declared = {
        (procedure, str(row.action)) for procedure, each in DECLARED.items() for row in each.machine.transitions
    }
    assert declared == set(ROWS)
    assert set(TABLE) == set(Procedure)
    decided = {
        (procedure, str(row.action))
        for procedure, each in DECLARED.items()
        for row in each.machine.transitions
        if row.second_person
    }
    assert decided == {key for key in ROWS if TABLE[key[0]][key[1]].door is Door.DECISION}


@row_by_row
def test_from_a_wrong_stage_or_at_a_wrong_address(town: Town, procedure: Procedure, action: str) -> None:
    way, right = TABLE[procedure][action], right_stages(procedure, action)
    answers = []
    doors = {Door.STEP, Door.DECISION}
    for (kind, stage), number in town.cases.items():
        for door in sorted(doors - {way.door} if stage in right else doors & {way.door} or doors):
            if kind is not procedure:
                continue
            desk = town.consenting if Role.SUPERIOR in way.roles else town.everything
            address = f"/console/proceedings/{number}/{door}/{action}"
            revision = town.case(kind, stage).revision
            answers.append((f"{stage} {door}", ask(town, desk, procedure, action, address, revision=revision)))
    if way.door is not Door.OPENING:
        address = f"/console/proceedings/new/{procedure}/{action}"
        answers.append(("new", ask(town, town.everything, procedure, action, address)))
    assert refusals(answers, 404, 409) == []
    assert fingerprint(town.database) == town.stands_as


@row_by_row
def test_with_a_wrong_role_or_in_another_district(town: Town, procedure: Procedure, action: str) -> None:
    way = TABLE[procedure][action]
    answers = []
    for stage, address, revision in requests(town, procedure, action):
        for role in () if answers else sorted(set(Role) - way.roles):
            desk = town.officer(role)
            answers.append((f"{stage} {role}", ask(town, desk, procedure, action, address, revision=revision)))
        if Role.SUPERIOR in way.roles:  # of this authority itself, not of the one above
            desk = town.one[Role.SUPERIOR]
            answers.append((f"{stage} own", ask(town, desk, procedure, action, address, revision=revision)))
        if way.door is not Door.OPENING or procedure in WHERE_REGISTERED:
            answers.append(
                (f"{stage} elsewhere", ask(town, town.elsewhere, procedure, action, address, revision=revision))
            )
    assert refusals(answers, 403, 404, 409) == []
    assert fingerprint(town.database) == town.stands_as


@row_of_officers
def test_without_a_reason_or_by_who_prepared_it(town: Town, procedure: Procedure, action: str) -> None:
    way = TABLE[procedure][action]
    asked = [(each, town.officer(role)) for each in requests(town, procedure, action) for role in sorted(way.roles)]
    answers = [
        (f"{stage} {desk.me}", ask(town, desk, procedure, action, address, revision=revision, statement=" "))
        for (stage, address, revision), desk in asked
    ]
    assert refusals(answers, 422) == []
    assert fingerprint(town.database) == town.stands_as
    if way.door is not Door.DECISION:
        return
    with undone(town.database):
        db.session.execute(update(Proceeding).values(hands=sorted({desk.me for _, desk in asked})))
        db.session.commit()
        before = fingerprint(town.database)
        answers = [
            (f"{stage} {desk.me}", ask(town, desk, procedure, action, address, revision=revision))
            for (stage, address, revision), desk in asked
        ]
        assert refusals(answers, 403) == []
        assert fingerprint(town.database) == before


@row_of_officers
def test_taken_once_and_not_a_second_time(town: Town, procedure: Procedure, action: str) -> None:
    way = TABLE[procedure][action]
    for stage, address, revision in requests(town, procedure, action):
        desk = town.officer(min(way.roles))
        with undone(town.database):
            db.session.execute(update(Proceeding).values(hands=["officer:somebody"], decided_by=None))
            db.session.commit()
            assert ask(town, desk, procedure, action, address, revision=revision).status_code == 303, stage
            if way.door is Door.OPENING and procedure not in ONE_AT_A_TIME:
                continue  # a second clue, objection, result or notice about the same operator is another case
            taken = fingerprint(town.database)
            answers = [(stage, ask(town, desk, procedure, action, address, revision=revision))]
            assert refusals(answers, 409, 422) == []
            assert fingerprint(town.database) == taken
