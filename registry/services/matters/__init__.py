"""What officers do about records: drafting, submitting, deciding (the machine: registry/rules/penalty_procedure.py).

Each change of a record is a ledger entry; what officers do around it stands in `matter_step`, to which the role that
serves requests can only add.
"""

from dataclasses import dataclass

from registry.services.personal_values import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """What every piece of work at this node needs: its name, and the key of personal data."""

    node: str
    vault: Vault
