"""docs/procedures/: a picture and the tables of every procedure, written from its declaration (see `generated_pages`)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from registry.rules import penalty_procedure
from registry.rules.penalty_procedure import Part, Stage
from registry.rules.procedure import Actor, Machine, Transition
from registry.rules.rule_sets import Deadline, Unit, get
from tests.machines import MACHINES

NEWEST, BEFORE = get("samr-2025-12-25"), get("samr-2021-09-01")
FILES = {
    "SM-A": "abnormal-list.md",
    "SM-B": "household-mark.md",
    "SM-C": "violation-list.md",
    "SM-D": "penalty-publicity.md",
    "SM-E": "repair.md",
    "SM-F": "objection.md",
    "SM-G": "inspection-results.md",
    "SM-J": "service-stop.md",
    "SM-K": "registration-status.md",
    "CLUE": "clue.md",
}
MODULES = {
    "SM-A": "abnormal_procedure",
    "SM-B": "household_procedure",
    "SM-C": "violation_procedure",
    "SM-D": "penalty_procedure",
    "SM-E": "repair_procedure",
    "SM-F": "objection_procedure",
    "SM-G": "inspection_procedure",
    "SM-J": "service_stop_procedure",
    "SM-K": "registration_procedure",
    "CLUE": "clue_procedure",
}
ACTORS = {
    Actor.HANDLER: "初审 handler",
    Actor.REVIEWER: "审核 reviewer",
    Actor.SUPERIOR: "上级 next level",
    Actor.PARTY: "当事人 party",
    Actor.PROVIDER: "网络服务商 provider",
    Actor.SYSTEM: "系统 system",
}
PENALTY_STAGES = {
    Stage.ENTERED: ("已录入", "entered, waits for the second person"),
    Stage.NOT_PUBLISHABLE: ("不予公示", "not published, for a reason of law"),
    Stage.PUBLISHED: ("公示", "published"),
    Stage.EARLY_STOPPED: ("提前停止公示", "repaired"),
    Stage.EXPIRED: ("期满停止公示", "the period is over"),
    Stage.WITHDRAWN: ("撤回", "withdrawn, with the reason"),
    Stage.SHIELDED: ("临时修复", "hidden while a reorganisation is carried out"),
}
PENALTY_ACTIONS = {
    "submit": "提交审核",
    "publish": "审核公示",
    "refuse_publicity": "不予公示",
    "correct": "更正",
    "withdraw": "撤回",
    "stop_early": "提前停止公示",
    "expire": "期满停止公示",
    "shield": "临时修复",
    "lift_shield": "终止临时修复",
}
PENALTY_PARTS = {
    Part.FIRST: "初审 handler",
    Part.SECOND: "审核 reviewer",
    Part.REPAIR: "修复 repair",
    Part.SYSTEM: "系统 system",
}
Edge = tuple[str | None, str, str]

_README = """# Procedures

How a record gets onto the public side and leaves it again: the procedures (程序) that the services carry out, each declared as one
table in `registry/rules/`. These pages are written from the declarations (`python -m tests.generated_pages`); a test fails while
they are old.

| | 程序 | Procedure | declared in |
| --- | --- | --- | --- |
{rows}

## How to read them

- A red state (红色) is public: the public site, reports, open data and platforms may contain the record. In every other state
  they may not. A5R and C5R are records that are restored (恢复列入) after a removal was obtained by fraud.
- ② on an arrow: a second person (第二人) decides, never the one who prepared the step (初审≠审核). What changes publicity is
  either decided by two persons or follows by itself.
- Every step of a person needs a reason (理由); every step is an entry of the ledger.
- Deadlines (时限) are those of `{newest}`, with those of `{before}` where they differ; `rules diff`
  ([commands](../command-line.md)) compares any two sets. The day of the event is not counted; a period for acting that ends
  on a day of rest ends on the next working day.
- 初审 handler: who takes in and prepares. 审核 reviewer: who decides. 上级 next level: the authority above. 当事人 party: the
  operator, or whoever objects. 网络服务商 provider: of network services. 系统 system: follows from data or from the day.
"""


def pages(folder: Path) -> dict[Path, str]:
    """Every page with what has to stand in it."""
    written = {folder / FILES[machine.code]: page(machine) for machine in MACHINES}
    written[folder / FILES["SM-D"]] = penalty_page()
    written[folder / "README.md"] = index()
    return written


def index() -> str:
    """docs/procedures/README.md."""
    titles = {machine.code: (machine.term, machine.title) for machine in MACHINES}
    titles["SM-D"] = ("行政处罚信息公示", "Publicity of penalties")
    rows = [
        f"| {code} | [{titles[code][0]}]({FILES[code]}) | {titles[code][1]} | `{MODULES[code]}.py` |" for code in FILES
    ]
    return _README.format(rows="\n".join(rows), newest=NEWEST.name, before=BEFORE.name)


def page(machine: Machine[Any, Any]) -> str:
    """The page of one machine: picture, states, steps, conditions."""
    states = [(each.stage.value, each.term, each.meaning, each.public, each.end) for each in machine.states]
    edges = [
        (before and before.value, row.after.value, f"{row.term}{' ②' if row.second_person else ''}")
        for row in machine.transitions
        for before in row.before
    ]
    start = [(None, machine.start.value, "")] if machine.start else []
    guards = {guard.name: guard.says for row in machine.transitions for guard in row.guards}
    parts = [
        f"# {machine.term} · {machine.title} ({machine.code})",
        f"Written from `registry/rules/{MODULES[machine.code]}.py`; [how to read it](README.md).",
        picture(states, [*start, *edges]),
        "## 状态 States",
        _states(states),
        "## 步骤 Steps",
        _table(
            (
                "from",
                "to",
                "步骤 step",
                "主体 who",
                "②",
                "条件 conditions",
                "文书 document",
                "时限 deadline",
                "依据 article",
            ),
            (_step(row) for row in machine.transitions),
        ),
    ]
    if guards:
        parts += [
            "## 条件 Conditions",
            _table(("name", "holds when"), ((f"`{n}`", says) for n, says in guards.items())),
        ]
    return "\n\n".join(parts) + "\n"


def _step(row: Transition[Any, Any]) -> tuple[str, ...]:
    return (
        ", ".join(before or "–" for before in row.before),
        row.after,
        f"{row.term} `{row.action}`",
        ", ".join(ACTORS[actor] for actor in row.actors),
        "②" if row.second_person else "",
        ", ".join(f"`{guard.name}`" for guard in row.guards),
        row.document or "",
        "<br>".join(_deadline(name) for name in row.deadlines),
        row.article,
    )


def penalty_page() -> str:
    """The page of SM-D, whose rows also move the matter that the officers work on."""
    rows = [row for row in penalty_procedure.TRANSITIONS if row.record_to is not None]
    states = [
        (stage.value, *PENALTY_STAGES[stage], stage in penalty_procedure.PUBLIC, stage in _penalty_ends())
        for stage in Stage
    ]
    edges: list[Edge] = [
        (
            before and before.value,
            row.record_to.value,
            PENALTY_ACTIONS[row.action] + (" ②" if row.part is Part.SECOND else ""),
        )
        for row in rows
        if row.record_to is not None
        for before in _in_order(row.record_from)
    ]
    steps = (
        (
            ", ".join(before or "–" for before in _in_order(row.record_from)),
            str(row.record_to),
            f"{PENALTY_ACTIONS[row.action]} `{row.action}`",
            PENALTY_PARTS[row.part],
            "②" if row.part is Part.SECOND else "",
            _deadline(row.deadline) if row.deadline else "",
            row.article,
        )
        for row in rows
    )
    return (
        "\n\n".join(
            [
                "# 行政处罚信息公示 · Publicity of penalties (SM-D)",
                f"Written from `registry/rules/{MODULES['SM-D']}.py`; [how to read it](README.md). Only the steps that move"
                " the record are drawn; how a proposal goes back and forth between two officers stands in the same table there.",
                picture(states, edges),
                "## 状态 States",
                _states(states),
                "## 步骤 Steps",
                _table(("from", "to", "步骤 step", "主体 who", "②", "时限 deadline", "依据 article"), steps),
            ]
        )
        + "\n"
    )


def _penalty_ends() -> set[Stage]:
    leaving = {before for row in penalty_procedure.TRANSITIONS if row.record_to for before in row.record_from}
    return {stage for stage in Stage if stage not in leaving}


def _in_order(stages: frozenset[Stage | None]) -> list[Stage | None]:
    return sorted(stages, key=lambda stage: stage or "")


def picture(states: list[tuple[str, str, str, bool, bool]], edges: list[Edge]) -> str:
    """A Mermaid state diagram, which the repository's page draws."""
    lines = ["stateDiagram-v2", "    classDef public fill:#fde8e8,stroke:#b42318,stroke-width:2px,color:#1f2328"]
    lines += [f'    state "{code} {term}" as {code}' for code, term, *_ in states]
    lines += [f"    {before or '[*]'} --> {after}{f' : {words}' if words else ''}" for before, after, words in edges]
    lines += [f"    {code} --> [*]" for code, _, _, _, end in states if end]
    shown = [code for code, _, _, public, _ in states if public]
    lines += [f"    class {','.join(shown)} public"] if shown else []
    return "\n".join(["```mermaid", *lines, "```"])


def _states(states: list[tuple[str, str, str, bool, bool]]) -> str:
    return _table(
        ("", "状态 state", "meaning", "公示 public", "终结 end"),
        (
            (code, term, meaning, "公示 public" if public else "–", "终结 end" if end else "")
            for code, term, meaning, public, end in states
        ),
    )


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _deadline(name: str) -> str:
    newest, before = NEWEST.deadlines[name], BEFORE.deadlines[name]
    words = f"`{name}`: {_length(newest)} from {newest.since}"
    return words if _length(newest) == _length(before) else f"{words} ({BEFORE.name}: {_length(before)})"


def _length(deadline: Deadline) -> str:
    unit = {Unit.WORKING_DAYS: "working days", Unit.CALENDAR_DAYS: "calendar days", Unit.MONTHS: "months"}
    return f"{deadline.amount} {unit[deadline.unit]}"
