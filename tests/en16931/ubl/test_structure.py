"""The structure of UBL: each fault by one small change to a sound document."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from en16931.ubl.invoices import invoices
from punte.en16931 import Invoice, write_ubl
from punte.en16931.rules.rule import Severity
from punte.en16931.ubl.document import parse
from punte.en16931.ubl.structure import MOST, faults

EXAMPLES = Path(__file__).parents[2] / "data" / "ubl" / "examples"
SOUND = (EXAMPLES / "minimal-invoice.xml").read_text("utf-8")


def found(xml: str) -> list[tuple[str, str, str | None]]:
    return [(fault.rule, fault.location, fault.value) for fault in faults(parse(xml.encode()))]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_a_sound_document_has_no_fault(path):
    assert faults(parse(path.read_bytes())) == ()


NUMBER = "<cbc:ID>EX 0001</cbc:ID>"
DUE, TYPE = "<cbc:DueDate>2026-02-14</cbc:DueDate>", "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
VAT = "/Invoice/cac:TaxTotal/cbc:TaxAmount"


@pytest.mark.parametrize(
    ("was", "becomes", "rule", "location", "value"),
    [
        (NUMBER, "", "UBL-MISSING", "/Invoice/cbc:ID", "cbc:ID"),
        (NUMBER, NUMBER * 2, "UBL-REPEATED", "/Invoice/cbc:ID[2]", "cbc:ID"),
        (f"{DUE}\n  {TYPE}", TYPE + DUE, "UBL-ORDER", "/Invoice/cbc:DueDate", "cbc:InvoiceTypeCode"),
        (DUE, "<cbc:Scadenta/>" + DUE, "UBL-UNKNOWN", "/Invoice/cbc:Scadenta", "cbc:Scadenta"),
        (DUE, "<cbc:EndDate>2026-02-14</cbc:EndDate>", "UBL-PLACE", "/Invoice/cbc:EndDate", "cbc:EndDate"),
        ("2026-02-14", "14.02.2026", "UBL-TYPE", "/Invoice/cbc:DueDate", "14.02.2026"),
        ("2026-02-14", "2026-02-30", "UBL-TYPE", "/Invoice/cbc:DueDate", "2026-02-30"),  # no such day
        ("2026-02-14", "0000-02-14", "UBL-TYPE", "/Invoice/cbc:DueDate", "0000-02-14"),  # no such year
        ("2026-02-14", "12024-02-29", None, None, None),  # a leap year, far away
        ("2026-02-14", "2026-02-14+02:00", None, None, None),  # a time zone is allowed
        (">21.00<", ">21,00<", "UBL-TYPE", VAT, "21,00"),
        (">21.00<", "> 21.00\n<", None, None, None),  # blanks around a number are allowed
        (">21.00<", "><!-- TVA -->21.00<", None, None, None),
        (' unitCode="H87"', "", None, None, None),  # the schema asks for no unit; EN 16931 does
        (' currencyID="RON">21.00', ">21.00", "UBL-ATTRIBUTE", f"{VAT}/@currencyID", "currencyID"),
        ("<cbc:DueDate>", '<cbc:DueDate zone="x">', "UBL-ATTRIBUTE", "/Invoice/cbc:DueDate/@zone", "zone"),
        (DUE, "text", "UBL-TEXT", "/Invoice", "text"),
        ("2026-02-14", "2026-02-14<cbc:ID>1</cbc:ID>", "UBL-PLACE", "/Invoice/cbc:DueDate/cbc:ID", "cbc:ID"),
    ],
)
def test_one_change_one_fault(was, becomes, rule, location, value):
    assert was in SOUND
    assert found(SOUND.replace(was, becomes, 1)) == ([] if rule is None else [(rule, location, value)])


def test_a_fault_is_fatal_and_has_its_line():
    (fault,) = faults(parse(SOUND.replace("2026-02-14", "mâine").encode()))
    assert (fault.severity, fault.line) == (Severity.FATAL, 6)


def test_other_prefixes_and_schema_locations_are_no_fault():
    other = re.sub(r"\b(cbc|cac)\b", lambda prefix: {"cbc": "b", "cac": "a"}[prefix[0]], SOUND).replace(
        "<Invoice ", '<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" '
    )
    assert found(other) == []


def test_the_order_of_a_credit_note_is_its_own():
    credit_note = (EXAMPLES / "credit-note.xml").read_text("utf-8")
    note = "<cbc:Note>Storno parțial.</cbc:Note>"
    assert found(credit_note.replace(note, note + "<cbc:TaxPointDate>2026-01-25</cbc:TaxPointDate>")) == [
        ("UBL-ORDER", "/CreditNote/cbc:TaxPointDate", "cbc:Note")
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(invoices)
def test_whatever_is_written_keeps_order_and_types(invoice: Invoice):
    kinds = {fault.rule for fault in faults(parse(write_ubl(invoice)))}
    assert kinds <= {"UBL-MISSING"}  # only what the invoice itself lacks: a line, the VAT amount


def test_of_a_file_made_of_faults_ten_thousand_are_told():
    crowd = b"<a/>" * 30_000
    xml = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">' + crowd + b"</Invoice>"

    assert len(faults(parse(xml))) == MOST


@pytest.mark.parametrize(("text", "sound"), [("YQ==", True), ("Y Q\n==", True), ("Y", False), ("ăâ==", False)])
def test_an_attachment_is_base64(text, sound):
    attached = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename="a.csv">'
        f"{text}</cbc:EmbeddedDocumentBinaryObject>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )
    faults = found(SOUND.replace("<cac:AccountingSupplierParty>", attached + "<cac:AccountingSupplierParty>", 1))
    assert [rule for rule, _, _ in faults] == ([] if sound else ["UBL-TYPE"])
