"""What law leaves to the province or to the deciding authority, as named values that an authority can set."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from registry.errors import RuleViolation


class LocalSettingInvalid(RuleViolation):
    """A local setting of an authority is not what its name demands."""

    code = "local_setting_invalid"


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """What law leaves to the province or the authority. The Hebei figure for a low fine is to be confirmed.

    A fine below `low_fine_…` (yuan) is low; `needs_superior_consent` None: as the rule set says.
    """

    low_fine_person: Decimal = Decimal(10_000)
    low_fine_organisation: Decimal = Decimal(100_000)
    needs_superior_consent: bool | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "LocalSettings":
        """The settings of an authority; what it does not set is as everywhere. LocalSettingInvalid for a bad value.

        Members with other names belong to other parts of the program.
        """
        consent = settings.get("needs_superior_consent")
        if consent is not None and not isinstance(consent, bool):
            raise LocalSettingInvalid("needs_superior_consent must be true or false.")
        return cls(
            low_fine_person=_yuan(settings, "low_fine_person", cls().low_fine_person),
            low_fine_organisation=_yuan(settings, "low_fine_organisation", cls().low_fine_organisation),
            needs_superior_consent=consent,
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
