"""A restored node takes its own records back from its peers before it accepts changes (exchange.md 1.6)."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import select

from models import (
    Direction,
    ExchangeMessage,
    ExchangeProblem,
    InspectionResult,
    LedgerEntry,
    Licence,
    Operator,
    Peer,
    PeerState,
    Penalty,
    ViolationListing,
    db,
)
from registry.ledger import Actor, Recovering
from registry.queries.exchange_node import this_node
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.record import EndReason, RecordState
from registry.services import operators, publicity, rebuild
from registry.transaction import transaction
from sync import outbound, own_messages, peers, problems, pulling, reconciliation, recovery, runs, taking_back, telling
from sync.link import NoAnswer
from sync.sealed import refused_as
from tests.exchange_messages import digest_of, line
from tests.exchange_messages import penalty as penalty_message
from tests.exchange_nodes import Partner
from tests.exchange_wire import Pair, Reply, Sent, down, pair, settings_of
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_inspection_result,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.restoring import back_up, ignore, put_back

OFFICER = Actor("officer", "zhang")
DAY = date(2026, 9, 1)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


def push(two: Pair) -> runs.Run:
    db.session.remove()
    run = outbound.push(two.settings, "130000", told=True)
    db.session.remove()
    return run


def recover(two: Pair, *, told: bool = True) -> runs.Run:
    db.session.remove()
    run = recovery.recover(two.settings, "130000", told=told)
    db.session.remove()
    return run


def held(application: Flask, origin: str = "130100") -> dict[str, tuple[int, str]]:
    with application.app_context():
        own_messages.catch_up(settings_of(application))
        rows = db.session.execute(
            select(ExchangeMessage.record_id, ExchangeMessage.revision, ExchangeMessage.digest).where(
                ExchangeMessage.origin == origin
            )
        )
        return {record_id: (revision, digest) for record_id, revision, digest in rows}


def is_recovering() -> bool:
    db.session.remove()
    return this_node().recovering_since is not None


def consistent() -> None:
    """Tables, ledger and public projection agree."""
    db.session.remove()
    assert rebuild.check(ignore).differences == []
    db.session.remove()


def columns(record: Any, *left_out: str) -> dict[str, Any]:
    """All columns of a record but those that a recovery must move."""
    skipped = {"id", "revision", "recorded_at", "operator_id", "authority_id", *left_out}
    return {each.name: getattr(record, each.name) for each in record.__table__.columns if each.name not in skipped}


def named(model: Any, record_id: str) -> Any:
    return db.session.execute(select(model).where(model.record_id == record_id)).scalar_one()


def everything_equal(two: Pair) -> None:
    """Nothing waits, and both sides hold the same of the city."""
    assert push(two).outcome == "done"
    assert held(two.city) == held(two.province)
    db.session.remove()
    run = reconciliation.reconcile(two.settings, "130000", told=True, pause=0)
    assert (run.outcome, run.counts["differences"]) == ("done", 0)


def test_what_was_changed_entered_and_ended_after_the_backup_comes_back(two: Pair, tmp_path: Path) -> None:
    with transaction():
        operator, authority = make_operator(), make_authority()
        changed, repaired, expired, withdrawn, shielded, untouched = (
            make_penalty(operator, authority).record_id for _ in range(6)
        )
        code, operator_id = operator.uscc, operator.record_id
    push(two)
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        operators.rename(named(Operator, operator_id), name="石家庄改名之后有限公司", on=DAY, actor=OFFICER)
        named(Penalty, changed).facts = "更正后的事实。"
        publicity.mark_objection(changed, actor=OFFICER)
        publicity.end_publicity(repaired, reason=EndReason.REPAIRED, on=DAY, actor=OFFICER)
        publicity.end_publicity(expired, reason=EndReason.EXPIRED, on=DAY, actor=OFFICER)
        publicity.withdraw(
            withdrawn, statement="原决定已被撤销", reason=EndReason.DECISION_REVOKED, on=DAY, actor=OFFICER
        )
        publicity.shield(shielded, on=DAY, actor=OFFICER)
        other = make_operator(name="石家庄备份之后才登记有限公司")
        authority = make_authority(name="石家庄市桥西区市场监督管理局")
        fresh = {
            Penalty: make_penalty(other, authority).record_id,
            Licence: make_licence(other, authority).record_id,
            ViolationListing: make_violation_listing(other, authority).record_id,
        }
        make_abnormal_listing(other, authority)
        make_household_mark(make_operator(name="石家庄长安张三小吃店", kind=OperatorKind.HOUSEHOLD), authority)
    push(two)
    before = {model: columns(named(model, record_id)) for model, record_id in fresh.items()}
    known = held(two.province)
    put_back(two.city, backup)
    assert is_recovering()
    assert push(two).outcome == "recovering"

    run = recover(two)

    assert (run.outcome, run.counts["unclear"]) == ("done", 0)
    assert (run.counts["same"], run.counts["changed"]) == (1, 6)
    assert not is_recovering()
    consistent()
    assert named(Operator, operator_id).name == "石家庄改名之后有限公司"
    assert named(Operator, operator_id).uscc == code
    assert named(Penalty, changed).facts == "更正后的事实。"
    assert named(Penalty, repaired).state is RecordState.ENDED
    assert named(Penalty, repaired).end_reason is EndReason.REPAIRED
    assert named(Penalty, repaired).facts == "当事人虚构交易评价。"  # the register answers for what it had
    assert named(Penalty, expired).state is RecordState.ENDED
    assert named(Penalty, withdrawn).state is RecordState.WITHDRAWN
    assert named(Penalty, withdrawn).end_statement
    assert named(Penalty, shielded).state is RecordState.SHIELDED
    for model, record_id in fresh.items():
        found = columns(named(model, record_id))
        differing = {name for name in found if found[name] != before[model][name]}
        assert differing <= {"published_on", "severity"}
    assert set(held(two.city)) == set(known)
    for record_id, (revision, digest) in held(two.city).items():
        assert (revision, digest) == known[record_id] if record_id == untouched else revision > known[record_id][0]
    everything_equal(two)


def test_a_recovery_is_of_the_system_and_sends_what_it_changed_by_itself(two: Pair, tmp_path: Path) -> None:
    with transaction():
        penalty = make_penalty(make_operator(), make_authority())
        record_id = penalty.record_id
    push(two)
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        publicity.mark_objection(record_id, actor=OFFICER)
    push(two)
    put_back(two.city, backup)
    recover(two)
    entry = db.session.execute(
        select(LedgerEntry).where(LedgerEntry.record_id == record_id).order_by(LedgerEntry.seq.desc()).limit(1)
    ).scalar_one()
    assert (entry.actor, entry.revision) == ("system:recovery", 3)
    assert push(two).counts["accepted"] == 1
    with transaction():  # and what an officer changes afterwards is no conflict
        publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=DAY, actor=OFFICER)
    run = push(two)
    assert (run.counts["accepted"], run.counts["rejected"]) == (1, 0)
    everything_equal(two)


def test_a_record_of_this_node_that_is_newer_here_stays(two: Pair, tmp_path: Path) -> None:
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    push(two)
    with transaction():
        publicity.mark_objection(record_id, actor=OFFICER)
    backup = back_up(two.city, tmp_path / "city.tar")  # the change is in the backup, and never went out
    put_back(two.city, backup)
    run = recover(two)
    assert (run.counts["newer_here"], run.counts["changed"]) == (1, 0)
    assert named(Penalty, record_id).under_objection
    everything_equal(two)


def test_the_same_revision_with_other_content_is_for_a_person(two: Pair, tmp_path: Path) -> None:
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    push(two)
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        penalty = named(Penalty, record_id)
        penalty.facts = "第一次修改。"
        publicity.mark_objection(record_id, actor=OFFICER)
    push(two)
    put_back(two.city, backup)
    with transaction():
        recovery.go_on()  # a person was too quick
    with transaction():
        named(Penalty, record_id).facts = "恢复后的另一次修改。"
        publicity.mark_objection(record_id, actor=OFFICER)
    run = recover(two)
    assert (run.counts["unclear"], run.counts["raised"]) == (1, 1)
    assert named(Penalty, record_id).facts == "恢复后的另一次修改。"
    assert named(Penalty, record_id).revision == 4  # both sides had reached 3
    problem = db.session.execute(select(ExchangeProblem)).scalar_one()
    assert problem.direction is Direction.IN
    assert problem.faults[0]["code"] == "revision_conflict"
    assert orjson.loads(refused_as(problem))["data"]["CF_SY"] == "第一次修改。"
    consistent()
    everything_equal(two)


def test_a_message_made_again_under_another_name_is_the_same(two: Pair, tmp_path: Path) -> None:
    with transaction():
        make_penalty(make_operator(), make_authority())
    backup = back_up(two.city, tmp_path / "city.tar")  # entered, and its message not made yet
    push(two)
    sent = held(two.province)
    put_back(two.city, backup)
    run = recover(two)
    assert (run.counts["same"], run.counts["changed"], run.counts["raised"]) == (2, 0, 0)
    assert held(two.city) == sent
    everything_equal(two)


def test_what_was_refused_of_a_restored_node_is_settled_once_both_hold_the_same(two: Pair, tmp_path: Path) -> None:
    with transaction():
        make_penalty(make_operator(), make_authority())
    backup = back_up(two.city, tmp_path / "city.tar")  # entered, and its message not made yet
    push(two)
    sent = held(two.province)
    put_back(two.city, backup)
    made_again = held(two.city)
    assert made_again.keys() == sent.keys()
    assert all(made_again[each] != sent[each] for each in sent)
    with two.province.app_context(), transaction():
        city = peers.get("130100")
        for record_id, (revision, _) in sent.items():
            problems.note(
                Direction.IN,
                city.id,
                record_id=record_id,
                revision=revision,
                content=b"{}",
                faults=[{"code": "revision_conflict"}],
            )
        problems.close_agreed(city.id, list(sent))
        assert set(problems.explained(Direction.IN, city.id)) == set(sent), "they differ still"
    recover(two)
    assert held(two.city) == sent
    with two.province.app_context():
        city_id = peers.get("130100").id
        run = reconciliation.reconcile(settings_of(two.province), "130100", told=True, pause=0)
        assert (run.outcome, run.counts["differences"]) == ("done", 0)
        assert problems.explained(Direction.IN, city_id) == {}


def test_a_tombstone_of_a_record_that_was_lost_stays_one(two: Pair, tmp_path: Path) -> None:
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
        publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=DAY, actor=OFFICER)
    push(two)
    put_back(two.city, backup)
    run = recover(two)
    assert (run.counts["kept"], run.counts["entered"]) == (1, 1)
    assert held(two.city)[record_id] == held(two.province)[record_id]
    consistent()
    everything_equal(two)


def test_a_record_in_the_way_moves_first(two: Pair, tmp_path: Path) -> None:
    """The stay that was open in the backup has ended since, and another one has begun for the same reason."""
    with transaction():
        operator, authority = make_operator(), make_authority()
        first = make_abnormal_listing(operator, authority).record_id
        operator_id = operator.record_id
    push(two)
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        publicity.end_publicity(first, reason=EndReason.EXPIRED, on=DAY, actor=OFFICER)
        operator = named(Operator, operator_id)
        second = make_abnormal_listing(operator, make_authority(name="另一局"), listed_on=DAY).record_id
    push(two)
    put_back(two.city, backup)
    run = recover(two)
    assert run.counts["unclear"] == 0
    assert {first, second} <= set(held(two.city))
    consistent()
    everything_equal(two)


def test_killed_after_any_page_and_begun_again_it_ends_in_the_same_state(
    two: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blueprints.exchange.changes.SNAPSHOT_LINES", 2)
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        operator, authority = make_operator(), make_authority()
        for _ in range(7):
            make_penalty(operator, authority)
    push(two)
    known = held(two.province)
    put_back(two.city, backup)
    for pages in range(1, 4):

        def dies(*_: Any, left: list[int] = [pages], **keywords: Any) -> taking_back.Taken:  # noqa: B006 - a counter
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return taking_back.take_page(*_, **keywords)

        with monkeypatch.context() as patched:
            patched.setattr(recovery, "take_page", dies)
            with pytest.raises(KeyboardInterrupt):
                recover(two)
        assert is_recovering()
    assert recover(two).outcome == "done"
    assert not is_recovering()
    assert {name: revision for name, (revision, _) in held(two.city).items()} == dict.fromkeys(known, 2)
    consistent()
    everything_equal(two)
    assert recover(two).counts["same"] == len(known)


def test_a_peer_that_is_down_keeps_the_node_recovering(two: Pair, tmp_path: Path) -> None:
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    push(two)
    put_back(two.city, back_up(two.city, tmp_path / "city.tar"))
    two.wire.bends = [down]
    run = recover(two)
    assert (run.outcome, run.detail["code"]) == ("no_answer", "unreachable")
    assert is_recovering()
    assert [peer.node for peer in recovery.waiting_for()] == ["130000"]
    with pytest.raises(Recovering), transaction():
        publicity.mark_objection(record_id, actor=OFFICER)
    with pytest.raises(Recovering), transaction():
        make_operator()
    db.session.remove()
    assert pulling.pull(two.settings, "130000", told=True).outcome == "recovering"
    db.session.remove()
    assert reconciliation.reconcile(two.settings, "130000", told=True, pause=0).outcome == "recovering"
    assert recover(two).outcome == "done"
    with transaction():
        publicity.mark_objection(record_id, actor=OFFICER)


def test_a_node_without_an_active_peer_of_the_wire_goes_on_at_once(two: Pair, tmp_path: Path) -> None:
    with transaction():
        db.session.execute(select(Peer)).scalar_one().state = PeerState.PAUSED
    put_back(two.city, back_up(two.city, tmp_path / "city.tar"))
    assert not is_recovering()


def test_a_peer_that_is_paused_meanwhile_is_not_waited_for(two: Pair, tmp_path: Path) -> None:
    put_back(two.city, back_up(two.city, tmp_path / "city.tar"))
    assert not recovery.go_on_where_read()
    with transaction():
        db.session.execute(select(Peer)).scalar_one().state = PeerState.PAUSED
    assert recovery.go_on_where_read()
    assert not is_recovering()


def test_what_waited_for_its_receipt_in_the_backup_goes_out_in_the_new_epoch(two: Pair, tmp_path: Path) -> None:
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    two.wire.bends = [down]
    push(two)
    put_back(two.city, back_up(two.city, tmp_path / "city.tar"))
    recover(two)
    assert push(two).counts["accepted"] == 2
    assert record_id in held(two.province)
    everything_equal(two)


def test_a_batch_number_is_never_given_twice(two: Pair, tmp_path: Path) -> None:
    with transaction():
        make_penalty(make_operator(), make_authority())
    backup = back_up(two.city, tmp_path / "city.tar")
    push(two)
    put_back(two.city, backup)
    recover(two)
    with transaction():
        make_operator(name="石家庄恢复之后登记有限公司")
    run = push(two)
    assert (run.counts["batches"], run.counts["set_aside"]) == (1, 0)


def test_a_city_sends_a_restored_province_what_it_lacks(two: Pair, tmp_path: Path) -> None:
    with transaction():
        authority, operator = make_authority(), make_operator()
        make_penalty(operator, authority)
        operator_id = operator.record_id
    push(two)
    backup = back_up(two.province, tmp_path / "province.tar")
    with transaction():
        make_penalty(named(Operator, operator_id), make_authority(name="二局"))
    push(two)
    with two.province.app_context():
        about = next(iter(held(two.province)))
        with transaction():
            told = telling.tell(
                about, code="other", field=None, words="请核对", actor=OFFICER, settings=settings_of(two.province)
            )
    db.session.remove()
    pulling.pull(two.settings, "130000", told=True)
    put_back(two.province, backup)
    with transaction():
        make_penalty(named(Operator, operator_id), make_authority(name="三局"))
    waits = push(two)  # nothing is taken in while the province is recovering
    assert (waits.outcome, waits.detail["code"]) == ("no_answer", "recovering")
    with two.province.app_context():
        run = recovery.recover(settings_of(two.province), "130100", told=True)
        assert (run.outcome, run.counts["kept"]) == ("done", 1)  # the feedback that it had given
        assert this_node().recovering_since is None
    assert told["record_id"] in held(two.province, "130000")
    assert push(two).outcome == "done"
    assert held(two.city) == held(two.province)
    db.session.remove()
    assert pulling.pull(two.settings, "130000", told=True).outcome == "done"
    assert held(two.city, "130000") == held(two.province, "130000")


def late_batch(two: Pair, folder: Path) -> Callable[[], None]:
    """A restore during which a batch with a new record is under way; called, the batch arrives."""
    with transaction():
        operator = make_operator()
        make_penalty(operator, make_authority())
        operator_id = operator.record_id
    push(two)
    backup = back_up(two.city, folder / "city.tar")
    with transaction():
        make_penalty(named(Operator, operator_id), make_authority(name="二局"))
    under_way: list[Any] = []

    def delayed(sent: Sent, hand_over: Callable[[Sent], Reply]) -> Reply:
        under_way.append((sent, hand_over))
        raise NoAnswer("unreachable", "cut")

    two.wire.bends = [delayed]
    push(two)
    put_back(two.city, backup)

    def arrive() -> None:
        for sent, hand_over in under_way:
            assert hand_over(sent)[0] == 200

    return arrive


def test_what_arrives_only_after_a_restored_node_has_read_its_peer_is_taken_back_as_well(
    two: Pair, tmp_path: Path
) -> None:
    arrive = late_batch(two, tmp_path)
    assert recover(two).counts["same"] == 2
    arrive()
    db.session.remove()
    assert held(two.city).keys() < held(two.province).keys()
    run = reconciliation.reconcile(two.settings, "130000", told=True, pause=0)
    assert (run.outcome, run.counts["taken_back"], run.counts["staying"]) == ("done", 1, 0)
    everything_equal(two)
    consistent()


@pytest.mark.parametrize("minutes", [5, 7])
def test_a_peer_that_knows_more_stops_once_nothing_can_be_late_any_more(
    two: Pair, tmp_path: Path, minutes: int
) -> None:
    arrive = late_batch(two, tmp_path)
    recover(two)
    with transaction():
        this_node().drawn_at -= timedelta(minutes=minutes)
    db.session.remove()
    assert reconciliation.reconcile(two.settings, "130000", told=True, pause=0).outcome == "done"
    arrive()
    db.session.remove()
    run = reconciliation.reconcile(two.settings, "130000", told=True, pause=0)
    assert run.outcome == ("done" if minutes == 5 else "stopped")


def test_a_node_that_is_restored_while_it_compares_stops_nobody(
    two: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        make_penalty(make_operator(), make_authority())
    push(two)
    with two.province.app_context(), transaction():  # the first look finds something, so there is a second one
        db.session.execute(db.text("UPDATE exchange_message SET revision = 9 WHERE resource = 'operator'"))
    db.session.remove()
    monkeypatch.setattr(reconciliation, "sleep", lambda _: put_back(two.city, backup))
    assert reconciliation.reconcile(two.settings, "130000", told=True).outcome == runs.RECOVERING
    assert peers.get("130000").state is PeerState.ACTIVE


def test_a_peer_that_hands_over_anothers_record_as_ours_is_not_believed(two: Pair, tmp_path: Path) -> None:
    put_back(two.city, back_up(two.city, tmp_path / "city.tar"))
    foreign = penalty_message(origin="130200")
    forged = penalty_message(origin="130100") | {"digest": "sha256:" + "0" * 64}
    sound = penalty_message(origin="130100", uscc=None)
    assert sound["digest"] == digest_of(sound)
    messages = [taking_back.parse(line(each).rstrip()) for each in (foreign, forged, sound)]
    peer = db.session.execute(select(Peer)).scalar_one()
    with transaction():
        taken = taking_back.take_page(messages, own="130100", peer=peer, moment=recovery.now())
    assert (taken.counts["unclear"], taken.counts["entered"]) == (2, 1)
    assert db.session.execute(select(Penalty.record_id)).scalars().all() == [sound["record_id"]]
    consistent()


def test_results_of_inspections_come_back_changed_and_lost_ones(two: Pair, tmp_path: Path) -> None:
    with transaction():
        authority, operator = make_authority(), make_operator()
        known = make_inspection_result(operator, authority).record_id
        operator_id = operator.record_id
    push(two)
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        publicity.end_publicity(known, reason=EndReason.EXPIRED, on=DAY, actor=OFFICER)
        lost = make_inspection_result(named(Operator, operator_id), make_authority(name="二局"), linked_record_id=known)
        lost_id, before = lost.record_id, columns(lost, "party_id")
    push(two)
    put_back(two.city, backup)
    run = recover(two)
    assert (run.counts["changed"], run.counts["entered"], run.counts["unclear"]) == (1, 1, 0)
    assert columns(named(InspectionResult, lost_id), "party_id") == before
    assert named(InspectionResult, known).state is RecordState.ENDED
    consistent()
    everything_equal(two)


def test_the_status_of_an_operator_comes_back_with_its_day(two: Pair, tmp_path: Path) -> None:
    with transaction():
        operator_id = make_operator().record_id
    push(two)
    backup = back_up(two.city, tmp_path / "city.tar")
    with transaction():
        operators.change_status(named(Operator, operator_id), status=RegistrationStatus.REVOKED, on=DAY, actor=OFFICER)
    push(two)
    put_back(two.city, backup)
    recover(two)
    found = named(Operator, operator_id)
    assert (found.registration_status, found.status_on) == (RegistrationStatus.REVOKED, DAY)


def test_a_batch_of_a_peer_waits_until_the_node_has_its_records_back(two: Pair, tmp_path: Path) -> None:
    other = Partner(two.province, "130200")
    put_back(two.province, back_up(two.province, tmp_path / "province.tar"))
    body = other.batch([penalty_message()])
    refused = other.post(body)
    assert (refused.status_code, refused.get_json()["code"]) == (503, "recovering")
    assert int(refused.headers["Retry-After"]) > 0
    with two.province.app_context(), transaction():
        recovery.go_on()
    assert other.post(body).status_code == 200
