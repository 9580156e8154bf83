"""A few telling cases for each Romanian family; the corpus holds the rest."""

from datetime import date

import pytest

from punte.romania import check
from punte.romania.cius.rulesets import RO_CIUS_1_0_9, ruleset_named, ruleset_of

SELLER_CITY = "<cbc:CityName>Cluj-Napoca</cbc:CityName>"
BUYER_CITY = "<cbc:CityName>SECTOR3</cbc:CityName>"
SELLER_COUNTY = "<cbc:CountrySubentity>RO-CJ</cbc:CountrySubentity>"
ISSUED = "<cbc:IssueDate>2026-01-15"
PRICE = '<cbc:PriceAmount currencyID="RON">100.00'
STREET = "<cbc:StreetName>Str. Exemplu nr. 1"


@pytest.mark.parametrize("document", ["minimal-invoice", "credit-note", "pfa-category-e", "pfa-category-o"])
def test_usual_documents_are_accepted(rules_broken, document):
    assert rules_broken(of=document) == []


ADDRESSES = [
    ((BUYER_CITY, BUYER_CITY.replace("SECTOR3", " SECTOR3 ")), []),  # trimmed
    ((BUYER_CITY, BUYER_CITY.replace("SECTOR3", "Sector3")), ["BR-RO-101"]),  # with case
    ((BUYER_CITY, BUYER_CITY.replace("SECTOR3", "București")), ["BR-RO-101"]),  # the everyday spelling is refused
    ((SELLER_COUNTY, SELLER_COUNTY.replace("RO-CJ", "RO-B")), ["BR-RO-100"]),  # Cluj-Napoca is no sector
    ((SELLER_COUNTY, SELLER_COUNTY.replace("RO-CJ", "Cluj")), ["BR-RO-110"]),
    ((SELLER_COUNTY, ""), ["BR-RO-110"]),
    ((SELLER_CITY, ""), ["BR-RO-091"]),
    ((STREET, "<cbc:StreetName>"), ["BR-RO-081"]),
    ((STREET, "<cbc:StreetName>\u00a0"), []),  # U+00A0 is a character
]


@pytest.mark.parametrize(("edit", "rules"), ADDRESSES)
def test_addresses_in_romania(rules_broken, edit, rules):
    assert rules_broken(edit) == rules


DATES = [
    ("2026-01-15", []),
    ("2026-01-15Z", ["BR-RO-DT001"]),  # an xs:date of 11 characters
    ("20260115", ["BR-RO-DT001"]),
    ("2026-02-29", ["BR-RO-DT001"]),  # 2026 is no leap year
    ("2026-W03-4", ["BR-RO-DT001"]),  # ten characters, and Python would take it
    ("2026-01-<!-- cut -->15", ["PUNTE-ABORT-SEVERAL"]),
]


@pytest.mark.parametrize(("text", "rules"), DATES)
def test_dates(rules_broken, text, rules):
    assert rules_broken((ISSUED, f"<cbc:IssueDate>{text}")) == rules


LENGTHS = [
    (("EX 0001", "1" * 200), []),
    (("EX 0001", "1" * 201), ["BR-RO-L155"]),
    (("EX 0001", f"  {'1' * 199}   1  "), ["BR-RO-L155"]),  # 199 + one blank + 1 = 201
    ((STREET, f"<cbc:StreetName>{'ș' * 150}"), []),  # characters, not bytes
    ((STREET, f"<cbc:StreetName>{'ș' * 151}"), ["BR-RO-L151"]),
    (("<cac:Item>", f"<cbc:Note>{'x' * 301}</cbc:Note><cac:Item>"), ["BR-RO-L302", "BR-RO-L303"]),  # both
]  # fmt: skip


@pytest.mark.parametrize(("edit", "rules"), LENGTHS)
def test_lengths(rules_broken, edit, rules):
    assert rules_broken(edit) == rules


DOCUMENT = [
    (("EX 0001", "EX"), ["BR-RO-010"]),  # no digit
    (("CIUS-RO:1.0.1<", "CIUS-RO:1.0.1 <"), ["BR-RO-001"]),  # to the letter
    ((">380<", ">381<"), ["BR-CL-01", "BR-RO-020_1"]),  # the code of credit notes
    ((">380<", ">386<"), ["BR-RO-020_1"]),  # a European type that Romania does not take
    ((PRICE, PRICE.replace("100.00", "-1")), ["BR-27"]),
    ((PRICE, PRICE.replace("RON", "XLE")), ["BR-CL-03"]),
    (("<cbc:CompanyID>RO23456783</cbc:CompanyID>", ""), ["BR-RO-120"]),  # a buyer without any identifier
]


@pytest.mark.parametrize(("edit", "rules"), DOCUMENT)
def test_what_romania_asks_of_the_document(rules_broken, edit, rules):
    assert rules_broken(edit) == rules


def test_an_edition_is_the_european_one_with_rules_added_and_replaced():
    """1098 ids: 977 of EN 16931 1.3.8 and 121 of Romania; four of them are named by the edition and never asked."""
    named = {rule for pattern in RO_CIUS_1_0_9.patterns for _, ids in pattern for rule in ids}
    silent = {"BR-DEC-RO-13", "BR-DEC-RO-15", "BR-DEC-RO-23", "BR-RO-L1019"}
    assert len(named | silent | {rule.id for _, rule in RO_CIUS_1_0_9.forbidden}) == 977 + 121


def test_an_edition_is_chosen_by_name_or_by_the_day_of_the_invoice():
    assert ruleset_of(date(2026, 1, 15)) is ruleset_named("1.0.9") is RO_CIUS_1_0_9
    with pytest.raises(ValueError, match=r"1\.0\.9"):
        check(b"<x/>", ruleset="0.1")
