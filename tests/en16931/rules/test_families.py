"""A few telling cases for each family; the corpus of official verdicts holds the rest (tests/romania/cius)."""

import pytest

STANDARD = "<cbc:ID>S</cbc:ID>\n        <cbc:Percent>21</cbc:Percent>"
LINE_STANDARD = f"<cac:ClassifiedTaxCategory>\n        {STANDARD}"
ROW_STANDARD = f"<cac:TaxCategory>\n        {STANDARD}"
TOTAL_VAT = '<cac:TaxTotal>\n    <cbc:TaxAmount currencyID="RON">21.00'
ROW_VAT = '<cbc:TaxAmount currencyID="RON">21.00</cbc:TaxAmount>\n      <cac:TaxCategory>'
TAXABLE = '<cbc:TaxableAmount currencyID="RON">100.00'
DUE = '<cbc:PayableAmount currencyID="RON">121.00'
TOTALS = "<cac:LegalMonetaryTotal>"


def test_the_sound_document_is_sound(rules_broken):
    assert rules_broken() == []


PRESENCE = [
    (("<cbc:ID>EX 0001</cbc:ID>", ""), ["BR-02"]),
    (("<cbc:ID>EX 0001", "<cbc:ID>"), ["BR-02"]),
    (("<cbc:ID>EX 0001", "<cbc:ID> "), []),  # a blank is text
    (("<cbc:DueDate>2026-02-14</cbc:DueDate>", ""), ["BR-CO-25"]),  # 121.00 is due, no date, no terms
    (("<cbc:Name>Produs de test</cbc:Name>", ""), ["BR-25"]),
    ((' unitCode="H87"', ""), ["BR-23"]),
]


@pytest.mark.parametrize(("edit", "rules"), PRESENCE)
def test_what_an_invoice_must_hold(rules_broken, edit, rules):
    assert rules_broken(edit) == rules


ARITHMETIC = [
    ((DUE, DUE.replace("121.00", "121.01")), ["BR-CO-16"]),  # due 121.01 where 121.00 - 0 + 0
    ((TOTAL_VAT, TOTAL_VAT.replace("21.00", "20.00")), ["BR-CO-14", "BR-CO-15"]),  # 20 ≠ 21; 100 + 20 ≠ 121
    ((ROW_VAT, ROW_VAT.replace("21.00", "20.01")), ["BR-CO-14"]),  # 20.01 is 0.99 from 100 * 21 %: near enough
    ((ROW_VAT, ROW_VAT.replace("21.00", "20.00")), ["BR-CO-14", "BR-CO-17", "BR-S-09"]),  # 1.00 away is too far
    ((TAXABLE, TAXABLE.replace("100.00", "101.00")), ["BR-S-08"]),  # 101 - 1 is 100 exactly: not below 100
]


@pytest.mark.parametrize(("edit", "rules"), ARITHMETIC)
def test_sums(rules_broken, edit, rules):
    assert rules_broken(edit) == rules


@pytest.mark.parametrize(
    ("taxable", "line", "holds"),
    [
        # the difference is 1.00 in each row; in binary floating point 2.30 - 1 is a little less than 1.30
        ("2.30", "1.30", True),
        ("2.00", "1.00", False),
    ],
)
def test_one_unit_is_measured_in_binary_floating_point(rules_broken, taxable, line, holds):
    net = '<cbc:LineExtensionAmount currencyID="RON">'
    found = rules_broken(
        (TAXABLE, TAXABLE.replace("100.00", taxable)),
        (f"</cbc:InvoicedQuantity>\n    {net}100.00", f"</cbc:InvoicedQuantity>\n    {net}{line}"),
    )
    assert ("BR-S-08" not in found) == holds


CATEGORIES = [
    ((LINE_STANDARD, LINE_STANDARD.replace("21", "0")), ["BR-S-05", "BR-S-08"]),  # a rate of 0; no line at 21 %
    ((ROW_STANDARD, ROW_STANDARD.replace("S", "B")), ["BR-B-01", "BR-B-02", "BR-S-01"]),  # RO is not IT; S beside B
    ((LINE_STANDARD, LINE_STANDARD.replace("S", "Q")), ["BR-CL-18", "BR-S-01", "BR-S-08"]),
    ((LINE_STANDARD, LINE_STANDARD.replace(">S<", "> S <")), []),  # trimmed
    ((ROW_STANDARD, ROW_STANDARD + "<cbc:TaxExemptionReason>x</cbc:TaxExemptionReason>"), ["BR-S-10"]),
    (("<cbc:CompanyID>RO12345674</cbc:CompanyID>", ""), ["BR-S-02"]),  # the seller has no tax identifier at all
]


@pytest.mark.parametrize(("edit", "rules"), CATEGORIES)
def test_vat_categories(rules_broken, edit, rules):
    assert rules_broken(edit) == rules


OTHERS = [
    ((DUE, DUE + "0"), ["BR-DEC-18", "UBL-DT-01"]),  # 121.000
    ((">RON</cbc:DocumentCurrencyCode>", ">ron</cbc:DocumentCurrencyCode>"), ["BR-CL-04", "BR-CO-15"]),
    (("RO12345674", "ro12345674"), ["BR-CO-09"]),
    (("RO12345674", "R"), []),  # one character stands inside the list of prefixes
    (("<cbc:DueDate>", "<cbc:UUID>1</cbc:UUID><cbc:DueDate>"), ["UBL-CR-005"]),
    (("<cbc:Name>Produs", '<cbc:Name languageID="ro">Produs'), ["UBL-DT-19"]),
    (("<cbc:Name>Produs", '<cbc:Name name="x">Produs'), ["UBL-DT-18"]),
    ((TOTALS, "<cac:InvoicePeriod/>" + TOTALS), ["BR-CO-19"]),
    (("<cac:Item>", "<cac:InvoicePeriod/><cac:Item>"), ["BR-CO-20"]),  # of a line: another rule, not both
]


@pytest.mark.parametrize(("edit", "rules"), OTHERS)
def test_decimals_codes_and_what_has_no_place(rules_broken, edit, rules):
    assert rules_broken(edit) == rules


def test_where_the_official_processor_stops_we_say_so(rules_broken):
    assert "PUNTE-ABORT-VALUE" in rules_broken((DUE, DUE.replace("121.00", "abc")))
    two_codes = "<cbc:ID>S</cbc:ID><cbc:ID>S</cbc:ID>"
    assert "PUNTE-ABORT-SEVERAL" in rules_broken((ROW_STANDARD, ROW_STANDARD.replace("<cbc:ID>S</cbc:ID>", two_codes)))
