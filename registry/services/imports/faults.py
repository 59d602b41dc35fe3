"""What can be wrong with a file or with a row of it, in words that an officer can act on."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from registry.errors import RuleViolation
from registry.services.imports.messages import LAYOUTS, MESSAGES


class FileRefused(RuleViolation):
    """The file as a whole cannot be taken in; nothing was changed. `reason` says why, for programs."""

    code = "file_refused"

    def __init__(self, reason: str, **params: Any) -> None:
        self.reason = reason
        self.params: dict[str, Any] = params
        super().__init__(reason)

    def __str__(self) -> str:
        return text_of(self.reason, self.params)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, or doubtful, in one cell. `field` is the header as the file prints it, empty for the whole row.

    `params` fill the message; they hold limits and positions, never a personal value.
    """

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form that `import_row` keeps."""
        return {"field": self.field, "code": self.code, "params": self.params}


def text_of(code: str, params: dict[str, Any]) -> str:
    """The message of a code in the language of the moment."""
    if "layout" in params:
        params = {**params, "layout": LAYOUTS[params["layout"]]}
    return str(MESSAGES[code]) % params


def sentence(fault: dict[str, Any]) -> str:
    """Header and message of a kept fault as one sentence."""
    message = text_of(fault["code"], fault["params"])
    return f"{fault['field']}：{message}" if fault["field"] else message


class RowRefused(RuleViolation):
    """A row that turned out impossible when it met the register."""

    code = "row_refused"

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.code)
