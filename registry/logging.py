"""Logging: a constant event with ids as fields, never objects, personal data or keys. The audit trail is the ledger.

Records of libraries go through the same chain, so a production log is one JSON object a line, whoever wrote it.
"""

import logging
import logging.config
import re

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FORMATS = ("json", "console")
_VALUES = re.compile(r"^(DETAIL|CONTEXT|PARAMETERS|\[parameters):?.*$", re.MULTILINE)


def configure(log_format: str) -> None:
    """Send every record to standard error in one of FORMATS. Safe to repeat."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        drop_values,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "events": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {"alembic": {"level": "WARNING"}},
        }
    )


def drop_values(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Take out of a traceback the lines in which the database repeats values of the register."""
    del logger, method
    if isinstance(event.get("exception"), str):
        event["exception"] = _VALUES.sub(r"\1: left out", event["exception"])
    return event
