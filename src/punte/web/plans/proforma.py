"""A proforma as a document of EN 16931, for the human copy. It is not an invoice and never goes to ANAF.
Romanian whoever reads it, as documents are."""

from __future__ import annotations

from decimal import Decimal

from punte.en16931 import model as en
from punte.en16931 import totals
from punte.render import pdf as render_pdf
from punte.romania.vat import exemptions

from .models import Order, Period

PROFORMA = "325"  # UNTDID 1001: proforma invoice
MONTH, YEAR = "MON", "ANN"  # UN/ECE Recommendation 20
SMALL_BUSINESS = exemptions()["small_business"]


def pdf(order: Order) -> bytes:
    return render_pdf(document(order))


def document(order: Order) -> en.Invoice:
    registered = order.vat_rate is not None
    line = en.Line(
        identifier="1",
        quantity=Decimal(1),
        unit=YEAR if order.period == Period.YEAR else MONTH,
        net_amount=order.net,
        price=en.Price(net=order.net),
        vat_category="S" if registered else SMALL_BUSINESS.category,
        vat_rate=order.vat_rate,
        item=en.Item(name=f"Abonament Punte {order.plan_name}", description=None),
    )
    amounts, breakdown = totals.compute(
        (line,), exemptions={(SMALL_BUSINESS.category, None): (None, SMALL_BUSINESS.code)}
    )
    seller, buyer = order.seller, order.buyer
    return en.Invoice(
        number=order.label,
        issue_date=order.issued_on,
        type_code=PROFORMA,
        specification="urn:cen.eu:en16931:2017",
        notes=() if registered else (en.Note(SMALL_BUSINESS.legend),),
        seller=en.Seller(
            name=seller["name"],
            vat_identifier=f"RO{seller['cui']}" if registered else None,
            tax_registration_identifier=None if registered else seller["cui"],
            address=en.Address(line_1=seller["address"] or None, country="RO"),
            contact=en.Contact(email=seller["email"]) if seller["email"] else None,
        ),
        buyer=en.Buyer(
            name=buyer["name"],
            legal_registration_identifier=en.Identifier(buyer["cui"]),
            vat_identifier=f"RO{buyer['cui']}" if registered and buyer["vat_registered"] else None,
            address=en.Address(
                line_1=buyer["street"] or None,
                city=buyer["city"] or None,
                post_code=buyer["post_code"] or None,
                subdivision=buyer["county"] or None,
                country=buyer["country"] or None,
            ),
        ),
        payment=en.PaymentInstructions(
            means_code="30",
            remittance_information=order.label,
            credit_transfers=(en.CreditTransfer(account=seller["iban"], account_name=seller["name"]),),
        ),
        totals=amounts,
        vat_breakdown=breakdown,
        lines=(line,),
    )
