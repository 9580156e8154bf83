"""Whatever a document says, its copy can be set: the exporter of PDF/A stops at a letter it cannot show.

So can its view in the terminal, within the columns asked for.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from punte.en16931.model import Identifier, Note, PrecedingInvoice
from punte.render import pdf
from punte.render.terminal import show
from render.invoices import VAT_PAYER

# What XML 1.0 lets into a text.
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(text=words, number=numbers)
def test_no_text_and_no_number_stops_the_page(text: str, number: Decimal) -> None:
    first = VAT_PAYER.lines[0]
    odd = replace(
        first,
        quantity=number,
        unit=text,
        vat_category=text,
        vat_rate=number,
        price=replace(first.price, net=number),
        item=replace(first.item, name=text, description=text, country_of_origin=text),
    )
    document = replace(
        VAT_PAYER,
        number=text,
        type_code=text,
        currency=text,
        notes=(Note(text),),
        preceding_invoices=(PrecedingInvoice(text),),
        seller=replace(
            VAT_PAYER.seller, name=text, vat_identifier=text, address=replace(VAT_PAYER.seller.address, city=text)
        ),
        buyer=replace(VAT_PAYER.buyer, legal_registration_identifier=Identifier(text)),
        totals=replace(VAT_PAYER.totals, with_vat=number, due_for_payment=number),
        lines=(odd,),
    )
    assert pdf(document, xml=text.encode()).startswith(b"%PDF-")
    assert max(map(cell_len, show(document, width=60).split("\n"))) <= 60
