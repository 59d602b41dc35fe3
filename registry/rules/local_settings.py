"""What law leaves to the province or to the deciding authority, as named values that an authority can set."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import Formatter
from typing import Any

from registry.errors import RuleViolation


class LocalSettingInvalid(RuleViolation):
    """A local setting of an authority is not what its name demands."""

    code = "local_setting_invalid"


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """What law leaves to the province or the authority. The Hebei figure for a low fine is to be confirmed.

    A fine below `low_fine_…` (yuan) is low; `needs_superior_consent` None: as the rule set says. `document_word` (部门字号)
    and `document_pattern` make the numbers of documents; `review_government` and `court` are named in the remedy clause.
    """

    low_fine_person: Decimal = Decimal(10_000)
    low_fine_organisation: Decimal = Decimal(100_000)
    needs_superior_consent: bool | None = None
    document_word: str | None = None
    document_pattern: str | None = None
    review_government: str | None = None
    court: str | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "LocalSettings":
        """The settings of an authority; what it does not set is as everywhere. LocalSettingInvalid for a bad value.

        Members with other names belong to other parts of the program.
        """
        consent = settings.get("needs_superior_consent")
        if consent is not None and not isinstance(consent, bool):
            raise LocalSettingInvalid("needs_superior_consent must be true or false.")
        pattern = _text(settings, "document_pattern")
        if pattern is not None and not _is_pattern(pattern):
            raise LocalSettingInvalid(
                "document_pattern must name {word}, {mark}, {year} and {number}, and nothing else."
            )
        return cls(
            low_fine_person=_yuan(settings, "low_fine_person", cls().low_fine_person),
            low_fine_organisation=_yuan(settings, "low_fine_organisation", cls().low_fine_organisation),
            needs_superior_consent=consent,
            document_word=_text(settings, "document_word"),
            document_pattern=pattern,
            review_government=_text(settings, "review_government"),
            court=_text(settings, "court"),
        )


def _yuan(settings: Mapping[str, Any], name: str, default: Decimal) -> Decimal:
    value = settings.get(name)
    if value is None:
        return default
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise LocalSettingInvalid(f"{name} must be an amount in yuan.") from error
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise LocalSettingInvalid(f"{name} must be an amount in yuan.")
    return amount


def _text(settings: Mapping[str, Any], name: str) -> str | None:
    value = settings.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > 100:
        raise LocalSettingInvalid(f"{name} must be a text of at most 100 characters.")
    return value.strip()


def _is_pattern(pattern: str) -> bool:
    try:
        named = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    except ValueError:
        return False
    return set(named) == {"word", "mark", "year", "number"}
