"""Logs that cannot say what a witness said: an allow-list of keys, and libraries that are not asked
to speak.

A record carries the event's name, keys from the list below, and of an exception its class alone.
"""

import asyncio
import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog

ROOT: Final = Path(__file__).parent.parent
ALLOWED: Final = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "role",
        "kind",
        "error",
        "why",
        "count",
        "seconds",
        "pid",
        "logger",
        "where",
    }
)
QUIET: Final = (
    "aiogram",
    "telegram",
    "httpx",
    "httpcore",
    "sqlalchemy",
    "asyncio",
    "uvicorn",
    "alembic",
)


def only_allowed(_: Any, __: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list; say how many, so that a developer notices."""
    kept = {key: value for key, value in record.items() if key in ALLOWED}
    dropped = len(record) - len(kept)
    return {**kept, "count": dropped, "why": "keys dropped"} if dropped else kept


class ClassOnly(logging.Handler):
    """What a library logs: its name, its level and the class of an exception; never its words."""

    def emit(self, record: logging.LogRecord) -> None:
        failure = record.exc_info[0] if record.exc_info else None
        if failure is asyncio.CancelledError:
            return  # a request was under way when we were told to stop
        error = failure.__name__ if failure else ""
        structlog.get_logger().log(
            record.levelno, "a library spoke", logger=record.name.split(".")[0], error=error
        )


def set_up(role: str) -> None:
    """Logs to standard error, a line a record, as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%MZ", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    structlog.contextvars.bind_contextvars(role=role)
    root = logging.getLogger()
    root.handlers[:] = [ClassOnly(logging.WARNING)]
    root.setLevel(logging.WARNING)
    for name in QUIET:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.setLevel(logging.ERROR)
        library.propagate = True
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], failure: BaseException, _: Any) -> None:
    structlog.get_logger().error(
        "ended by an error", error=kind.__name__, where=where_raised(failure)
    )


def where_raised(failure: BaseException) -> str:
    """The innermost line of our own code that an exception passed through: a place, and nothing of
    its words.
    """
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    place = type(failure).__name__
    trace = failure.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(ROOT) and ".venv" not in file.parts:
            place = f"{type(failure).__name__} at {file.relative_to(ROOT)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
