"""One province and one city for all of this folder, each a process; and the partners that they trust."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.contract.exchange.nodes import Node, served
from tests.contract.exchange.partner import Partner

_nodes = count(131400, 100)  # codes of cities that no other test speaks as


@pytest.fixture(scope="package")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with served("130000", "province", tmp_path_factory.mktemp("province") / "log") as found:
        yield found


@pytest.fixture(scope="package")
def new_partner(province: Node) -> Callable[[], Partner]:
    return lambda: province.partner(str(next(_nodes)))


@pytest.fixture
def partner(new_partner: Callable[[], Partner]) -> Partner:
    """A city that has sent nothing yet."""
    return new_partner()


@pytest.fixture(scope="module")
def city(province: Node) -> Partner:
    """A city for tests that change nothing of it."""
    return province.partner(str(next(_nodes)))
