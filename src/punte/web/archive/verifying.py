"""Is every package still there, whole, sealed, and the one that was filed? `punte archive verify`.

A firm's chain of links says what must be there; each row is then held against its link, its bytes against the row, its
seal against the day it was made, its document against what the firm sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from punte.anaf import seal as seals
from punte.anaf.errors import BadPackage
from punte.anaf.package import Package, open_package
from punte.web.firms.models import Firm

from . import chain
from .filing import trusted_signers
from .models import Chain, Link, SealedPackage, SealVerdict, Verification
from .store import Missing

AT_ONCE = 200
SHOWN = 100  # faults kept in the row of the verification

#: What is wrong: a sentence, and what to do about it.
FAULTS = {
    "missing": (
        "its file is gone from the archive",
        "put the file back from a backup; within 60 days of the message SPV gives it out again",
    ),
    "changed": (
        "its bytes are not those that were filed",
        "put the file back from a backup; within 60 days of the message SPV gives it out again",
    ),
    "not-a-zip": ("its ZIP does not open", "put the file back from a backup, or fetch it again from SPV"),
    "another": ("the ZIP is of another upload index than its row says", "put the row back from a backup"),
    "forged": (
        "the seal is not over this document",
        "have ANAF's own service judge it (validate/signature); fetch it again from SPV",
    ),
    "unsealed": ("the seal that was there on arrival is not there now", "put the file back from a backup"),
    "distrusted": (
        "the seal was trusted on arrival and is not now",
        "see whether a fingerprint was taken out of PUNTE_ANAF_SEALS",
    ),
    "not-ours": ("the document is not the one that was sent", "compare it with the document in SPV"),
    "row-missing": ("its row is gone from the database", "put the row back from a backup: the file is still named"),
    "row-changed": ("its row says something else than its link in the chain", "put the row back from a backup"),
    "chain-broken": ("the firm's chain does not hold here: a link was changed or is gone", "compare with a backup"),
    "chain-short": ("the firm's chain ends before its last link: links at its end are gone", "compare with a backup"),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """The document of the firm's own that a package should hold. `label`: its number."""

    label: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is a key of FAULTS; `label` the invoice's number, where it is ours and known."""

    kind: str
    cui: str
    firm: str
    label: str
    upload_index: str
    download_id: str
    sha256: str

    @property
    def said(self) -> str:
        return FAULTS[self.kind][0]

    @property
    def cure(self) -> str:
        return FAULTS[self.kind][1]

    def row(self) -> dict[str, str]:
        return asdict(self) | {"said": self.said, "cure": self.cure}


#: the firm's own documents, by the key of the package that should hold them: the rooms above know
Expecting = Callable[[Sequence[int]], dict[int, Expected]]


def verify(
    firms: Iterable[Firm],
    now: datetime,
    *,
    expecting: Expecting,
    firm: Firm | None = None,
    since: date | None = None,
    clock: Callable[[], datetime],
    told: Callable[[int, Fault | None], None] = lambda done, fault: None,
) -> Verification:
    """Go through every package of `firms`, and write down how it went.

    firm, since  what was asked for, as it stands in the row; `since` leaves out what was stored before that day (UTC)
    told         after each package: how many were looked at, and a fault where there is one
    Raises store.Unreachable: nothing can be said, and the row stays without an end.
    """
    row = Verification.objects.create(started_at=now, firm=firm, since=since)
    done, found = 0, []
    for one in firms:
        chain.extend(one)  # what an older version filed
        for fault in _of_firm(one, since, expecting):
            if fault is None:
                done += 1
            else:
                found.append(fault)
            told(done, fault)
    row.packages, row.faults, row.ended_at = done, len(found), clock()
    row.found = [fault.row() for fault in found[:SHOWN]]
    row.save()
    return row


def _of_firm(firm: Firm, since: date | None, expecting: Expecting) -> Iterator[Fault | None]:
    """The faults of a firm's archive; None after each package."""
    kept = Chain.objects.filter(firm=firm).first()  # first: links that come meanwhile are no fault
    trusted = trusted_signers()
    number, previous, length = 0, "", kept.length if kept else 0
    for links in _parts(Link.objects.filter(firm=firm, number__lte=length)):
        rows = {one.pk: one for one in SealedPackage.objects.filter(pk__in=[link.package_id for link in links])}
        expected = expecting(list(rows))
        for link in links:
            number += 1
            if link.number != number or link.previous != previous or chain.digest_of(link) != link.digest:
                yield _fault("chain-broken", firm, link, "")
            number, previous = link.number, link.digest
            if since and link.stored_at.date() < since:
                continue
            package, mine = rows.get(link.package_id), expected.get(link.package_id)
            for kind in _faults(link, package, mine, trusted):
                yield _fault(kind, firm, link, mine.label if mine else "")
            yield None
    if kept and (number, previous) != (kept.length, kept.digest):
        last = Link(upload_index="", download_id="", sha256="")
        yield _fault("chain-short", firm, last, "")


def _parts(links: QuerySet[Link]) -> Iterator[list[Link]]:
    last = 0
    while part := list(links.filter(number__gt=last).order_by("number")[:AT_ONCE]):
        yield part
        last = part[-1].number


def _faults(
    link: Link, package: SealedPackage | None, mine: Expected | None, trusted: frozenset[bytes]
) -> Iterator[str]:
    if package is None:
        yield "row-missing"
        return
    if (package.sha256, package.download_id, package.upload_index, package.firm_id) != (
        link.sha256,
        link.download_id,
        link.upload_index,
        link.firm_id,
    ):
        yield "row-changed"
    if package.removed_at is not None:
        return
    try:
        content = package.content
    except Missing:
        yield "missing"
        return
    if hashlib.sha256(content).hexdigest() != link.sha256:
        yield "changed"
    try:
        opened = open_package(content)
    except BadPackage:
        yield "not-a-zip"
        return
    if opened.upload_index != link.upload_index:
        yield "another"
    if kind := _seal_fault(package, opened, trusted):
        yield kind
    if mine is not None and hashlib.sha256(opened.document).hexdigest() != mine.sha256:
        yield "not-ours"


def _seal_fault(package: SealedPackage, opened: Package, trusted: frozenset[bytes]) -> str:
    """What is wrong with the seal now, that may be mended or must be known; a package without one came so."""
    if opened.signature is None:
        return "" if package.seal == SealVerdict.MISSING else "unsealed"
    at = package.made_at or package.stored_at
    verdict = seals.verify(opened.document, opened.signature, trusted=trusted, at=at).verdict
    if verdict is seals.SealVerdict.FORGED:
        return "forged"
    was_valid = package.seal == SealVerdict.VALID
    return "distrusted" if was_valid and verdict is seals.SealVerdict.UNKNOWN_SIGNER else ""


def _fault(kind: str, firm: Firm, link: Link, label: str) -> Fault:
    return Fault(kind, firm.cui, firm.name, label, link.upload_index, link.download_id, link.sha256)
