"""SPV, one for each environment: what was uploaded, what became of it, who sees what in which mailbox."""

import hashlib
from collections.abc import Container
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from heapq import heappop, heappush

from . import answers
from .archive import java_zip
from .authority import Authority
from .clock import day
from .document import Document
from .identity import strangers
from .judge import Judge, NotTaken
from .seal import seal
from .second_judge import QUEUE, Gone, SecondJudge


class State(StrEnum):
    """ANAF's words for the state of an upload."""

    PROCESSING = "in prelucrare"
    OK = "ok"
    NOK = "nok"
    NOT_TAKEN = "XML cu erori nepreluat de sistem"


@dataclass(kw_only=True)
class Upload:
    index: int
    cif: str  #: the company on whose behalf the holder acted
    serial: str  #: of the holder's certificate
    standard: str
    external: bool  #: extern=DA: the buyer is not Romanian
    self_billed: bool  #: autofactura=DA: the buyer uploads in the seller's name
    xml: bytes
    document: Document
    received: datetime
    due: datetime  #: when its processing ends
    state: State = State.PROCESSING
    errors: list[str] = field(default_factory=list)
    messages: list["Message"] = field(default_factory=list)
    ahead: Future[list[str]] | None = None  #: the second judge's verdict, when he was asked

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.xml).hexdigest()

    @property
    def content(self) -> bytes:
        """The content member of the ZIP: the uploaded bytes, or the error file."""
        if self.state is not State.NOK:
            return self.xml
        attributes = {"Index_incarcare": str(self.index), "Cif_emitent": self.document.seller or self.cif}
        return answers.header(answers.ERROR_FILE, attributes, self.errors, child="Error")


@dataclass(frozen=True, kw_only=True)
class Message:
    """One entry of one mailbox."""

    id: int
    upload: Upload = field(repr=False)
    cif: str
    kind: str  #: E, T, P, R, as the filter of the listings says
    tip: str
    detalii: str
    created: datetime  #: when it is indexed, `data_creare`


class Spv:
    """The state of one environment. Its caller holds the world's lock."""

    def __init__(self, *, first_index: int, first_download: int) -> None:
        self.uploads: dict[int, Upload] = {}
        self.messages: dict[int, Message] = {}
        self.mailboxes: dict[str, list[Message]] = {}
        self.changed: dict[int, Upload] = {}  #: since the state was last kept
        self._next_index = first_index
        self._next_download = first_download
        self._pending: list[tuple[datetime, int]] = []  # a heap: when the processing ends, of which index
        self._filed: dict[tuple[str, str, str], Upload] = {}

    def register(
        self,
        *,
        cif: str,
        serial: str,
        standard: str,
        external: bool,
        self_billed: bool,
        xml: bytes,
        document: Document,
        now: datetime,
        processing: timedelta,
        second_judge: SecondJudge | None = None,
    ) -> Upload:
        """Take a document over: it has an index from now on, whatever the caller hears of it."""
        upload = Upload(
            index=self._next_index,
            cif=cif,
            serial=serial,
            standard=standard,
            external=external,
            self_billed=self_billed,
            xml=xml,
            document=document,
            received=now,
            due=now + processing,
        )
        self._take(upload)
        if second_judge and standard in ("UBL", "CN") and len(self._pending) > QUEUE:
            upload.ahead = second_judge.ahead(xml)
        return upload

    def restore(self, upload: Upload) -> None:
        """Take back an upload that was kept, with its entries; in the order of the indices."""
        self._take(upload)
        self.changed.clear()
        for message in upload.messages:
            self._file(message)
        if upload.state is State.OK and upload.standard != "RASP":
            self._filed[upload.document.key] = upload

    def _take(self, upload: Upload) -> None:
        self._next_index = upload.index + 1
        self.uploads[upload.index] = self.changed[upload.index] = upload
        if upload.state is State.PROCESSING:
            heappush(self._pending, (upload.due, upload.index))

    def settle(self, now: datetime, *, judge: Judge, known: Container[str], lag: timedelta, papers: bool) -> None:
        """End the processing of what is due by `now`, as of the moment it was due.

        known   the companies in ANAF's database
        lag     from the end of the processing to the entry in the listings
        papers  texts as ANAF's papers print them, where the service was seen to differ
        """
        while self._pending and self._pending[0][0] <= now:
            # It leaves first: one on which the judge breaks must not hold up the others.
            upload = self.uploads[heappop(self._pending)[1]]
            self.changed[upload.index] = upload
            try:
                upload.errors = self._faults(upload, judge, known)
            except NotTaken:
                upload.state = State.NOT_TAKEN
                continue
            upload.state = State.NOK if upload.errors else State.OK
            self._deliver(upload, upload.due + lag, papers=papers)

    def _faults(self, upload: Upload, judge: Judge, known: Container[str]) -> list[str]:
        """Identity, then the rules, then duplicates among what was accepted before."""
        document = upload.document
        if upload.standard == "RASP":
            return [] if self._spoken_of(upload) else [f"Nu exista factura cu id_incarcare= {document.about}"]
        if upload.standard == "CII":
            raise NotTaken("CII is not judged")
        faults = strangers(document, known, external=upload.external) + _judged(upload, judge)
        if not faults and (earlier := self._filed.get(document.key)):
            # Observed: a duplicate is accepted at the door and refused here, with the index of the first.
            received = day(earlier.received).isoformat()
            return [f"Factura a mai fost transmisa anterior cu index={earlier.index} si data incarcare={received}"]
        if not faults:
            self._filed[document.key] = upload
        return faults

    def _spoken_of(self, upload: Upload) -> Upload | None:
        about = upload.document.about
        invoice = self.uploads.get(int(about)) if about.isdecimal() else None
        return invoice if invoice and invoice.state is State.OK and invoice.document.buyer == upload.cif else None

    def _deliver(self, upload: Upload, created: datetime, *, papers: bool) -> None:
        document, index = upload.document, upload.index
        seller, buyer = document.seller, "" if upload.external else document.buyer
        if upload.state is State.NOK:
            of_kind = " de tip declarat=AUTOFACTURA," if upload.self_billed else ""
            sent = "primita" if papers and not upload.self_billed else "transmisa"
            text = f"Erori de validare identificate la factura{of_kind} {sent} cu id_incarcare={index}"
            self._put(upload, upload.cif, "E", "ERORI FACTURA", text, created)
        elif upload.standard == "RASP":
            # No recording of these two texts is known: they are the simulator's own.
            text = f"Mesaj cu id_incarcare={index} pentru factura cu id_incarcare={document.about}"
            invoice = self._spoken_of(upload)
            self._put(upload, upload.cif, "R", "MESAJ CUMPARATOR TRANSMIS", text, created)
            self._put(upload, invoice.document.seller if invoice else "", "R", "MESAJ CUMPARATOR PRIMIT", text, created)
        elif upload.self_billed:
            # The one who transmitted it has it as sent, although he is the buyer.
            who = f"transmisa de cif={document.buyer}  ca autofactutra in numele cif={seller}"  # sic: two spaces, -utra
            self._put(upload, buyer, "T", "FACTURA TRIMISA", f"Factura cu id_incarcare={index} {who}", created)
            self._put(upload, seller, "P", "FACTURA PRIMITA", f"Factura cu id_incarcare={index} {who}", created)
        else:
            who = f"emisa de cif_emitent={seller} pentru cif_beneficiar={document.buyer}"
            self._put(upload, seller, "T", "FACTURA TRIMISA", f"Factura cu id_incarcare={index} {who}", created)
            self._put(upload, buyer, "P", "FACTURA PRIMITA", f"Factura cu id_incarcare={index} {who}", created)

    def _put(self, upload: Upload, cif: str, kind: str, tip: str, detalii: str, created: datetime) -> None:
        if not cif:
            return  # a buyer without a Romanian identifier has no mailbox
        message = Message(
            id=self._next_download, upload=upload, cif=cif, kind=kind, tip=tip, detalii=detalii, created=created
        )
        upload.messages.append(message)
        self._file(message)

    def _file(self, message: Message) -> None:
        self._next_download = max(self._next_download, message.id + 1)
        self.messages[message.id] = message
        self.mailboxes.setdefault(message.cif, []).append(message)

    def sealed(self, upload: Upload, authority: Authority, *, enveloped: bool = False) -> bytes:
        """The ZIP of a settled upload, the same bytes at each call."""
        content = upload.content
        signature = seal(content, authority, enveloped=enveloped)
        return java_zip({f"{upload.index}.xml": content, f"semnatura_{upload.index}.xml": signature}, upload.due)


def _judged(upload: Upload, judge: Judge) -> list[str]:
    """The verdict: the second judge's, unless he has not begun or is gone."""
    ahead, upload.ahead = upload.ahead, None
    if ahead is None or ahead.cancel():
        return judge(upload.xml)
    try:
        return ahead.result()
    except Gone:
        return judge(upload.xml)
