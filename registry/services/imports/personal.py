"""Personal values of a batch: opened once for comparison, sealed once, written once."""

from collections.abc import Sequence
from typing import Any

from models import PersonalValue
from registry.services.imports.record_states import StoredRecord
from registry.services.imports.tables import copy_lines, cursor, table_of
from registry.services.personal_values import SealedValue, Vault

_COLUMNS = ("record_id", "field", "digest", "salt", "ciphertext")


class SealedBatch:
    """What stands in `personal_value` for the records of a batch, and what is going to."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._clear: dict[str, dict[str, str]] = {}
        self._new: list[SealedValue] = []

    def load(self, records: Sequence[StoredRecord]) -> None:
        """Open the values of records that name some; erased ones count as absent."""
        if not records:
            return
        work = cursor()
        work.execute(
            "SELECT record_id, field, digest, ciphertext FROM personal_value"
            " WHERE record_id = ANY(%s) AND ciphertext IS NOT NULL",
            ([record.record_id for record in records],),
        )
        named = {record.record_id: record.columns["personal"] for record in records}
        for record_id, name, digest, ciphertext in work.fetchall():
            if named[record_id].get(name) == digest.hex():
                self._clear.setdefault(record_id, {})[name] = self._vault.open(record_id, name, ciphertext)

    def differs(self, record: StoredRecord, values: dict[str, str]) -> bool:
        """Whether a row tells personal values that the record does not hold. What it is silent on is kept."""
        held = self._clear.get(record.record_id, {})
        return any(held.get(name) != value for name, value in values.items())

    def new(self, record_id: str, values: dict[str, str]) -> dict[str, str]:
        """Seal the values of a new record; their digests as hex by field."""
        return {name: self._seal(record_id, name, value) for name, value in sorted(values.items())}

    def replace(self, record: StoredRecord, values: dict[str, str]) -> dict[str, str]:
        """Seal what differs; the earlier values stay until the record is erased, so that the run can be taken back."""
        digests: dict[str, str] = dict(record.columns["personal"])
        held = self._clear.setdefault(record.record_id, {})
        for name, value in values.items():
            if held.get(name) == value:
                continue
            digests[name] = self._seal(record.record_id, name, value)
        return digests

    def _seal(self, record_id: str, name: str, value: str) -> str:
        sealed = self._vault.seal(record_id, name, value)
        self._new.append(sealed)
        self._clear.setdefault(record_id, {})[name] = value
        return sealed.digest.hex()

    def write(self) -> None:
        """COPY the new values in."""
        if self._new:
            copy_lines(table_of(PersonalValue).name, _COLUMNS, [_line(sealed) for sealed in self._new])


def _line(sealed: SealedValue) -> bytes:
    parts: list[Any] = [sealed.digest, sealed.salt, sealed.ciphertext]
    return "\t".join([sealed.record_id, sealed.field, *(f"\\\\x{part.hex()}" for part in parts)]).encode() + b"\n"
