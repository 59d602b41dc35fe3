"""Who decided, and who hands the record on: names with codes that must pass their check."""

from registry.services.imports.cells import RowCells
from registry.services.imports.codes import read_uscc

Organ = tuple[str | None, str]


def read_authority(row: RowCells, handed_in_by: tuple[str, str] | None, *, by_name: bool = False) -> Organ | None:
    """Code and name of the deciding authority; where the row is silent, the authority that hands the file in.

    `by_name` lets a name stand without its code: the register is asked whether it knows exactly one of that name.
    """
    if handed_in_by is not None and not row.raw("authority") and not row.raw("authority_uscc"):
        return handed_in_by
    name = row.text("authority", required=True, longest=200)
    code = _code(row, "authority_uscc")
    if code is not None and code[0] != "1":
        row.flag("authority_uscc", "authority_code_prefix")
    if code is None and not row.raw("authority_uscc"):
        if by_name and name is not None:
            return None, name
        row.refuse("authority_uscc", "missing")
    if name is None or code is None:
        return None
    return code, name


def read_source(row: RowCells, organ: Organ | None) -> tuple[str | None, str | None]:
    """Name and code of the unit that hands the record on; the deciding authority where the row is silent."""
    name = row.text("source", longest=200)
    code = _code(row, "source_uscc")
    if name is None and code is None and organ is not None and organ[0] is not None and not row.raw("source_uscc"):
        return organ[1], organ[0]
    if name is None:
        row.refuse("source", "missing")
    if code is None and not row.raw("source_uscc"):
        row.refuse("source_uscc", "missing")
    return name, code


def _code(row: RowCells, key: str) -> str | None:
    code, _ = read_uscc(row, key)
    return code
