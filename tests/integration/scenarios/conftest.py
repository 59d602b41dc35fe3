"""One register a test: the scenarios move through years, and nothing of one may reach the next."""

from collections.abc import Iterator

import pytest

from tests.scenario_register import Register, register


@pytest.fixture
def seat() -> Iterator[Register]:
    """A register of its own, at which officers act."""
    with register() as made:
        yield made
