"""The exchange in the console: how far behind, refused messages settled by two persons, quality of a month."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from models import (
    Carrier,
    Chain,
    Direction,
    ExchangeProblem,
    ExchangeRun,
    NodeRole,
    Peer,
    PeerChain,
    PeerState,
    ProblemState,
    RunKind,
    SentBatch,
    SentState,
    db,
)
from registry.clock import now
from registry.rules.roles import Role
from registry.services import exchange_node
from registry.transaction import transaction
from sync import board, handling, incidents, quality
from sync.carriers import partner_side
from tests.factories import make_authority, make_operator, make_penalty
from tests.integration.blueprints.signed_in import csrf_of, sign_in

RECEIPT = (
    b'{"batch_no": "130100-20260301-000001", "received_at": "2026-03-05T10:00:00+08:00", "received": 2, "accepted": 1,'
    b' "duplicate": 0, "superseded": 0, "rejected": 1, "results": [{"line": 2, "record_id": "130100.x.1", "revision": 1,'
    b' "status": "rejected", "code": "uscc_check", "field": "CF_XDR_SHXYM", "message": "wrong check character"}]}'
)


@pytest.fixture
def province(database: object) -> Peer:
    peer = Peer(
        node="130000",
        url="http://127.0.0.1:8100",
        role=NodeRole.PROVINCE,
        carrier=Carrier.HTTP,
        state=PeerState.ACTIVE,
        settings={},
        added_at=now(),
    )
    with transaction():
        db.session.add(peer)
    return peer


def batch(peer: Peer, number: int, to_seq: int, receipted_at: datetime | None) -> SentBatch:
    made = SentBatch(
        peer_id=peer.id,
        epoch="e",
        chain=Chain.BULK,
        batch_no=f"130100-20260301-{number:06d}",
        body_digest="sha256:00",
        from_seq=1,
        to_seq=to_seq,
        count=2,
        headers={},
        receipt_headers={},
        state=SentState.RECEIPTED if receipted_at else SentState.FROZEN,
        receipt=RECEIPT if receipted_at else None,
        frozen_at=now(),
        attempts=1,
        receipted_at=receipted_at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def problem(peer: Peer, record_id: str = "130100.administrative_penalty.1") -> ExchangeProblem:
    made = ExchangeProblem(
        direction=Direction.OUT,
        peer_id=peer.id,
        record_id=record_id,
        revision=1,
        batch_no="130100-20260301-000001",
        content=b"{}",
        faults=[{"code": "uscc_check", "field": "CF_XDR_SHXYM", "message": "=wrong check character"}],
        state=ProblemState.OPEN,
        at=now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def test_every_page_opens_and_tells_the_receipt(client: FlaskClient, province: Peer) -> None:
    with transaction():
        made = batch(province, 1, 10, now())
        one = problem(province)
        incidents.note("head_inconsistent", province, size=12)
    sign_in(client, "jiaohuan", Role.EXCHANGE)
    for address in (
        "/console/exchange",
        "/console/exchange/130000",
        f"/console/exchange/130000/sent/{made.batch_no}",
        "/console/exchange/problems",
        f"/console/exchange/problems/{one.id}",
        "/console/exchange/problems/quality?month=2026-03",
    ):
        for language in ("zh", "en"):
            answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert answer.status_code == 200, address
    assert "CF_XDR_SHXYM" in client.get(f"/console/exchange/130000/sent/{made.batch_no}").text
    assert "head_inconsistent" in client.get("/console/exchange/130000").text
    assert client.get("/console/exchange/130000/sent/none").status_code == 404
    assert client.get("/console/exchange/999900").status_code == 404
    lines = client.get("/console/exchange/problems/errors.csv").text
    assert "'=wrong check character" in lines  # no spreadsheet takes it for a formula


@pytest.mark.parametrize("carrier", [Carrier.FILE, Carrier.FRONT_DATABASE], ids=lambda carrier: carrier.value)
def test_a_partner_without_the_wire_shows_what_lies_on_its_side(
    client: FlaskClient, province: Peer, carrier: Carrier
) -> None:
    with transaction():
        province.carrier = carrier
        batch(province, 1, 10, None).headers = {"carrier": carrier.value}
    sign_in(client, "jiaohuan", Role.EXCHANGE)
    assert "尚未查看" in client.get("/console/exchange/130000?lang=zh").text
    since = "2026-03-05T10:00:00+08:00"
    files = [{"folder": "bad", "kind": "receipts", "count": 3, "since": since, "name": "130100-1.receipt.json"}]
    tables = [
        {"table": "tj_operator", "resource": "operator", "waiting": 41, "taken": 7, "refused": 2, "unknown": 0}
        | {"named": 6, "oldest": since, "synced": None}
    ]
    partner_side.look("130000", lambda: {"files": files} if carrier is Carrier.FILE else {"tables": tables}, anew=True)
    partner_side.lost("130000", "folder_unusable" if carrier is Carrier.FILE else "front_database_unreachable")
    page = client.get("/console/exchange/130000?lang=zh").text
    assert "2026-03-05 10:00" in page
    assert "自 " in page
    told = ("inbox/bad", "130100-1.receipt.json", "交换文件夹无法读写") if carrier is Carrier.FILE else (
        "tj_operator", ">41<", "前置库连接不上")  # fmt: skip
    for words in (*told, "exchange push 130000"):
        assert words in page
    english = client.get("/console/exchange/130000?lang=en").text
    assert "When it stands still" in english


def test_a_message_is_set_aside_by_two(client: FlaskClient, province: Peer) -> None:
    with transaction():
        one = problem(province)
    sign_in(client, "jiaohuan", Role.EXCHANGE)
    token = csrf_of(client)
    address = f"/console/exchange/problems/{one.id}"
    assert client.post(f"{address}/propose", data={"csrf_token": token, "reason": " "}).status_code == 422
    done = client.post(f"{address}/propose", data={"csrf_token": token, "reason": "原文如此"})
    assert done.status_code == 303
    assert client.post(f"{address}/set-aside", data={"csrf_token": token}).status_code == 403
    assert one.state is ProblemState.OPEN
    other = client.application.test_client()
    sign_in(other, "fuhe", Role.EXCHANGE)
    assert other.post(f"{address}/set-aside", data={"csrf_token": csrf_of(other)}).status_code == 303
    db.session.refresh(one)
    assert (one.state, one.set_aside_by, one.approved_by) == (
        ProblemState.SET_ASIDE,
        "officer:jiaohuan",
        "officer:fuhe",
    )


def test_a_pause_holds_and_a_chain_that_stood_still_goes_on(client: FlaskClient, province: Peer) -> None:
    with transaction():
        chain = PeerChain(peer_id=province.id, chain=Chain.BULK, looked_to=0, incident="batch_gap", incident_at=now())
        db.session.add(chain)
        seen = incidents.note("batch_gap", province)
    sign_in(client, "jiaohuan", Role.EXCHANGE)
    token = {"csrf_token": csrf_of(client)}
    assert client.post("/console/exchange/130000/pause", data=token).status_code == 303
    db.session.refresh(province)
    assert province.state is PeerState.PAUSED
    client.post("/console/exchange/130000/resume", data=token)
    db.session.refresh(chain)
    db.session.refresh(province)
    assert (province.state, chain.incident) == (PeerState.ACTIVE, None)
    assert client.post(f"/console/exchange/130000/incidents/{seen.id}/seen", data=token).status_code == 303
    db.session.refresh(seen)
    assert seen.seen_by == "officer:jiaohuan"
    with pytest.raises(handling.IncidentNotFound):
        handling.see(province, 0, by="officer:x")


def test_only_proven_equality_is_shown_as_such(province: Peer) -> None:
    shown = board.on_board(province, upwards=True)
    assert not shown.proven_equal
    run = SimpleNamespace(outcome="done", counts={})
    assert board.PeerOnBoard(**{**_fields(shown), "last_runs": {board.RunKind.RECONCILE: run}}).proven_equal
    different = SimpleNamespace(outcome="done", counts={"differences": 1})
    assert not board.PeerOnBoard(**{**_fields(shown), "last_runs": {board.RunKind.RECONCILE: different}}).proven_equal


def _fields(shown: board.PeerOnBoard) -> dict[str, object]:
    return {name: getattr(shown, name) for name in board.PeerOnBoard.__dataclass_fields__}


def test_the_rates_of_a_month_follow_from_batches_and_receipts(province: Peer) -> None:
    with transaction():
        authority = make_authority()
        make_penalty(make_operator(), authority, decided_on=date(2026, 3, 2), document_no="石长罚〔2026〕1号")
        faulty = make_penalty(make_operator(), authority, decided_on=date(2026, 3, 3), document_no="石长罚〔2026〕2号")
    reached = db.session.execute(db.text("SELECT max(seq) FROM ledger_entry")).scalar_one()
    with transaction():
        make_penalty(make_operator(), authority, decided_on=date(2026, 3, 4), document_no="石长罚〔2026〕5号")
        batch(province, 1, reached, datetime(2026, 3, 5, 2, tzinfo=UTC))
        problem(province, faulty.record_id)
    today = date(2026, 4, 10)
    month = quality.month_of(date(2026, 3, 1), peer_id=province.id, node="130100", today=today)
    assert (month.decided, month.reported, month.compliant, month.in_time, month.late) == (3, 2, 1, 2, 0)
    assert month.overdue == 1
    assert month.rate(month.compliant) == 0.5
    last = db.session.execute(db.text("SELECT max(seq) FROM ledger_entry")).scalar_one()
    with transaction():
        batch(province, 2, last, datetime(2026, 3, 20, 2, tzinfo=UTC))
    again = quality.month_of(date(2026, 3, 1), peer_id=province.id, node="130100", today=today)
    assert (again.reported, again.late, again.overdue) == (3, 1, 0)
    (gap,) = quality.gaps(2026, node="130100")
    assert list(gap.numbers) == [3, 4]
    assert quality.month_of(date(2025, 1, 1), peer_id=province.id, node="130100", today=today).rate(0) is None


def test_the_board_names_the_peers_that_a_restored_node_waits_for(client: FlaskClient, province: Peer) -> None:
    with transaction():
        exchange_node.draw_epoch()
        db.session.add(
            ExchangeRun(
                peer_id=province.id,
                kind=RunKind.RECOVER,
                started_at=now(),
                finished_at=now(),
                outcome="no_answer",
                counts={},
                detail={"code": "unreachable"},
            )
        )
    sign_in(client, "jiaohuan", Role.EXCHANGE)
    page = client.get("/console/exchange?lang=en").text
    assert "Node 130000 is still to be read." in page
    assert "unreachable" in page
    with transaction():
        exchange_node.recovered()
    assert "still to be read" not in client.get("/console/exchange?lang=en").text
