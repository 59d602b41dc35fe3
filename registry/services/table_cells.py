"""Cells that we write into tables other people open in a spreadsheet."""

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before it. Our own reading takes it off again."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
