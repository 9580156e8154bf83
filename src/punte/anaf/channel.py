"""One HTTP exchange, told truthfully. The only module that knows the HTTP library.

Every exchange opens a connection of its own: ANAF's front end drops kept-alive ones without a word, and on an upload
that would look like a lost reply (docs/anaf/upload.md, "Unknown outcome"). Nothing is retried here.
"""

import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import httpx2

from punte.anaf.errors import NotSent, ReplyLost, Unwell

# The library logs each address at INFO, and an address may hold a CNP (`cif=`).
logging.getLogger("httpx2").addFilter(lambda record: record.levelno >= logging.WARNING)

#: Most bytes of an answer. A ZIP holds a document of at most 10 MB and a signature.
ANSWER_LIMIT = 32 * 2**20
DAY = 86_400  # seconds
#: Told of every exchange: the operation (the path's last word), the status or the error's name, seconds. For metrics.
listener: Callable[[str, str, float], None] | None = None


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `read` and `upload` count from the last byte that moved. Source: docs/anaf/limits.md, "Waiting"."""

    connect: float = 10
    read: float = 60
    upload: float = 120


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came. `received_at`: aware, UTC, this machine's clock. `retry_after`: the header, seconds.

    dated  ANAF's clock, from the header `Date`: aware, to the second; None when it sends none
    """

    status: int
    body: bytes
    received_at: datetime
    retry_after: int | None = None
    dated: datetime | None = None


class Trust(Protocol):
    """Whom to believe at the other end: `Hosts`, or another set of addresses."""

    @property
    def ca_file(self) -> Path | None: ...


#: Parts of a multipart body: field name → file name, content, content type.
Files = Mapping[str, tuple[str, bytes, str]]


class Channel:
    """Exchanges with one ANAF; TLS is always verified, by `hosts.ca_file` when given."""

    def __init__(self, hosts: Trust, timeouts: Timeouts | None = None, *, bearer: str | None = None) -> None:
        self._timeouts = timeouts or Timeouts()
        headers = {"User-Agent": "punte", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        self._http = httpx2.Client(
            verify=ssl.create_default_context(cafile=hosts.ca_file) if hosts.ca_file else _system_trust(),
            headers=headers,
            trust_env=False,  # configuration is PUNTE_* only; a proxy from the environment would blur what was sent
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        content_type: str | None = None,
        files: Files | None = None,
        basic: tuple[str, str] | None = None,
        read_timeout: float | None = None,
    ) -> Reply:
        """Send once, return the answer whatever its status.

        Raises NotSent:   the first byte of the request was not yet handed to the connection.
               ReplyLost: it was, and no whole answer came.
        """
        begun = False
        began_at = time.monotonic()

        def watch(event: str, _: object) -> None:
            nonlocal begun
            begun = begun or event.endswith("send_request_headers.started")

        request = self._http.build_request(
            method,
            url,
            params=params,
            data=form,
            content=content,
            files=files,
            headers={"Content-Type": content_type} if content_type else None,
            timeout=httpx2.Timeout(read_timeout or self._timeouts.read, connect=self._timeouts.connect),
            extensions={"trace": watch},
        )
        try:
            response = self._http.send(request, stream=True, auth=httpx2.BasicAuth(*basic) if basic else None)
            try:
                body = _read(response)
            finally:
                response.close()
        except (httpx2.HTTPError, OSError) as error:
            said = f"{request.method} {request.url.host}{request.url.path}: {type(error).__name__} {error}".rstrip()
            _tell(request, "ReplyLost" if begun else "NotSent", began_at)
            raise (ReplyLost(said) if begun else NotSent(said)) from error
        _tell(request, str(response.status_code), began_at)
        now = datetime.now(UTC)
        headers = response.headers
        pause = _pause(headers.get("Retry-After", ""), now)
        return Reply(response.status_code, body, now, pause, _date(headers.get("Date", "")))

    def upload(self, url: str, *, params: Mapping[str, str], content: bytes, content_type: str) -> Reply:
        """`send` with the patience that an upload needs."""
        return self.send(
            "POST", url, params=params, content=content, content_type=content_type, read_timeout=self._timeouts.upload
        )

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        content_type: str | None = None,
        files: Files | None = None,
    ) -> Reply:
        """`send` for a call that is safe to repeat: a lost answer is ANAF being unwell. Raises NotSent, Unwell."""
        try:
            return self.send(method, url, params=params, content=content, content_type=content_type, files=files)
        except ReplyLost as lost:
            raise Unwell(lost.text) from lost


@cache
def _system_trust() -> ssl.SSLContext:
    """The system's authorities; reading them takes longer than most calls."""
    return httpx2.create_ssl_context(trust_env=False)


def _tell(request: httpx2.Request, outcome: str, began_at: float) -> None:
    if listener is not None:
        listener(request.url.path.rstrip("/").rpartition("/")[2], outcome, time.monotonic() - began_at)


def _pause(header: str, now: datetime) -> int | None:
    """Seconds of a Retry-After, which is a number or a date (RFC 9110, 10.2.3); at most a day. None when neither."""
    if re.fullmatch("[0-9]{1,9}", header):
        return min(int(header), DAY)
    until = _date(header)
    return max(0, min(ceil((until - now).total_seconds()), DAY)) if until else None


def _date(header: str) -> datetime | None:
    """An HTTP date, aware (RFC 9110, 5.6.7). None when it is none."""
    try:
        instant = parsedate_to_datetime(header)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _read(response: httpx2.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise httpx2.ReadError(f"answer above {ANSWER_LIMIT} bytes", request=response.request)
    return bytes(body)
