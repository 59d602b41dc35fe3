"""The tables of a front database (前置库): one for each resource, columns = lower-case standard codes and ours beside them.

What a record says is text, as in its message: nothing is rounded, shortened or read as a day on the way. Moments are
Beijing's, without a zone, as such databases have them.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, MetaData, SmallInteger, String, Table, Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT

_WORDS = Text().with_variant(MEDIUMTEXT(charset="utf8mb4"), "mysql", "mariadb")  # their TEXT ends at 64 KiB

WAITING, TAKEN, REFUSED = 0, 1, 2
"""Values of `sync_status`."""


def status_of(told: object) -> int | None:
    """The status that a row tells, as number or as text; None where it is none of the three."""
    return {"0": WAITING, "1": TAKEN, "2": REFUSED}.get(str(told).strip())


_PARTY = ("xdr_mc", "xdr_lb", "xdr_shxym", "xdr_gszc", "xdr_zzjg", "xdr_swdj", "xdr_sydw", "xdr_shzz", "frdb",
          "fr_zjlx", "fr_zjhm", "xdr_zjlx", "xdr_zjhm")  # fmt: skip
_CF = ("wsh", "wfxw", "sy", "yj", "cflb", "nr", "nr_fk", "nr_wfff", "nr_zkdx", "jdrq", "yxq", "gsjzq", "cfjg", "cfjgdm",
       "sjly", "sjlydm")  # fmt: skip
_XK = ("xkws", "wsh", "xklb", "xkzs", "xkbh", "nr", "jdrq", "yxqz", "yxqzi", "xkjg", "xkjgdm", "zt", "lydw",
       "lydwdm")  # fmt: skip
_SUBJECT = ("subject_category", "subject_region", "subject_uscc", "subject_uscc_doubt", "subject_registration_no",
            "subject_name", "subject_person_key")  # fmt: skip
_LISTING = ("reason_code", "data_reason", "report_year", "legal_basis", "decision_no", "decided_on", "authority_uscc",
            "authority_name", "listed_on", "removed_on", "removal_reason", "restriction_until", "measures")  # fmt: skip

COLUMNS: Mapping[str, Sequence[str]] = {
    "operator": (
        *_SUBJECT, "kind", "registration_status", "status_on", "former_names", "region", "industry", "responsible_person",
        "established_on", "registrar_uscc", "registrar_name", "successor", "online_presences",
    ),
    "administrative_penalty": (*(f"cf_{name}" for name in (*_PARTY, *_CF)), "bz"),
    "administrative_licence": (*(f"xk_{name}" for name in (*_PARTY, *_XK)), "bz"),
    "abnormal_listing": (*_SUBJECT, *_LISTING),
    "household_mark": (*_SUBJECT, *_LISTING),
    "violation_listing": (*_SUBJECT, *_LISTING),
    "inspection_result": (
        *_SUBJECT, "task", "inspected_on", "result_code", "result", "authority_uscc", "authority_name", "linked_record_id",
    ),
    "commitment": (*_SUBJECT, "type", "title", "committed_on", "valid_until", "accepted_by", "performance"),
}  # fmt: skip
"""What a record says, by resource. Where no standard code names the party, `subject_…` does; `data_reason` is the `reason`
of a list, since `reason` is that of an end."""


@cache
def tables(prefix: str = "") -> Mapping[str, Table]:
    """The table of each resource; names begin with `prefix`, for a database that holds other tables."""
    metadata = MetaData()
    return {resource: _table(metadata, f"{prefix}{resource}", columns) for resource, columns in COLUMNS.items()}


def _table(metadata: MetaData, name: str, columns: Sequence[str]) -> Table:
    return Table(
        name,
        metadata,
        Column("row_id", String(36), primary_key=True),
        Column("batch_no", String(22), nullable=False),
        Column("operation", String(1), nullable=False),
        Column("record_id", String(140), nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("publish_status", String(7), nullable=False),
        Column("publish_from", Date),
        Column("publish_until", Date),
        Column("reason", String(64)),
        *(Column(column, _WORDS) for column in columns),
        Column("created_at", DateTime, nullable=False),
        Column("sync_status", SmallInteger, nullable=False),
        Column("sync_time", DateTime),
        Column("error_code", String(64)),
        Column("error_message", _WORDS),
        Column("upstream_id", String(128)),
        Index(f"ix_{name}_sync_status", "sync_status", "created_at"),
        Index(f"ix_{name}_record_id", "record_id", "revision"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
        mariadb_charset="utf8mb4",  # a dialect of its own, which does not look at the options of the other
        mariadb_engine="InnoDB",
    )
