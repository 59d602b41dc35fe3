"""What an answer to a batch makes us do: pure (exchange.md 3, "Errors", and 4)."""

import re
from enum import StrEnum
from typing import Any

import orjson

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Reaction(StrEnum):
    """What follows from an answer that was believed."""

    RECEIPT = "receipt"  # read it
    REPEAT = "repeat"  # unchanged, signed anew, after a pause
    GAP = "gap"  # send again from the batch after the last one that the peer has
    SET_ASIDE = "set_aside"  # never again under this number; its messages go into new batches
    STOP = "stop"  # this chain stands still until a person has looked


def reaction_to(status: int, code: str | None) -> Reaction:
    """The reaction to a status with the code of its problem; what is neither success nor refusal counts as no answer."""
    if status == 200:
        return Reaction.RECEIPT
    if status in {401, 408, 429} or status >= 500 or (status, code) == (400, "batch_incomplete"):
        return Reaction.REPEAT
    if (status, code) == (409, "batch_gap"):
        return Reaction.GAP
    if status == 413 or (status, code) == (409, "batch_conflict"):
        return Reaction.SET_ASIDE
    return Reaction.STOP if 400 <= status < 500 else Reaction.REPEAT


def problem_of(body: bytes) -> dict[str, Any]:
    """Members of a problem answer; empty where the body is no JSON object."""
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return members if isinstance(members, dict) else {}


def code_of(problem: dict[str, Any]) -> str | None:
    """The stable code of a problem; None where it is no word that could be one."""
    code = problem.get("code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None
