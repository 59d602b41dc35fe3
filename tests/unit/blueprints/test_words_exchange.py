"""Every word for programs that the exchange tells a person about has words for people."""

import re
from pathlib import Path

import pytest

from blueprints.pages import words_exchange
from models import MessageState

ROOT = Path(__file__).resolve().parents[3]
_SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "sync").rglob("*.py")))
_WITHOUT_A_PERSON = {
    "batch_incomplete",
    "unreachable",
    "broken_answer",
    "too_slow",
    "too_long",
    "no_header",
    "recovering",
}
"""Nobody has to look: asked again by itself, or told in the words of the file itself."""


def named(*patterns: str) -> set[str]:
    return {name for pattern in patterns for name in re.findall(pattern, _SOURCE)}


@pytest.mark.parametrize(
    ("words", "patterns"),
    [
        ("REASONS", [r'note="(\w+)"', r'Unheld\("(\w+)"\)', r'note = .* or "(\w+)"']),
        ("COUNTS", [r'counts\["(\w+)"\]']),
        (
            "INCIDENTS",
            [
                r'incidents\.note\("(\w+)"',
                r'(?:_Unusable|Unmatched|NoAnswer|Unverified)\("(\w+)"',
                r'BatchRefused\(\d+, "(\w+)"',
                r'NotReached\("(\w+)"\)',
                r'\.incident = PeerState\.STOPPED, "(\w+)"',
                r'\n(?:ROWS_MISSING|GAP) = "(\w+)"',
            ],
        ),
    ],
)
def test_what_is_told_has_words(words: str, patterns: list[str]) -> None:
    found = named(*patterns) - _WITHOUT_A_PERSON
    assert len(found) > 5
    assert found <= getattr(words_exchange, words).keys()


def test_every_state_of_a_message_has_words() -> None:
    assert {each.value for each in MessageState} - {MessageState.OWN.value} <= words_exchange.MESSAGES.keys()
