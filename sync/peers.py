"""Peers: entering them by hand, whose keys are trusted, which nonces were used."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select, text, update

from models import Carrier, ExchangeNonce, NodeRole, Peer, PeerKey, PeerState, db
from registry import front_database_settings
from registry.clock import now
from registry.errors import NotFound, RuleViolation
from sync.keys import KeyRefused
from sync.signing import REMEMBERED, Signed

_SETTINGS = {
    "folder": re.compile(r"/.+"),
    "output": re.compile(r"zip|templates"),
    "url_variable": re.compile(rf"{front_database_settings.PREFIX}[A-Z0-9_]+"),
    "table_prefix": re.compile(r"[a-z][a-z0-9_]{0,20}"),
}
"""Settings of carriers, and what each may be. An address with its password stands in the environment only."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class PeerUnknown(NotFound):
    """No peer has this node id."""

    code = "peer_unknown"


class SettingRefused(RuleViolation):
    """A setting of a peer is unknown, or has no such value."""

    code = "setting_refused"


class AddressRefused(RuleViolation):
    """The address of a peer is none, or is not HTTPS."""

    code = "address_refused"


def get(node: str) -> Peer:
    """The peer with this node id. PeerUnknown."""
    found = db.session.execute(select(Peer).where(Peer.node == node)).scalar_one_or_none()
    if found is None:
        raise PeerUnknown(f"Node {node} is no peer.")
    return found


def every() -> Sequence[Peer]:
    """All peers, by node id."""
    return db.session.execute(select(Peer).order_by(Peer.node)).scalars().all()


def role_of(node: str) -> NodeRole:
    """A province's code ends with four zeros (GB/T 2260)."""
    return NodeRole.PROVINCE if node.endswith("0000") else NodeRole.CITY


def add(
    node: str,
    url: str,
    jwks: Sequence[Mapping[str, Any]],
    *,
    role: NodeRole | None = None,
    carrier: Carrier = Carrier.HTTP,
) -> Peer:
    """Enter a peer, or change its address and add keys to it. The caller commits.

    Keys that stand stay trusted until they are retired. AddressRefused, KeyRefused (a kid that stands with another key).
    """
    if carrier is Carrier.HTTP:
        _check_address(url)
    peer = db.session.execute(select(Peer).where(Peer.node == node)).scalar_one_or_none()
    if peer is None:
        peer = Peer(node=node, state=PeerState.ACTIVE, settings={}, added_at=now())
        db.session.add(peer)
    peer.url, peer.carrier, peer.role = url.rstrip("/"), carrier, role or role_of(node)
    standing = {key.kid: key for key in peer.keys}
    for jwk in jwks:
        known = standing.get(jwk["kid"])
        if known is None:
            peer.keys.append(PeerKey(kid=jwk["kid"], jwk=dict(jwk), added_at=now()))
        elif known.jwk["x"] != jwk["x"]:
            raise KeyRefused(f"{jwk['kid']} stands already, and is another key.")
    db.session.flush()
    return peer


def set_up(node: str, changes: Mapping[str, str]) -> Peer:
    """Change settings of a peer's carrier; an empty value takes one back. The caller commits.

    PeerUnknown, SettingRefused.
    """
    peer = get(node)
    settings = dict(peer.settings)
    for name, value in changes.items():
        if name not in _SETTINGS:
            raise SettingRefused(f"{name} is no setting of a carrier: {', '.join(sorted(_SETTINGS))}.")
        if value and not _SETTINGS[name].fullmatch(value):
            raise SettingRefused(f"{name} cannot have this value.")
        settings.pop(name, None)
        if value:
            settings[name] = value
    peer.settings = settings
    db.session.flush()
    return peer


def note_epoch(peer_id: int, epoch: str) -> None:
    """Know the epoch that an answer of a peer shows: it is the present one, also before any batch of it. The caller commits."""
    db.session.execute(update(Peer).where(Peer.id == peer_id, Peer.epoch.is_distinct_from(epoch)).values(epoch=epoch))


def retire_key(kid: str) -> PeerKey:
    """Trust a key no longer. PeerUnknown where no peer has it. The caller commits."""
    key = db.session.execute(select(PeerKey).where(PeerKey.kid == kid)).scalar_one_or_none()
    if key is None:
        raise PeerUnknown(f"No peer has the key {kid}.")
    key.retired_at = key.retired_at or now()
    db.session.flush()
    return key


def trusted_jwk(keyid: str) -> Mapping[str, Any] | None:
    """The JWK of a keyid that is trusted now; None where there is none."""
    return db.session.execute(
        select(PeerKey.jwk).where(PeerKey.kid == keyid, PeerKey.retired_at.is_(None))
    ).scalar_one_or_none()


def jwks_of(peer_id: int) -> list[Mapping[str, Any]]:
    """Every key that a peer ever had, newest first: what it once signed stays checkable."""
    return list(
        db.session.execute(select(PeerKey.jwk).where(PeerKey.peer_id == peer_id).order_by(PeerKey.id.desc())).scalars()
    )


def use_nonce(signed: Signed, moment: datetime) -> bool:
    """Note the nonce of a valid signature; False where it was used already within REMEMBERED. The caller commits.

    One statement decides, so that of two workers with the same request one is told. What is over is forgotten.
    """
    over = moment - REMEMBERED
    fresh = db.session.execute(
        text(
            "INSERT INTO exchange_nonce (kid, nonce, seen_at) VALUES (:kid, :nonce, :moment)"
            " ON CONFLICT (kid, nonce) DO UPDATE SET seen_at = excluded.seen_at WHERE exchange_nonce.seen_at < :over"
            " RETURNING 1"
        ),
        {"kid": signed.keyid, "nonce": signed.nonce.rstrip("="), "moment": moment, "over": over},
    ).first()
    forgotten = (
        select(ExchangeNonce.kid, ExchangeNonce.nonce)
        .where(ExchangeNonce.seen_at < over)
        .limit(100)
        .with_for_update(skip_locked=True)
        .cte("forgotten")
    )
    db.session.execute(
        delete(ExchangeNonce).where(ExchangeNonce.kid == forgotten.c.kid, ExchangeNonce.nonce == forgotten.c.nonce)
    )
    return fresh is not None


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise AddressRefused("A peer's address looks like https://credit.example.cn.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise AddressRefused("A peer on another machine is reached by https only.")
