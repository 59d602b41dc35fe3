"""What every form of the console has in common: how typed text is cleaned before it is checked."""

from typing import Any

from marshmallow import Schema, pre_load


class Form(Schema):
    """Blanks around a text are no text, and a field without text was not filled in; a database takes no zero bytes."""

    @pre_load
    def trim(self, form: dict[str, Any], **_context: Any) -> dict[str, Any]:
        """The fields that were filled in."""
        trimmed = {
            name: value.replace("\0", "").strip() if isinstance(value, str) else value for name, value in form.items()
        }
        return {name: value for name, value in trimmed.items() if value not in ("", [])}
