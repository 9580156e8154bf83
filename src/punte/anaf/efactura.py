"""RO e-Factura: upload, state, list, download. Source: docs/anaf/upload.md, docs/anaf/state-list-download.md."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import Self

from lxml import etree

from punte.anaf.body import Kind, Unreadable, error_messages, kind_of, local, read_json, read_xml, sentence
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.cif import digits
from punte.anaf.errors import Declined, ReplyLost, Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.messages import EMPTY_PAGE, Filter, Message, MessageKind, Page, list_window, local_instant, read_page
from punte.anaf.sentences import Meaning, barrier, error_of, gate, meaning_of

__all__ = [
    "EFactura",
    "Filter",
    "Message",
    "MessageKind",
    "MessageState",
    "Page",
    "Receipt",
    "State",
    "Timeouts",
    "list_window",
]


@dataclass(frozen=True, slots=True)
class Receipt:
    """ANAF's answer to an upload.

    upload_index  None when refused. Written down, it is what state, list and ZIP speak of; it is no download id
    refusals      ANAF's sentences, verbatim; empty when accepted
    received_at   aware, UTC: ANAF's `dateResponse` (to the minute), else when the answer came
    """

    upload_index: str | None
    refusals: tuple[str, ...]
    received_at: datetime


class State(StrEnum):
    OK = "ok"  # validated, sealed, delivered
    NOK = "nok"  # rejected; the download is the error file
    PROCESSING = "in prelucrare"
    NOT_TAKEN = "xml cu erori nepreluat de sistem"  # final; nothing to download


@dataclass(frozen=True, slots=True)
class MessageState:
    """`download_id` comes with OK and NOK; `errors` are sentences that came beside the state, verbatim."""

    state: State
    download_id: str | None
    errors: tuple[str, ...] = ()


class EFactura:
    """The operations on behalf of one access token. A context manager; nothing is retried inside.

    Every operation raises NotSent, AccessDenied, RateLimited, Reauthorise, Misconfigured; `upload` also ReplyLost;
    the others also Unwell and Declined, and those that name a message NotFound (`download` also Expired).
    `cif` may be written `RO 1234`: ANAF wants the digits, and gets them.
    """

    def __init__(self, hosts: Hosts, access_token: str, *, timeouts: Timeouts | None = None) -> None:
        self._base = hosts.efactura
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
        standard: str = "UBL",
        extern: bool = False,
        autofactura: bool = False,
        executare: bool = False,
        b2c: bool = False,
    ) -> Receipt:
        """File a document. Sent once: ANAF knows no idempotency key, and takes the same invoice twice.

        cif       the company on whose behalf: the seller; the buyer when `autofactura`
        standard  UBL (Invoice), CN (CreditNote), CII, RASP (a buyer's message)
        extern    the buyer is not Romanian;  b2c  the buyer is a private person
        Raises ReplyLost when the document left and nothing certain came back: also after a 5xx, HTML, emptiness,
        a technical code, or an acceptance without index.
        """
        flags = {"extern": extern, "autofactura": autofactura, "executare": executare}
        params = {"standard": standard, "cif": digits(cif)} | {name: "DA" for name, wanted in flags.items() if wanted}
        reply = self._channel.upload(
            f"{self._base}/{'uploadb2c' if b2c else 'upload'}",
            params=params,
            content=xml,
            content_type="text/plain; charset=utf-8",
        )
        return read_receipt(reply, cif=digits(cif))

    def state(self, upload_index: str) -> MessageState:
        """What became of an upload."""
        reply = self._ask("stareMesaj", {"id_incarcare": upload_index})
        return read_state(reply)

    def messages(
        self, cif: str, start: datetime, end: datetime, filter: Filter | None = None, *, now: datetime | None = None
    ) -> Iterator[Message]:
        """Every message of the mailbox `cif` in the window, page after page; none is no error.

        The window is cut to what ANAF lists at `now` (this machine's clock when None), see `list_window`.
        Messages are indexed up to 15 minutes late: overlap windows and tell messages apart by `id`.
        Rows of other mailboxes, which ANAF sometimes mixes in, are left out; `messages_page` shows them.
        """
        first, last = list_window(start, end, now or datetime.now(UTC))
        number = 1
        while True:
            page = self.messages_page(cif, first, last, filter, page=number)
            yield from (message for message in page.messages if message.cif == digits(cif))
            if number >= page.pages:  # ANAF's own index_pagina_curenta is unreliable
                return
            number += 1

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
        return read_list(self._ask("listaMesajePaginatieFactura", params), cif=digits(cif))

    def companies(self, cif: str, start: datetime, end: datetime) -> tuple[str, ...]:
        """Every CIF the certificate has rights on, as ANAF tells beside a list that is not empty; else empty."""
        return self.messages_page(cif, start, end).cifs

    def download(self, download_id: str) -> bytes:
        """The ZIP of a message, byte for byte. Ten times a day at most, for 60 days: once is the plan."""
        return read_download(self._ask("descarcare", {"id": download_id}))

    def _ask(self, operation: str, params: Mapping[str, str]) -> Reply:
        return self._channel.ask("GET", f"{self._base}/{operation}", params=params)


def read_receipt(reply: Reply, *, cif: str) -> Receipt:
    """The answer to an upload; what does not say plainly yes or no is a lost reply."""
    said = sentence(reply.body)
    header = _header(reply) if reply.status == 200 else None
    if header is not None and header.get("ExecutionStatus") == "0" and header.get("index_incarcare", "").isdecimal():
        return Receipt(header.get("index_incarcare"), (), _answered_at(header, reply))
    texts = error_messages(header) if header is not None else (said,)
    if error := next(filter(None, (barrier(text, reply, cif=cif) for text in texts)), None) or gate(reply, said):
        raise error
    if said and not any(meaning_of(text) is Meaning.TECHNICAL for text in texts):
        if header is not None and header.get("ExecutionStatus") == "1":
            return Receipt(None, texts, _answered_at(header, reply))
        if reply.status == 400 and kind_of(reply.body) is Kind.JSON:
            return Receipt(None, texts, reply.received_at)
    raise ReplyLost(said or f"HTTP {reply.status}, from which nothing follows", reply.body)


def _answered_at(header: etree._Element, reply: Reply) -> datetime:
    try:
        return local_instant(header.get("dateResponse", ""))
    except ValueError:
        return reply.received_at


def read_state(reply: Reply) -> MessageState:
    _open(reply)
    header = _header(reply)
    if header is None:
        raise Unwell(sentence(reply.body) or f"HTTP {reply.status}", reply.body)
    errors = error_messages(header)
    name = " ".join(header.get("stare", "").lower().split())
    if not name:
        raise error_of("\n".join(errors), reply) if errors else Unwell("neither state nor error", reply.body)
    try:
        return MessageState(State(name), header.get("id_descarcare") or None, errors)
    except ValueError:
        raise Declined(f"stare={header.get('stare')}", known=False) from None


def read_list(reply: Reply, *, cif: str) -> Page:
    _open(reply, cif=cif)
    try:
        answer = read_json(reply.body)
        said = str(answer.get("eroare") or "")
        if "mesaje" in answer or not said:
            return read_page(answer)
        if meaning_of(said) in (Meaning.EMPTY, Meaning.PAST_THE_END):
            return EMPTY_PAGE
        raise error_of(said, reply, cif=cif)
    except (ValueError, TypeError, OverflowError) as error:
        raise Unwell(sentence(reply.body) or f"HTTP {reply.status}: {error}", reply.body) from error


def read_download(reply: Reply) -> bytes:
    kind = kind_of(reply.body)
    if reply.status == 200 and kind is Kind.ZIP:
        return reply.body
    _open(reply)
    said = sentence(reply.body)
    if kind is Kind.JSON and said:
        raise error_of(said, reply)
    raise Unwell(said or f"HTTP {reply.status}", reply.body)


def _open(reply: Reply, *, cif: str | None = None) -> None:
    """Raise what the status alone decides; after it, only the body is believed."""
    said = sentence(reply.body)
    if (error := gate(reply, said)) is not None:
        raise error
    if reply.status != 200:
        spoken = said and kind_of(reply.body) in (Kind.JSON, Kind.XML)
        raise error_of(said, reply, cif=cif) if spoken else Unwell(said or f"HTTP {reply.status}", reply.body)


def _header(reply: Reply) -> etree._Element | None:
    """The `header` element of an XML answer; None when the body is anything else."""
    if kind_of(reply.body) is not Kind.XML:
        return None
    try:
        root = read_xml(reply.body)
    except Unreadable:
        return None
    return root if local(root) == "header" else None


def _milliseconds(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError("startTime and endTime need a time zone")
    return int(instant.timestamp() * 1000)
