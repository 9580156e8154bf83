"""Money received, and the receipts for cash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.render.in_words import amount_in_words
from punte.web.invoices import payments, receipts
from punte.web.invoices.gaps import gaps
from punte.web.invoices.models import Invoice, Means, Payment, Purpose, Series
from punte.web.invoices.numbering import series_for

from .conftest import TODAY, draft_of, sent


@pytest.fixture
def invoice(bakery) -> Invoice:
    return sent(draft_of(bakery))  # 121.00 lei


@pytest.fixture
def series(firm) -> Series:
    return series_for(firm, Purpose.RECEIPT)


def text_of(payment: Payment) -> str:
    pdf = pypdf.PdfReader(BytesIO(receipts.pdf(payment)))
    return " ".join("".join(page.extract_text() for page in pdf.pages).split())


def test_what_is_left_follows_what_is_received_and_given_back(invoice, ana):
    payments.receive(invoice, Decimal("100"), TODAY, Means.TRANSFER, ana)
    assert (invoice.paid, payments.left(invoice)) == (100, 21)
    payments.receive(invoice, Decimal("-30"), TODAY, Means.TRANSFER, ana, note="returnat")
    assert (Invoice.objects.get(pk=invoice.pk).paid, payments.left(invoice)) == (70, 51)


def test_a_receipt_takes_the_next_number_of_its_series_and_says_the_sum_in_words(invoice, ana, series):
    payments.receive(invoice, Decimal("21"), TODAY, Means.CASH, ana, receipt_series=series)
    second = payments.receive(invoice, Decimal("100"), date(2026, 11, 23), Means.CASH, ana, receipt_series=series)
    assert second.label == "AS-CH 0002"
    said = text_of(second)
    for part in ("Chitanță", "AS-CH 0002", "23 noiembrie 2026", "Arcada Studio SRL", "CUI RO19283749", "100,00 lei",
                 "o sută de lei", "Brutăria Trei Spice SRL", "factura DI 0001"):  # fmt: skip
        assert part in said


def test_a_numbered_receipt_is_cancelled_and_never_deleted(invoice, ana, series):
    payment = payments.receive(invoice, Decimal("121"), TODAY, Means.CASH, ana, receipt_series=series)
    payments.cancel(payment, ana)
    assert Payment.objects.get(pk=payment.pk).cancelled_at
    invoice.refresh_from_db()
    assert (invoice.paid, payments.left(invoice)) == (0, 121)
    assert "Anulată" in text_of(payment)
    assert gaps(series) == []  # its number is carried still
    assert payments.receive(invoice, Decimal("1"), TODAY, Means.CASH, ana, receipt_series=series).number == 2


def test_a_sum_without_a_receipt_is_removed(invoice, ana):
    payments.cancel(payments.receive(invoice, Decimal("121"), TODAY, Means.CARD, ana), ana)
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("amount", "means"), [("0", Means.CASH), ("10", Means.CARD), ("-10", Means.CASH)])
def test_a_receipt_witnesses_cash_received(invoice, ana, series, amount, means):
    with pytest.raises(payments.NothingReceived):
        payments.receive(invoice, Decimal(amount), TODAY, means, ana, receipt_series=series)
    assert not Payment.objects.exists()


def test_a_draft_receives_nothing(bakery, ana):
    with pytest.raises(payments.NothingReceived):
        payments.receive(draft_of(bakery), Decimal(1), TODAY, Means.TRANSFER, ana)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.50", "zero lei și 50 de bani"),
        ("1", "un leu"),
        ("2", "doi lei"),
        ("12.02", "doisprezece lei și 2 bani"),
        ("19", "nouăsprezece lei"),
        ("20", "douăzeci de lei"),
        ("21", "douăzeci și unu de lei"),
        ("100", "o sută de lei"),
        ("101", "o sută unu lei"),
        ("1000", "o mie de lei"),
        ("2002", "două mii doi lei"),
        ("12000", "douăsprezece mii de lei"),
        ("21121", "douăzeci și una de mii o sută douăzeci și unu de lei"),
        ("100000", "o sută de mii de lei"),
        ("2300016", "două milioane trei sute de mii șaisprezece lei"),
    ],
)
def test_sums_in_words(amount, words):
    assert amount_in_words(Decimal(amount)) == words


@given(st.integers(0, 10**12 - 1))
def test_no_sum_is_without_words(bani):
    assert amount_in_words(Decimal(bani) / 100).split()[-1] in {"leu", "lei", "ban", "bani"}


def test_the_register_lists_them_and_the_page_cancels(people, invoice, ana, series):
    payment = payments.receive(invoice, Decimal("121"), TODAY, Means.CASH, ana, receipt_series=series)
    assert people["ana"].get(f"/venituri/incasari/{payment.pk}/chitanta.pdf").content.startswith(b"%PDF")
    people["ana"].post(f"/venituri/incasari/{payment.pk}/anulare/")
    page = people["ana"].get("/venituri/chitante/").content.decode()
    assert "AS-CH 0001" in page
    assert "anulată" in page
    assert "AS-CH 0001" not in people["carmen"].get("/venituri/chitante/").content.decode()
