"""Documents from outside: other prefixes, other habits, and those that cannot be read."""

import gzip
import json
import os
import re
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.en16931 import (
    CreditTransfer,
    DirectDebit,
    Identifier,
    Invoice,
    Kind,
    Note,
    NotUbl,
    UnreadableUbl,
    read_ubl,
    unmodelled,
    write_ubl,
)

DATA = Path(__file__).parents[2] / "data"
EXAMPLES = sorted((DATA / "ubl" / "examples").glob("*.xml"))
MINIMAL = (DATA / "ubl" / "examples" / "minimal-invoice.xml").read_text("utf-8")


def with_change(was: str, becomes: str) -> bytes:
    assert was in MINIMAL
    return MINIMAL.replace(was, becomes, 1).encode()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_read_whole_and_written_back(path):
    invoice = read_ubl(path.read_bytes())
    assert unmodelled(path.read_bytes()) == ()
    assert read_ubl(write_ubl(invoice)) == invoice


def test_values_have_their_types():
    invoice = read_ubl(MINIMAL.encode())
    assert (invoice.kind, invoice.number, invoice.issue_date) == (Kind.INVOICE, "EX 0001", date(2026, 1, 15))
    assert invoice.totals.due_for_payment == Decimal("121.00")
    assert invoice.seller.legal_registration_identifier == Identifier("J12/1234/2015")
    (line,) = invoice.lines
    assert (line.quantity, line.unit, line.vat_rate) == (1, "H87", 21)


def test_prefixes_are_the_sender_s_affair():
    other = re.sub(r"\b(cbc|cac)\b", lambda prefix: {"cbc": "b", "cac": "a"}[prefix[0]], MINIMAL)
    other = other.replace("<Invoice xmlns=", "<u:Invoice xmlns:u=").replace("</Invoice>", "</u:Invoice>")
    assert read_ubl(other.encode()) == read_ubl(MINIMAL.encode())


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("EX 0001", "\n   EX 0001\n  "),
        ("2026-01-15", "2026-01-15+02:00"),
        (">100.00<", ">+100.<"),
        ("<cbc:ID>VAT<", "<cbc:ID> vat <"),
        ("EX 0001", "EX <!-- serie și număr -->0001"),
        ("<cbc:CustomizationID>", "<cbc:UBLVersionID>2.1</cbc:UBLVersionID><cbc:CustomizationID>"),
    ],
)
def test_habits_of_other_programs_change_nothing(was, becomes):
    assert read_ubl(with_change(was, becomes)) == read_ubl(MINIMAL.encode())
    assert unmodelled(with_change(was, becomes)) == ()


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        (">121.00</cbc:PayableAmount>", ">121,00</cbc:PayableAmount>",
         "line 60: /Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount holds '121,00'; "
         "a decimal number such as 1234.50 is needed there"),
        (">121.00</cbc:PayableAmount>", ">1.21E2</cbc:PayableAmount>", "holds '1.21E2'"),
        (">121.00</cbc:PayableAmount>", ">NaN</cbc:PayableAmount>", "holds 'NaN'"),
        (">121.00</cbc:PayableAmount>", "></cbc:PayableAmount>", "PayableAmount holds ''; an amount"),
        ("<cbc:IssueDate>2026-01-15</cbc:IssueDate>", "",
         "line 2: /Invoice/cbc:IssueDate is missing; a date such as 2026-01-31 is needed there"),
        ("2026-02-14", "14.02.2026", "line 6: /Invoice/cbc:DueDate holds '14.02.2026'"),
        ("2026-02-14", "2026-02-30", "holds '2026-02-30'"),
        ('<cac:Price><cbc:PriceAmount currencyID="RON">100.00</cbc:PriceAmount></cac:Price>', "",
         "/Invoice/cac:InvoiceLine/cac:Price/cbc:PriceAmount is missing"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_named_with_its_place(was, becomes, message):
    with pytest.raises(UnreadableUbl, match=re.escape(message)) as refused:
        read_ubl(with_change(was, becomes))
    assert isinstance(refused.value, NotUbl)


def test_an_unreadable_value_is_there_for_those_who_explain_it():
    with pytest.raises(UnreadableUbl) as refused:
        read_ubl(with_change("2026-02-14", "mâine"))
    assert (refused.value.location, refused.value.line, refused.value.value) == ("/Invoice/cbc:DueDate", 6, "mâine")


@pytest.mark.parametrize(
    ("was", "becomes", "paths"),
    [
        ("<cbc:IssueDate>", "<cbc:UUID>1</cbc:UUID><cbc:IssueDate>", ("/Invoice/cbc:UUID",)),
        ("<cbc:ID>1</cbc:ID>", '<cbc:ID schemeName="x">1</cbc:ID>', ("/Invoice/cac:InvoiceLine/cbc:ID/@schemeName",)),
        ('RON">100.00</cbc:Price', 'EUR">100.00</cbc:Price',
         ("/Invoice/cac:InvoiceLine/cac:Price/cbc:PriceAmount/@currencyID",)),  # not the currency of the invoice
        ("<cbc:Name>Produs", "<cbc:Description>a</cbc:Description><cbc:Description>b</cbc:Description><cbc:Name>Produs",
         ("/Invoice/cac:InvoiceLine/cac:Item/cbc:Description[2]",)),
        ("<cac:TaxTotal>", "<cac:Signature><cbc:ID>1</cbc:ID></cac:Signature><cac:TaxTotal>",
         ("/Invoice/cac:Signature",)),  # stands for all within it
    ],
)  # fmt: skip
def test_nothing_is_lost_in_silence(was, becomes, paths):
    assert unmodelled(with_change(was, becomes)) == paths


def test_a_note_may_begin_with_its_subject_code():
    note = "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    changed = with_change(note, f"{note}<cbc:Note>#REG#Capital social 200 lei</cbc:Note><cbc:Note># 1</cbc:Note>")
    assert read_ubl(changed).notes == (Note("Capital social 200 lei", "REG"), Note("# 1"))


def test_several_payment_means_become_one_set_of_instructions():
    means = """
      <cac:PaymentMeans><cbc:PaymentMeansCode>49</cbc:PaymentMeansCode><cbc:PaymentID>R1</cbc:PaymentID>
        <cac:PayeeFinancialAccount><cbc:ID>A</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
      <cac:PaymentMeans><cbc:PaymentMeansCode>49</cbc:PaymentMeansCode><cbc:PaymentID>R2</cbc:PaymentID>
        <cac:PayeeFinancialAccount><cbc:ID>B</cbc:ID></cac:PayeeFinancialAccount>
        <cac:PaymentMandate><cbc:ID>M</cbc:ID></cac:PaymentMandate></cac:PaymentMeans>
      <cac:TaxTotal>"""
    creditor = '<cac:Party><cac:PartyIdentification><cbc:ID schemeID="SEPA">C</cbc:ID></cac:PartyIdentification>'
    changed = with_change("<cac:TaxTotal>", means).replace(b"<cac:Party>", creditor.encode(), 1)
    payment = read_ubl(changed).payment
    assert payment.credit_transfers == (CreditTransfer(account="A"), CreditTransfer(account="B"))
    assert payment.direct_debit == DirectDebit(mandate_reference="M", creditor_identifier="C")
    assert read_ubl(changed).seller.identifiers == ()
    assert unmodelled(changed) == ("/Invoice/cac:PaymentMeans[2]/cbc:PaymentID",)  # R2: the model has one


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_raise_anything_but_not_ubl(junk):
    with pytest.raises(NotUbl):
        read_ubl(junk)


@given(st.data())
def test_no_broken_invoice_raises_anything_but_not_ubl(data):
    cuts = [match.span() for match in re.finditer(r">[^<>]+<|<cbc:[^/]*?</cbc:\w+>|\w+=\"[^\"]*\"", MINIMAL)]
    start, end = data.draw(st.sampled_from(cuts[4:]))
    put = data.draw(st.sampled_from(["", "><", "> <", ">x<", ">-1<", "><cbc:ID>1</cbc:ID><"]))
    try:
        invoice = read_ubl((MINIMAL[:start] + put + MINIMAL[end:]).encode())
    except NotUbl:
        return
    assert isinstance(invoice, Invoice)
    assert read_ubl(write_ubl(invoice)) == invoice


def test_readable_documents_of_the_corpus_mean_the_same_when_written_back():
    """Every fifth; the whole, 3,128 documents, takes a minute: CORPUS=whole."""
    step = 1 if os.environ.get("CORPUS") == "whole" else 5
    read = 0
    for corpus in ("ciusro-train.jsonl.gz", "ciusro-abort.jsonl.gz"):
        with gzip.open(DATA / "corpus" / corpus, "rt", encoding="utf-8") as lines:
            for document in map(json.loads, islice(lines, 0, None, step)):
                try:
                    invoice = read_ubl(document["xml"].encode())
                except UnreadableUbl:  # needed dates and amounts were removed or spoilt on purpose
                    continue
                read += 1
                assert read_ubl(write_ubl(invoice)) == invoice, document["id"]
    assert read == (2856 + 79 if step == 1 else 585)
