"""Every action that the code base can enter in the ledger has its words."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import registry
from blueprints.pages.words_ledger import VERBS

ROOT = Path(registry.__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Writer:
    """A function that enters a change: where its action stands among the arguments, and how it is called."""

    at: int
    module: str | None = None  # where a private one is known
    is_method: bool = False


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The services: only they enter changes."""
    for path in sorted((ROOT / "registry" / "services").rglob("*.py")):
        yield str(path), ast.parse(path.read_text(encoding="utf-8"))


def actions_in(module: str, tree: ast.AST, writers: dict[str, Writer]) -> Iterator[ast.expr]:
    """What each call of a writer gives as its action."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = ast.unparse(call.func)
        writer = writers.get(called) or writers.get(called.rpartition(".")[2])
        if writer is None or (called.endswith(".append") and called != "ledger.append"):
            continue
        if writer.module in (None, module) and not (writer.is_method and isinstance(call.func, ast.Name)):
            named = [keyword.value for keyword in call.keywords if keyword.arg in ("action", "verb")]
            yield from named or call.args[writer.at : writer.at + 1]


def literals(value: ast.expr) -> Iterator[str]:
    """The verbs at the end of an expression: behind the dot of `<type>.<verb>`, or the bare verb."""
    if isinstance(value, ast.IfExp):
        yield from literals(value.body)
        yield from literals(value.orelse)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value.rpartition(".")[2]
    elif isinstance(value, ast.JoinedStr) and isinstance(value.values[-1], ast.Constant):
        yield str(value.values[-1].value).rpartition(".")[2]


def handed_on(trees: list[tuple[str, ast.Module]]) -> dict[str, Writer]:
    """`ledger.append`, `make_entry`, and the functions that hand a parameter `verb` or `action` on to them."""
    found = {"ledger.append": Writer(0), "make_entry": Writer(0)}
    for module, tree in trees:
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            names = [argument.arg for argument in function.args.args]
            written = " ".join(ast.unparse(given) for given in actions_in(module, function, found))
            for name in {"verb", "action"} & set(names):
                if name in written:
                    is_method = names[0] == "self"
                    private = function.name.startswith("_")
                    found[function.name] = Writer(names.index(name) - is_method, module if private else None, is_method)
    return found


def attributes_called_verb(trees: list[tuple[str, ast.Module]]) -> set[str]:
    """`verb = "published"` in the classes that describe a kind of record."""
    return {
        node.value.value
        for _, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and [ast.unparse(target) for target in node.targets] == ["verb"]
        and isinstance(node.value, ast.Constant)
    }


@pytest.fixture(scope="module")
def appended() -> set[str]:
    """The verbs of all actions; what cannot be read off the code fails here."""
    trees = list(modules())
    writers = handed_on(trees)
    found = attributes_called_verb(trees)
    for module, tree in trees:
        for given in actions_in(module, tree, writers):
            verbs, written = set(literals(given)), ast.unparse(given)
            handed = re.search(r"(\w+\.)?(verb|action)\b", written)
            assert verbs or handed, f"which actions can {written} in {module} be?"
            found |= verbs
    return found


def test_every_action_has_words_and_no_word_is_left_over(appended: set[str]) -> None:
    assert {"entered", "published", "corrected", "withdrawn", "expired", "renamed"} <= appended
    assert set(VERBS) == appended


def test_only_services_and_the_exchange_enter_changes() -> None:
    elsewhere = [
        path
        for folder in ("registry", "blueprints")
        for path in (ROOT / folder).rglob("*.py")
        if not {"services", "ledger"} & set(path.relative_to(ROOT).parts)
    ]
    assert elsewhere
    assert [path for path in elsewhere if re.search(r"ledger\.append\(|make_entry\(", path.read_text("utf-8"))] == []
