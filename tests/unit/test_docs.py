"""The pages of docs/: none is stale, none leads nowhere, and the ledger's script does what it says."""

import re
from pathlib import Path

import pytest

from tests.generated_pages import pages

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_what_the_program_says(path: Path) -> None:
    message = "stale: run .venv/bin/python -m tests.generated_pages"
    assert path.read_text(encoding="utf-8") == pages()[path], message


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize(("name", "least"), [("security.md", 40), ("exchange.md", 20)])
def test_every_test_that_a_page_names_exists(name: str, least: int) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)*test_[a-z0-9_]+(?:\.py)?)`", page))
    modules = list((ROOT / "tests").rglob("test_*.py"))
    functions = {
        name for path in modules for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > least
    unknown = {
        name
        for name in named
        if name not in functions and not any(path.as_posix().endswith(f"/{name}") for path in modules)
    }
    assert unknown == set()


def test_the_page_on_security_has_a_line_for_every_item() -> None:
    """The controls of GB/T 22239-2019 level 3 that concern the application."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    for item in (
        "8.1.4.1 a",
        "b",
        "c",
        "d",
        "8.1.4.2 a–d",
        "e–g",
        "8.1.4.3",
        "logs kept",
        "8.1.4.4",
        "8.1.4.5–6",
        "8.1.4.7",
    ):
        assert any(row.startswith(f"| {item} ") for row in rows), item
    for item in ("8.1.4.8", "8.1.4.9", "8.1.4.10", "8.1.4.11", "8.1.5", "GB/T 39786-2021"):
        assert any(row.startswith(f"| {item} ") for row in rows), item


def test_every_scenario_of_the_law_has_its_tests_and_every_test_its_scenario() -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", page, re.MULTILINE))
    assert list(map(int, rows)) == list(range(1, 26))
    walked = {
        name
        for path in (ROOT / "tests" / "integration" / "scenarios").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    named = {number: set(re.findall(r"`(\w+)`", tests)) for number, tests in rows.items()}
    assert set().union(*named.values()) == walked
    for number, tests in named.items():
        assert tests, number
        assert all(name.startswith(f"test_scenario_{int(number):02d}_") for name in tests), number
