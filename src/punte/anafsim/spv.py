"""SPV, one for each environment: what was uploaded, what became of it, who sees what in which mailbox."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from stdnum.ro import cui

from . import answers
from .archive import java_zip
from .authority import Authority
from .clock import day
from .document import Document
from .judge import Judge, NotTaken
from .seal import seal


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
    zip: bytes = b""

    @property
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
        self._next_index = first_index
        self._next_download = first_download
        self._pending: dict[int, Upload] = {}
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
        self._next_index += 1
        self.uploads[upload.index] = upload
        self._pending[upload.index] = upload
        return upload

    def settle(self, now: datetime, *, judge: Judge, known: set[str], lag: timedelta) -> None:
        """End the processing of what is due by `now`, in the order of the indices, as of the moment it was due."""
        for upload in [upload for upload in self._pending.values() if upload.due <= now]:
            del self._pending[upload.index]  # first: one on which the judge breaks must not hold up the others
            try:
                upload.errors = self._faults(upload, judge, known)
            except NotTaken:
                upload.state = State.NOT_TAKEN
                continue
            upload.state = State.NOK if upload.errors else State.OK
            self._deliver(upload, upload.due + lag)

    def _faults(self, upload: Upload, judge: Judge, known: set[str]) -> list[str]:
        """Identity, then the rules, then duplicates among what was accepted before."""
        document = upload.document
        if upload.standard == "RASP":
            return [] if self._spoken_of(upload) else [f"Nu exista factura cu id_incarcare= {document.about}"]
        if upload.standard == "CII":
            raise NotTaken("CII is not judged")
        faults = _identity(document.seller, known) + judge(upload.xml)
        key = (document.seller, document.number, document.issued)
        if not faults and (earlier := self._filed.get(key)):
            # Observed: a duplicate is accepted at the door and refused here, with the index of the first.
            received = day(earlier.received).isoformat()
            return [f"Factura a mai fost transmisa anterior cu index={earlier.index} si data incarcare={received}"]
        if not faults:
            self._filed[key] = upload
        return faults

    def _spoken_of(self, upload: Upload) -> Upload | None:
        about = upload.document.about
        invoice = self.uploads.get(int(about)) if about.isdecimal() else None
        return invoice if invoice and invoice.state is State.OK and invoice.document.buyer == upload.cif else None

    def _deliver(self, upload: Upload, created: datetime) -> None:
        document, index = upload.document, upload.index
        if upload.state is State.NOK:
            of_kind = " de tip declarat=AUTOFACTURA," if upload.self_billed else ""
            text = f"Erori de validare identificate la factura{of_kind} transmisa cu id_incarcare={index}"
            self._put(upload, upload.cif, "E", "ERORI FACTURA", text, created)
        elif upload.standard == "RASP":
            # No recording of these two texts is known: they are the simulator's own.
            text = f"Mesaj cu id_incarcare={index} pentru factura cu id_incarcare={document.about}"
            invoice = self._spoken_of(upload)
            self._put(upload, upload.cif, "R", "MESAJ CUMPARATOR TRANSMIS", text, created)
            self._put(upload, invoice.document.seller if invoice else "", "R", "MESAJ CUMPARATOR PRIMIT", text, created)
        else:
            text = (
                f"Factura cu id_incarcare={index} transmisa de cif={document.buyer}  "
                f"ca autofactutra in numele cif={document.seller}"
                if upload.self_billed
                else f"Factura cu id_incarcare={index} emisa de cif_emitent={document.seller} "
                f"pentru cif_beneficiar={document.buyer}"
            )
            self._put(upload, document.seller, "T", "FACTURA TRIMISA", text, created)
            self._put(upload, document.buyer, "P", "FACTURA PRIMITA", text, created)

    def _put(self, upload: Upload, cif: str, kind: str, tip: str, detalii: str, created: datetime) -> None:
        if not cif:
            return  # a buyer without a Romanian identifier has no mailbox
        message = Message(
            id=self._next_download, upload=upload, cif=cif, kind=kind, tip=tip, detalii=detalii, created=created
        )
        self._next_download += 1
        self.messages[message.id] = message
        upload.messages.append(message)

    def sealed(self, upload: Upload, authority: Authority) -> bytes:
        """The ZIP of a settled upload, the same bytes at each call."""
        if not upload.zip:
            content = upload.content
            members = {f"{upload.index}.xml": content, f"semnatura_{upload.index}.xml": seal(content, authority)}
            upload.zip = java_zip(members, upload.due)
        return upload.zip


def _identity(seller: str, known: set[str]) -> list[str]:
    """ANAF's identity layer: a CUI that cannot be one, a CUI that nobody has."""
    if len(seller) <= 10 and not cui.is_valid(seller):
        where = "E: AccountingSupplierParty (1) sectiune Party (1) sectiune PartyTaxScheme (1) sectiune CompanyID (1)"
        return [f"{where}\n eroare regula: R_BT_32_cui: Cui vanzator incorect / validare CUI ({seller}) "]
    if seller not in known:
        text = "R6.1: CIF-ul vanzatorului nu figureaza in baza de date"
        return [f"E: validari globale\n eroare regula: {text}:{seller}"]
    return []
