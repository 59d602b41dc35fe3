"""Free text on its way into the register: what names other people is masked before it is stored (domain.md 3.12)."""

from registry.rules import masking
from registry.services.imports.cells import RowCells
from registry.services.imports.codes import without_doubt
from registry.services.imports.party_rows import PartyCells


def masked(row: RowCells, key: str, party: PartyCells | None, *, required: bool = False, longest: int) -> str | None:
    """The text of a cell less identity numbers, phones, accounts and addresses; flagged where some was hidden."""
    text = row.text(key, required=required, longest=longest, lines=True)
    if text is not None and key == "remark":
        text = without_doubt(text) or None
    if text is None:
        return None
    hidden = masking.mask_text(text)
    if party is not None and party.personal.get("name"):
        hidden = hidden.replace(party.personal["name"], party.party.name)
    if hidden != text:
        row.flag(key, "masked")
    return hidden
