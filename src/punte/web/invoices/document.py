"""The invoice as a document of EN 16931 and RO_CIUS, made from its rows.

Who is registered for VAT writes category S and `RO` identifiers. Who is not (art. 310 Cod fiscal) writes category O
with VATEX-EU-O and no VAT identifier on either side (BR-O-02 to BR-O-04): the bare CUI stands in BT-32 and BT-47.
The facts and their sources: docs/anaf/document.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from punte import en16931
from punte.en16931 import model as en
from punte.en16931 import totals
from punte.romania.identity import CONSUMER_WITHOUT_CNP
from punte.romania.vat import exemptions
from punte.web.firms.models import Firm, PostalAddress

from .models import Client, Invoice, Line
from .numbering import upcoming_label

CIUS_RO = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1"  # BT-24, OMFP 1366/2021
SMALL_BUSINESS = exemptions()["small_business"]  # who is not registered for VAT: art. 310 Cod fiscal
ON_COLLECTION = "TVA la încasare"  # art. 319 (20) p) Cod fiscal


def build(invoice: Invoice, *, label: str | None = None, lines: Iterable[Line] | None = None) -> en.Invoice:
    """`invoice` with its totals.

    label  BT-1, where the invoice has no number yet; by default the one it would get now
    lines  instead of the saved ones, for an invoice that is still being typed
    """
    rows = list(invoice.lines.all()) if lines is None else list(lines)
    firm, registered = invoice.firm, invoice.firm.vat_registered
    document_lines, amounts, breakdown = reckon(rows, registered=registered)
    preceding = invoice.preceding
    return en.Invoice(
        number=label or invoice.label or upcoming_label(invoice.series, invoice.issue_date),
        issue_date=invoice.issue_date,
        type_code=invoice.type_code,
        currency=invoice.currency,
        vat_point_date_code="432" if registered and firm.vat_on_collection else None,
        due_date=invoice.due_date,
        notes=tuple(en.Note(text) for text in _notes(invoice)),
        specification=CIUS_RO,
        preceding_invoices=(en.PrecedingInvoice(preceding.label, preceding.issue_date),) if preceding else (),
        seller=_seller(firm),
        buyer=_buyer(invoice.client, registered),
        payment=_payment(firm) if firm.iban and amounts.due_for_payment > 0 else None,
        totals=amounts,
        vat_breakdown=breakdown,
        lines=document_lines,
    )


def reckon(
    rows: Iterable[Line], *, registered: bool
) -> tuple[tuple[en.Line, ...], en.Totals, tuple[en.VatBreakdown, ...]]:
    """The rows as lines (BG-25) with their totals; `registered`: the seller is, for VAT."""
    lines = tuple(_line(row, n, registered) for n, row in enumerate(rows, 1))
    amounts, breakdown = totals.compute(
        lines, exemptions={(SMALL_BUSINESS.category, None): (None, SMALL_BUSINESS.code)}
    )
    return lines, amounts, breakdown


def ubl(invoice: Invoice, label: str | None = None) -> bytes:
    """The canonical UBL of `invoice`: the same invoice gives the same bytes."""
    return en16931.write_ubl(build(invoice, label=label))


def plain(number: Decimal) -> Decimal:
    """`number` without trailing zeros and without exponent, as the database pads it and XML forbids it."""
    return Decimal(f"{number.normalize():f}")


def _line(row: Line, position: int, registered: bool) -> en.Line:
    return en.Line(
        identifier=str(position),
        quantity=plain(row.quantity),
        unit=row.unit,
        net_amount=totals.line_net_amount(row.quantity, row.price),
        price=en.Price(net=plain(row.price)),
        vat_category=row.vat_category if registered else SMALL_BUSINESS.category,
        vat_rate=row.vat_rate if registered else None,
        item=en.Item(name=row.name or None, description=row.description or None),
    )


def _notes(invoice: Invoice) -> Iterable[str]:
    if not invoice.firm.vat_registered:
        yield SMALL_BUSINESS.legend
    elif invoice.firm.vat_on_collection:
        yield ON_COLLECTION
    if invoice.note:
        yield invoice.note


def _seller(firm: Firm) -> en.Seller:
    registration = firm.trade_register_number
    return en.Seller(
        name=firm.name,
        legal_registration_identifier=en.Identifier(registration) if registration else None,
        vat_identifier=firm.vat_identifier or None,
        tax_registration_identifier=None if firm.vat_registered else firm.cui,
        address=_address(firm),
        contact=en.Contact(telephone=firm.phone or None, email=firm.email or None)
        if firm.phone or firm.email
        else None,
    )


def _buyer(client: Client, seller_registered: bool) -> en.Buyer:
    """BT-48 only between two who are registered for VAT; else the bare code in BT-47, 13 zeros for a consumer."""
    both = seller_registered and client.vat_registered and client.cui
    legal = client.trade_register_number if both else client.cui
    if client.private:
        legal = CONSUMER_WITHOUT_CNP
    return en.Buyer(
        name=client.name or None,
        legal_registration_identifier=en.Identifier(legal) if legal else None,
        vat_identifier=f"RO{client.cui}" if both else None,
        address=_address(client),
        contact=en.Contact(email=client.email) if client.email else None,
    )


def _address(of: PostalAddress) -> en.Address:
    return en.Address(
        line_1=of.street or None,
        city=of.city or None,
        post_code=of.post_code or None,
        subdivision=of.county or None,
        country=of.country or None,
    )


def _payment(firm: Firm) -> en.PaymentInstructions:
    transfer = en.CreditTransfer(account=firm.iban, account_name=firm.name)
    return en.PaymentInstructions(means_code="30", credit_transfers=(transfer,))  # UNTDID 4461: credit transfer
