"""What an officer or a party states with a step: fields with a form, read all at once with every fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from registry.services.imports.faults import Fault

LONGEST = 4000


class Form(StrEnum):
    """How a particular is written down."""

    DAY = "day"
    DAYS = "days"  # several, one a line
    TEXT = "text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"  # some of the choices


@dataclass(frozen=True, slots=True)
class Particular:
    """One field. `name` is its key in the facts of a case; `choices` are the values of CHOICE and SEVERAL."""

    name: str
    form: Form
    required: bool = False
    choices: tuple[str, ...] = ()


def read(particulars: Sequence[Particular], cells: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], list[Fault]]:
    """Values by name as the facts hold them (days as ISO 8601), and all faults. Cells of other names are refused.

    `cells` are the values posted under each name. What is empty and not required is left out.
    """
    values: dict[str, Any] = {}
    faults = [Fault(name, "field_unknown") for name in cells if name not in {each.name for each in particulars}]
    for each in particulars:
        given = [cell.strip() for cell in cells.get(each.name, ()) if cell.strip()]
        if not given:
            if each.form is Form.YES_NO:
                values[each.name] = False
            elif each.required:
                faults.append(Fault(each.name, "missing"))
            continue
        value, fault = _value(each, given)
        if fault is not None:
            faults.append(Fault(each.name, fault))
        else:
            values[each.name] = value
    return values, faults


def _value(particular: Particular, given: Sequence[str]) -> tuple[Any, str | None]:
    match particular.form:
        case Form.DAY:
            return _day(given[0])
        case Form.DAYS:
            days = [_day(line) for cell in given for line in cell.split()]
            return sorted({day for day, _ in days}), next((fault for _, fault in days if fault), None)
        case Form.YES_NO:
            return given[0] == "yes", None if given[0] in ("yes", "no") else "not_a_choice"
        case Form.CHOICE:
            return given[0], None if given[0] in particular.choices else "not_a_choice"
        case Form.SEVERAL:
            return sorted(set(given)), None if set(given) <= set(particular.choices) else "not_a_choice"
        case Form.TEXT | Form.LONG_TEXT:
            return given[0], None if len(given[0]) <= LONGEST else "too_long"


def _day(cell: str) -> tuple[str, str | None]:
    try:
        return date.fromisoformat(cell).isoformat(), None
    except ValueError:
        return cell, "not_a_day"
