"""`calendar …` and `rules …` as a terminal sees them."""

import json

import pytest

from tests.integration.services.test_calendar import year_file

pytestmark = pytest.mark.usefixtures("database")


def run(app, *words):
    return app.test_cli_runner().invoke(args=list(words))


def answer(app, *words) -> dict[str, object]:
    """What `rules period` says to a program."""
    result = run(app, "rules", "period", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [("2024-09-29", "7", "2024-10-14"), ("2026-09-26", "1", "2026-09-28"), ("2026-09-10", "20", "2026-10-14")],
)
def test_the_working_day_is_printed(app, start, days, end):
    result = run(app, "calendar", "add", start, days)
    assert (result.exit_code, result.stdout) == (0, f"{end}\n")


def test_a_year_that_is_not_loaded_is_refused_in_one_sentence(app):
    result = run(app, "calendar", "add", "2026-12-28", "10")
    assert result.exit_code == 1
    assert "2027" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


def test_a_year_is_loaded_and_shown(app, tmp_path):
    assert run(app, "calendar", "show", "2027").exit_code == 1
    path = year_file(tmp_path / "2027.csv", 2027, d0101="0")
    assert run(app, "calendar", "load", str(path)).stdout == "已载入365天\n"
    shown = run(app, "calendar", "show", "2027").stdout
    assert "2027-01-01  休息日" in shown
    assert "365天中有260个工作日" in shown


def test_a_bad_calendar_is_refused_in_one_sentence(app, tmp_path):
    result = run(app, "calendar", "load", str(year_file(tmp_path / "2027.csv", 2027, d0301="")))
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "2027 lacks 1 days" in result.stderr


def test_a_period_with_set_basis_and_interval(app):
    found = answer(app, "samr", "2026-03-02", "--kinds", "罚款;没收违法所得")
    assert found["rule_set"] == "samr-2025-12-25"
    assert found["class"] == "general"
    assert (found["basis"], found["basis_on"]) == ("decision_date", "2026-03-02")
    assert (found["from"], found["until"]) == ("2026-03-02", "2027-03-02")
    assert (found["published"], found["reason_not_published"]) == (True, None)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            None,
            "适用规则集：市场监督管理规则，2025-12-25起施行（samr-2025-12-25）\n公示类别：一般\n起算日：处罚决定之日 2026-03-02\n"
            "是否公示：是\n公示日期：2026-03-02\n公示截止日（不含当日）：2027-03-02\n"
            "依据：《市场监督管理信用修复管理办法》（in force 2025-12-25）\n",
        ),
        (
            "en",
            "Rules applied: Rules of market regulation, in force from 2025-12-25 (samr-2025-12-25)\n"
            "Class for publicity: General\nCounted from: the day of the decision 2026-03-02\nMade public: yes\n"
            "Public since: 2026-03-02\nPublic until (that day excluded): 2027-03-02\n"
            "Basis: 市场监督管理信用修复管理办法 (in force 2025–12–25)\n",
        ),
    ],
)
def test_a_period_is_told_in_the_language_of_the_command_line(app, monkeypatch, language, told):
    if language:
        monkeypatch.setenv("REGISTRY_LANGUAGE", language)
    assert run(app, "rules", "period", "samr", "2026-03-02", "--kinds", "罚款").stdout == told


def test_why_a_penalty_is_not_published_is_told_in_words(app):
    result = run(app, "rules", "period", "samr", "2026-03-02", "--kinds", "警告")
    assert "是否公示：否：仅给予警告的，不予公示" in result.stdout


@pytest.mark.parametrize(
    ("regime", "day", "rule_set", "until"),
    [
        ("ndrc", "2023-04-30", "ndrc-2019-07-01", "2024-04-30"),
        ("ndrc", "2023-05-01", "ndrc-2023-05-01", "2026-05-01"),
        ("ndrc", "2026-03-31", "ndrc-2023-05-01", "2029-03-31"),
        ("ndrc", "2026-04-01", "ndrc-2026-04-01", "2027-04-01"),
        ("samr", "2025-12-24", "samr-2021-09-01", "2028-12-24"),
        ("samr", "2025-12-25", "samr-2025-12-25", "2026-12-25"),
    ],
)
def test_the_set_follows_from_the_day_of_the_decision(app, regime, day, rule_set, until):
    found = answer(app, regime, day, "--kinds", "罚款")
    assert (found["rule_set"], found["until"]) == (rule_set, until)


def test_the_day_of_publication_is_the_basis_of_order_45(app):
    words = ("samr", "2024-01-10", "--published-on", "2024-02-05", "--kinds", "罚款")
    found = answer(app, *words)
    assert (found["basis"], found["basis_on"], found["from"], found["until"]) == (
        "publication_date",
        "2024-02-05",
        "2024-02-05",
        "2027-02-05",
    )
    assert answer(app, *words, "--fine", "500")["until"] == "2024-05-05"


def test_the_class_can_be_given(app):
    found = answer(app, "samr", "2026-03-02", "--kinds", "罚款", "--class", "serious")
    assert (found["class"], found["until"]) == ("serious", "2029-03-02")
    found = answer(app, "samr", "2026-03-02", "--kinds", "罚款", "--class", "minor")
    assert (found["published"], found["reason_not_published"], found["until"]) == (False, "minor_class", None)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("samr", "2026-03-02", "--kinds", "训诫"), "训诫"),
        (("samr", "2013-03-02", "--kinds", "罚款"), "2013-03-02"),
    ],
)
def test_what_the_rules_do_not_know_is_refused_in_one_sentence(app, words, told):
    result = run(app, "rules", "period", *words)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert told in result.stderr
    assert "Traceback" not in result.output
