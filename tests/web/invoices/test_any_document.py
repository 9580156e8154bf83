"""Whatever the document builder makes of lawful rows, of any regime, has no finding by the official rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte import en16931
from punte.romania import check
from punte.web.firms.models import Firm
from punte.web.invoices import document, law, regimes
from punte.web.invoices.amounts import reckon, writes_vat
from punte.web.invoices.models import Adjustment, Client, Invoice, Kind, Line

from .forms_of_golden import CLIENTS, DAY, FIRMS

pytestmark = pytest.mark.django_db
BOUNDED = settings(max_examples=40, deadline=None, derandomize=True)
WORDS = st.text("aăîșț BC19,.-/&<>\"'", min_size=1, max_size=60).map(str.strip).filter(bool)


def numbers(most: str, places: int, least: str = "0") -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(least), Decimal(most), allow_nan=False, allow_infinity=False, places=places)


#: Who sells to whom: between them they may use every category.
BETWEEN = [
    ("payer", "bakery"),  # S, E, AE of art. 331
    ("payer", "berlin"),  # K, and AE of services
    ("payer", "london"),  # G, and O of services
    ("on_collection", "person"),
    ("on_collection", "authority"),
    ("payer", "vienna"),
    ("small", "bakery"),  # O, art. 310
    ("small", "berlin"),
    ("person", "person_with_cnp"),
]


def parties(seller: str, buyer: str) -> tuple[Firm, Client]:
    firm = Firm(pk=1, **FIRMS[seller])
    return firm, Client(pk=1, firm=firm, **{k: v for k, v in CLIENTS[buyer].items() if k != "looked_up"})


@st.composite
def rows(draw: st.DrawFn, cases: list[regimes.Case], sign: int) -> Line:
    quantity = draw(numbers("5000", draw(st.integers(0, 6)), "0.000001")) or Decimal(1)
    row = Line(
        name=draw(WORDS),
        description=draw(st.just("") | WORDS),
        code=draw(st.just("") | st.just("C-1")),
        nc_code=draw(st.just("") | st.just("84713000")),
        cpv_code=draw(st.just("") | st.just("22113000-5")),
        quantity=quantity * sign,
        unit=draw(st.sampled_from(["H87", "HUR", "KGM", "MON"])),
        price=draw(numbers("20000", draw(st.integers(0, 6)))),
        discount_percent=draw(st.none() | numbers("100", 2)),
    )
    if not row.discount_percent:
        row.discount = draw(st.just(Decimal(0)) | numbers("5", 2)) * sign
    category = draw(st.sampled_from(sorted({case.category for case in cases})))
    regimes.put(row, draw(st.sampled_from([case for case in cases if case.category == category])))
    return row


@st.composite
def changes(draw: st.DrawFn, sign: int) -> Adjustment:
    by_percent = draw(st.booleans())
    return Adjustment(
        reason=draw(WORDS),
        is_charge=draw(st.booleans()),
        percent=draw(numbers("30", 2)) if by_percent else None,
        amount=Decimal(0) if by_percent else draw(numbers("50", 2)) * sign,
    )


@st.composite
def drafts(draw: st.DrawFn, between: tuple[str, str] | None = None) -> tuple[Invoice, list[Line], list[Adjustment]]:
    """An invoice that nobody saved, of one of the sorts that the editor and the copies make."""
    firm, client = parties(*(between or draw(st.sampled_from(BETWEEN))))
    self_billed = draw(st.integers(0, 9)) == 0 and not client.is_foreign and not client.private
    sort = draw(st.sampled_from(["380", "380", "380", "storno", "381", "384"]))
    currency = draw(st.sampled_from(["RON", "RON", "EUR", "HUF"]))
    issued = DAY - timedelta(days=draw(st.integers(0, 200)))
    invoice = Invoice(
        firm=firm,
        client=client,
        kind=Kind.INVOICE,
        label="DI 0001",
        type_code="380" if sort == "storno" else sort,
        self_billed=self_billed,
        issue_date=issued,
        due_date=issued + timedelta(days=15),
        supply_date=draw(st.none() | st.just(issued - timedelta(days=3))),
        currency=currency,
        exchange_rate=None if currency == "RON" else draw(numbers("9", 4, "0.0001")),
        exchange_rate_day=draw(st.none() | st.just(issued)),
        note=draw(st.just("") | WORDS),
        references=draw(st.dictionaries(st.sampled_from(sorted(document.REFERENCES)), WORDS, max_size=3)),
    )
    if sort != "380":
        invoice.preceding = Invoice(
            pk=99, label="DI 0000", issue_date=date(2025, 6, 2), net=Decimal(10**12), currency=currency
        )
    offered = regimes.offered(firm, client, issued, self_billed=self_billed)
    outside = [one for one in offered if one.category == "O"]
    taxed = [one for one in offered if one.category != "O"]
    cases = outside if not taxed or (outside and draw(st.integers(0, 4)) == 0) else taxed  # O stands alone (BR-O-11)
    sign = -1 if sort == "storno" else 1
    lines = draw(st.lists(rows(cases, sign), min_size=1, max_size=6))
    for position, row in enumerate(lines, 1):
        row.position = position
    return invoice, lines, draw(st.lists(changes(sign), max_size=3))


@pytest.mark.parametrize("between", BETWEEN, ids="-".join)
@settings(BOUNDED, max_examples=14)
@given(data=st.data())
def test_what_the_law_lets_pass_has_no_finding(between: tuple[str, str], data: st.DataObject) -> None:
    invoice, lines, adjustments = data.draw(drafts(between))
    built = document.build(invoice, lines=lines, adjustments=adjustments)
    bad = [fault for fault in law.faults(law.Draft(invoice, lines, built, DAY)) if fault.tone == "bad"]
    if bad:
        return  # the editor would have stopped it
    report = check(en16931.write_ubl(built))
    assert (report.findings, report.structure) == ((), ())


@BOUNDED
@given(drafts())
def test_a_storno_of_all_its_rows_brings_every_sum_to_zero(
    draft: tuple[Invoice, list[Line], list[Adjustment]],
) -> None:
    invoice, lines, adjustments = draft
    vat = writes_vat(invoice)
    _, there, groups = reckon(lines, registered=vat, adjustments=adjustments, lei=invoice.exchange_rate)
    for row in lines:
        row.quantity, row.discount = -row.quantity, -row.discount
    for change in adjustments:
        change.amount = -change.amount
    _, back, groups_back = reckon(lines, registered=vat, adjustments=adjustments, lei=invoice.exchange_rate)
    assert there.without_vat + back.without_vat == there.due_for_payment + back.due_for_payment == 0
    assert (there.vat or 0) + (back.vat or 0) == 0
    assert {(g.category, g.rate): -g.taxable_amount for g in groups_back} == {
        (g.category, g.rate): g.taxable_amount for g in groups
    }


@BOUNDED
@given(drafts())
def test_a_discount_on_the_whole_is_shared_to_the_cent(draft: tuple[Invoice, list[Line], list[Adjustment]]) -> None:
    invoice, lines, _ = draft
    made, _, _ = reckon(lines, registered=writes_vat(invoice))
    change = Adjustment(reason="Client fidel", amount=Decimal("10.01"))
    allowances, charges = document.split([change], lines, made)
    assert sum(part.amount for part in allowances) == Decimal("10.01")
    assert charges == ()
    assert {(part.vat_category, part.vat_rate) for part in allowances} <= {(m.vat_category, m.vat_rate) for m in made}
