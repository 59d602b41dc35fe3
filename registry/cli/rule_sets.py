"""`rules diff`: what changes from one rule set to another."""

import click
import orjson
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.pages.rule_words import PARTS, RULES, value_in_words
from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.rules import rule_sets
from registry.rules.rule_set_comparison import Difference, Part, differences, plain
from registry.rules.rule_sets import RuleSet


@click.command("diff")
@click.argument("before", metavar="SET")
@click.argument("after", metavar="SET")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@in_chinese
def diff(before: str, after: str, as_json: bool) -> None:
    """Print what changes from one rule set to another: periods, deadlines, conditions, articles."""
    with told_plainly():
        one, other = rule_sets.get(before), rule_sets.get(after)
    found = differences(one, other)
    click.echo(orjson.dumps(_as_object(one, other, found)) if as_json else "\n".join(_in_words(one, other, found)))


def _as_object(one: RuleSet, other: RuleSet, found: tuple[Difference, ...]) -> dict[str, object]:
    return {
        "before": {"name": one.name, "in_force_from": one.in_force_from},
        "after": {"name": other.name, "in_force_from": other.in_force_from},
        "differences": [
            {"part": each.part, "name": each.name, "before": plain(each.before), "after": plain(each.after)}
            for each in found
        ],
    }


def _in_words(one: RuleSet, other: RuleSet, found: tuple[Difference, ...]) -> list[str]:
    lines = [f"{_in_force(one)} → {_in_force(other)}"]
    for part in Part:
        rows = [each for each in found if each.part is part]
        if rows:
            lines += ["", str(PARTS[part])]
        for each in rows:
            before, after = (value_in_words(each.name, value) for value in (each.before, each.after))
            lines.append(
                "  " + _("%(rule)s: %(before)s → %(after)s", rule=RULES[each.name], before=before, after=after)
            )
    return [*lines, "", ngettext("%(num)s rule differs", "%(num)s rules differ", len(found))]


def _in_force(rule_set: RuleSet) -> str:
    return _("%(name)s (from %(day)s)", name=rule_set.name, day=rule_set.in_force_from)
