"""Who may do what, and where: the roles of the console and the scope of an officer (domain.md 10)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from registry.errors import RuleViolation


class Role(StrEnum):
    """What an officer is trusted with; the value is the word of the command line."""

    ENTRY = "entry"  # 录入、初审
    REVIEW = "review"  # 审核
    LEGAL = "legal"  # 法制审核
    SUPERIOR = "superior"  # 上级同意
    REPAIR = "repair"  # 修复受理
    OBJECTION = "objection"  # 异议处理
    PUBLISH = "publish"  # 发布
    EXCHANGE = "exchange"  # 数据交换
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""Told apart from each other and from everybody who works on cases (GB/T 22239-2019, 8.1.4.2)."""

BUSINESS = frozenset(Role) - ADMINISTRATORS
"""Roles that see records before the public does."""


class RolesNotSeparate(RuleViolation):
    """An administrator holds exactly one role; nobody administers and works on cases."""

    code = "roles_not_separate"


def check_separation(roles: Collection[Role]) -> None:
    """Refuse a set of roles that would let one person check themselves. Raises RolesNotSeparate.

    Source: domain.md 10; GB/T 22239-2019, 8.1.4.2 and 8.1.5 (separate system, security and audit management).
    """
    if not roles:
        raise RolesNotSeparate("An officer needs a role.")
    if len(roles) > 1 and ADMINISTRATORS & set(roles):
        raise RolesNotSeparate("An administrator holds this one role and no other.")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an officer works: the own authority, and the regions below its own (a prefix of region codes).

    `prefix` is None for an authority without an area of its own: only its own records then.
    """

    authority_id: int
    prefix: str | None


def scope_of(authority_id: int, region: str | None) -> Scope:
    """The scope of an officer of an authority. Province: all; city: the whole city; district: the own authority.

    A region code of a province ends in 0000, one of a city in 00. Source: domain.md 10 (省局、市局、区县局).
    """
    if region is None:
        return Scope(authority_id, None)
    if region.endswith("0000"):
        return Scope(authority_id, region[:2])
    if region.endswith("00"):
        return Scope(authority_id, region[:4])
    return Scope(authority_id, region)


def in_scope(scope: Scope, *, authority_id: int | None, region: str | None) -> bool:
    """Whether a record of an authority in a region is within an officer's scope."""
    if authority_id is not None and authority_id == scope.authority_id:
        return True
    return scope.prefix is not None and region is not None and region.startswith(scope.prefix)


def covers_districts(scope: Scope) -> bool:
    """Whether an area is more than one district. What names no region belongs to such areas only: any district might be it."""
    return scope.prefix is not None and len(scope.prefix) < len("130102")


def registered_in_scope(scope: Scope, region: str | None) -> bool:
    """Whether an operator registered in a region, or in none that is known, is for an officer to look after."""
    if region is None:
        return covers_districts(scope)
    return in_scope(scope, authority_id=None, region=region)
