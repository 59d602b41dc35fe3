"""Organs that decide: entering them by hand, and noting those that only a file has named."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from models import Authority, db, violated_constraint
from registry.errors import Conflict, NotFound, RuleViolation
from registry.rules import uscc
from registry.rules.local_settings import LocalSettings
from registry.rules.rule_sets import Regime

_SAMR_WORDS = ("市场监督管理", "工商行政", "工商局", "工商管理", "质量技术监督", "食品药品", "药品监督", "知识产权")


class AuthorityExists(Conflict):
    """An authority with this code stands already."""

    code = "authority_exists"


class AuthorityUnknown(NotFound):
    """No authority has this code."""

    code = "authority_unknown"


class AuthorityRefused(RuleViolation):
    """The code of the authority is none."""

    code = "authority_refused"


def regime_of(name: str) -> Regime:
    """The regime that an authority's name tells: market regulation and its forerunners, else the other departments."""
    return Regime.SAMR if any(word in name for word in _SAMR_WORDS) else Regime.NDRC


def get(code: str) -> Authority:
    """The authority with this code. AuthorityUnknown where there is none."""
    found = db.session.execute(select(Authority).where(Authority.uscc == uscc.normalise(code))).scalar_one_or_none()
    if found is None:
        raise AuthorityUnknown(f"No authority has the code {code}.")
    return found


def create(code: str, name: str, *, regime: Regime, region: str | None = None, parent: str | None = None) -> Authority:
    """Enter an authority, or confirm one that a file named. The caller commits.

    AuthorityRefused for a bad code, AuthorityExists for one confirmed already, AuthorityUnknown for the parent's.
    """
    normal = uscc.normalise(code)
    if uscc.fault(normal) is not None:
        raise AuthorityRefused(f"{code} is not a valid unified social credit code.")
    above = get(parent) if parent else None
    found = db.session.execute(select(Authority).where(Authority.uscc == normal)).scalar_one_or_none()
    if found is not None and found.confirmed:
        raise AuthorityExists(f"{normal} is {found.name} already.")
    authority = found or Authority(uscc=normal, settings={})
    authority.name, authority.regime, authority.region = name, regime, region
    authority.parent_id = above.id if above else None
    authority.confirmed = True
    db.session.add(authority)
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated_constraint(error) == "uq_authority_uscc":
            raise AuthorityExists(f"{normal} stands already.") from error
        raise
    return authority


def set_local(code: str, settings: Mapping[str, Any]) -> Authority:
    """Set what law leaves to an authority (members of LocalSettings; None: as everywhere). The caller commits.

    Applies to records that are computed from now on. LocalSettingInvalid for a bad value, AuthorityUnknown for the code.
    """
    authority = get(code)
    merged = {name: value for name, value in {**authority.settings, **settings}.items() if value is not None}
    LocalSettings.of(merged)
    authority.settings = merged
    db.session.flush()
    return authority


def note_named(names: Mapping[str, str]) -> dict[str, Authority]:
    """Authorities by code, for `{code: name}` as rows print them; those not yet known are entered, to be confirmed.

    The caller has checked the codes. In order of the code, so that two runs never wait for each other crosswise.
    """
    known = by_codes(names)
    missing: list[dict[str, Any]] = [
        {"uscc": code, "name": names[code], "regime": regime_of(names[code]), "settings": {}, "confirmed": False}
        for code in sorted(names.keys() - known.keys())
    ]
    if missing:
        db.session.execute(insert(Authority).on_conflict_do_nothing(index_elements=[Authority.uscc]), missing)
        known = by_codes(names)
    return known


def by_names(names: Collection[str]) -> dict[str, Authority]:
    """Authorities that bear one of these names, where exactly one does."""
    found: dict[str, list[Authority]] = {}
    for authority in db.session.execute(select(Authority).where(Authority.name.in_(list(names)))).scalars():
        found.setdefault(authority.name, []).append(authority)
    return {name: bearers[0] for name, bearers in found.items() if len(bearers) == 1}


def by_codes(codes: Collection[str]) -> dict[str, Authority]:
    """Those of these codes that the register knows, with their authorities."""
    found = db.session.execute(select(Authority).where(Authority.uscc.in_(list(codes)))).scalars()
    return {authority.uscc: authority for authority in found}
