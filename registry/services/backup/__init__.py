"""A backup of the whole register as one file, and its restore.

The file is a tar: `manifest.json` first, then `tables/<schema>.<table>.copy.gz` (COPY text), then `files/…` of the data folder
that rows speak of. Keys are not in it: they are kept apart from what they open (docs/deploy.md).
"""

from dataclasses import asdict, dataclass
from typing import Any

from registry.errors import RuleViolation

FORMAT = 1
SCHEMAS = ("public", "procrastinate")
LEFT_OUT = frozenset({"public.alembic_version", "public.rate_window"})
"""Not in a backup: what migrations write themselves, and counters of a minute."""


class BackupRefused(RuleViolation):
    """The file cannot be restored here; nothing was changed."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True)
class TableOfBackup:
    """One table: where its rows stand in the file, how many, the SHA-256 of the member as hex."""

    name: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """Name of the member that holds the rows."""
        return f"tables/{self.name}.copy.gz"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds and what it was taken of. `tables` are in the order in which they can be filled."""

    format: int
    node: str
    epoch: str
    migration: str
    taken_at: str
    ledger_size: int
    tables: list[TableOfBackup]
    files: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """The member `manifest.json`."""
        return asdict(self)

    @classmethod
    def of(cls, members: dict[str, Any]) -> "Manifest":
        """Read from `manifest.json`. BackupRefused for another format."""
        try:
            if members["format"] != FORMAT:
                raise BackupRefused(f"This is a backup of format {members['format']}; this program reads {FORMAT}.")
            return cls(**{**members, "tables": [TableOfBackup(**table) for table in members["tables"]]})
        except (KeyError, TypeError) as error:
            raise BackupRefused("The manifest of this file is not that of a backup.") from error
