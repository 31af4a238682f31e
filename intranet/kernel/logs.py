"""Structured logs without content or secrets: JSON for machines, text on a terminal."""

import logging
import sys

import structlog

SECRET_WORDS = ("password", "token", "secret", "cookie", "authorization", "text")


def _redact(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for name in event:
        if name.lower() in SECRET_WORDS:
            event[name] = "(kept out)"
    return event


def configure(kind: str) -> None:
    """`json`, `text`, or `auto`: text when standard error is a terminal."""
    text = kind == "text" or (kind == "auto" and sys.stderr.isatty())
    renderer = structlog.dev.ConsoleRenderer() if text else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.processors.format_exc_info if not text else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
