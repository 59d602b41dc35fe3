"""What rests on a run: later changes by others, and records about operators that only the run entered."""

from flask_babel import gettext as _

from models import AbnormalListing, ClientReading, CreditReport, HouseholdMark, Licence, Penalty, ViolationListing
from registry.services.imports.tables import cursor, table_of

_ABOUT_OPERATORS = (Penalty, Licence, AbnormalListing, HouseholdMark, ViolationListing)

_LATER = """
    SELECT e.record_id, l.actor, count(*) OVER ()
      FROM ledger_entry e
      JOIN LATERAL (SELECT n.actor, n.payload FROM ledger_entry n WHERE n.record_id = e.record_id
                     ORDER BY n.revision DESC LIMIT 1) l ON true
     WHERE e.actor = %(run)s AND e.seq >= %(first)s
       AND NOT EXISTS (SELECT FROM ledger_entry m WHERE m.record_id = e.record_id AND m.revision > e.revision
                       AND m.actor = %(run)s)
       AND l.actor <> %(undo)s
       AND (l.payload <> e.payload
            OR EXISTS (SELECT FROM ledger_entry a JOIN ledger_entry b USING (record_id)
                        WHERE a.record_id = e.record_id AND a.actor = %(run)s AND a.revision < b.revision
                          AND b.revision < e.revision AND b.actor <> %(run)s))
     ORDER BY e.record_id LIMIT 3
"""
"""Records that others have changed since, unless their changes were taken back."""

_ENTERED = """
    SELECT e.operator_id FROM ledger_entry e
     WHERE e.actor = %(run)s AND e.seq >= %(first)s AND e.record_type = 'operator' AND e.revision = 1
"""


def what_rests_on(by_run: str, by_undo: str, first: int) -> list[str]:
    """A sentence for each thing that forbids taking the run back; empty where nothing does."""
    given = {"run": by_run, "undo": by_undo, "first": first}
    work = cursor()
    work.execute(_LATER, given)
    changed = work.fetchall()
    reasons = []
    if changed:
        names = "、".join(f"{record_id} ({actor})" for record_id, actor, _total in changed)
        reasons.append(
            _("%(count)s records were changed after this run, among them %(names)s.", count=changed[0][2], names=names)
        )
    for model in _ABOUT_OPERATORS:
        table = table_of(model).name
        work.execute(
            f"SELECT r.record_id, count(*) OVER () FROM {table} r WHERE r.operator_id IN ({_ENTERED})"  # noqa: S608
            " AND NOT EXISTS (SELECT FROM ledger_entry l WHERE l.record_id = r.record_id AND l.revision = 1"
            " AND l.actor = %(run)s) ORDER BY r.record_id LIMIT 3",
            given,
        )
        found = work.fetchall()
        if found:
            names = "、".join(record_id for record_id, _total in found)
            reasons.append(
                _(
                    "%(count)s records are about operators that this run entered: %(names)s.",
                    count=found[0][1],
                    names=names,
                )
            )
    reasons += _reports_and_readings(given)
    return reasons


def _reports_and_readings(given: dict[str, object]) -> list[str]:
    work = cursor()
    reasons = []
    work.execute(
        f"SELECT report_no, count(*) OVER () FROM {table_of(CreditReport).name}"  # noqa: S608 - a table's own name
        f" WHERE operator_id IN ({_ENTERED}) ORDER BY report_no LIMIT 3",
        given,
    )
    reports = work.fetchall()
    if reports:
        names = "、".join(number for number, _total in reports)
        reasons.append(
            _(
                "%(count)s credit reports were issued on operators of this run: %(names)s.",
                count=reports[0][1],
                names=names,
            )
        )
    work.execute(
        f"SELECT count(DISTINCT operator_id) FROM {table_of(ClientReading).name}"  # noqa: S608 - a table's own name
        f" WHERE operator_id IN ({_ENTERED})",
        given,
    )
    (readings,) = work.fetchone()
    if readings:
        reasons.append(_("Platforms were shown %(count)s operators that this run entered.", count=readings))
    work.execute(
        f"SELECT count(*) FROM operator o WHERE o.successor_id IN ({_ENTERED})"  # noqa: S608 - constant text
        f" AND o.id NOT IN ({_ENTERED})",
        given,
    )
    (successors,) = work.fetchone()
    if successors:
        reasons.append(_("%(count)s operators lead to successors that this run entered.", count=successors))
    return reasons
