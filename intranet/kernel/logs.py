"""Structured logs without content or secrets: JSON for machines, text on a terminal."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog

SECRET_WORDS = ("password", "token", "secret", "cookie", "authorization", "text")


def _redact(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for name in event:
        if name.lower() in SECRET_WORDS:
            event[name] = "(kept out)"
    return event


def _trace(error: BaseException) -> str:
    """What was raised and where, without its message: messages quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    here = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames[-12:]))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{type(error).__name__} at {here}" + (f"; from {_trace(cause)}" if cause else "")


def shortened(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A processor: an exception as its kind and its way, in one line."""
    info: Any = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else (info[1] if isinstance(info, tuple) else sys.exc_info()[1])
    if info and error:
        event["exception"] = _trace(error)
    return event


class Told(logging.Handler):
    """What libraries log, as ours: the first line of the message, since the rest may quote what failed."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        line = record.getMessage().partition("\n")[0][:200]
        log.log(record.levelno, line, logger=record.name, exc_info=record.exc_info)


def configure(kind: str) -> None:
    """`json`, `text`, or `auto`: text when standard error is a terminal."""
    text = kind == "text" or (kind == "auto" and sys.stderr.isatty())
    renderer = structlog.dev.ConsoleRenderer() if text else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            shortened,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[Told()], force=True)
