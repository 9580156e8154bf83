"""RO e-Factura: upload, state, lists, download. Source: docs/anaf/upload.md, docs/anaf/state-list-download.md."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeAlias

from punte.anaf.answers import (
    MessageState,
    Receipt,
    State,
    read_download,
    read_list,
    read_receipt,
    read_state,
)
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.cif import digits
from punte.anaf.errors import AnafError, ClockAhead
from punte.anaf.hosts import Hosts
from punte.anaf.messages import CLOCK_MARGIN, MOST_SKEW, Filter, Message, MessageKind, Page, list_window
from punte.anaf.standards import Standard, buyer_message, standard_of

__all__ = [
    "EFactura",
    "Filter",
    "Message",
    "MessageKind",
    "MessageState",
    "Page",
    "Receipt",
    "Standard",
    "State",
    "Timeouts",
    "buyer_message",
    "list_window",
    "standard_of",
]

log = logging.getLogger(__name__)

#: Told the operation (`upload`, `rasp`, `state`, `list`, `paginated`, `download`) and the CIF or id that it names.
Before: TypeAlias = Callable[[str, str], None]
#: Told the same, and what the call raised.
After: TypeAlias = Callable[[str, str, AnafError | None], None]


class EFactura:
    """The operations on behalf of one access token. A context manager; nothing is retried inside.

    `before` is called before each call to ANAF, and forbids it by raising; `after`, when it has ended.
    Every operation raises NotSent, AccessDenied, RateLimited, Reauthorise, Misconfigured; `upload` also ReplyLost;
    the others also Unwell and Declined, and those that name a message NotFound (`download` also Expired).
    `cif` may be written `RO 1234`: ANAF wants the digits, and gets them.
    """

    def __init__(
        self,
        hosts: Hosts,
        access_token: str,
        before: Before | None = None,
        *,
        after: After | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._base = hosts.efactura
        self._before, self._after = before, after
        self._reserved: tuple[str, str] | None = None
        self._channel = Channel(hosts, timeouts, bearer=access_token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.__exit__(kind, error, trace)

    def upload(
        self,
        xml: bytes,
        *,
        cif: str,
        standard: Standard | str = Standard.UBL,
        extern: bool = False,
        autofactura: bool = False,
        executare: bool = False,
        b2c: bool = False,
    ) -> Receipt:
        """File a document. Sent once: ANAF knows no idempotency key, and takes the same invoice twice.

        cif       the company on whose behalf: the seller; the buyer when `autofactura`
        standard  UBL (Invoice), CN (CreditNote), CII, RASP (a buyer's message: `buyer_message`); see `standard_of`
        extern    the buyer is not Romanian;  autofactura  the buyer issues in the seller's name
        executare an enforcement body issues for the debtor;  b2c  the buyer is a private person (`uploadb2c`)
        Raises ReplyLost when the document left and nothing certain came back: also after a 5xx, HTML, emptiness,
        a technical code, or an acceptance without index.
        """
        flags = {"extern": extern, "autofactura": autofactura, "executare": executare}
        params = {"standard": str(standard), "cif": digits(cif)} | {
            name: "DA" for name, wanted in flags.items() if wanted
        }
        with self._call(*_filing(standard, cif)):
            reply = self._channel.upload(
                f"{self._base}/{'uploadb2c' if b2c else 'upload'}",
                params=params,
                content=xml,
                content_type="text/plain; charset=utf-8",
            )
            return read_receipt(reply, cif=digits(cif))

    def reserve_upload(self, *, cif: str, standard: Standard | str = Standard.UBL) -> None:
        """Pass `before` now: the `upload` that follows goes at once. For who writes something down in between."""
        self._pass(*_filing(standard, cif))
        self._reserved = _filing(standard, cif)

    def state(self, upload_index: str) -> MessageState:
        """What became of an upload."""
        with self._call("state", upload_index):
            return read_state(self._ask("stareMesaj", {"id_incarcare": upload_index}))

    def messages(
        self, cif: str, start: datetime, end: datetime, filter: Filter | None = None, *, now: datetime | None = None
    ) -> Iterator[Message]:
        """Every message of the mailbox `cif` in the window, page after page; none is no error.

        The window is cut to what ANAF lists at `now` (this machine's clock when None), see `list_window`.
        Messages are indexed up to 15 minutes late: overlap windows and tell messages apart by `id`.
        Rows of other mailboxes, which ANAF sometimes mixes in, are left out; `messages_page` shows them.
        Where ANAF's clock is behind ours by more than the margin, and says so, the window is cut once more, to its
        moment. Raises ClockAhead when it names none, one further off than `MOST_SKEW`, or refuses that one too.
        """
        first, last = list_window(start, end, now or datetime.now(UTC))
        try:
            page = self.messages_page(cif, first, last, filter)
        except ClockAhead as ahead:
            last = _by_its_clock(ahead, first, last)
            page = self.messages_page(cif, first, last, filter)
        number = 1
        while True:
            yield from (message for message in page.messages if message.cif == digits(cif))
            if number >= page.pages:  # ANAF's own index_pagina_curenta is unreliable
                return
            number += 1
            page = self.messages_page(cif, first, last, filter, page=number)

    def messages_page(
        self, cif: str, start: datetime, end: datetime, filter: Filter | None = None, *, page: int = 1
    ) -> Page:
        """One page, of exactly this window (aware instants); an empty page past the end or when nothing is there."""
        params = {
            "startTime": str(_milliseconds(start)),
            "endTime": str(_milliseconds(end)),
            "cif": digits(cif),
            "pagina": str(page),
        }
        if filter is not None:
            params["filtru"] = Filter(filter).value
        with self._call("paginated", digits(cif)):
            return read_list(self._ask("listaMesajePaginatieFactura", params), cif=digits(cif))

    def recent(self, cif: str, days: int, filter: Filter | None = None) -> Page:
        """The messages of the last `days` days, 1 to 60, in one answer (`listaMesajeFactura`, the simple list).

        For looking, not for keeping in step: above 500 messages ANAF raises Declined and wants `messages`; 1500 a day.
        Rows of other mailboxes are shown, as in `messages_page`.
        """
        params = {"zile": str(days), "cif": digits(cif)}
        if filter is not None:
            params["filtru"] = Filter(filter).value
        with self._call("list", digits(cif)):
            return read_list(self._ask("listaMesajeFactura", params), cif=digits(cif))

    def companies(self, cif: str, start: datetime, end: datetime) -> tuple[str, ...]:
        """Every CIF the certificate has rights on, as ANAF tells beside a list that is not empty; else empty."""
        return self.messages_page(cif, start, end).cifs

    def download(self, download_id: str) -> bytes:
        """The ZIP of a message, byte for byte. Ten times a day at most, for 60 days: once is the plan."""
        with self._call("download", download_id):
            return read_download(self._ask("descarcare", {"id": download_id}))

    @contextmanager
    def _call(self, operation: str, subject: str) -> Iterator[None]:
        """One call to ANAF, let through by `before` and told to `after`."""
        if self._reserved != (operation, subject):
            self._pass(operation, subject)
        self._reserved = None
        error: AnafError | None = None
        try:
            yield
        except AnafError as raised:
            error = raised
            raise
        finally:
            if self._after:
                self._after(operation, subject, error)

    def _pass(self, operation: str, subject: str) -> None:
        if self._before:
            self._before(operation, subject)

    def _ask(self, operation: str, params: Mapping[str, str]) -> Reply:
        return self._channel.ask("GET", f"{self._base}/{operation}", params=params)


def _by_its_clock(ahead: ClockAhead, first: datetime, last: datetime) -> datetime:
    """The end of the window that ANAF will take, by the moment it quotes. Raises `ahead` when none follows from it."""
    if ahead.anaf_now is None or last - ahead.anaf_now > MOST_SKEW or ahead.anaf_now - CLOCK_MARGIN <= first:
        raise ahead
    log.warning("ANAF's clock reads %s: set this machine's, which is ahead", ahead.anaf_now)
    return min(last, ahead.anaf_now - CLOCK_MARGIN)


def _milliseconds(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError("startTime and endTime need a time zone")
    return int(instant.timestamp() * 1000)


def _filing(standard: Standard | str, cif: str) -> tuple[str, str]:
    """The operation by ANAF's limits: only a buyer's message has a number of its own in a day."""
    return ("rasp" if str(standard) == Standard.RASP else "upload"), digits(cif)
