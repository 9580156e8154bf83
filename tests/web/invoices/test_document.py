"""The document, from the rows to the bytes that ANAF gets."""

from __future__ import annotations

from datetime import date

import pytest

from punte.en16931 import read_ubl
from punte.web.firms.models import Firm
from punte.web.invoices import document
from punte.web.invoices.copies import storno_of

from .conftest import buyer, draft_of, row, sent

DAY = date(2026, 11, 22)


@pytest.fixture
def pfa(carmen) -> Firm:
    """Not registered for VAT: art. 310 Cod fiscal."""
    firm = Firm.objects.create(
        cui="45678900",
        name="Popescu Ana PFA",
        trade_register_number="F32/123/2021",
        street="Str. Livezii nr. 7",
        city="Sibiu",
        county="RO-SB",
        iban="RO49AAAA1B31007593840000",
    )
    firm.memberships.create(user=carmen, role="owner")
    return firm


def test_who_is_not_registered_writes_no_vat_identifier_on_either_side(pfa):
    made = read_ubl(document.ubl(draft_of(buyer(pfa), row(rate=None))))
    assert made.seller.vat_identifier is made.buyer.vat_identifier is None  # BR-O-02
    assert made.seller.tax_registration_identifier == "45678900"
    assert made.buyer.legal_registration_identifier.value == "33174208"
    assert [(one.category, one.rate, one.exemption_reason_code) for one in made.vat_breakdown] == [
        ("O", None, "VATEX-EU-O")
    ]
    assert "art. 310" in made.notes[0].text


def test_a_firm_that_left_vat_writes_its_old_drafts_without_vat(bakery):
    invoice = draft_of(bakery, row(rate="21"))
    invoice.firm.vat_registered = False
    made = document.build(invoice)
    assert (made.lines[0].vat_category, made.lines[0].vat_rate, made.totals.vat) == ("O", None, 0)


def test_a_storno_keeps_prices_turns_quantities_and_names_what_it_takes_back(bakery):
    first = sent(draft_of(bakery, row("Fotografie", "8", "100"), row("Carte", "3", "33.335", rate="11")))
    back = document.build(storno_of(first, first.created_by, DAY))
    assert [(line.quantity, line.price.net) for line in back.lines] == [(-8, 100), (-3, row(price="33.335").price)]
    # 8 × 100 + 3 × 33,335 = 900,01 (100,005 rounds away from zero); VAT 168,00 + 11,00
    assert (back.totals.without_vat, back.totals.due_for_payment) == (
        row(price="-900.01").price,
        row(price="-1079.01").price,
    )
    assert (back.preceding_invoices[0].number, back.preceding_invoices[0].issue_date) == (first.label, first.issue_date)
    assert back.payment is None  # nobody is asked to pay a negative sum


def test_the_same_rows_give_the_same_bytes(draft):
    assert document.ubl(draft, "DI 0001") == document.ubl(type(draft).objects.get(pk=draft.pk), "DI 0001")
