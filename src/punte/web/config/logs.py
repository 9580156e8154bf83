"""One line an event on standard error: our ids and states, never tokens, CNPs, addresses of pages or invoice text.

JSON, so that a collector reads it; words on a terminal. An exception is told by its type and the way it came, without
its message, which may quote what somebody wrote; only the system's own messages (a refused connection, a full disk)
are kept. What still looks like a token or a CNP is blanked. tests/web/work/test_logs.py reads the logs of a whole walk.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable, MutableMapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

Event = MutableMapping[str, Any]

#: Loggers of others that would print addresses of pages: a link to join, to change a password. `RequestId` tells instead.
MUTE = ("django.request", "django.security", "django.server")
SECRET = re.compile(
    r"eyJ[\w-]{8,}(\.[\w-]+)*"  # a JWT
    r"|(?i:bearer|basic)\s+\S+"
    r"|\b[1-9]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{6}\b"  # a CNP
)


def configure(*further: Callable[[Any, str, Event], Event]) -> None:
    """As the first thing of every process. `further`: processors that see each event of ours."""
    level = getattr(logging, settings.LOG.upper())
    text = settings.LOG_FORMAT == "text" or (settings.LOG_FORMAT == "auto" and sys.stderr.isatty())
    render: Any = (
        structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
        if text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    ours: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        without_message,
        blanked,
    ]
    structlog.configure(
        processors=[*further, *ours, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    theirs = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(allow=()), *ours],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    )
    handler.setFormatter(theirs)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(max(level, logging.WARNING))  # of others' lines only those that tell of trouble
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def without_message(_: object, __: str, event: Event) -> Event:
    """`exc_info` as one line: the type, and the last places on the way."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        if isinstance(error, (OSError, OperationalError)):
            event["said"] = str(error).partition("\n")[0]
        places = extract_tb(error.__traceback__)[-6:]
        event["at"] = " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in reversed(places))
    return event


def blanked(_: object, __: str, event: Event) -> Event:
    return {key: SECRET.sub("…", value) if isinstance(value, str) else value for key, value in event.items()}


class RequestId:
    """Middleware: every line of a request carries its id, a proxy's where it gives one; the answer says it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._log = structlog.get_logger("punte.web")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if re.fullmatch(r"[\w.-]{1,64}", given) else uuid.uuid4().hex
        began = time.monotonic()
        with structlog.contextvars.bound_contextvars(request=number):
            response = self._get_response(request)
            told = self._log.warning if response.status_code >= 500 else self._log.debug
            told("answered", status=response.status_code, view=_view(request), seconds=round(time.monotonic() - began, 3))
        response["X-Request-ID"] = number
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Django makes it a 500; here it is told, by the view's name: the address may be a secret of somebody's."""
        self._log.error("page failed", view=_view(request), exc_info=error)


def _view(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "-"
