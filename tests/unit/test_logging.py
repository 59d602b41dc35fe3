"""Logging: one JSON object a line whoever wrote it, and no values of the register in a traceback."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from registry.logging import configure


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_and_a_library_s_record_have_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    structlog.get_logger("registry.jobs").info("head_signed", size=7)
    logging.getLogger("urllib3").info("at %s", "0001")
    ours, theirs = lines(capsys)
    assert ours.pop("at")
    assert ours == {"event": "head_signed", "size": 7, "level": "info", "logger": "registry.jobs"}
    assert theirs.pop("at")
    assert theirs == {"event": "at 0001", "level": "info", "logger": "urllib3"}


def test_what_is_bound_to_a_request_stands_in_each_event(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger().warning("limit_reached")
    assert lines(capsys)[0]["request_id"] == "r-1"


def test_a_traceback_shows_no_value_of_the_register(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    try:
        raise ValueError(
            "duplicate key\nDETAIL:  Key (value)=(13912345678) already exists.\n[parameters: {'name': '某某某'}]"
        )
    except ValueError:
        logging.getLogger("registry").exception("job_failed")
    [event] = lines(capsys)
    assert "duplicate key" in str(event["exception"])
    assert "13912345678" not in str(event)
    assert "某某某" not in str(event)


def test_a_person_gets_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure("console")
    structlog.get_logger().info("head_signed", size=7)
    assert "head_signed" in capsys.readouterr().err
