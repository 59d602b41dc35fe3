"""When publicity of an open record ends once another set is in force, and what a later look at the record must keep."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from registry.rules.local_settings import LocalSettings
from registry.rules.operator import PartyCategory
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.publicity import recomputed_listing_until, recomputed_until, restarted_until, severity_of
from registry.rules.record import RecordState
from registry.rules.rule_sets import Regime, RuleSet, Severity, all_sets, get

_FIRST_DAYS = ("decided_on", "published_on", "listed_on", "completed_on")
"""Days from which a period first runs, each in the records that have it."""


def begun_anew_on(record: Mapping[str, Any]) -> date | None:
    """The day from which a record is public again after its repair was revoked for fraud; None where that never happened.

    `record` holds columns as the table has them.
    """
    basis_on: date | None = record["period_basis_on"]
    if record["state"] != RecordState.IN_FORCE or basis_on in {record.get(name) for name in _FIRST_DAYS}:
        return None
    return basis_on


def end_under(new_set: RuleSet, record: Mapping[str, Any], settings: dict[str, Any]) -> date | None:
    """The earlier of a record's end and the one that `new_set` gives it; `record` holds columns as the table has them.

    The class of a penalty is found anew where it had followed from the older set; one that was handed in stays. A period
    that was begun again after a fraud runs from that day under every set.
    """
    basis_on: date = record["period_basis_on"]
    if "listed_on" in record:
        return recomputed_listing_until(
            record["public_until"],
            new_set=new_set,
            listed_on=basis_on,
            restriction_until=record["restriction_until"],
        )
    decided_on: date = record["decided_on"]
    published_on: date = record["published_on"] or record["public_from"]
    if basis_on not in (decided_on, published_on):
        decided_on = published_on = basis_on
    return recomputed_until(
        record["public_until"],
        new_set=new_set,
        severity=class_under(new_set, record, settings),
        decided_on=decided_on,
        published_on=published_on,
        restriction_until=record["restriction_until"],
    )


def class_under(new_set: RuleSet, record: Mapping[str, Any], settings: dict[str, Any]) -> Severity:
    """The class of a penalty under another set than its own."""
    kinds = [PenaltyKind(kind) for kind in record["kinds"]]

    def by(rule_set: RuleSet) -> Severity:
        return severity_of(
            kinds,
            fine=record["fine"],
            party_category=PartyCategory(record["party_category"]),
            summary_procedure=False,
            rule_set=rule_set,
            local=LocalSettings.of(settings),
        )

    if record["severity"] is not None and record["severity"] != by(get(record["rule_set"])):
        return Severity(record["severity"])
    return by(new_set)


def restarted_interval(record: Mapping[str, Any], since: date, declared_until: date | None) -> dict[str, Any]:
    """The public interval of a changed record whose period was begun anew: from that day on, by what it says now.

    `record` holds the columns after the change; an earlier end that the change hands in wins.
    """
    interval: dict[str, Any] = {"period_basis_on": since, "public_from": since}
    if record["public_until"] is not None:  # a stay on the abnormal list has no end of its own
        until = restarted_until(
            record["rule_set"],
            severity=record.get("severity"),
            on=since,
            restriction_until=record["restriction_until"],
        )
        interval["public_until"] = until if declared_until is None else min(until, declared_until)
    return interval


def end_by_later_sets(record: Mapping[str, Any], regime: Regime, settings: dict[str, Any], today: date) -> date | None:
    """The end of a record after every set that came into force while it was public: the earliest counts (domain.md 5)."""
    own = get(record["rule_set"])
    until: date | None = record["public_until"]
    for each in sorted(all_sets(), key=lambda each: each.in_force_from):
        day = each.in_force_from
        later = each.regime is regime and own.in_force_from < day <= today
        if later and record["public_from"] <= day and (until is None or until > day):
            until = end_under(each, {**record, "public_until": until}, settings)
    return until
