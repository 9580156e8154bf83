"""The list of messages: its window, its rows, its pages. Source: docs/anaf/state-list-download.md, "List"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from punte.anaf.claims import serial_in_pairs
from punte.anaf.sentences import BUCHAREST

#: ANAF lists 60 days back and nothing from the future, judged by its clock to the second. Observed, 30.07.2026.
LIST_AGE = timedelta(days=60) - timedelta(minutes=5)
CLOCK_MARGIN = timedelta(seconds=60)
#: Ours. Clocks further apart than this are no skew: what such a list leaves out must not count as absent.
MOST_SKEW = timedelta(minutes=55)  # under the doubled hour of October, in which a quoted moment may be read an hour off


class Filter(StrEnum):
    ERRORS = "E"
    SENT = "T"
    RECEIVED = "P"
    BUYER_MESSAGES = "R"  # both directions


class MessageKind(StrEnum):
    SENT = "FACTURA TRIMISA"
    RECEIVED = "FACTURA PRIMITA"
    ERRORS = "ERORI"
    BUYER_MESSAGE_SENT = "MESAJ CUMPARATOR TRANSMIS"
    BUYER_MESSAGE_RECEIVED = "MESAJ CUMPARATOR PRIMIT"
    OTHER = ""  # none of the above: see `kind_text`


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the list.

    id            download id; None when ANAF leaves it out: ask the state of `upload_index`
    upload_index  the upload it speaks of; a self-sale gives two messages with the same one
    kind_text     ANAF's `tip`, verbatim
    cif           of the mailbox
    created_at    aware, UTC; when ANAF indexed it, to the minute
    details       ANAF's sentence, verbatim; `seller_cif` and `buyer_cif` are read out of it
    """

    id: str | None
    upload_index: str
    kind: MessageKind
    kind_text: str
    cif: str
    created_at: datetime
    details: str
    seller_cif: str | None
    buyer_cif: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, at most 500 messages.

    cifs          every CIF the certificate has rights on, not just the one asked for; empty on an empty list
    serial        of the certificate, as in `Claims.serial`
    pages, total  of the whole window, as ANAF counts them
    """

    messages: tuple[Message, ...]
    cifs: tuple[str, ...]
    pages: int
    total: int
    serial: str | None = None


EMPTY_PAGE = Page((), (), 0, 0)


def list_window(start: datetime, end: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The part of [start, end] that ANAF will list at `now`: 5 minutes off its 60 days, 60 seconds off the present.

    All aware. Raises ValueError for a naive instant, or when nothing of the window is left.
    """
    if any(instant.tzinfo is None for instant in (start, end, now)):
        raise ValueError("start, end and now need a time zone")
    first, last = max(start, now - LIST_AGE), min(end, now - CLOCK_MARGIN)
    if first >= last:
        raise ValueError(f"nothing between {start} and {end} can be listed at {now}: ANAF lists 60 days back")
    return first, last


def read_page(answer: Mapping[str, Any]) -> Page:
    """A page from ANAF's JSON. Raises ValueError when rows are not as documented."""
    rows = answer.get("mesaje")
    if not isinstance(rows, list):
        raise ValueError("no list of messages")
    return Page(
        messages=tuple(_message(row) for row in rows),
        cifs=tuple(part.strip() for part in str(answer.get("cui", "")).split(",") if part.strip()),
        pages=int(answer.get("numar_total_pagini", 1)),
        total=int(answer.get("numar_total_inregistrari", len(rows))),
        serial=serial_in_pairs(str(answer.get("serial", ""))),
    )


def local_instant(stamp: str) -> datetime:
    """`yyyyMMddHHmm` in Romania's wall time, as an aware instant in UTC. Raises ValueError.

    In the doubled hour of October the earlier instant is meant: ANAF writes no offset.
    """
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M").replace(tzinfo=BUCHAREST).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"no instant: {stamp}") from error


def _message(row: object) -> Message:
    if not isinstance(row, dict) or not row.get("id_solicitare") or not row.get("data_creare"):
        raise ValueError("a row without id_solicitare or data_creare")
    kind_text, details = str(row.get("tip", "")), str(row.get("detalii", ""))
    seller, buyer = _parties(details)
    return Message(
        id=str(row.get("id") or "") or None,
        upload_index=str(row["id_solicitare"]),
        kind=next(kind for kind in MessageKind if kind_text.upper().startswith(kind.value)),
        kind_text=kind_text,
        cif=str(row.get("cif", "")),
        created_at=local_instant(str(row["data_creare"])),
        details=details,
        seller_cif=str(row.get("cif_emitent") or "") or seller,
        buyer_cif=str(row.get("cif_beneficiar") or "") or buyer,
    )


def _parties(details: str) -> tuple[str | None, str | None]:
    """Seller and buyer as the sentence names them; in a self-billed invoice the buyer is the one who sends."""
    self_billed = re.search(r"transmisa de cif=(\d+)\s+ca autofactut?ra in numele cif=(\d+)", details)
    if self_billed:
        return self_billed[2], self_billed[1]
    seller, buyer = re.search(r"cif_emitent=(\d+)", details), re.search(r"cif_beneficiar=(\d+)", details)
    return seller and seller[1], buyer and buyer[1]
