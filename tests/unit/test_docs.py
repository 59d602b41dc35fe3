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
