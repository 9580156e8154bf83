"""The usual documents, byte for byte, and how values look in UBL."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from en16931.ubl.usual import USUAL, not_registered_for_vat, storno_as_credit_note, vat_payer
from punte.en16931 import CreditTransfer, Note, PaymentCard, PaymentInstructions, Price, read_ubl, write_ubl
from punte.en16931.ubl.document import parse
from punte.en16931.ubl.elements import decimal_text
from punte.en16931.ubl.structure import faults

GOLDEN = Path(__file__).parents[2] / "data" / "ubl"


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_document_is_written_as_agreed(name):
    assert write_ubl(USUAL[name]()).decode() == (GOLDEN / f"{name}.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "quantity", "amount"),
    [
        ("1", "1", "1.00"),
        ("21.00", "21", "21.00"),
        ("1E+3", "1000", "1000.00"),
        ("0.1250", "0.125", "0.125"),  # never rounded: `check` speaks of too many decimals
        ("-0.00", "0", "0.00"),
        ("1E-7", "0.0000001", "0.0000001"),
    ],
)
def test_a_number_has_one_look(number, quantity, amount):
    assert (decimal_text(Decimal(number)), decimal_text(Decimal(number), 2)) == (quantity, amount)


def test_what_is_no_number_is_not_written():
    invoice = vat_payer()
    with pytest.raises(ValueError, match="NaN"):
        write_ubl(replace(invoice, totals=replace(invoice.totals, paid=Decimal("NaN"))))


def test_vat_in_another_currency_needs_the_name_of_it():
    invoice = vat_payer()
    in_lei = replace(invoice.totals, vat_in_accounting_currency=Decimal("1.00"))
    with pytest.raises(ValueError, match="BT-6"):
        write_ubl(replace(invoice, totals=in_lei))
    xml = write_ubl(replace(invoice, totals=in_lei, currency="EUR", vat_accounting_currency="RON")).decode()
    assert '<cbc:TaxAmount currencyID="RON">1.00</cbc:TaxAmount>' in xml
    assert xml.count("<cac:TaxTotal>") == 2


def test_text_pasted_from_a_word_processor_is_written_without_what_xml_cannot_carry():
    pasted = "  Consultanță\x0bși\x00 training\r\n& <suport>  "
    invoice = replace(vat_payer(), notes=(Note(pasted),))
    assert read_ubl(write_ubl(invoice)).notes == (Note("Consultanță și  training\n& <suport>"),)


def test_each_account_has_its_payment_means_and_the_card_stands_in_the_first():
    payment = PaymentInstructions(
        means_code="30",
        means_text="Ordin de plată",
        remittance_information="EX 0042",
        credit_transfers=(CreditTransfer(account="RO49AAAA1B31007593840000"), CreditTransfer(account="DE89")),
        card=PaymentCard(account_number="****1234"),
    )
    xml = write_ubl(replace(vat_payer(), payment=payment))
    assert [xml.count(name) for name in (b"<cac:PaymentMeans>", b"<cac:CardAccount>")] == [2, 1]
    assert read_ubl(xml).payment == payment
    assert faults(parse(xml)) == ()


def test_a_credit_note_keeps_its_due_date_beside_its_payment_means():
    due = replace(storno_as_credit_note(), due_date=vat_payer().due_date)
    assert b"<cbc:PaymentMeansCode>1</cbc:PaymentMeansCode>" in write_ubl(due)  # 1: instrument not defined
    assert read_ubl(write_ubl(due)) == due
    assert faults(parse(write_ubl(due))) == ()


def test_a_gross_price_alone_is_written_with_its_discount():
    invoice = not_registered_for_vat()
    line = replace(invoice.lines[0], price=Price(net=Decimal(150), gross=Decimal(200)))
    (read,) = read_ubl(write_ubl(replace(invoice, lines=(line,)))).lines
    assert read.price == Price(net=Decimal(150), gross=Decimal(200), discount=Decimal(50))


def test_the_seller_s_order_number_alone_stands_beside_na():
    invoice = replace(vat_payer(), purchase_order_reference=None, sales_order_reference="SO-1")
    xml = write_ubl(invoice)
    assert b"<cbc:ID>NA</cbc:ID>" in xml
    assert faults(parse(xml)) == ()
    assert read_ubl(xml) == invoice
