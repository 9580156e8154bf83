"""Which rule speaks of which element: contexts, their order, findings and where they point."""

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.en16931.codelists import codes, entries
from punte.en16931.rules import places
from punte.en16931.rules.contexts import read_contexts
from punte.en16931.rules.en16931 import EN16931_1_3_8
from punte.en16931.rules.engine import Judge
from punte.en16931.rules.places import Place
from punte.en16931.ubl.document import CBC, INVOICE_NS, NotUbl, parse


def _place(path: str) -> Place:
    place = None
    for name in path.split("/"):
        place = Place(name, place)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("context", "path", "fits"),
    [
        ("cac:Delivery", "ubl:Invoice/cac:InvoiceLine/cac:Delivery", True),  # at any depth
        ("/ubl:Invoice/cbc:Note", "ubl:Invoice/cbc:Note", True),
        ("/ubl:Invoice/cbc:Note", "ubl:Invoice/cac:InvoiceLine/cbc:Note", False),
        ("/*/cac:TaxTotal", "cn:CreditNote/cac:TaxTotal", True),
        ("/*/cac:TaxTotal", "ubl:Invoice/cac:InvoiceLine/cac:TaxTotal", False),
        ("cac:Item/cbc:Name | cac:Party/cbc:Name", "ubl:Invoice/cac:Party/cbc:Name", True),
        ("//*[ends-with(name(), 'BinaryObject')]", "ubl:Invoice/cbc:EmbeddedDocumentBinaryObject", True),
        ("//*[ends-with(name(),'Amount') and not(ends-with(name(),'PriceAmount'))]", "ubl:Invoice/cbc:PriceAmount", 0),
    ],
)  # fmt: skip
def test_contexts_read_as_match_patterns(context, path, fits):
    assert any(alternative.fits(_place(path)) for alternative in read_contexts(context)) == fits


def test_every_rule_has_its_context_and_every_context_its_rules():
    """But for the ten that can never fire: a reason cannot be compared, a currency is sought inside its amount."""
    named = {rule for pattern in EN16931_1_3_8.patterns for _, ids in pattern for rule in ids}
    assert named - set(EN16931_1_3_8.rules) == {
        "BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "BR-DEC-13", "BR-DEC-15",
    }  # fmt: skip
    assert set(EN16931_1_3_8.rules) <= named
    assert len(named) + len(EN16931_1_3_8.forbidden) == 977


def test_a_finding_points_at_the_field():
    line = "<c:InvoiceLine xmlns:c='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'>"
    xml = f"""<i:Invoice xmlns:i="{INVOICE_NS}" xmlns:b="{CBC}">
        {line}</c:InvoiceLine>
        {line}
            <b:LineExtensionAmount currencyID="RON">1.234</b:LineExtensionAmount>
        </c:InvoiceLine></i:Invoice>"""
    [finding] = [found for found in EN16931_1_3_8.findings(parse(xml.encode())) if found.rule == "BR-DEC-23"]
    assert (finding.term, finding.line, finding.value) == ("BT-131", 4, "1.234")
    assert finding.location == "/Invoice/cac:InvoiceLine[2]/cbc:LineExtensionAmount"


def test_code_lists_keep_their_order_and_their_names():
    assert list(entries("untdid-2005")) == ["3", "35", "432"]
    assert "H87" in codes("unece-rec20-21")
    assert "HAR" not in codes("unece-rec20-21")


DOOR = [
    (b"", "not well-formed"),
    (b"<Invoice/>", "not a UBL"),  # no namespace
    (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "DOCTYPE"),
    (f"<Invoice xmlns='{INVOICE_NS}'>".encode() + b"<a>" * 5000 + b"</a>" * 5000 + b"</Invoice>", "not well-formed"),
    (b" " * (10 * 1024 * 1024 + 1), "limit"),
]


@pytest.mark.parametrize(("xml", "reason"), DOOR)
def test_what_the_door_turns_away(xml, reason):
    with pytest.raises(NotUbl, match=reason):
        parse(xml)


def test_a_dtd_on_disk_is_not_opened(tmp_path):
    """With `collect_ids=False` libxml2 read it, and its error told what stood in the file."""
    (tmp_path / "secret.dtd").write_text("not a DTD")
    with pytest.raises(NotUbl, match="DOCTYPE"):
        parse(f"<!DOCTYPE Invoice SYSTEM '{tmp_path.as_uri()}/secret.dtd'><Invoice/>".encode())


def test_entities_do_not_explode():
    layers = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f"<!DOCTYPE a [<!ENTITY l0 'x'>{layers}]><Invoice xmlns='{INVOICE_NS}' a='&l9;'>&l9;</Invoice>"
    with pytest.raises(NotUbl):
        parse(bomb.encode())


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(xml):
    with suppress(NotUbl):
        EN16931_1_3_8.findings(parse(xml))


NAMES = st.sampled_from(
    ["AllowanceCharge", "TaxCategory", "TaxTotal", "TaxSubtotal", "LegalMonetaryTotal", "InvoiceLine", "Item", "Party",
     "ClassifiedTaxCategory", "TaxScheme", "Delivery", "PaymentMeans", "InvoicePeriod", "AccountingSupplierParty"]
)  # fmt: skip
LEAVES = st.sampled_from(["ID", "Amount", "Percent", "ChargeIndicator", "TaxAmount", "StartDate", "EndDate", "Note"])
TEXTS = st.sampled_from(
    ["", " ", "S", "O", "abc", "1", "-1e9", "NaN", "true", "2025-01-05", "VAT", "\u00a0", "9" * 500]
)
TREES = st.recursive(
    st.builds(lambda name, text: f"<b:{name} currencyID='{text}'>{text}<!-- -->{text}</b:{name}>", LEAVES, TEXTS),
    lambda trees: st.builds(
        lambda name, kids: f"<a:{name}>{''.join(kids)}</a:{name}>", NAMES, st.lists(trees, max_size=4)
    ),
    max_leaves=25,
)


@given(st.lists(TREES, max_size=6))
def test_no_document_however_odd_stops_the_judge(trees):
    cac = CBC.replace("Basic", "Aggregate")
    xml = f"<Invoice xmlns='{INVOICE_NS}' xmlns:a='{cac}' xmlns:b='{CBC}'>{''.join(trees)}</Invoice>"
    assert EN16931_1_3_8.findings(parse(xml.encode()))  # something is always missing


def _invoice(body: str) -> bytes:
    cac = CBC.replace("Basic", "Aggregate")
    return f"<Invoice xmlns='{INVOICE_NS}' xmlns:a='{cac}' xmlns:b='{CBC}'>{body}</Invoice>".encode()


def _line(name: str = "", code: str = "S", rate: str = "0") -> str:
    category = f"<b:ID>{code}</b:ID><b:Percent>{rate}</b:Percent><a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme>"
    return (
        f"<a:InvoiceLine><a:Item><b:Name>{name}</b:Name><a:ClassifiedTaxCategory>{category}"
        "</a:ClassifiedTaxCategory></a:Item></a:InvoiceLine>"
    )


@pytest.mark.parametrize(
    ("lines", "rule", "at"),
    [
        ([_line(), _line("x"), _line()], "BR-25", [1, 3]),  # built alike, of other texts
        ([_line("x"), _line("x", rate="19"), _line("x")], "BR-S-05", [1, 3]),  # categories in the same words
        ([_line("x"), _line("x", rate="<!-- no -->0")], "BR-S-05", [1, 2]),
        ([_line("x", code="Z"), _line("x")], "BR-S-05", [2]),
        ([_line("x"), "<a:InvoiceLine/>"], "BR-26", [1, 2]),  # what names alone decide
    ],
)
def test_what_looks_alike_is_judged_once_and_found_everywhere(lines, rule, at):
    found = [finding for finding in EN16931_1_3_8.findings(parse(_invoice("".join(lines)))) if finding.rule == rule]
    assert [finding.location.split("/")[2] for finding in found] == [f"cac:InvoiceLine[{n}]" for n in at]


def test_what_is_remembered_of_documents_is_bounded(monkeypatch):
    monkeypatch.setattr(places, "REMEMBERED", 50)
    judge = Judge(EN16931_1_3_8)
    twice = [judge.judge(parse(_invoice(_line("x") + f"<b:Note odd{n}='{n}'/>" * 2))) for n in range(60)]
    again = Judge(EN16931_1_3_8).judge(parse(_invoice(_line("x") + "<b:Note odd59='59'/>" * 2)))
    assert twice[-1] == again
    assert judge._places._remembered <= 50


def test_currencies_times_totals_is_no_square():
    """Each of many currencies asks for its VAT total, and compares with all totals with VAT."""

    def seconds(times: int) -> float:
        currencies = "".join(f"<b:DocumentCurrencyCode>C{n}</b:DocumentCurrencyCode>" for n in range(times))
        vat = "".join(f"<a:TaxTotal><b:TaxAmount currencyID='C{n}'>1</b:TaxAmount></a:TaxTotal>" for n in range(times))
        with_vat = "<b:TaxInclusiveAmount>2</b:TaxInclusiveAmount>"
        without = "<b:TaxExclusiveAmount>1</b:TaxExclusiveAmount>"
        totals = "".join(
            f"<a:LegalMonetaryTotal>{total}</a:LegalMonetaryTotal>" for total in [without] + [with_vat] * times
        )
        xml = parse(_invoice(currencies + vat + totals))
        start = process_time()
        EN16931_1_3_8.findings(xml)
        return process_time() - start

    assert min(seconds(1200) for _ in range(3)) < 10 * min(seconds(300) for _ in range(3))


@pytest.mark.parametrize(
    "body",
    [
        "<a:LegalMonetaryTotal><b:LineExtensionAmount>1</b:LineExtensionAmount></a:LegalMonetaryTotal>"
        "<a:InvoiceLine><b:LineExtensionAmount>1</b:LineExtensionAmount></a:InvoiceLine>",
        "<a:PayeeParty><a:PartyName><b:Name>x</b:Name></a:PartyName></a:PayeeParty>"
        "<a:AccountingSupplierParty><a:Party><a:PartyName><b:Name>y</b:Name></a:PartyName></a:Party>"
        "</a:AccountingSupplierParty>",
        "<a:AllowanceCharge><b:ChargeIndicator>true</b:ChargeIndicator><b:Amount>1</b:Amount>"
        "<a:TaxCategory><b:ID>E</b:ID></a:TaxCategory></a:AllowanceCharge>",
    ],
)
def test_work_grows_with_the_document_and_not_with_its_square(body):
    """Each of many siblings asks about all the others: four times as many may cost four times, not sixteen."""
    cac = CBC.replace("Basic", "Aggregate")

    def seconds(times: int) -> float:
        xml = f"<Invoice xmlns='{INVOICE_NS}' xmlns:a='{cac}' xmlns:b='{CBC}'>{body * times}</Invoice>".encode()
        spent = []
        for _ in range(3):
            start = process_time()
            EN16931_1_3_8.findings(parse(xml))
            spent.append(process_time() - start)
        return min(spent)

    assert seconds(2000) < 10 * seconds(500)
