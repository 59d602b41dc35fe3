"""Random walks through the machine, and two second officers at once."""

import threading

import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import Matter, PublicFinding, db
from registry.errors import RegistryError
from registry.queries.records import get_record
from registry.rules.penalty_procedure import Action, MatterKind, MatterState, Stage, Subject
from registry.rules.record import EndReason
from registry.services import publicity
from registry.services.matters import deciding, drafting, forms, records
from registry.services.matters.faults import MatterMoved
from registry.transaction import transaction
from tests.factories import ACTOR, make_authority, make_operator
from tests.matters import DESK, FIRST, SECOND, THIRD, penalty_form

OFFICERS = (FIRST, SECOND, THIRD)
DECISIONS = (
    Action.PUBLISH, Action.REFUSE_PUBLICITY, Action.SEND_BACK, Action.CORRECT, Action.WITHDRAW, Action.REFUSE,
    Action.SHIELD, Action.LIFT_SHIELD,
)  # fmt: skip
PROPOSALS = ("save", "submit", "discard", "correct", "withdraw", "propose_shield", "propose_lift")
MOVES = st.one_of(
    st.tuples(
        st.sampled_from(["save", "submit", "discard", "correct", "withdraw", "propose_shield", "propose_lift"]),
        st.sampled_from(OFFICERS),
    ),
    st.tuples(st.sampled_from(DECISIONS), st.sampled_from(OFFICERS)),
    st.tuples(st.sampled_from(["end", "shield", "lift"]), st.just(FIRST)),
)
FOLLOWS = {
    None: {None, Stage.ENTERED},
    Stage.ENTERED: {Stage.ENTERED, Stage.PUBLISHED, Stage.NOT_PUBLISHABLE},
    Stage.PUBLISHED: {Stage.PUBLISHED, Stage.WITHDRAWN, Stage.EARLY_STOPPED, Stage.SHIELDED},
    Stage.SHIELDED: {Stage.SHIELDED, Stage.PUBLISHED},
    Stage.NOT_PUBLISHABLE: {Stage.NOT_PUBLISHABLE},
    Stage.EARLY_STOPPED: {Stage.EARLY_STOPPED},
    Stage.WITHDRAWN: {Stage.WITHDRAWN},
}


def move(matter: Matter, what, actor, form) -> Matter:
    """One attempt; refused ones change nothing."""
    seen, record_id = matter.revision, matter.record_id
    if what == "save":
        drafting.save(matter, form, revision=seen, desk=DESK, actor=actor)
    elif what == "submit":
        drafting.submit(matter, revision=seen, reason="提交", desk=DESK, actor=actor)
    elif what == "discard":
        drafting.discard(matter, revision=seen, actor=actor)
    elif what == "correct" and record_id:
        return drafting.open_correction(get_record(record_id), desk=DESK, actor=actor)
    elif what == "withdraw" and record_id:
        return drafting.propose_withdrawal(
            get_record(record_id), statement="撤销", reason=EndReason.OTHER, since=form["since"], desk=DESK, actor=actor
        )
    elif what in ("propose_shield", "propose_lift") and record_id:
        lift = what == "propose_lift"
        return drafting.propose_shield(get_record(record_id), lift=lift, ruling="裁定", desk=DESK, actor=actor)
    elif isinstance(what, Action):
        deciding.decide(matter, what, revision=seen, reason="意见", desk=DESK, actor=actor)
    elif record_id and what == "end":
        publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=form["since"], actor=ACTOR)
    elif record_id and what == "shield":
        publicity.shield(record_id, on=form["since"], actor=ACTOR)
    elif record_id and what == "lift":
        publicity.lift_shield(record_id, actor=ACTOR)
    return matter


@given(moves=st.lists(MOVES, min_size=4, max_size=14))
@settings(max_examples=25)
def test_no_walk_leaves_the_machine_or_lets_one_person_do_both_parts(app, moves):
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False), app.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        engine = db.engines[None]
        db.engines[None] = connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            walk(moves)
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            db.engines[None] = engine


def walk(moves) -> None:
    from registry.clock import today

    operator = make_operator()
    form = {**penalty_form(operator), "since": today()}
    cells = {key: value for key, value in form.items() if isinstance(value, str)}
    with transaction():
        matter = drafting.open_entry(Subject.PENALTIES, cells, authority=make_authority(), desk=DESK, actor=FIRST)
    number, standing = matter.id, None
    for at, (what, actor) in enumerate(moves):
        typed = {**cells, "remark": f"第{at}次", "since": form["since"]}
        try:
            with transaction():
                number = move(db.session.get_one(Matter, number), what, actor, typed).id
        except RegistryError:
            db.session.expire_all()
        matter = db.session.get_one(Matter, number, populate_existing=True)
        assert matter.decided_by is None or matter.decided_by not in {matter.opened_by, matter.submitted_by}
        now_at = records.stage_of_record(get_record(matter.record_id)) if matter.record_id else None
        assert now_at in FOLLOWS[standing], (standing, what, now_at)
        standing = now_at
        shown = db.session.execute(
            select(PublicFinding.record_id).where(PublicFinding.record_id == (matter.record_id or ""))
        ).first()
        assert (shown is not None) == (standing is Stage.PUBLISHED)
        assert matter.kind is MatterKind.ENTRY or matter.record_id is not None


def test_of_two_second_officers_at_once_one_decides_and_the_other_is_told(own_app):
    with time_machine.travel("2026-11-24T02:00:00Z"):
        with own_app.app_context():
            with transaction():
                form = penalty_form(make_operator())
                matter = drafting.open_entry(
                    Subject.PENALTIES, form, authority=make_authority(), desk=DESK, actor=FIRST
                )
            with transaction():
                drafting.submit(matter, revision=matter.revision, reason="", desk=DESK, actor=FIRST)
            number, seen = matter.id, matter.revision
            assert forms.unseal(DESK.vault, matter.name, matter.form)
        both_read, told = threading.Barrier(2), []

        def decide(actor, action):
            with own_app.app_context():
                try:
                    with transaction():
                        found = db.session.get_one(Matter, number)
                        both_read.wait(20)
                        deciding.decide(found, action, revision=seen, reason="意见", desk=DESK, actor=actor)
                    told.append("decided")
                except MatterMoved:
                    told.append("late")
                finally:
                    db.session.remove()

        officers = [
            threading.Thread(target=decide, args=given)
            for given in ((SECOND, Action.PUBLISH), (THIRD, Action.SEND_BACK))
        ]
        for officer in officers:
            officer.start()
        for officer in officers:
            officer.join(60)
        assert sorted(told) == ["decided", "late"]
        with own_app.app_context():
            matter = db.session.get_one(Matter, number)
            published = records.stage_of_record(get_record(matter.record_id)) is Stage.PUBLISHED
            assert published == (matter.state is MatterState.CARRIED_OUT)
