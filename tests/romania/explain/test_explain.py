"""What people read, sentence by sentence, for the faults they meet most."""

import pytest

from punte.en16931.rules.rule import Finding, Severity
from punte.romania.explain import Explanation, explain
from punte.romania.explain.values import counted, written

SELLER = "/Invoice/cac:AccountingSupplierParty/cac:Party"
BUYER = "/Invoice/cac:AccountingCustomerParty/cac:Party"
LINE = "/Invoice/cac:InvoiceLine[2]"
RATE = f"{LINE}/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"
TOTALS = "/Invoice/cac:LegalMonetaryTotal"


def finding(rule: str, term: str | None, location: str, value: str | None = None) -> Finding:
    return Finding(rule, Severity.FATAL, term, location, 1, value)


def test_a_city_in_bucharest():
    told = explain(finding("BR-RO-100", "BT-37", f"{SELLER}/cac:PostalAddress/cbc:CityName", "București"))
    assert told == Explanation(
        what="Localitatea vânzătorului este „București”.",
        why="Pentru municipiul București, RO_CIUS cere codul sectorului în locul localității.",
        now="Alegeți de la SECTOR1 la SECTOR6.",
        field="Localitatea vânzătorului",
        term="BT-37",
    )


def test_a_standard_rate_of_zero():
    told = explain(finding("BR-S-05", "BT-152", RATE, "0.00"))
    assert told.what == "Rândul 2 are categoria „cotă standard”, dar cota este 0\u00a0%."
    assert told.why == "O cotă standard trebuie să fie mai mare decât zero."
    assert told.now == "Alegeți 21\u00a0% sau 11\u00a0%, sau un motiv de scutire."


def test_the_same_in_english():
    told = explain(finding("BR-S-05", "BT-152", RATE, "0.00"), language="en")
    assert told.what == "Line 2 has the category “standard rate”, but the rate is 0\u00a0%."
    assert told.field == "VAT rate"


WHAT = [
    # the only line of a document has no number in its location
    ("BR-22", "BT-129", "/Invoice/cac:InvoiceLine", None, "Lipsește cantitatea de pe rândul 1."),
    (
        "BR-27",
        "BT-146",
        f"{LINE}/cac:Price/cbc:PriceAmount",
        "-1234.5",
        "Prețul fără TVA de pe rândul 2 este -1.234,5, sub zero.",
    ),
    (
        "BR-CO-10",
        "BT-106",
        f"{TOTALS}/cbc:LineExtensionAmount",
        "25410.50",
        "Totalul rândurilor este 25.410,50, dar rândurile adunate dau altă sumă.",
    ),
    # the field to change is not where the finding stands
    (
        "BR-CO-25",
        "BT-9",
        f"{TOTALS}/cbc:PayableAmount",
        "121.00",
        "De plată sunt 121,00, dar factura nu spune până când.",
    ),
    (
        "BR-RO-L1024",
        "BT-153",
        f"{LINE}/cac:Item/cbc:Name",
        "x" * 101,
        "Denumirea produsului sau a serviciului de pe rândul 2 are 101 caractere.",
    ),
    (
        "BR-RO-L1024",
        "BT-153",
        f"{LINE}/cac:Item/cbc:Name",
        "x" * 120,
        "Denumirea produsului sau a serviciului de pe rândul 2 are 120 de caractere.",
    ),
    (
        "BR-RO-L1016",
        "BT-82",
        "/Invoice/cac:PaymentMeans/cbc:PaymentMeansCode",
        "42",
        "Descrierea modalității de plată are peste 100 de caractere.",
    ),
    (
        "BR-29",
        "BT-74",
        "/Invoice/cac:InvoicePeriod/cbc:EndDate",
        "2026-03-01",
        "Sfârșitul perioadei de facturare este 01.03.2026, înainte de începutul ei.",
    ),
    (
        "UBL-CR-179",
        None,
        f"{SELLER}/cac:Contact/cbc:Telefax",
        "021",
        "Factura are un câmp în plus: „fax” (vânzător, persoană de contact), cu valoarea „021”.",
    ),
    (
        "UBL-MISSING",
        None,
        "/Invoice/cac:PaymentMeans[2]/cbc:PaymentMeansCode",
        "cbc:PaymentMeansCode",
        "Lipsește câmpul „codul modalității de plată”.",
    ),
    ("UBL-TEXT", None, LINE, "abc", "Fișierul are text rătăcit între câmpuri: „abc” (rândul 2)."),
    # a number that can be read is not what stopped the official processor
    (
        "PUNTE-ABORT-VALUE",
        "BT-106",
        f"{TOTALS}/cbc:LineExtensionAmount",
        "10.00",
        "Verificarea ANAF se oprește la totalul rândurilor, fără TVA: o valoare de acolo, sau din care se calculează, "
        "nu poate fi citită.",
    ),
    (
        "UBL-ATTRIBUTE",
        None,
        f"{TOTALS}/cbc:PayableAmount/@currencyID",
        "currencyID",
        "La suma de plată lipsește un detaliu: „moneda sumei”.",
    ),
]


@pytest.mark.parametrize(("rule", "term", "location", "value", "what"), WHAT)
def test_what_is_wrong(rule, term, location, value, what):
    assert explain(finding(rule, term, location, value)).what == what


TERMS = [
    # one rule for both sides, its term names one: the place tells which
    ("BR-CO-09", "BT-31", f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID", "BT-48"),
    ("BR-CL-14", "BT-40", f"{BUYER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", "BT-55"),
    ("BR-RO-DT005", "BT-73", f"{LINE}/cac:InvoicePeriod/cbc:StartDate", "BT-134"),
    ("BR-RO-L302", "BT-22", f"{LINE}/cbc:Note", "BT-127"),
    ("UBL-SR-30", "BT-97", f"{LINE}/cac:AllowanceCharge/cbc:AllowanceChargeReason[1]", "BT-139"),
    ("BR-CL-03", None, f"{LINE}/cbc:LineExtensionAmount/@currencyID", "BT-131"),
    # a place that is no field of the norm: the rule's term would lie
    ("BR-CL-19", "BT-98", f"{LINE}/cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReasonCode", None),
    # several terms at one place: the rule's own is right
    ("BR-DEC-05", "BT-99", "/Invoice/cac:AllowanceCharge[2]/cbc:Amount", "BT-99"),
    # the place is a group, or another field: the rule's own is right
    ("BR-RO-065", "BT-31", "/Invoice/cac:AccountingSupplierParty", "BT-31"),
    ("BR-CO-25", "BT-9", f"{TOTALS}/cbc:PayableAmount", "BT-9"),
    ("UBL-CR-179", None, f"{SELLER}/cac:Contact/cbc:Telefax", None),
]


@pytest.mark.parametrize(("rule", "term", "location", "expected"), TERMS)
def test_the_field_is_that_of_the_place(rule, term, location, expected):
    assert explain(finding(rule, term, location, "x")).term == expected


def test_what_the_writer_meant_is_suggested():
    sector = explain(finding("BR-RO-101", "BT-52", f"{BUYER}/cac:PostalAddress/cbc:CityName", "Sector 3"))
    county = explain(finding("BR-RO-111", "BT-54", f"{BUYER}/cac:PostalAddress/cbc:CountrySubentity", "Cluj"))
    assert "SECTOR3" in sector.now
    assert "RO-CJ" in county.now


def test_a_rule_of_a_later_edition_is_told_by_its_code():
    told = explain(finding("BR-RO-999", "BT-37", f"{SELLER}/cac:PostalAddress/cbc:CityName", "Cluj"))
    assert told.what == "Localitatea vânzătorului nu respectă regula BR-RO-999."


def test_braces_in_a_value_are_text():
    told = explain(finding("BR-RO-010", "BT-1", "/Invoice/cbc:ID", "{rule} {0}"))
    assert told.what == "Numărul facturii este „{rule} {0}”, fără nicio cifră."


VALUES = [
    ("1234567.80", "/Invoice/x/cbc:PayableAmount", "1.234.567,80", "1,234,567.80"),
    ("-12", "/Invoice/x/cbc:Amount[2]", "-12", "-12"),
    ("10.500", "/Invoice/x/cbc:TaxAmount", "10,500", "10.500"),  # the third decimal is the fault: it stays
    ("9.50", "/Invoice/x/cbc:Percent", "9,5\u00a0%", "9.5\u00a0%"),
    ("2026-03-14", "/Invoice/cbc:DueDate", "14.03.2026", "14 March 2026"),
    ("2026-02-30", "/Invoice/cbc:DueDate", "„2026-02-30”", "“2026-02-30”"),
    ("1e3", "/Invoice/x/cbc:Amount", "„1e3”", "“1e3”"),
    (" \n", "/Invoice/cbc:ID", "", ""),
    ("380", "/Invoice/cbc:InvoiceTypeCode", "„380”", "“380”"),
    ("a" * 99, "/Invoice/cbc:ID", f"„{'a' * 59}…”", f"“{'a' * 59}…”"),
]


@pytest.mark.parametrize(("text", "location", "ro", "en"), VALUES)
def test_values_are_written_as_people_write_them(text, location, ro, en):
    assert (written(text, location, "ro"), written(text, location, "en")) == (ro, en)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1"), (19, "19"), (20, "20 de"), (100, "100 de"), (119, "119"), (1000, "1.000 de")]
)
def test_romanian_counts_with_de_from_twenty_on(number, text):
    assert counted(number, "ro") == text
