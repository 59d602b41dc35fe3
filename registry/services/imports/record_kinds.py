"""What the law makes of a row: its natural key, its rule set, from when until when the public may see it."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from models import AbnormalListing, Authority, HouseholdMark, Licence, Penalty, ViolationListing
from registry.errors import RuleViolation
from registry.rules import document_numbers, publicity
from registry.rules.local_settings import LocalSettings
from registry.rules.operator import OperatorKind, PartyCategory
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.publicity import Publicity
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Basis, UnknownRuleSet, rule_set_for
from registry.services.imports.faults import RowRefused
from registry.services.imports.record_rows import RecordRow
from registry.services.imports.record_states import Key, RecordTable

_PROMPT = timedelta(days=30)
"""A decision handed in within this time is published today; an older one is history, published when it was decided."""

DAY = timedelta(days=1)

T = TypeVar("T")


class PenaltyKindOfRecord:
    """Penalties: one record for each authority, document number and party (standards.md 1.8)."""

    verb = "published"
    _table = RecordTable(
        Penalty, ("authority_id", "document_no_key", "party_key"), ("int8", "text", "text"), ("document_no_key",)
    )

    def table(self, row: RecordRow, kind: OperatorKind | None) -> RecordTable:  # noqa: ARG002 - one table for all
        """The one table."""
        return self._table

    def key(self, row: RecordRow, operator_id: int, authority_id: int) -> Key:  # noqa: ARG002 - by party, not operator
        """Authority, normalised number, party."""
        return authority_id, document_numbers.normalise(row.columns["document_no"]), row.party.key

    def derived(self, row: RecordRow) -> dict[str, Any]:
        """The number in the form in which numbers are compared."""
        return {"document_no_key": document_numbers.normalise(row.columns["document_no"])}

    def publicity(self, row: RecordRow, columns: dict[str, Any], authority: Authority, today: date) -> dict[str, Any]:
        """What the rules say, as columns."""
        found, published_on = self.law(row, columns, authority, today)
        return _interval(found) | {"severity": found.severity, "published_on": published_on}

    def law(self, row: RecordRow, columns: dict[str, Any], authority: Authority, today: date) -> tuple[Publicity, date]:
        """By the rule set in force on the day of the decision; an earlier end that was handed in wins. And the day shown."""
        decided_on: date = columns["decided_on"]
        published_on = columns["published_on"] or (today if today - decided_on <= _PROMPT else decided_on)
        find = partial(
            publicity.penalty_publicity,
            regime=authority.regime,
            decided_on=decided_on,
            published_on=published_on,
            kinds=[PenaltyKind(kind) for kind in columns["kinds"]],
            fine=columns["fine"],
            party_category=PartyCategory(columns["party_category"]),
            severity=row.columns.get("severity"),
            minor_party=row.party_under_age,
            restriction_until=columns["restriction_until"],
            local=_by_law(row, lambda: LocalSettings.of(authority.settings)),
        )
        found = _by_law(row, find)
        declared_until: date | None = columns["declared_until"]
        if declared_until is not None and found.public_until is not None and declared_until > found.public_until:
            raise RowRefused(row.fault("declared_until", "publicity_too_long", until=str(found.public_until)))
        if declared_until is not None:
            found = _by_law(row, partial(find, declared_until=declared_until))
        return found, published_on


class LicenceKindOfRecord:
    """Licences: public from the decision until the day after their validity ends."""

    verb = "published"
    _table = RecordTable(
        Licence,
        ("authority_id", "document_no_key", "party_key", "licence_no_key"),
        ("int8", "text", "text", "text"),
        ("document_no_key", "licence_no_key"),
    )

    def table(self, row: RecordRow, kind: OperatorKind | None) -> RecordTable:  # noqa: ARG002 - one table for all
        """The one table."""
        return self._table

    def key(self, row: RecordRow, operator_id: int, authority_id: int) -> Key:  # noqa: ARG002 - by party, not operator
        """Authority, normalised number, party, licence number."""
        derived = self.derived(row)
        return authority_id, derived["document_no_key"], row.party.key, derived["licence_no_key"]

    def derived(self, row: RecordRow) -> dict[str, Any]:
        """Both numbers in the form in which numbers are compared; a missing licence number is empty."""
        return {
            "document_no_key": document_numbers.normalise(row.columns["document_no"]),
            "licence_no_key": document_numbers.normalise(row.columns.get("licence_no") or ""),
        }

    def publicity(
        self,
        row: RecordRow,
        columns: dict[str, Any],
        authority: Authority,
        today: date,  # noqa: ARG002 - a licence is public from its decision
    ) -> dict[str, Any]:
        """A licence that is no longer valid by its own status is kept, not shown."""
        decided_on: date = columns["decided_on"]
        until: date = columns["valid_until"] + DAY
        rule_set = _by_law(row, lambda: rule_set_for(authority.regime, decided_on).name)
        shown = columns["current_status"] == "1" and until > decided_on and not row.party_under_age
        return {
            "state": RecordState.IN_FORCE if shown else RecordState.NOT_PUBLISHABLE,
            "rule_set": rule_set,
            "period_basis": Basis.DECISION.value,
            "period_basis_on": decided_on,
            "public_from": decided_on if shown else None,
            "public_until": until if shown else None,
            "under_objection": False,
        }


class AbnormalKindOfRecord:
    """Stays on the abnormal list; for households, marks (domain.md 3.2, 3.3)."""

    verb = "entered"
    _listing = RecordTable(
        AbnormalListing,
        ("operator_id", "reason", "report_year", "listed_on"),
        ("int8", "text", "int4", "date"),
        nullable=frozenset({"report_year"}),
    )
    _mark = RecordTable(
        HouseholdMark,
        ("operator_id", "reason", "report_year", "listed_on"),
        ("int8", "text", "int4", "date"),
        nullable=frozenset({"report_year"}),
    )

    def table(self, row: RecordRow, kind: OperatorKind | None) -> RecordTable:
        """A household is marked, everybody else is listed; a natural person neither."""
        if kind is OperatorKind.NATURAL_PERSON:
            raise RowRefused(row.fault("uscc", "person_not_registered"))
        if kind is OperatorKind.HOUSEHOLD:
            for name in ("decision_no", "decided_on"):
                row.columns.pop(name, None)
            return self._mark
        if not row.columns.get("decision_no"):
            raise RowRefused(row.fault("decision_no", "missing"))
        return self._listing

    def key(self, row: RecordRow, operator_id: int, authority_id: int) -> Key:  # noqa: ARG002 - one bureau registers
        """Operator, reason, year of the missing report, day."""
        return operator_id, str(row.columns["reason"]), row.columns.get("report_year"), row.columns["listed_on"]

    def derived(self, row: RecordRow) -> dict[str, Any]:  # noqa: ARG002 - nothing is derived
        """Nothing."""
        return {}

    def publicity(
        self,
        row: RecordRow,
        columns: dict[str, Any],
        authority: Authority,  # noqa: ARG002 - only market regulation lists and marks
        today: date,  # noqa: ARG002 - public on the day of listing
    ) -> dict[str, Any]:
        """Public until taken off; a stay that has ended is kept, not shown."""
        household = not columns.get("decision_no")  # a mark comes about without a document
        found = _by_law(row, lambda: publicity.abnormal_publicity(listed_on=columns["listed_on"], household=household))
        return _interval(found) | _removal(columns, None) | {"legal_basis": columns["legal_basis"] or found.citation}


class ViolationKindOfRecord:
    """Stays on the violation list (decree 44)."""

    verb = "entered"
    _table = RecordTable(
        ViolationListing,
        ("operator_id", "authority_id", "decision_no_key"),
        ("int8", "int8", "text"),
        ("decision_no_key",),
    )

    def table(self, row: RecordRow, kind: OperatorKind | None) -> RecordTable:  # noqa: ARG002 - one table for all
        """The one table."""
        return self._table

    def key(self, row: RecordRow, operator_id: int, authority_id: int) -> Key:
        """Operator, authority, normalised number."""
        return operator_id, authority_id, document_numbers.normalise(row.columns["decision_no"])

    def derived(self, row: RecordRow) -> dict[str, Any]:
        """The number in the form in which numbers are compared."""
        return {"decision_no_key": document_numbers.normalise(row.columns["decision_no"])}

    def publicity(
        self,
        row: RecordRow,
        columns: dict[str, Any],
        authority: Authority,  # noqa: ARG002 - only market regulation lists
        today: date,  # noqa: ARG002 - public on the day of listing
    ) -> dict[str, Any]:
        """Ends by itself when its months are full; taken off before that, it is kept, not shown."""
        found = _by_law(
            row,
            lambda: publicity.violation_publicity(
                listed_on=columns["listed_on"], restriction_until=columns["restriction_until"]
            ),
        )
        declared: date | None = row.declared_until
        interval = _interval(found)
        if declared is not None and found.public_until is not None:
            if declared > found.public_until:
                raise RowRefused(row.fault("declared_until", "publicity_too_long", until=str(found.public_until)))
            interval["public_until"] = declared
        return (
            interval
            | _removal(columns, found.public_until)
            | {"legal_basis": columns["legal_basis"] or found.citation, "measures": columns["measures"] or []}
        )


def _by_law(row: RecordRow, compute: Callable[[], T]) -> T:
    """What a rule answers; where it refuses, the row is refused with the rule's code."""
    try:
        return compute()
    except UnknownRuleSet as error:
        key = "listed_on" if "listed_on" in row.columns else "decided_on"
        raise RowRefused(row.fault(key, "before_rule_sets")) from error
    except RuleViolation as error:
        raise RowRefused(row.fault("", "rule_refuses", reason=error.code)) from error


def _interval(found: Publicity) -> dict[str, Any]:
    return {
        "state": RecordState.IN_FORCE if found.published else RecordState.NOT_PUBLISHABLE,
        "rule_set": found.rule_set,
        "period_basis": found.basis.value,
        "period_basis_on": found.basis_on,
        "public_from": found.public_from,
        "public_until": found.public_until,
        "under_objection": False,
    }


def _removal(columns: dict[str, Any], until: date | None) -> dict[str, Any]:
    """A stay that has been ended: by repair, or by running out where its time was full."""
    removed_on: date | None = columns["removed_on"]
    if removed_on is None:
        return {}
    ran_out = until is not None and removed_on >= until
    return {
        "state": RecordState.ENDED,
        "end_reason": EndReason.EXPIRED if ran_out else EndReason.REPAIRED,
        "ended_on": removed_on,
    }
