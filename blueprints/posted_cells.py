"""What an officer posted, as the text cells that the rules of files check: boxes become the cell of the standard."""

from flask import request

from registry.rules.penalty_kinds import PenaltyKind, cell_of, ticked

BOXES = "kinds_by_boxes"
"""Sent by a form whose kinds of penalty are boxes; the cell it was made from is sent beside them."""


def posted_cells() -> dict[str, str]:
    """The cells of the posted form. A cell whose boxes were not touched stays as it was printed."""
    cells = dict(request.form.items())
    if BOXES in request.form:
        chosen = frozenset(PenaltyKind(each) for each in request.form.getlist("kind") if each in set(PenaltyKind))
        other = request.form.get("kind_other", "").strip()
        if other:
            chosen |= {PenaltyKind.OTHER}
        was, words = ticked(cells.get("kinds", ""))
        if (chosen, other) != (was | ({PenaltyKind.OTHER} if words else set()), words):
            cells["kinds"] = cell_of(chosen, other)
    return cells
