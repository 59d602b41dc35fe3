"""Words of the proceedings for pages: one module a package of procedures, put together in `all_words`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Words = Mapping[str, Any]
"""Words by the value they stand for; lazy texts."""


@dataclass(frozen=True, slots=True)
class ProceedingWords:
    """What pages call the parts of one procedure. Keys are the values of stages and actions, and names of particulars.

    `consequences` says what a step brings about, before it is taken. `choices` are the values of particulars; `reasons` those
    that a case can be opened for, empty where a case of this procedure has no reason.
    """

    title: Any
    stages: Words
    actions: Words
    consequences: Words = field(default_factory=dict)
    particulars: Words = field(default_factory=dict)
    choices: Words = field(default_factory=dict)
    reasons: Words = field(default_factory=dict)
