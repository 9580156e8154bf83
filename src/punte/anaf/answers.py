"""What ANAF answers to upload, state, list and download, read into values. Source: docs/anaf/upload.md, "Answers",
docs/anaf/state-list-download.md.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from punte.anaf.body import Kind, Unreadable, error_messages, kind_of, local, read_json, read_xml, sentence
from punte.anaf.channel import Reply
from punte.anaf.errors import Declined, ReplyLost, Unwell
from punte.anaf.messages import EMPTY_PAGE, Page, local_instant, read_page
from punte.anaf.sentences import Meaning, barrier, error_of, gate, meaning_of, unwell


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
        raise unwell(reply)
    errors = error_messages(header)
    name = " ".join(header.get("stare", "").lower().split())
    if not name:
        raise error_of("\n".join(errors), reply) if errors else Unwell("neither state nor error", reply.body)
    try:
        return MessageState(State(name), header.get("id_descarcare") or None, errors)
    except ValueError:
        raise Declined(f"stare={header.get('stare')}", known=False, body=reply.body) from None


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
        raise unwell(reply) from error


def read_download(reply: Reply) -> bytes:
    kind = kind_of(reply.body)
    if reply.status == 200 and kind is Kind.ZIP:
        return reply.body
    _open(reply)
    said = sentence(reply.body)
    if kind is Kind.JSON and said:
        raise error_of(said, reply)
    raise unwell(reply)


def _open(reply: Reply, *, cif: str | None = None) -> None:
    """Raise what the status alone decides; after it, only the body is believed."""
    said = sentence(reply.body)
    if (error := gate(reply, said)) is not None:
        raise error
    if reply.status != 200:
        spoken = said and kind_of(reply.body) in (Kind.JSON, Kind.XML)
        raise error_of(said, reply, cif=cif) if spoken else unwell(reply)


def _header(reply: Reply) -> etree._Element | None:
    """The `header` element of an XML answer; None when the body is anything else."""
    if kind_of(reply.body) is not Kind.XML:
        return None
    try:
        root = read_xml(reply.body)
    except Unreadable:
        return None
    return root if local(root) == "header" else None
