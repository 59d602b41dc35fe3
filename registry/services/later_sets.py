"""What rule sets that came into force later mean for a record that was open then: the earlier end counts (domain.md 5).

Both who enters an old decision and who recomputes at a change of law ask here, so that no record is public a day longer
because of when it was entered.
"""

from datetime import date
from typing import Any

from registry.rules.local_settings import LocalSettings
from registry.rules.operator import PartyCategory
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.publicity import recomputed_listing_until, recomputed_until, severity_of
from registry.rules.rule_sets import Regime, RuleSet, Severity, all_sets, get


def earliest_end(record: dict[str, Any], *, regime: Regime, settings: dict[str, Any], on: date) -> date | None:
    """The end of a record's publicity after every set that came into force up to `on` while it was open.

    `record` holds columns as the table has them, `settings` are its authority's. None where nothing ends it.
    """
    until: date | None = record["public_until"]
    own = get(record["rule_set"])
    for later in sorted(all_sets(), key=lambda each: each.in_force_from):
        day = later.in_force_from
        if later.regime is not regime or not own.in_force_from < day <= on:
            continue
        if record["public_from"] <= day and (until is None or until > day):
            until = end_under(later, record | {"public_until": until}, settings)
    return until


def end_under(new_set: RuleSet, record: dict[str, Any], settings: dict[str, Any]) -> date | None:
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


def class_under(new_set: RuleSet, record: dict[str, Any], settings: dict[str, Any]) -> Severity:
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
