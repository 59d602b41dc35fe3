"""`rules diff` as a terminal sees it: in words, and as JSON that says the same."""

import json
from dataclasses import fields

import pytest

from blueprints.pages.rule_words import EVENTS, RULES, value_in_words
from registry.rules.rule_set_comparison import differences
from registry.rules.rule_sets import Event, all_sets, get

pytestmark = pytest.mark.usefixtures("database")


def run(app, *words):
    return app.test_cli_runner().invoke(args=["rules", "diff", *words])


def changes(app, before, after) -> dict[tuple[str, str], tuple[object, object]]:
    result = run(app, before, after, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["before"]["name"], found["after"]["name"]) == (before, after)
    return {(each["part"], each["name"]): (each["before"], each["after"]) for each in found["differences"]}


def test_what_the_rules_of_2025_changed(app):
    found = changes(app, "samr-2021-09-01", "samr-2025-12-25")
    assert found["period", "penalties.general"] == (
        {"longest": 36, "repair_after": 6},
        {"longest": 12, "repair_after": 3},
    )
    assert found["period", "penalties.minor"] == ({"longest": 3, "repair_after": 3}, None)
    before, after = found["deadline", "deadlines.decide_repair"]
    assert (before["amount"], after["amount"], after["unit"]) == (15, 7, "working_days")
    assert found["deadline", "deadlines.push_repair"][0] is None
    assert found["condition", "penalties.basis"] == ("publication_date", "decision_date")
    assert found["article", "deadlines.accept_repair"][0] == "市场监督管理信用修复管理办法 (国市监信规〔2021〕3号)"
    assert ("deadline", "deadlines.accept_repair") not in found  # as long as before, by another article
    assert {name for _, name in found if name.startswith("listings.")} == {
        "listings.abnormal_source",  # renamed in that year
        "listings.mark_source",
    }


def test_the_words_say_what_the_json_says(app, monkeypatch):
    monkeypatch.setenv("REGISTRY_LANGUAGE", "en")
    names = ("samr-2021-09-01", "samr-2025-12-25")
    lines = run(app, *names).stdout.splitlines()
    assert lines[0] == "samr-2021-09-01 (from 2021-09-01) → samr-2025-12-25 (from 2025-12-25)"
    assert (
        "  Deciding on an application for repair: 15 working days from acceptance → 7 working days from acceptance"
        in lines
    )
    assert "  Publicity of penalties counts from: the day of publication → the day of the decision" in lines
    assert [line for line in lines[1:] if line and not line.startswith(" ")][:-1] == [
        "Periods", "Deadlines", "Conditions", "Articles",
    ]  # fmt: skip
    assert lines[-1] == f"{len(changes(app, *names))} rules differ"
    assert sum(line.startswith("  ") for line in lines) == len(changes(app, *names))


def test_the_words_are_chinese_unless_asked_for_otherwise(app):
    lines = run(app, "samr-2021-09-01", "samr-2025-12-25").stdout.splitlines()
    assert "  作出信用修复决定：自受理之日起15个工作日 → 自受理之日起7个工作日" in lines
    assert "  一般类行政处罚：最长36个月，满6个月可申请修复 → 最长12个月，满3个月可申请修复" in lines


@pytest.mark.parametrize("before", all_sets(), ids=lambda each: each.name)
def test_every_rule_of_every_set_has_its_words(app, before):
    for after in all_sets():
        result = run(app, before.name, after.name)
        assert result.exit_code == 0, result.output
        assert sum(line.startswith("  ") for line in result.stdout.splitlines()) == len(differences(before, after))


def test_there_are_words_for_every_rule_and_event_and_for_nothing_else():
    names = set()
    for rule_set in all_sets():
        for group in ("penalties", "listings"):
            names |= {f"{group}.{field.name}" for field in fields(getattr(rule_set, group))}
        names |= {f"deadlines.{name}" for name in rule_set.deadlines}
    assert set(RULES) == names
    used = {deadline.since for rule_set in all_sets() for deadline in rule_set.deadlines.values()}
    assert set(EVENTS) == used == set(Event)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("listings.letter_gap", (15, 30), "15–30"),
        ("penalties.never_repaired", frozenset(), "none"),
        ("penalties.minor", None, "never published"),
        ("deadlines.push_repair", None, "none"),
        ("listings.removal_shown", True, "yes"),
        ("listings.removal_shown", False, "no"),
        ("listings.reminder_days", 0, "0"),
    ],
)
def test_a_value_in_words(app, name, value, words):
    with app.test_request_context("/?lang=en"):
        assert value_in_words(name, value) == words


def test_a_set_does_not_differ_from_itself(app, monkeypatch):
    monkeypatch.setenv("REGISTRY_LANGUAGE", "en")
    assert differences(get("samr-2014"), get("samr-2014")) == ()
    assert run(app, "samr-2014", "samr-2014").stdout.splitlines()[-1] == "0 rules differ"


def test_an_unknown_set_is_refused_in_one_sentence(app):
    result = run(app, "samr-2014", "samr-1999")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "samr-1999" in result.stderr
