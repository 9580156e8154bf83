"""What `strict` adds to the official rules: each case one edit of a sound document."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from punte.romania import Finding, check
from punte.romania.cius import rulesets
from punte.romania.cius.rulesets import EDITIONS, RO_CIUS_1_0_9
from punte.romania.cius.strict import COMPLETING, STRICT_1_0_9
from punte.romania.explain import explain
from punte.romania.explain.texts import GENERAL, section_for

DOCUMENTS = Path(__file__).parents[2] / "data" / "ubl"
SOUND = sorted(path.relative_to(DOCUMENTS).as_posix() for path in DOCUMENTS.rglob("*.xml"))

LINE_NET = '<cbc:LineExtensionAmount currencyID="RON">100.00</cbc:LineExtensionAmount>\n    <cac:Item>'
PRICE = '<cbc:PriceAmount currencyID="RON">100.00</cbc:PriceAmount>'
QUANTITY = '<cbc:InvoicedQuantity unitCode="H87">1<'
SUPPLIER = "<cac:AccountingSupplierParty>"
TAX_TOTAL = "<cac:TaxTotal>"
NAME = "<cbc:Name>Produs de test</cbc:Name>"
RATE = "<cbc:Percent>21</cbc:Percent>"


@pytest.fixture
def ours():
    """Edit a sound document and name the rules of ours that it then breaks."""

    def judge(*edits: tuple[str, str], of: str = "minimal-invoice") -> list[str]:
        xml = (DOCUMENTS / "examples" / f"{of}.xml").read_text(encoding="utf-8")
        for old, new in edits:
            assert old in xml, f"{old} is not in the document"
            xml = xml.replace(old, new)
        report = check(xml.encode(), strict=True)
        return [finding.rule for finding in report.findings if finding.rule.startswith("PUNTE-")]

    return judge


@pytest.mark.parametrize("document", SOUND)
def test_a_sound_document_is_sound_strictly_too(document):
    assert check((DOCUMENTS / document).read_bytes(), strict=True).findings == ()


def line(quantity="1", price="100.00", net="100.00", *, base="", inside="", discount=""):
    """Edits of the one line of the document: the sums of the whole invoice stay as they were."""
    items = f'<cbc:LineExtensionAmount currencyID="RON">{net}</cbc:LineExtensionAmount>\n    {inside}<cac:Item>'
    return (
        (LINE_NET, items),
        (QUANTITY, f'<cbc:InvoicedQuantity unitCode="H87">{quantity}<'),
        (PRICE, f'<cbc:PriceAmount currencyID="RON">{price}</cbc:PriceAmount>{base}{discount}'),
    )


REASON = "<cbc:AllowanceChargeReason>Motiv</cbc:AllowanceChargeReason>"


def item(kind, amount, base="", percent="", reason=REASON):
    """A line allowance or charge."""
    indicator = {"allowance": "false", "charge": "true"}[kind]
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>{reason}"
        + (f"<cbc:MultiplierFactorNumeric>{percent}</cbc:MultiplierFactorNumeric>" if percent else "")
        + f'<cbc:Amount currencyID="RON">{amount}</cbc:Amount>'
        + (f'<cbc:BaseAmount currencyID="RON">{base}</cbc:BaseAmount>' if base else "")
        + "</cac:AllowanceCharge>"
    )


def per(quantity, unit="H87"):
    return f'<cbc:BaseQuantity unitCode="{unit}">{quantity}</cbc:BaseQuantity>'


def less(discount, gross):
    return (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        f'<cbc:Amount currencyID="RON">{discount}</cbc:Amount><cbc:BaseAmount currencyID="RON">{gross}</cbc:BaseAmount>'
        "</cac:AllowanceCharge>"
    )


AMOUNTS_OF_A_LINE = [
    (line("2", "50.00", "100.00"), []),  # 2 * 50
    (line("2", "50.00", "99.99"), ["PUNTE-LINE-AMOUNT"]),  # a whole cent away
    (line("3", "33.3333", "100.00"), []),  # 99.9999
    (line("3", "1.115", "3.34"), []),  # 3.345, rounded down …
    (line("3", "1.115", "3.35"), []),  # … or up
    (line("3", "1.115", "3.36"), ["PUNTE-LINE-AMOUNT"]),
    (line("-1", "100.00", "-100.00"), []),  # a storno
    (line("-1", "100.00", "100.00"), ["PUNTE-LINE-AMOUNT"]),
    (line("50", "200.00", "100.00", base=per(100)), []),  # 200 a hundred, 50 of them
    (line("50", "200.00", "10000.00", base=per(100)), ["PUNTE-LINE-AMOUNT"]),  # 200 each
    (line("50", "200.00", "100.00", base=per(0)), ["PUNTE-BASE-QUANTITY"]),
    (line("50", "200.00", "100.00", base=per(100, "KGM")), ["PUNTE-BASE-QUANTITY"]),  # pieces, priced by weight
    (line("1", "100.00", "90.00", inside=item("allowance", "10.00")), []),  # 100 - 10
    (line("1", "100.00", "110.00", inside=item("charge", "10.00")), []),  # 100 + 10
    (line("1", "100.00", "100.00", inside=item("charge", "10.00")), ["PUNTE-LINE-AMOUNT"]),
    (line("1", "90.00", "90.00", discount=less("10", "100")), []),  # 100 - 10
    (line("1", "90.00", "90.00", discount=less("10.005", "100")), ["PUNTE-PRICE"]),  # prices are exact
    (line("1", "100.00", "90.00", inside=item("allowance", "10.00", "100.00", "10")), []),  # 10 % of 100
    (line("1", "100.00", "89.00", inside=item("allowance", "11.00", "100.00", "10")), ["PUNTE-LINE-ALLOWANCE"]),
    (line("1", "100.00", "90.00", inside=item("allowance", "10.00", "333.00", "3.00")), []),  # 3.003 % is 10.00
    (line("1", "100.00", "90.00", inside=item("allowance", "10.00", "333.00", "3")), ["PUNTE-LINE-ALLOWANCE"]),  # 9.99
    (line("1", "100.00", "111.00", inside=item("charge", "11.00", "100.00", "10")), ["PUNTE-LINE-CHARGE"]),
    (line("o mie"), []),  # no number: the structure says so
]


@pytest.mark.parametrize(("edits", "rules"), AMOUNTS_OF_A_LINE)
def test_sums_of_a_line(ours, edits, rules):
    assert ours(*edits) == rules


def with_item(kind, amount, base, percent, reason=REASON):
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    category = f"<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>{scheme}</cac:TaxCategory>"
    whole = item(kind, amount, base, percent, reason).replace("</cac:Allow", f"{category}</cac:Allow")
    return (TAX_TOTAL, whole + TAX_TOTAL)


def reason(code, text):
    return (
        f"<cbc:AllowanceChargeReasonCode>{code}</cbc:AllowanceChargeReasonCode>"
        f"<cbc:AllowanceChargeReason>{text}</cbc:AllowanceChargeReason>"
    )


ALLOWANCES_OF_THE_DOCUMENT = [
    (with_item("allowance", "5.00", "50.00", "10"), []),
    (with_item("allowance", "5.01", "50.00", "10"), ["PUNTE-ALLOWANCE"]),
    (with_item("charge", "5.01", "50.00", "10"), ["PUNTE-CHARGE"]),
    (with_item("allowance", "5.00", "50.00", "10", reason("95", "Discount")), []),  # 95 is Discount
    (with_item("allowance", "5.00", "50.00", "10", reason("95", "Reducere")), []),  # words of their own
    (with_item("allowance", "5.00", "50.00", "10", reason("42", "Discount")), ["PUNTE-BR-CO-05"]),  # 42: other bonus
    (with_item("charge", "5.00", "50.00", "10", reason("AA", "Telecommunication")), ["PUNTE-BR-CO-06"]),
    (with_item("allowance", "5.00", "50.00", "10", reason("95", "x" * 101)), ["PUNTE-BR-RO-L1017"]),
    (with_item("charge", "5.00", "50.00", "10", reason("AA", "x" * 101)), ["PUNTE-BR-RO-L1018"]),
]


@pytest.mark.parametrize(("edit", "rules"), ALLOWANCES_OF_THE_DOCUMENT)
def test_allowances_and_charges_of_the_document(ours, edit, rules):
    assert ours(edit) == rules


def test_reasons_of_a_line_and_their_codes(ours):
    allowance = item("allowance", "10.00", reason=reason("42", "Discount"))
    charge = item("charge", "10.00", reason=reason("AA", "Telecommunication"))
    assert ours(*line(inside=allowance + charge)) == ["PUNTE-BR-CO-07", "PUNTE-BR-CO-08"]


RATES = [  # issued on 2026-01-15 to a buyer in Romania
    ((RATE, "<cbc:Percent>21.00</cbc:Percent>"), []),
    ((RATE, "<cbc:Percent>11</cbc:Percent>"), []),
    ((RATE, "<cbc:Percent>9</cbc:Percent>"), []),  # homes, to 31 July 2026
    ((RATE, "<cbc:Percent>19</cbc:Percent>"), ["PUNTE-VAT-RATE-DAY"]),  # to 31 July 2025
    ((RATE, "<cbc:Percent>20</cbc:Percent>"), ["PUNTE-VAT-RATE"]),  # to 2016
]


@pytest.mark.parametrize(("edit", "rules"), RATES)
def test_vat_rates_are_those_of_the_day(ours, edit, rules):
    assert ours(edit) == rules


OLD_RATE = (RATE, "<cbc:Percent>19</cbc:Percent>")
DAYS_OF_THE_RATE = [
    (("2026-01-15", "2025-07-31"), []),  # issued on the last day of 19 %
    (("2026-01-15", "2025-08-01"), ["PUNTE-VAT-RATE-DAY"]),
    ((TAX_TOTAL, "<cac:Delivery><cbc:ActualDeliveryDate>2025-07-31</cbc:ActualDeliveryDate></cac:Delivery>"
      f"{TAX_TOTAL}"), []),
    ((SUPPLIER, f"<cac:InvoicePeriod><cbc:EndDate>2025-07-31</cbc:EndDate></cac:InvoicePeriod>{SUPPLIER}"), []),
    ((SUPPLIER, "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>1</cbc:ID></cac:InvoiceDocumentReference>"
      f"</cac:BillingReference>{SUPPLIER}"), []),  # it names an older invoice
    (("<cbc:IdentificationCode>RO</cbc:IdentificationCode></cac:Country>\n      </cac:PostalAddress>\n      "
      "<cac:PartyTaxScheme>\n        <cbc:CompanyID>RO23456783",
      "<cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>\n      </cac:PostalAddress>\n      "
      "<cac:PartyTaxScheme>\n        <cbc:CompanyID>DE23456783"), []),  # a buyer abroad: his country's rate
]  # fmt: skip


@pytest.mark.parametrize(("edit", "rules"), DAYS_OF_THE_RATE)
def test_the_day_of_a_rate(ours, edit, rules):
    assert ours(OLD_RATE, edit) == rules


def test_a_credit_note_keeps_the_rate_of_its_invoice(ours):
    assert ours(OLD_RATE, of="credit-note") == []


SELLER = "<cbc:CompanyID>RO12345674</cbc:CompanyID>"
BUYER = "<cbc:CompanyID>RO23456783</cbc:CompanyID>"
REGISTER = "<cbc:CompanyID>J12/1234/2015</cbc:CompanyID>"
ACCOUNT = (
    "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
    "<cbc:ID>{}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>" + TAX_TOTAL
)
BUYER_NAME = "Client Demo SRL</cbc:RegistrationName>"
IDENTITIES = [
    ((SELLER, SELLER.replace("74<", "75<")), ["PUNTE-CUI-BT-31"]),  # the check digit of 1234567 is 4
    ((BUYER, BUYER.replace("83<", "38<")), ["PUNTE-CUI-BT-48"]),  # two digits swapped
    ((BUYER, "<cbc:CompanyID>DE999</cbc:CompanyID>"), []),  # not ours to judge
    ((BUYER, "<cbc:CompanyID>R </cbc:CompanyID>"), ["PUNTE-BR-CO-09"]),  # a piece of the list of countries
    ((REGISTER, "<cbc:CompanyID>12345674</cbc:CompanyID>"), []),
    ((REGISTER, "<cbc:CompanyID>12345675</cbc:CompanyID>"), ["PUNTE-CUI-BT-30"]),
    ((BUYER_NAME, f"{BUYER_NAME}<cbc:CompanyID>0000000000000</cbc:CompanyID>"), []),  # a consumer without CNP
    ((BUYER_NAME, f"{BUYER_NAME}<cbc:CompanyID>23456738</cbc:CompanyID>"), ["PUNTE-CUI-BT-47"]),
    ((TAX_TOTAL, ACCOUNT.format("RO49AAAA1B31007593840000")), []),
    ((TAX_TOTAL, ACCOUNT.format("RO49 AAAA 1B31 0075 9384 0000")), []),
    ((TAX_TOTAL, ACCOUNT.format("RO49AAAA1B31007593840001")), ["PUNTE-IBAN-BT-84"]),
    ((TAX_TOTAL, ACCOUNT.format("2511.A01.0.1234567/ROL")), []),  # not an IBAN
]  # fmt: skip


@pytest.mark.parametrize(("edit", "rules"), IDENTITIES)
def test_codes_have_their_check_digits(ours, edit, rules):
    assert ours(edit) == rules


COUNTRY = "<cac:Country><cbc:IdentificationCode>RO</cbc:IdentificationCode></cac:Country>"
REPRESENTATIVE = (
    "<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>R</cbc:Name></cac:PartyName>"
    f"<cac:PostalAddress>{COUNTRY}</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>RO12345674</cbc:CompanyID>"
    f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty>{TAX_TOTAL}"
)
DELIVERY = (
    f"<cac:Delivery><cac:DeliveryLocation><cac:Address>{COUNTRY}</cac:Address></cac:DeliveryLocation></cac:Delivery>"
    + TAX_TOTAL
)


def test_addresses_are_asked_of_credit_notes_as_of_invoices(ours):
    assert ours((TAX_TOTAL, REPRESENTATIVE)) == []  # BR-RO-140 … speak for themselves
    assert ours((TAX_TOTAL, REPRESENTATIVE), of="credit-note") == [
        "PUNTE-BR-RO-140", "PUNTE-BR-RO-150", "PUNTE-BR-RO-170",
    ]  # fmt: skip
    assert ours((TAX_TOTAL, DELIVERY), of="credit-note") == [
        "PUNTE-BR-RO-180", "PUNTE-BR-RO-201", "PUNTE-BR-RO-211", "PUNTE-BR-RO-212",
    ]  # fmt: skip


def test_parties_are_registered_where_a_credit_note_line_bears_vat(ours):
    assert ours((BUYER, ""), of="credit-note") == ["PUNTE-BR-RO-120"]
    assert ours((SELLER, ""), of="credit-note") == ["PUNTE-BR-RO-065"]  # and BR-S-02, the official one
    assert ours((BUYER, "<cbc:CompanyID></cbc:CompanyID>")) == ["PUNTE-BR-CO-09"]  # BR-RO-120 speaks for itself


SUPPORTING = "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID></cac:AdditionalDocumentReference>"
PROPERTY = "<cac:AdditionalItemProperty><cbc:Name>a</cbc:Name><cbc:Value>b</cbc:Value></cac:AdditionalItemProperty>"
OLDER = (
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>1</cbc:ID></cac:InvoiceDocumentReference>"
    "</cac:BillingReference>"
)
VAT = '<cbc:TaxAmount currencyID="RON">21.00'
CURRENCY = "<cbc:DocumentCurrencyCode>"
MISSED = [
    ((SUPPLIER, SUPPORTING * 50 + SUPPLIER), []),
    ((SUPPLIER, SUPPORTING * 51 + SUPPLIER), ["PUNTE-BR-RO-A051"]),
    ((NAME, NAME + PROPERTY * 50), []),
    ((NAME, NAME + PROPERTY * 51), ["PUNTE-BR-RO-A052"]),
    ((SUPPLIER, OLDER * 500 + SUPPLIER), []),
    ((SUPPLIER, OLDER * 501 + SUPPLIER), ["PUNTE-BR-RO-A500"]),
    ((RATE, f"{RATE}<cbc:TaxExemptionReason>{'x' * 101}</cbc:TaxExemptionReason>"), ["PUNTE-BR-RO-L1019"]),
    ((VAT, f"{VAT}0"), ["PUNTE-BR-DEC-13"]),  # UBL-DT-01 refuses it too, and does not say which amount it is
    ((CURRENCY, f"<cbc:Note>#AAI#text</cbc:Note>{CURRENCY}"), []),
    ((CURRENCY, f"<cbc:Note>#A A#text</cbc:Note>{CURRENCY}"), ["PUNTE-BR-CL-08"]),  # a piece of the list of subjects
    (("<cac:Price>", "<cac:Price><cac:ValidityPeriod/>"), ["PUNTE-UBL-CR-629"]),
]


@pytest.mark.parametrize(("edit", "rules"), MISSED)
def test_counts_lengths_and_codes_that_the_official_tests_miss(ours, edit, rules):
    assert ours(edit) == rules


def test_without_the_switch_nothing_is_added():
    xml = (DOCUMENTS / "examples" / "minimal-invoice.xml").read_bytes().replace(b">RO12345674<", b">RO12345675<")
    assert check(xml).findings == ()
    (found,) = check(xml, strict=True).fatal
    assert (found.rule, found.term, found.value) == ("PUNTE-CUI-BT-31", "BT-31", "RO12345675")


def test_an_id_of_ours_completes_an_official_rule_or_has_a_name_of_its_own():
    official = {rule for pattern in RO_CIUS_1_0_9.patterns for _, ids in pattern for rule in ids}
    official |= {rule.id for _, rule in RO_CIUS_1_0_9.forbidden} | {"BR-RO-L1019"}
    for rule in (*STRICT_1_0_9.rules, *(rule.id for _, rule in STRICT_1_0_9.forbidden)):
        completed = rule.removeprefix("PUNTE-")
        assert completed in official if completed.startswith(("BR-", "UBL-")) else completed not in official
    named = {rule for pattern in STRICT_1_0_9.patterns for _, ids in pattern for rule in ids}
    assert named == set(STRICT_1_0_9.rules)  # none without a context, none without a rule


def test_every_edition_has_its_strict_rules():
    assert set(COMPLETING) == {edition.name for edition in EDITIONS}


def test_a_next_edition_is_a_new_value_and_old_invoices_keep_the_rules_of_their_day(monkeypatch):
    relaxed = {rule: other for rule, other in RO_CIUS_1_0_9.rules.items() if rule != "BR-RO-010"}
    following = replace(RO_CIUS_1_0_9, name="1.1.0", since=date(2027, 1, 1), rules=relaxed)
    monkeypatch.setattr(rulesets, "EDITIONS", (*EDITIONS, following))
    without_digit = (DOCUMENTS / "examples" / "minimal-invoice.xml").read_bytes().replace(b"EX 0001", b"EX")
    next_year = without_digit.replace(b"2026-01-15", b"2027-01-01").replace(b"2026-02-14", b"2027-02-14")

    def judged(xml, **by):
        report = check(xml, **by)
        return report.ruleset, [finding.rule for finding in report.findings]

    assert judged(without_digit) == ("1.0.9", ["BR-RO-010"])
    assert judged(next_year) == ("1.1.0", [])
    assert judged(next_year, ruleset="1.0.9") == ("1.0.9", ["BR-RO-010"])  # by name, whatever the day
    assert judged(without_digit, ruleset="1.1.0") == ("1.1.0", [])


@pytest.mark.parametrize("rule", [*STRICT_1_0_9.rules.values(), *(rule for _, rule in STRICT_1_0_9.forbidden)])
@pytest.mark.parametrize("value", ["x" * 120, None])
def test_every_rule_of_ours_is_explained(rule, value):
    finding = Finding(rule.id, rule.severity, rule.term, "/Invoice/cac:InvoiceLine/cac:Price", 1, value)
    for language in ("ro", "en"):
        assert explain(finding, language=language).what
    assert section_for(rule.id).name != GENERAL
