"""Names for ever of records: `<node>.<resource>.<uuid>` (exchange.md 1)."""

import os

from registry.clock import now


def new_record_id(node: str, resource: str) -> str:
    """A name that nobody else draws; a UUID of version 7 (RFC 9562) begins with the moment: indexes grow at one end."""
    return f"{node}.{resource}.{_uuid7(int(now().timestamp() * 1000), os.urandom(10))}"


def new_record_ids(node: str, resource: str, count: int) -> list[str]:
    """Many names at once, with one look at the clock."""
    milliseconds = int(now().timestamp() * 1000)
    chance = os.urandom(10 * count)
    return [f"{node}.{resource}.{_uuid7(milliseconds, chance[at * 10 : at * 10 + 10])}" for at in range(count)]


def _uuid7(milliseconds: int, chance: bytes) -> str:
    digits = f"{milliseconds:012x}{chance.hex()}"
    variant = "89ab"[int(digits[15], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-7{digits[12:15]}-{variant}{digits[16:19]}-{digits[20:32]}"
