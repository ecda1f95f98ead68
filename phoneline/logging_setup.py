"""Logs: one JSON object a line on standard error. Events have static names and carry ids, never people's data."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from phoneline import what_failed

TALKATIVE = (
    "argon2",
    "gunicorn.access",
    "httpx",
    "redis",
    "rq",
    "rq.worker",
    "twilio",
    "twilio.http_client",
    "urllib3",
    "werkzeug",
)
"""Libraries that would write addresses, form fields and so phone numbers at `info`."""


def configure() -> None:
    """Set up this process's logs, ours from `info` on and the libraries' from `warning` on. May be called again."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_values,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of a database's error, in one line, what failed and where, instead of a traceback that ends with its text."""
    told = event.get("exc_info")
    error = told[1] if isinstance(told, tuple) else told if isinstance(told, BaseException) else None
    if told is True:
        error = sys.exc_info()[1]
    failed = what_failed.of_database(error)
    if failed is None:
        return event
    del event["exc_info"]
    return {**what_failed.facts(failed), **event}
