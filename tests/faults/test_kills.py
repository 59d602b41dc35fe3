"""kill -9 of any process of either node, chosen by a seed, while both registers are worked on and exchange."""

from pathlib import Path

from tests.faults.agreement import agree, settle
from tests.faults.kills import VICTIMS, kill_in_turn
from tests.faults.office import Office
from tests.faults.stage import CITY, PROVINCE, staged


def test_whatever_is_killed_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """Each victim once, at the n-th request that the wire sees or before it: no clock decides."""
    with staged(tmp_path, seed=11) as stage:
        offices = [Office(stage.apps[name], place) for place, name in enumerate((CITY, PROVINCE))]
        killed = kill_in_turn(stage, offices, seed=11, rounds=len(VICTIMS))
        assert set(killed) == set(VICTIMS)
        settle(stage)
        counts = agree(stage)
    assert min(counts.values()) > 0
