"""Folders with short names: whether a server is reached through a socket depends on the length of its path."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In place of pytest's own, which grows with the name of the test and of the process that runs it."""
    with tempfile.TemporaryDirectory(prefix="node-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
