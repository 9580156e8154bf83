"""Whether an invoice goes to ANAF, why, and by which door. The law: `punte.romania.duties`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from punte.en16931.model import InvoiceType
from punte.romania import duties

from .models import Invoice, Kind

DIPLOMATIC = "with_credit:diplomatic"


@dataclass(frozen=True, slots=True)
class Duty:
    """`kind`: must; may, where sending is a choice; not, where nothing is sent: `text` says why, for the page.

    An invoice for somebody abroad is `not` until the firm wishes to send those too (`Firm.sends_abroad`).
    """

    kind: duties.Kind
    key: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """How it is uploaded: the flags and the standard of docs/anaf/upload.md."""

    b2c: bool
    extern: bool
    autofactura: bool
    standard: str


def of(invoice: Invoice) -> Duty:
    """The duty of `invoice` by its issue date; before there was a law of its kind, nothing is sent."""
    key = _key(invoice)
    law = duties.duty(key, invoice.issue_date)
    if law is None:
        return Duty("not", key)
    kind = law.kind
    if key == "abroad" and kind == "may" and not invoice.firm.sends_abroad:
        kind = "not"
    return Duty(kind, key, law.text["en" if (get_language() or "ro").startswith("en") else "ro"])


def channel(invoice: Invoice) -> Channel:
    """What the upload says of `invoice`, beside the document."""
    client = invoice.client
    return Channel(
        b2c=client.private and not invoice.self_billed,
        extern=client.is_foreign and not client.cui and not invoice.self_billed,
        autofactura=invoice.self_billed,
        standard="CN" if invoice.type_code == InvoiceType.CREDIT_NOTE else "UBL",
    )


def _key(invoice: Invoice) -> str:
    client, firm = invoice.client, invoice.firm
    if invoice.kind != Kind.INVOICE:
        return "proforma"
    if invoice.self_billed:
        return "self_billed_abroad" if client.is_foreign else "self_billed"
    if client.is_foreign and not client.cui:
        return "abroad"
    if firm.identified_by_cnp:
        return "personal_code"
    if client.is_foreign:
        return "registered_abroad"
    if client.public_authority:
        return "authority"
    if client.private:
        return "consumer"
    if invoice.pk and any(line.vat_case == DIPLOMATIC for line in invoice.lines.all()):  # a list brings them along
        return "diplomatic"
    return "business"
