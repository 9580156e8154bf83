"""The leaving kit: one ZIP with everything of a firm, made part by part by the worker and kept in the database.

Each step writes some members as they stand in a ZIP and keeps those bytes with what the ZIP's directory will say of
them; the last step writes the directory. So a kit of any size needs the memory of one step, any worker may take the
next one, and a download only reads parts in order.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from punte.en16931 import NotUbl, read_ubl
from punte.render import pdf
from punte.web.accounts.models import User
from punte.web.firms.models import Firm
from punte.web.invoices.models import Frozen, Invoice, Kind

from . import archive_export, exports, readme, tables
from .models import Kit, KitPart

log = structlog.get_logger("punte.transfer")
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=7)
DOCUMENTS, PDFS = 200, 25  # of one step
STAGES = ("readme", "tables", "ubl", "originals", "sealed", "pdf", "manifest")
ARCHIVE_STAGES = ("readme", "packages", "index", "manifest")  # of a kit that is the archive of a period
#: a name, its bytes, and what the index will say of it
Files = Iterable[tuple[str, bytes] | tuple[str, bytes, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Member:
    """What the directory of the ZIP and the manifest say of one file."""

    name: str
    sha256: str
    date_time: tuple[int, int, int, int, int, int]
    compress_type: int
    flag_bits: int
    crc: int
    compress_size: int
    file_size: int
    header_offset: int
    about: dict[str, str] | None = None  # of a package: its row in the index of `archive_export`


class Lost(Exception):
    """Another worker took the kit over; nothing was written."""


def start(firm: Firm, user: User, *, with_pdf: bool, language: str, period: tuple[date, date] | None = None) -> Kit:
    """Order one; the one still being made, where there is one of its kind.

    period  the first and last day: the sealed archive of those days alone
    """
    first, last = period or (None, None)
    with transaction.atomic():
        Firm.objects.select_for_update().get(pk=firm.pk)
        open_one = firm.kits.filter(ready_at=None, first=first, last=last).first()
        facts = {"with_pdf": with_pdf, "language": language, "first": first, "last": last}
        return open_one or Kit.objects.create(firm=firm, created_by=user, **facts)


def advance(now: datetime) -> bool:
    """Take one kit one step; False when none waits."""
    kit = claim(now)
    if kit is None:
        return False
    try:
        with override(kit.language):
            step(kit, now)
    except Lost:
        log.warning("another worker took over", kit=kit.pk)
    return True


def claim(now: datetime) -> Kit | None:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    while found := Kit.objects.filter(free, ready_at=None).order_by("pk").first():
        if Kit.objects.filter(pk=found.pk, lease=found.lease).update(lease=found.lease + 1, leased_until=now + LEASE):
            return Kit.objects.select_related("firm").get(pk=found.pk)
    return None


def step(kit: Kit, now: datetime) -> None:
    """Write the next part. A stage that has nothing (more) hands over to the next."""
    if kit.stage == "manifest":
        content, members = _last(kit)
        after = {"stage": "", "ready_at": now}
    else:
        files, cursor = STEPS[kit.stage](kit)
        content, members = packed(files, kit.size, now)
        after = {"cursor": cursor}
        if not cursor:
            stages = ARCHIVE_STAGES if kit.first else STAGES
            after["stage"] = stages[stages.index(kit.stage) + 1]
    with transaction.atomic():
        mine = Kit.objects.filter(pk=kit.pk, lease=kit.lease)
        facts = {"size": kit.size + len(content), "files": kit.files + len(members), "leased_until": None, **after}
        if mine.update(**facts) != 1:
            raise Lost
        if content:
            said = [asdict(member) for member in members]
            KitPart.objects.create(kit=kit, position=kit.parts.count(), content=content, members=said)


# --- what is packed: each gives files, and where it stopped; 0 when nothing is left ---


def _readme(kit: Kit) -> tuple[Files, int]:
    if kit.first and kit.last:
        return archive_export.readme(kit.firm, timezone.localdate(), kit.first, kit.last), 0
    return readme.files(kit.firm, timezone.localdate()), 0


def _tables(kit: Kit) -> tuple[Files, int]:
    """One table a step; the cursor counts them."""
    names = list(exports.SHEETS)
    name = names[kit.cursor]
    content = b"".join(tables.as_csv(exports.sheet(kit.firm, name)))
    return [(f"tabele/{name}.csv", content)], (kit.cursor + 1) % len(names)


def _ubl(kit: Kit) -> tuple[Files, int]:
    """Every document that was handed to ANAF, corrected and refused ones too."""
    rows = kit.firm.submissions.filter(pk__gt=kit.cursor).select_related("invoice").order_by("pk").defer(None)
    return _documents(rows, lambda one: (f"ubl/{stem(one.invoice.label)}-{one.pk}.xml", bytes(one.document)))


def _originals(kit: Kit) -> tuple[Files, int]:
    """UBL that was issued and need not go to ANAF, or was brought in from elsewhere."""
    rows = Frozen.objects.filter(invoice__firm=kit.firm, pk__gt=kit.cursor).select_related("invoice").order_by("pk")
    return _documents(
        rows, lambda one: (f"ubl-netransmise/{stem(one.invoice.label)}-{one.pk}.xml", bytes(one.document))
    )


def _sealed(kit: Kit) -> tuple[Files, int]:
    """ANAF's ZIPs, byte for byte: they are the legal originals."""
    rows = kit.firm.packages.filter(pk__gt=kit.cursor).order_by("pk")
    return _documents(rows, lambda one: (f"arhiva/{one.upload_index}-{one.pk}.zip", bytes(one.content)))


def _documents(rows: QuerySet[Any], named: Callable[[Any], tuple[str, bytes]]) -> tuple[Files, int]:
    part = list(rows[:DOCUMENTS])
    return [named(one) for one in part], part[-1].pk if len(part) == DOCUMENTS else 0


def _pdf(kit: Kit) -> tuple[Files, int]:
    """The human copy of each invoice that has a document; drawn anew, so only where it was asked for."""
    if not kit.with_pdf:
        return [], 0
    from .journal import sent_documents

    found = exports.numbered(kit.firm).filter(kind=Kind.INVOICE, pk__gt=kit.cursor).order_by("pk")
    part = list(found[:PDFS])
    sent = sent_documents(part)
    return [one for invoice in part if invoice.pk in sent for one in _drawn(invoice, sent[invoice.pk])], (
        part[-1].pk if len(part) == PDFS else 0
    )


def _drawn(invoice: Invoice, document: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        yield f"pdf/{stem(invoice.label)}-{invoice.pk}.pdf", pdf(read_ubl(document), xml=document)
    except NotUbl:
        log.warning("kit: a document without a human copy", invoice=invoice.pk)


STEPS: dict[str, Callable[[Kit], tuple[Files, int]]] = {
    "readme": _readme,
    "tables": _tables,
    "ubl": _ubl,
    "originals": _originals,
    "sealed": _sealed,
    "pdf": _pdf,
    "packages": archive_export.packages,
    "index": archive_export.index,
}


def stem(label: str) -> str:
    """`DI-0188`: safe as a file's name anywhere."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in label)[:60] or "factura"


# --- the ZIP ---


class _Spout(io.RawIOBase):
    """Where a ZIP is written that began elsewhere: `tell` goes on from `base`, what was written is kept."""

    def __init__(self, base: int) -> None:
        self._base, self._kept = base, io.BytesIO()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._base + self._kept.tell()

    def write(self, data: Any) -> int:
        return self._kept.write(data)

    def taken(self) -> bytes:
        return self._kept.getvalue()


def packed(files: Files, base: int, now: datetime) -> tuple[bytes, list[Member]]:
    """`files` as they stand in a ZIP, from its byte `base` on, without a directory."""
    spout = _Spout(base)
    archive = zipfile.ZipFile(spout, "w", zipfile.ZIP_DEFLATED)
    members = [_put(archive, name, content, now, *about) for name, content, *about in files]
    content = spout.taken()
    archive.filelist.clear()
    archive.close()  # what it writes now is left behind: the directory comes with the last part
    return content, members


def _put(
    archive: zipfile.ZipFile, name: str, content: bytes, now: datetime, about: dict[str, str] | None = None
) -> Member:
    here = timezone.localtime(now)
    info = zipfile.ZipInfo(name, (here.year, here.month, here.day, here.hour, here.minute, here.second))
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, zipfile.ZIP_STORED if name.endswith(".zip") else zipfile.ZIP_DEFLATED)
    return Member(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        date_time=info.date_time,
        compress_type=info.compress_type,
        flag_bits=info.flag_bits,
        crc=info.CRC,
        compress_size=info.compress_size,
        file_size=info.file_size,
        header_offset=info.header_offset,
        about=about,
    )


def _last(kit: Kit) -> tuple[bytes, list[Member]]:
    """The manifest, and the directory of all members."""
    before = [Member(**said) for part in kit.parts.defer("content") for said in part.members]
    manifest = "".join(f"{member.sha256}  {member.name}\n" for member in before).encode()
    spout = _Spout(kit.size)
    with zipfile.ZipFile(spout, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.filelist.extend(_info(member) for member in before)
        last = _put(archive, "SHA256SUMS.txt", manifest, timezone.now())
    return spout.taken(), [last]


def _info(member: Member) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.name, member.date_time)
    info.external_attr = 0o644 << 16
    info.compress_type, info.flag_bits, info.CRC = member.compress_type, member.flag_bits, member.crc
    info.compress_size, info.file_size, info.header_offset = (
        member.compress_size,
        member.file_size,
        member.header_offset,
    )
    return info


def content(kit: Kit) -> Iterator[bytes]:
    """The ZIP, part by part."""
    for pk in kit.parts.order_by("position").values_list("pk", flat=True):
        yield bytes(KitPart.objects.values_list("content", flat=True).get(pk=pk))


def forget(now: datetime) -> None:
    """A kit holds everything of a firm: it does not lie about."""
    Kit.objects.filter(created_at__lt=now - KEPT).delete()
