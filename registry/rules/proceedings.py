"""The procedures that are carried out case by case (domain.md 5), and who may act in them."""

from enum import StrEnum

from registry.rules.procedure import Actor
from registry.rules.roles import Role


class Procedure(StrEnum):
    """Which declaration a proceeding follows. SM-D is carried out by matters, SM-K by registration data."""

    ABNORMAL_LISTING = "abnormal_listing"  # SM-A
    HOUSEHOLD_MARK = "household_mark"  # SM-B
    VIOLATION_LISTING = "violation_listing"  # SM-C
    REPAIR = "repair"  # SM-E
    OBJECTION = "objection"  # SM-F
    INSPECTION_RESULT = "inspection_result"  # SM-G
    SERVICE_STOP = "service_stop"  # SM-J
    CLUE = "clue"  # what the public reports, and the answer


ONE_AT_A_TIME = frozenset(
    {Procedure.ABNORMAL_LISTING, Procedure.HOUSEHOLD_MARK, Procedure.VIOLATION_LISTING, Procedure.REPAIR}
)
"""Procedures of which only one may be open for the same operator, record and reason."""

ABOUT_A_RECORD = frozenset({Procedure.REPAIR, Procedure.OBJECTION})
"""Procedures that begin at a record, not at an operator."""

ON_A_PENALTY = frozenset({Procedure.VIOLATION_LISTING})
"""Procedures whose case can name the penalty that it rests on."""

WHERE_REGISTERED = frozenset({Procedure.ABNORMAL_LISTING, Procedure.HOUSEHOLD_MARK})
"""Procedures that only the bureau carries out which registered the operator (企业经营异常名录管理办法 art. 3)."""

_LISTS = {
    Actor.HANDLER: frozenset({Role.ENTRY}),
    Actor.REVIEWER: frozenset({Role.REVIEW, Role.LEGAL}),
    Actor.SUPERIOR: frozenset({Role.SUPERIOR}),
    Actor.PROVIDER: frozenset({Role.ENTRY}),  # an officer enters what the provider answered
    Actor.PARTY: frozenset({Role.ENTRY}),  # and what a party handed in at the counter
}
_REPAIR = _LISTS | {Actor.HANDLER: frozenset({Role.REPAIR}), Actor.PARTY: frozenset({Role.REPAIR})}
_OBJECTION = _LISTS | {Actor.HANDLER: frozenset({Role.OBJECTION}), Actor.PARTY: frozenset({Role.OBJECTION})}

ROLES: dict[Procedure, dict[Actor, frozenset[Role]]] = {
    Procedure.ABNORMAL_LISTING: _LISTS,
    Procedure.HOUSEHOLD_MARK: _LISTS,
    Procedure.VIOLATION_LISTING: _LISTS,
    Procedure.REPAIR: _REPAIR,
    Procedure.OBJECTION: _OBJECTION,
    Procedure.INSPECTION_RESULT: _LISTS,
    Procedure.SERVICE_STOP: _LISTS,
    Procedure.CLUE: _LISTS,
}
"""Which roles stand for an actor of a declaration (domain.md 10: 录入/初审, 审核, 法制审核, 上级同意, 修复受理, 异议处理)."""


def may_act(procedure: Procedure, part: Actor, roles: frozenset[Role]) -> bool:
    """Whether an officer with these roles can take this part; the system's own part is nobody's."""
    return bool(ROLES[procedure].get(part, frozenset()) & roles)
