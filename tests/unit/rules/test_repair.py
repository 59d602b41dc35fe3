"""Earliest days for a repair, by rule set."""

from datetime import date

import pytest

from registry.rules import repair
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import Severity


@pytest.mark.parametrize(
    ("rule_set", "severity", "kinds", "expected"),
    [
        ("samr-2021-09-01", Severity.GENERAL, [PenaltyKind.FINE], date(2026, 8, 28)),
        ("samr-2021-09-01", Severity.SERIOUS, [PenaltyKind.REVOCATION_OF_LICENCE], None),
        ("samr-2025-12-25", Severity.GENERAL, [PenaltyKind.FINE], date(2026, 5, 28)),
        ("samr-2025-12-25", Severity.SERIOUS, [PenaltyKind.REVOCATION_OF_LICENCE], date(2027, 2, 28)),
        ("samr-2025-12-25", Severity.MINOR, [PenaltyKind.WARNING], None),
        ("ndrc-2023-05-01", Severity.SERIOUS, [PenaltyKind.CLOSURE], date(2027, 2, 28)),
    ],
)
def test_earliest_day_for_a_penalty(
    rule_set: str, severity: Severity, kinds: list[PenaltyKind], expected: date | None
) -> None:
    assert repair.earliest_for_penalty(rule_set, severity=severity, kinds=kinds, basis_on=date(2026, 2, 28)) == expected


@pytest.mark.parametrize(
    ("rule_set", "severity", "texts", "expected"),
    [
        ("samr-2021-09-01", Severity.GENERAL, ["虚假宣传", "《广告法》第五十五条"], date(2024, 8, 29)),
        ("samr-2021-09-01", Severity.GENERAL, ["经营过期产品", "《食品安全法》第一百二十四条"], date(2025, 2, 28)),
        ("samr-2021-09-01", Severity.GENERAL, ["使用未经检验的特种设备", None], date(2025, 2, 28)),
        ("samr-2021-09-01", Severity.MINOR, ["销售药品未开凭证", None], date(2024, 5, 29)),  # not after its end
        ("ndrc-2023-05-01", Severity.GENERAL, ["", "《消防法》第六十条"], date(2025, 2, 28)),
        ("ndrc-2023-05-01", Severity.GENERAL, ["", "《城乡规划法》"], date(2024, 5, 29)),
        ("ndrc-2019-07-01", Severity.GENERAL, ["", "《食品安全法》"], date(2024, 5, 29)),
        ("samr-2025-12-25", Severity.GENERAL, ["", "《食品安全法》"], date(2024, 5, 29)),
    ],
)
def test_food_drugs_and_special_equipment_wait_a_year_where_the_set_says_so(
    rule_set: str, severity: Severity, texts: list[str | None], expected: date
) -> None:
    found = repair.earliest_for_penalty(
        rule_set, severity=severity, kinds=[PenaltyKind.FINE], basis_on=date(2024, 2, 29), texts=texts
    )
    assert found == expected


def test_no_basis_day_or_class_gives_no_day() -> None:
    kinds = [PenaltyKind.FINE]
    assert repair.earliest_for_penalty("samr-2025-12-25", severity=None, kinds=kinds, basis_on=date(2026, 1, 1)) is None
    assert repair.earliest_for_penalty("samr-2025-12-25", severity=Severity.GENERAL, kinds=kinds, basis_on=None) is None


def test_a_violation_listing_after_a_year_and_never_while_a_restriction_runs() -> None:
    listed = date(2026, 3, 2)
    first = repair.earliest_for_violation("samr-2025-12-25", listed_on=listed, restriction_until=None)
    later = repair.earliest_for_violation("samr-2025-12-25", listed_on=listed, restriction_until=date(2028, 1, 1))
    assert (first, later) == (date(2027, 3, 2), date(2028, 1, 1))


def test_working_days_follow_the_rule_set() -> None:
    assert repair.working_days_to_remove("samr-2025-12-25") == 5
    assert repair.working_days_to_decide("samr-2021-09-01") == 15
    assert repair.working_days_to_decide("samr-2025-12-25") == 7
