"""The archive of a period: every sealed package byte for byte, what was sent and what came, with an index that a
browser opens from the disk. Made by the worker as the leaving kit is: `kit` writes the ZIP, here is what goes into it.

What a package is, its own UBL says: number, day, parties, sum. A refusal or a message has no such document; then what
SPV's list said, where we have it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import structlog
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from punte.anaf.errors import BadPackage
from punte.anaf.package import open_package
from punte.en16931 import Buyer, Invoice, NotUbl, Seller, read_ubl
from punte.render import pdf
from punte.web.archive.models import SealedPackage
from punte.web.archive.store import Missing
from punte.web.firms.models import Firm

from .models import Kit

log = structlog.get_logger("punte.transfer")
PACKAGES, WITH_PDF = 200, 25  # of one step
DATED_AHEAD = timedelta(days=31)  # an invoice may bear a day after the one it was sent on
COLUMNS = (
    "kind", "number", "date", "seller", "seller_cui", "buyer", "buyer_cui", "total", "currency", "type", "seal",
    "stored", "upload_index", "download_id", "sha256", "file", "pdf", "note",
)  # fmt: skip

#: The viewer's words: Romanian here, English by the catalogue.
WORDS = {
    "title": _("Arhiva facturilor"), "search": _("Căutați după număr, parteneri, CUI, index de încărcare"),
    "kind": _("Felul"), "all": _("Toate"), "sent": _("Trimise"), "received": _("Primite"), "refused": _("Respinse"),
    "message": _("Mesaje"), "month": _("Luna"), "number": _("Numărul"), "date": _("Data"), "partner": _("Partenerul"),
    "total": _("De plată"), "seal": _("Sigiliul"), "files": _("Fișierele"), "package": _("Pachetul sigilat"),
    "copy": _("PDF"), "none": _("Niciun document nu se potrivește. Ștergeți din căutare sau alegeți altă lună."),
    "more": _("Arătați mai multe"),
    "is_sent": _("Trimisă"), "is_received": _("Primită"), "is_refused": _("Respinsă"), "is_message": _("Mesaj"),
    "found_one": _("document"),
    "found_few": _("documente"),
    "found_other": _("de documente"), "valid": _("valid"),
    "unknown-signer": _("semnatar necunoscut"), "forged": _("nu se potrivește"), "missing": _("fără sigiliu"),
    "why": _(
        "Originalul legal este XML-ul din pachet, împreună cu sigiliul Ministerului Finanțelor. PDF-ul este o copie "
        "de citit."
    ),
    "index": _("Index de încărcare"),
}  # fmt: skip


def packages(kit: Kit) -> tuple[Iterator[tuple[str, bytes, dict[str, str]] | tuple[str, bytes]], int]:
    """The next packages of the period; 0 when nothing is left."""
    assert kit.first
    first = datetime.combine(kit.first, time(), timezone.get_default_timezone())
    found = kit.firm.packages.filter(pk__gt=kit.cursor, removed_at=None, stored_at__gte=first - DATED_AHEAD)
    count = WITH_PDF if kit.with_pdf else PACKAGES
    part = list(found.order_by("pk").prefetch_related("submission_set", "messages")[:count])
    return _packed(kit, part), part[-1].pk if len(part) == count else 0


def _packed(kit: Kit, part: list[SealedPackage]) -> Iterator[tuple[str, bytes, dict[str, str]] | tuple[str, bytes]]:
    assert kit.first
    assert kit.last
    for package in part:
        try:
            content = package.content
        except Missing:
            yield f"lipsa/{package.upload_index}.txt", b"", about(kit.firm, package, b"", None)
            continue
        document, invoice = _opened(content)
        row = about(kit.firm, package, content, invoice)
        if not kit.first.isoformat() <= row["date"] <= kit.last.isoformat():
            continue
        stem = f"{row['date'][:4]}/{row['date'][5:7]}/{package.upload_index}-{package.download_id}"
        row["file"] = f"pachete/{stem}.zip"
        if kit.with_pdf and invoice is not None and document is not None:
            row["pdf"] = f"pdf/{stem}.pdf"
            yield row["pdf"], pdf(invoice, xml=document)
        yield row["file"], content, row


def _opened(content: bytes) -> tuple[bytes | None, Invoice | None]:
    try:
        document = open_package(content).document
        return document, read_ubl(document)
    except BadPackage:
        return None, None
    except NotUbl:
        return document, None


def about(firm: Firm, package: SealedPackage, content: bytes, invoice: Invoice | None) -> dict[str, str]:
    """The index's row."""
    sent = bool(package.submission_set.all())
    message = next(iter(package.messages.all()), None)
    day = timezone.localdate(package.made_at or package.stored_at)
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "kind": "refused" if sent else "message",
        "date": day.isoformat(),
        "seller_cui": message.seller_cif if message else "",
        "buyer_cui": message.buyer_cif if message else "",
        "type": message.kind_text if message else "",
        "seal": package.seal,
        "stored": timezone.localtime(package.stored_at).isoformat(timespec="seconds"),
        "upload_index": package.upload_index,
        "download_id": package.download_id,
        "sha256": package.sha256,
    }
    if hashlib.sha256(content).hexdigest() != package.sha256:
        row["note"] = "damaged" if content else "missing"
    if invoice is not None:
        seller, buyer = code_of(invoice.seller), code_of(invoice.buyer)
        row |= {
            "kind": "sent" if sent or seller == firm.cui else "received",
            "number": invoice.number,
            "date": invoice.issue_date.isoformat(),
            "seller": invoice.seller.name or "",
            "seller_cui": seller,
            "buyer": invoice.buyer.name or "",
            "buyer_cui": buyer,
            "total": str(invoice.totals.due_for_payment),
            "currency": invoice.currency,
            "type": str(invoice.type_code),
        }
    return row


def code_of(party: Seller | Buyer) -> str:
    """The CUI as digits: of the VAT code, else of the tax registration, else of the legal one."""
    legal = party.legal_registration_identifier
    tax = party.tax_registration_identifier if isinstance(party, Seller) else None
    return digits(party.vat_identifier or tax or (legal.value if legal else "") or "")


def digits(code: str) -> str:
    """
    >>> digits("RO 19283749")
    '19283749'
    """
    return code.upper().removeprefix("RO").strip()


def index(kit: Kit) -> tuple[list[tuple[str, bytes]], int]:
    """The index three times: to be looked at, for a spreadsheet, for a program."""
    rows = sorted(_rows(kit), key=lambda row: (row["date"], row["number"], row["upload_index"]))
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _no_formula(value) for name, value in row.items()} for row in rows)
    facts = {"firm": kit.firm.name, "cui": kit.firm.cui, "first": f"{kit.first}", "last": f"{kit.last}"}
    return [
        ("index.html", viewer(facts, rows).encode()),
        ("index.csv", ("\ufeff" + table.getvalue()).encode()),
        ("index.json", json.dumps(facts | {"documents": rows}, ensure_ascii=False, indent=1).encode()),
    ], 0


def _rows(kit: Kit) -> Iterator[dict[str, str]]:
    for part in kit.parts.defer("content"):
        for said in part.members:
            if said.get("about"):
                yield said["about"]


def _no_formula(value: str) -> str:
    return f"'{value}" if value[:1] in "=+-@\t\r" and value[:1] else value


def viewer(facts: dict[str, str], rows: list[dict[str, str]]) -> str:
    """One page that asks nothing of any network: style, words of both languages, script and data stand in it."""
    shown = [name for name in COLUMNS if name not in {"type", "stored", "download_id", "sha256"}]
    words = {}
    for language in ("ro", "en"):
        with override(language):
            words[language] = {key: gettext(text) for key, text in WORDS.items()}
    languages = dict(settings.LANGUAGES)
    words["ro"]["language"], words["en"]["language"] = languages["en"], languages["ro"]  # the button names the other
    data = {"facts": facts, "words": words, "columns": shown, "rows": [[row[name] for name in shown] for row in rows]}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    days = {name: date.fromisoformat(facts[name]) for name in ("first", "last")}
    with override("ro"):
        return render_to_string(
            "transfer/archive_index.html", {"facts": facts, "data": safe, "words": words["ro"], **days}
        )


def readme(firm: Firm, today: date, first: date, last: date) -> list[tuple[str, bytes]]:
    found = []
    for language, name in (("ro", "CITESTE-MA.txt"), ("en", "README.txt")):
        with override(language):
            facts = {"firm": firm, "today": today, "first": first, "last": last}
            found.append((name, render_to_string("transfer/archive_readme.txt", facts).encode()))
    return found
