"""Invoices from UBL files: one, a ZIP of them, or a ZIP of ANAF's own ZIPs, as people download them from SPV.

What the ZIP says of sizes is believed only as a limit: zipfile never reads more of a member than its directory says.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from punte.en16931 import NotUbl, read_ubl
from punte.en16931 import model as en
from punte.romania import identity
from punte.web.firms.models import Firm

from . import labels
from .checking import Item, Report
from .invoice_rows import lei
from .reading import Unreadable
from .values import Wrong

LARGEST = 25 * 2**20  # bytes of what is uploaded
MOST_MEMBERS = 5_000
LARGEST_DOCUMENT = 10 * 2**20  # bytes: more ANAF does not take
MOST_INFLATED = 200 * 2**20
_INDEX = re.compile(r"(?:^|[^\d])(\d{7,15})(?:[^\d]|$)")


def documents(content: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each XML, in order. ANAF's seals and signatures are left out. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(_("Fișierul are peste %(size)d MB. Împărțiți-l în mai multe.") % {"size": LARGEST // 2**20})
    if not content.startswith(b"PK"):
        yield "factura.xml", content
        return
    budget = [MOST_INFLATED, MOST_MEMBERS]
    for name, inside in _members(content, budget):
        if name.lower().endswith(".zip"):
            stem = name.rpartition(".")[0]
            for inner, document in _members(inside, budget):
                if inner.lower().endswith(".xml"):
                    yield f"{stem}/{inner}", document
        else:
            yield name, inside


def _members(content: bytes, budget: list[int]) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                name = member.filename
                budget[0] -= member.file_size
                budget[1] -= 1
                if budget[0] < 0 or budget[1] < 0 or member.file_size > LARGEST_DOCUMENT:
                    raise Unreadable(
                        _("ZIP-ul conține prea multe fișiere sau fișiere prea mari. Împărțiți-l în mai multe.")
                    )
                last = name.rpartition("/")[2].lower()
                if last.endswith((".xml", ".zip")) and not last.startswith(("semnatura", "._")):
                    yield name, archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise Unreadable(_("ZIP-ul nu se poate deschide: este stricat sau are parolă.")) from fault


def invoices(firm: Firm, content: bytes, usual: str = "") -> Report:
    """Each document as an item; those of other sellers, and what is no invoice, refused. Raises Unreadable."""
    report, seen = Report(), dict[str, str]()
    for position, (name, document) in enumerate(documents(content), 1):
        try:
            item = _read(firm, name, document, usual)
            if item["label"] in seen:
                raise Wrong(_("Are același număr ca %(name)s.") % {"name": seen[item["label"]]})
            seen[item["label"]] = name
            report.items.append(item | {"row": position, "member": name})
        except Wrong as wrong:
            report.refuse(position, str(wrong), [name])
    if not seen and not report.refused:
        raise Unreadable(_("În fișier nu este niciun XML."))
    return report


def _read(firm: Firm, name: str, document: bytes, usual: str) -> Item:
    try:
        invoice = read_ubl(document)
    except NotUbl:
        raise Wrong(_("Nu este o factură UBL care se poate citi.")) from None
    seller = invoice.seller
    codes = (seller.vat_identifier, seller.tax_registration_identifier,
             seller.legal_registration_identifier.value if seller.legal_registration_identifier else None)  # fmt: skip
    if firm.cui not in {_digits(code) for code in codes if code}:
        raise Wrong(_("Este emisă de %(seller)s, nu de firma dumneavoastră.") % {"seller": (seller.name or "–")[:80]})
    numbered = labels.taken_apart(invoice.number, usual)
    net, tax = invoice.totals.without_vat, invoice.totals.vat or Decimal(0)
    in_lei = invoice.totals.vat_in_accounting_currency if invoice.vat_accounting_currency == "RON" else None
    item: Item = {
        "label": numbered.label, "prefix": numbered.prefix, "number": numbered.number, "year": numbered.year,
        "client": _buyer(invoice.buyer),
        "issue_date": invoice.issue_date.isoformat(),
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "supply_date": invoice.delivery.actual_date.isoformat()
        if invoice.delivery and invoice.delivery.actual_date else None,
        "currency": invoice.currency,
        "exchange_rate": _rate(in_lei, tax) if invoice.currency != "RON" else None,
        "type_code": invoice.type_code,
        "preceding": invoice.preceding_invoices[0].number if invoice.preceding_invoices else "",
        "note": "\n".join(note.text for note in invoice.notes)[:300],
        "lines": [_line(line) for line in invoice.lines],
        "adjustments": [*(_adjustment(one, False) for one in invoice.allowances),
                        *(_adjustment(one, True) for one in invoice.charges)],
        "net": str(net), "vat": str(tax), "payable": str(invoice.totals.due_for_payment),
        "index": found[1] if (found := _INDEX.search(name.rpartition("/")[2])) else "",
    }  # fmt: skip
    return item | lei(item, net, tax) | ({"vat_lei": str(in_lei)} if in_lei else {})


def _rate(in_lei: Decimal | None, tax: Decimal) -> str | None:
    """Lei for one unit of the invoice currency, as BT-111 and BT-110 tell it."""
    return str((in_lei / tax).quantize(Decimal("0.0001"))) if in_lei and tax else None


def _digits(code: str) -> str:
    return re.sub(r"(?i)^RO|\s", "", code.strip())


def _buyer(buyer: en.Buyer) -> Item:
    legal = buyer.legal_registration_identifier.value if buyer.legal_registration_identifier else ""
    country = buyer.address.country or "RO"
    item: Item = {
        "name": (buyer.name or _("Client fără nume"))[:200], "country": country[:2],
        "street": (buyer.address.line_1 or "")[:150], "city": (buyer.address.city or "")[:50],
        "county": (buyer.address.subdivision or "")[:5], "post_code": (buyer.address.post_code or "")[:20],
        "email": (buyer.contact.email or "")[:100] if buyer.contact else "",
        "phone": (buyer.contact.telephone or "")[:100] if buyer.contact else "",
        "cui": "", "cnp": "", "foreign_vat": "", "foreign_identifier": "", "private": False,
        "vat_registered": bool(buyer.vat_identifier and buyer.vat_identifier.upper().startswith("RO")),
        "trade_register_number": "",
    }  # fmt: skip
    for code in (buyer.vat_identifier or "", legal):
        if not item["cui"] and code:
            try:
                item["cui"] = identity.cui(code)
            except identity.BadIdentity:
                if identity.is_cnp(code):
                    item |= {"cnp": code, "private": True}
                elif code.strip("0") == "":
                    item["private"] = True
                elif country != "RO" or not code.upper().startswith("RO"):
                    field = "foreign_vat" if re.match(r"[A-Za-z]{2}\w", code) and code == buyer.vat_identifier else ""
                    register = re.match(r"[JFC]\d*/|[JFC]\d{10,}", code)
                    name = field or (
                        "trade_register_number" if register else "foreign_identifier" if country != "RO" else ""
                    )
                    if name:
                        item[name] = code[: 20 if name == "foreign_vat" else 30]
        elif code and item["cui"] and re.match(r"[JFC]\d", code):
            item["trade_register_number"] = code[:30]
    return item


def _line(line: en.Line) -> dict[str, Any]:
    base = line.price.base_quantity or Decimal(1)
    taken_off = sum((one.amount for one in line.allowances), Decimal(0)) - sum(
        (one.amount for one in line.charges), Decimal(0)
    )
    return {
        "name": (line.item.name or "–")[:100],
        "description": (line.item.description or "")[:200],
        "code": (line.item.sellers_identifier or "")[:50],
        "unit": line.unit[:3],
        "quantity": f"{line.quantity:f}",
        "price": f"{(line.price.net / base).quantize(Decimal('0.000001')):f}",
        "discount": f"{taken_off:f}",
        "category": line.vat_category,
        "rate": None if line.vat_rate is None or line.vat_category == "O" else f"{line.vat_rate:f}",
    }


def _adjustment(one: en.AllowanceCharge, charge: bool) -> dict[str, Any]:
    return {
        "is_charge": charge,
        "reason": (one.reason or (_("Taxă") if charge else _("Reducere")))[:100],
        "amount": f"{one.amount:f}",
        "category": one.vat_category or "S",
        "rate": None if one.vat_rate is None else f"{one.vat_rate:f}",
    }
