"""The four documents a Romanian freelancer or small firm writes most; their XML is in tests/data/ubl."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from punte.en16931 import (
    Address,
    Buyer,
    Contact,
    CreditTransfer,
    Identifier,
    Invoice,
    InvoiceType,
    Item,
    Kind,
    Line,
    Note,
    PaymentInstructions,
    PrecedingInvoice,
    Price,
    Seller,
    VatCategory,
)
from punte.en16931.totals import compute, line_net_amount

CIUS_RO = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1"
TRANSFER = PaymentInstructions(means_code="30", credit_transfers=(CreditTransfer(account="RO49AAAA1B31007593840000"),))
CLUJ = Address(line_1="Str. Exemplu nr. 1", city="Cluj-Napoca", post_code="400001", subdivision="RO-CJ", country="RO")
BUCHAREST = Address(line_1="Bd. Unirii nr. 2", city="SECTOR3", subdivision="RO-B", country="RO")


def line(number: int, name: str, quantity: str, unit: str, price: str, category: str, rate: str | None) -> Line:
    return Line(
        identifier=str(number),
        quantity=Decimal(quantity),
        unit=unit,
        price=Price(net=Decimal(price)),
        net_amount=line_net_amount(Decimal(quantity), Decimal(price)),
        vat_category=category,
        vat_rate=None if rate is None else Decimal(rate),
        item=Item(name=name),
    )


def not_registered_for_vat() -> Invoice:
    """A PFA of art. 310: category O, bare fiscal codes, the legend in a note."""
    lines = (line(1, "Servicii de consultanță IT", "10", "HUR", "150", VatCategory.OUTSIDE, None),)
    totals, breakdown = compute(lines, exemptions={("O", None): (None, "VATEX-EU-O")})
    return Invoice(
        number="PFA-0007",
        issue_date=date(2026, 11, 20),
        due_date=date(2026, 12, 4),
        specification=CIUS_RO,
        notes=(Note("Neplătitor de TVA – regim special de scutire, art. 310 Cod fiscal"),),
        seller=Seller(
            name="Popescu Ana PFA",
            tax_registration_identifier="45678900",
            legal_registration_identifier=Identifier("F32/123/2021"),
            address=Address(line_1="Str. Livezii nr. 7", city="Sibiu", subdivision="RO-SB", country="RO"),
        ),
        buyer=Buyer(name="Client Demo SRL", legal_registration_identifier=Identifier("23456783"), address=BUCHAREST),
        payment=TRANSFER,
        lines=lines,
        totals=totals,
        vat_breakdown=breakdown,
    )


def vat_payer() -> Invoice:
    """A firm registered for VAT, both rates of 2026."""
    lines = (
        line(1, "Hosting anual", "1", "H87", "1200.00", VatCategory.STANDARD, "21"),
        line(2, "Manual tipărit", "3", "H87", "49.995", VatCategory.STANDARD, "11"),
    )
    totals, breakdown = compute(lines)
    return Invoice(
        number="EX 0042",
        issue_date=date(2026, 11, 20),
        due_date=date(2026, 12, 20),
        specification=CIUS_RO,
        purchase_order_reference="PO-17",
        payment_terms="Plata în 30 de zile",
        seller=Seller(
            name="Exemplu Servicii SRL",
            vat_identifier="RO12345674",
            legal_registration_identifier=Identifier("J12/1234/2015"),
            additional_legal_information="Capital social: 200 lei",
            address=CLUJ,
            contact=Contact(point="Ana Pop", telephone="+40 264 000 000", email="facturi@exemplu.example"),
        ),
        buyer=Buyer(
            name="Client Demo SRL",
            vat_identifier="RO23456783",
            legal_registration_identifier=Identifier("J40/1234/2020"),
            address=BUCHAREST,
        ),
        payment=TRANSFER,
        lines=lines,
        totals=totals,
        vat_breakdown=breakdown,
    )


def storno_as_credit_note() -> Invoice:
    """381: its own document, lines positive, the invoice it takes back in BG-3."""
    return replace(
        vat_payer(),
        kind=Kind.CREDIT_NOTE,
        type_code=InvoiceType.CREDIT_NOTE,
        number="EX-NC 0003",
        issue_date=date(2026, 11, 25),
        due_date=None,
        payment_terms=None,
        payment=None,
        notes=(Note("Stornarea facturii EX 0042"),),
        preceding_invoices=(PrecedingInvoice("EX 0042", date(2026, 11, 20)),),
    )


def storno_as_negative_invoice() -> Invoice:
    """380 with negative quantities and totals, prices as they were."""
    invoice = vat_payer()
    lines = tuple(replace(each, quantity=-each.quantity, net_amount=-each.net_amount) for each in invoice.lines)
    totals, breakdown = compute(lines)
    return replace(
        invoice,
        number="EX 0043",
        issue_date=date(2026, 11, 25),
        due_date=None,
        payment_terms=None,
        payment=None,
        notes=(Note("Stornarea facturii EX 0042"),),
        preceding_invoices=(PrecedingInvoice("EX 0042", date(2026, 11, 20)),),
        lines=lines,
        totals=totals,
        vat_breakdown=breakdown,
    )


USUAL = {
    "pfa-not-registered-for-vat": not_registered_for_vat,
    "vat-payer-21-and-11": vat_payer,
    "storno-credit-note-381": storno_as_credit_note,
    "storno-negative-380": storno_as_negative_invoice,
}
