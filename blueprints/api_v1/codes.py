"""Saying what is wrong with a code."""

from blueprints.pages import words
from registry.queries.search import CodeDoubt
from registry.rules import uscc
from registry.rules.uscc import UsccFault


def fault_in_words(code: str, fault: UsccFault) -> str:
    """The fault of a normalised code, in the reader's language, naming the characters in question."""
    expected = uscc.check_character(code[:17]) if fault is UsccFault.CHECK_CHARACTER else None
    doubt = CodeDoubt(code, fault, expected, uscc.bad_characters(code), uscc.suspect_positions(code))
    return " ".join(words.explain(doubt))
