"""Crafted requests for every transition of SM-D and SM-K: refused, and nothing is changed.

As for cases, what an action needs is written down here once more, by hand.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, update

from models import Matter, Operator, Penalty, db
from registry.clock import now
from registry.rules.operator import RegistrationStatus
from registry.rules.penalty_procedure import OPEN, TRANSITIONS, Action, MatterKind, MatterState, Stage, Subject
from registry.rules.record import EndReason, RecordState
from registry.rules.registration_procedure import MACHINE
from registry.rules.registration_procedure import Action as Change
from registry.rules.roles import Role
from registry.services.matters import drafting, forms
from registry.services.record_ids import new_record_id
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty
from tests.integration.blueprints.crafted import Desk, fingerprint, refusals, rolled_back, undone
from tests.matters import DESK, penalty_form

ADDRESSES: dict[Action, tuple[str, Role] | None] = {
    Action.SUBMIT: ("form", Role.ENTRY),
    Action.DISCARD: ("discard", Role.ENTRY),
    Action.PUBLISH: ("publish", Role.REVIEW),
    Action.REFUSE_PUBLICITY: ("refuse_publicity", Role.REVIEW),
    Action.SEND_BACK: ("send_back", Role.REVIEW),
    Action.CORRECT: ("correct", Role.REVIEW),
    Action.WITHDRAW: ("withdraw", Role.REVIEW),
    Action.REFUSE: ("refuse", Role.REVIEW),
    Action.SHIELD: ("shield", Role.REVIEW),
    Action.LIFT_SHIELD: ("lift_shield", Role.REVIEW),
    Action.STOP_EARLY: None,  # a granted repair does it
    Action.EXPIRE: None,  # the day does it
}
OF_OFFICERS = [action for action, way in ADDRESSES.items() if way is not None]
CHANGES: dict[Change, RegistrationStatus | None] = {
    Change.REGISTER: None,  # operators are entered from registration data
    Change.SUSPEND: RegistrationStatus.SUSPENDED,
    Change.RESUME: RegistrationStatus.ACTIVE,
    Change.MOVE_OUT: RegistrationStatus.MOVED_OUT,
    Change.MOVE_IN: RegistrationStatus.ACTIVE,
    Change.REVOKE: RegistrationStatus.REVOKED,
    Change.ANNUL: RegistrationStatus.ANNULLED,
    Change.CLOSE: RegistrationStatus.CLOSED_BY_ORDER,
    Change.REINSTATE: RegistrationStatus.ACTIVE,
    Change.LIQUIDATE: RegistrationStatus.LIQUIDATION,
    Change.CANCEL: RegistrationStatus.CANCELLED,
}
STANDS = {
    MatterKind.ENTRY: (RecordState.PENDING, Stage.ENTERED),
    MatterKind.LIFT_SHIELD: (RecordState.SHIELDED, Stage.SHIELDED),
}
"""Where the record of a matter stands while the matter is open; in force for the other kinds."""

UNENTERED = (MatterKind.ENTRY, MatterState.DRAFT)
"""The only matter that has no record yet."""

BUSINESS = (Role.ENTRY, Role.REVIEW, Role.LEGAL, Role.SUPERIOR, Role.REPAIR, Role.OBJECTION, Role.PUBLISH)
Place = tuple[MatterKind, MatterState]


class Office:
    """A district with a matter of every kind in every state, an operator of every status, and officers."""

    def __init__(self, app: Flask, database: Connection) -> None:
        self.database = database
        with transaction():
            self.here, elsewhere = make_authority(), make_authority(name="石家庄市桥西区市场监督管理局")
            elsewhere.region = "130104"
        self.one = {role: Desk(app, f"one_{role}", role, at=self.here) for role in Role}
        self.everything = Desk(app, "everything", *BUSINESS, at=self.here)
        self.elsewhere = Desk(app, "elsewhere", *BUSINESS, at=elsewhere)
        self.matters: dict[Place, int] = {}
        with transaction():
            for kind, state in product(MatterKind, MatterState):
                self.matters[kind, state] = self._matter(kind, state)
            self.operators = {
                each: make_operator(region="130102", registration_status=each).id for each in RegistrationStatus
            }
        self.stands_as = fingerprint(database)

    def _matter(self, kind: MatterKind, state: MatterState) -> int:
        operator = make_operator(region="130102")
        standing, _ = STANDS.get(kind, (RecordState.IN_FORCE, None))
        columns: dict[str, Any] = {}
        if standing is RecordState.PENDING:
            columns = {"public_until": None, "published_on": None}
        elif standing is RecordState.SHIELDED:
            columns = {"end_reason": EndReason.SHIELDED, "ended_on": date(2026, 9, 1)}
        penalty = make_penalty(operator, self.here, state=standing, **columns)
        cells = penalty_form(operator, decided_on="2026-03-02", document_no=f"{penalty.document_no}之一")
        if kind is MatterKind.CORRECTION:
            cells = {**drafting.cells_of(penalty, DESK), "facts": "当事人虚构交易评价三百条。"}
        name = new_record_id(DESK.node, "matter")
        matter = Matter(
            name=name,
            subject=Subject.PENALTIES,
            kind=kind,
            state=state,
            authority=self.here,
            record_id=None if (kind, state) == UNENTERED else penalty.record_id,
            record_revision=None if (kind, state) == UNENTERED else penalty.revision,
            form=forms.seal(DESK.vault, name, cells) if kind in (MatterKind.ENTRY, MatterKind.CORRECTION) else None,
            statement="决定已被撤销",
            end_reason=EndReason.DECISION_REVOKED if kind is MatterKind.WITHDRAWAL else None,
            opened_by="officer:somebody",
            submitted_by="officer:somebody",
            opened_at=now(),
            changed_at=now(),
        )
        db.session.add(matter)
        db.session.flush()
        return matter.id

    def ask(self, desk: Desk, place: Place, action: Action, **fields: Any) -> Any:
        """Ask for an action of a matter as its page would."""
        matter = db.session.get_one(Matter, self.matters[place])
        way = ADDRESSES[action]
        address = f"/console/matters/{matter.id}/{way[0] if way else action}"
        cells = forms.unseal(DESK.vault, matter.name, matter.form) if action is Action.SUBMIT else {}
        form = {"revision": matter.revision, "reason": "已核对", **cells, **fields}
        return desk.post(address, **form, **({"then": "submit"} if action is Action.SUBMIT else {}))


@pytest.fixture(scope="module")
def office(app: Flask) -> Iterator[Office]:
    """One transaction for the whole module."""
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False), rolled_back(app) as connection:
        yield Office(app, connection)


def places_of(action: Action) -> list[Place]:
    """Where the declaration knows the action."""
    found = set()
    for row in TRANSITIONS:
        if row.action is action:
            for kind, state in product(row.kinds, row.matter_from):
                stage = None if (kind, state) == UNENTERED else STANDS.get(kind, (None, Stage.PUBLISHED))[1]
                assert stage in row.record_from
                found.add((kind, state))
    return sorted(found)


def test_every_transition_has_its_way_here() -> None:
    assert {row.action for row in TRANSITIONS} == set(ADDRESSES)
    assert {row.action for row in MACHINE.transitions} == set(CHANGES)


@pytest.mark.parametrize("action", list(Action))
def test_a_matter_in_a_wrong_state(office: Office, action: Action) -> None:
    right = places_of(action)
    answers = [
        (f"{kind} {state}", office.ask(office.everything, (kind, state), action))
        for kind, state in office.matters
        if (kind, state) not in right
    ]
    assert refusals(answers, 404, 409, 422) == []
    assert fingerprint(office.database) == office.stands_as


@pytest.mark.parametrize("action", OF_OFFICERS)
def test_a_matter_by_a_wrong_role_elsewhere_without_a_reason_or_by_an_own_hand(office: Office, action: Action) -> None:
    way = ADDRESSES[action]
    assert way is not None
    answers = []
    for place in places_of(action):
        for role in sorted(set(Role) - {way[1]}):
            answers.append((f"{place} {role}", office.ask(office.one[role], place, action)))
        answers.append((f"{place} elsewhere", office.ask(office.elsewhere, place, action)))
    assert refusals(answers, 403, 404) == []
    assert fingerprint(office.database) == office.stands_as
    if way[1] is not Role.REVIEW:
        return
    answers = [(str(place), office.ask(office.one[way[1]], place, action, reason=" ")) for place in places_of(action)]
    assert refusals(answers, 422) == []
    assert fingerprint(office.database) == office.stands_as
    with undone(office.database):
        db.session.execute(update(Matter).values(opened_by=office.everything.me))
        db.session.commit()
        before = fingerprint(office.database)
        answers = [(str(place), office.ask(office.everything, place, action)) for place in places_of(action)]
        assert refusals(answers, 403) == []
        assert fingerprint(office.database) == before


@pytest.mark.parametrize("action", OF_OFFICERS)
def test_a_matter_is_moved_once_and_not_a_second_time(office: Office, action: Action) -> None:
    way = ADDRESSES[action]
    assert way is not None
    for place in places_of(action):
        if action is Action.SUBMIT and place[0] not in (MatterKind.ENTRY, MatterKind.CORRECTION):
            continue  # proposed and submitted in one, at the record's own address
        with undone(office.database):
            revision = db.session.get_one(Matter, office.matters[place]).revision
            answer = office.ask(office.one[way[1]], place, action)
            assert (place, answer.status_code) == (place, 303), answer.get_data(as_text=True)
            taken = fingerprint(office.database)
            answers = [
                (f"{place} {seen}", office.ask(office.one[way[1]], place, action, revision=seen))
                for seen in (revision, db.session.get_one(Matter, office.matters[place]).revision)
            ]
            assert refusals(answers, 409, 422) == []
            assert fingerprint(office.database) == taken


@pytest.mark.parametrize("address", ["correction", "withdrawal", "shield", "lift_shield"])
def test_nothing_is_proposed_about_a_record_where_it_stands_or_while_a_matter_is_open(
    office: Office, address: str
) -> None:
    fields = {"statement": "决定已被撤销", "end_reason": "decision_revoked", "since": "2026-11-20", "ruling": "裁定"}
    answers = []
    for (kind, state), number in office.matters.items():
        record_id = db.session.get_one(Matter, number).record_id
        if record_id is None:
            continue
        hidden = STANDS.get(kind, (RecordState.IN_FORCE,))[0]
        fits = hidden is (RecordState.SHIELDED if address == "lift_shield" else RecordState.IN_FORCE)
        if fits and state not in OPEN:
            answers.append(
                (f"{kind} {state}", office.elsewhere.post(f"/console/records/{record_id}/{address}", **fields))
            )
            answers.append(
                (f"{kind} {state}", office.one[Role.REVIEW].post(f"/console/records/{record_id}/{address}", **fields))
            )
        else:
            answers.append(
                (f"{kind} {state}", office.everything.post(f"/console/records/{record_id}/{address}", **fields))
            )
    assert refusals(answers, 403, 404, 409, 422) == []
    assert fingerprint(office.database) == office.stands_as
    assert db.session.query(Penalty).count() == len(office.matters)


@pytest.mark.parametrize("status", list(RegistrationStatus))
def test_a_status_follows_only_where_the_declaration_knows_it(office: Office, status: RegistrationStatus) -> None:
    number = office.operators[status]
    revision = db.session.get_one(Operator, number).revision
    reachable = {
        CHANGES[row.action] for row in MACHINE.transitions if status in row.before and isinstance(row.action, Change)
    }
    address = f"/console/operators/{number}/status"
    right = {"revision": revision, "on": "2026-11-20", "reason": "登记数据"}
    answers = [
        (f"{status} {each}", office.everything.post(address, **right, status=each))
        for each in RegistrationStatus
        if each not in reachable
    ]
    for each in sorted(reachable - {None}):
        answers.append((f"{each} elsewhere", office.elsewhere.post(address, **right, status=each)))
        answers.append((f"{each} silent", office.everything.post(address, **{**right, "reason": " "}, status=each)))
        wrong = sorted(set(Role) - {Role.ENTRY})
        answers += [(f"{each} {role}", office.one[role].post(address, **right, status=each)) for role in wrong]
    assert refusals(answers, 403, 404, 422) == []
    assert fingerprint(office.database) == office.stands_as
    for each in sorted(reachable - {None}):
        with undone(office.database):
            assert office.one[Role.ENTRY].post(address, **right, status=each).status_code == 303
            taken = fingerprint(office.database)
            assert office.one[Role.ENTRY].post(address, **right, status=each).status_code == 409
            assert fingerprint(office.database) == taken
