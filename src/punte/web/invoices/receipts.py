"""The receipt for cash (chitanță), as paper."""

from __future__ import annotations

from django.utils import translation

from punte.render import Receipt, receipt_pdf
from punte.romania.counties import counties, sectors
from punte.web.firms.models import Firm, PostalAddress

from .letter_words import noun
from .models import Payment


def pdf(payment: Payment) -> bytes:
    """The receipt of `payment`, which has a number; in Romanian, as the law has it. A cancelled one says so."""
    invoice = payment.invoice
    firm, client = invoice.firm, invoice.client
    with translation.override("ro"):
        reason = noun(invoice)
    return receipt_pdf(
        Receipt(
            number=payment.label,
            day=payment.day,
            seller=firm.name,
            seller_lines=tuple(filter(None, (_code(firm), firm.trade_register_number, _address(firm)))),
            payer=client.name,
            payer_lines=tuple(filter(None, (client.cui and f"CUI {client.cui}", _address(client)))),
            amount=payment.amount,
            currency=invoice.currency,
            reason=reason,
            cancelled=payment.cancelled_at is not None,
        )
    )


def stem(payment: Payment) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in payment.label)


def _code(firm: Firm) -> str:
    return f"CUI {firm.vat_identifier or firm.cui}"


def _address(of: PostalAddress) -> str:
    """In words: `Str. Morii 2, Sectorul 3, București`."""
    county = next((county.name for county in counties() if county.code == of.county), "")
    city = next((sector.name for sector in sectors() if sector.code == of.city), of.city)
    return ", ".join(filter(None, (of.street, city, county)))
