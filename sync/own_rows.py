"""Reading own records as they stand now, each with the ledger entry of its present revision, set-wise."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import text

from models import db
from registry.queries.records import MODELS
from registry.services.imports.tables import table_of

_PARTY = (
    "o.uscc AS operator_uscc, o.uscc_doubt, o.registration_no AS operator_registration_no, o.person_key,"
    " o.kind AS operator_kind, o.name AS operator_name, o.region AS operator_region,"
    " a.uscc AS authority_uscc, a.name AS authority_name"
)
_ENTRY = "e.seq, e.recorded_at AS entered_at, e.actor"
_OF_PRESENT_REVISION = "JOIN ledger_entry e ON e.record_id = r.record_id AND e.revision = r.revision"
_OPERATORS = (
    f"SELECT r.*, {_ENTRY}, s.uscc AS successor_uscc,"  # noqa: S608 - names of columns only
    " (SELECT coalesce(jsonb_agg(f.name ORDER BY f.id), '[]') FROM former_name f WHERE f.operator_id = r.id)"
    " AS former_names,"
    " (SELECT coalesce(jsonb_agg(jsonb_build_object('type', p.type, 'name', p.name, 'url', p.url,"
    " 'platform', p.platform, 'icp_no', p.icp_no) ORDER BY p.id), '[]')"
    " FROM online_presence p WHERE p.operator_id = r.id) AS online_presences"
    f" FROM operator r {_OF_PRESENT_REVISION} LEFT JOIN operator s ON s.id = r.successor_id"
    " WHERE r.record_id = ANY(:records)"
)
RESOURCES = ("operator", *MODELS)
"""Resources that the register holds in tables, and so may originate here."""


def read(resource: str, record_ids: Collection[str]) -> list[Mapping[str, Any]]:
    """The rows of these records; one statement, so that row and entry are of one moment."""
    found = db.session.execute(text(_statement(resource)), {"records": list(record_ids)})
    return [dict(row) for row in found.mappings()]


def _statement(resource: str) -> str:
    if resource == "operator":
        return _OPERATORS
    return (
        f"SELECT r.*, {_PARTY}, {_ENTRY} FROM {table_of(MODELS[resource]).name} r"  # noqa: S608
        f" {_OF_PRESENT_REVISION} JOIN operator o ON o.id = r.operator_id JOIN authority a ON a.id = r.authority_id"
        " WHERE r.record_id = ANY(:records)"
    )
