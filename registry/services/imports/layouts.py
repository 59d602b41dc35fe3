"""Which layouts each kind of import understands, and which headers betray the layout of 2015."""

from registry.services.imports.columns import Layout
from registry.services.imports.party_layouts import LICENCES, OLD_LICENCE_COLUMNS, OLD_PENALTY_COLUMNS, PENALTIES
from registry.services.imports.register_layouts import (
    ABNORMAL_LISTINGS,
    ONLINE_PRESENCES,
    OPERATORS,
    VIOLATION_LISTINGS,
)

_LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "operators": (OPERATORS,),
    "online-presences": (ONLINE_PRESENCES,),
    "penalties": PENALTIES,
    "licences": LICENCES,
    "abnormal-listings": (ABNORMAL_LISTINGS,),
    "violation-listings": (VIOLATION_LISTINGS,),
}

OLD_COLUMNS = {"penalties": OLD_PENALTY_COLUMNS, "licences": OLD_LICENCE_COLUMNS}
"""In 2015 code_2 was the organisation code and code_3 the registration number, in 2018 the other way round."""


def layouts_of(kind: str) -> tuple[Layout, ...]:
    """The layouts a kind of import understands."""
    return _LAYOUTS[kind]


def kinds() -> tuple[str, ...]:
    """All kinds of imports."""
    return tuple(_LAYOUTS)
