"""What names a report: its number, and the hash of its file."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

from registry.clock import BEIJING


def new_report_no(moment: datetime, random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A number as on the national reports: 14 digits of Beijing time and 8 characters, e.g. 2026050419025750859D39.

    `random(4)` gives the four bytes behind the characters. Source: domain.md 6.4.
    """
    return f"{moment.astimezone(BEIJING):%Y%m%d%H%M%S}{random(4).hex().upper()}"


def report_sha256(pdf: bytes) -> str:
    """The hash by which a printed file is recognised, in lower-case hexadecimal."""
    return hashlib.sha256(pdf).hexdigest()
