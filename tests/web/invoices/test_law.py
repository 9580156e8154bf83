"""What the law asks and the official rules do not look at, each from what a person would type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from punte.web.accounts.models import User
from punte.web.invoices import copies, regimes
from punte.web.invoices.judge import Judgement, judge
from punte.web.invoices.models import Adjustment, Invoice, Line

from .forms_of_golden import DAY, accepted, write

VAT, RC, LOW = "TVA, rândul 1", "Taxare inversă, rândul 1", "Taxare inversă sub prag"
ONE = {"name": "Lucrare", "quantity": "1", "price": "1000"}


def typed(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"lines": list(lines or (ONE,)), **more}


def said(invoice: Invoice, today: date = DAY) -> Judgement:
    return judge(invoice, today=today)


def titles(judgement: Judgement, tone: str = "bad") -> list[str]:
    return [verdict.title for verdict in judgement.verdicts if verdict.tone == tone]


@pytest.mark.parametrize(
    ("form", "title", "target"),
    [
        (typed(ONE | {"case": "historic:19"}), VAT, "id_rand-0-vat"),
        (typed(ONE | {"case": "historic:9"}), VAT, "id_rand-0-vat"),
        (typed(ONE | {"case": "small_business"}), VAT, "id_rand-0-vat"),
        (typed(ONE | {"case": "reverse_charge:waste"}, client="authority"), RC, "id_rand-0-vat"),
        (typed(ONE | {"case": "expert:AE"}, client="person"), RC, "id_rand-0-vat"),
        # 22.499,99 lei is a cent under the threshold of art. 331 (7)
        (typed(ONE | {"case": "reverse_charge:phones", "price": "22499.99"}), LOW, "id_rand-0-vat"),
        (typed(ONE | {"case": "intra_community"}), VAT, "id_rand-0-vat"),
        (typed(ONE | {"case": "services_eu"}, client="london"), VAT, "id_rand-0-vat"),
        (typed(ONE | {"case": "services_outside_eu"}, client="berlin"), VAT, "id_rand-0-vat"),
        (typed(invoice={"currency": "EUR"}), "Cursul de schimb", "id_factura-exchange_rate"),
        (typed(ONE | {"discount": "1000.01"}), "Reducerea, rândul 1", "id_rand-0-discount"),
        (typed(invoice={"type_code": "384"}), "Factura la care se referă", ""),
        (typed(invoice={"type_code": "381"}), "Factura la care se referă", ""),
    ],
)  # fmt: skip
def test_what_the_law_forbids_is_blocked_at_its_field(form, title, target, ana):
    blocked = [verdict for verdict in said(write(form, ana)).problems if verdict.title == title]
    assert [verdict.target for verdict in blocked] == [target]


@pytest.mark.parametrize(
    "form",
    [
        typed(ONE | {"case": "reverse_charge:phones", "price": "22500"}),
        # together they reach it: 12.000 + 10.500
        typed(
            ONE | {"case": "reverse_charge:phones", "price": "12000"},
            ONE | {"case": "reverse_charge:computers", "price": "10500"},
        ),
        typed(ONE | {"case": "reverse_charge:waste"}),
        typed(ONE | {"case": "services_eu"}, client="berlin"),
        typed(ONE | {"discount": "1000"}, ONE),
    ],
)
def test_what_the_law_allows_is_not(form, ana):
    assert titles(said(write(form, ana))) == []


def test_a_lapsed_reverse_charge_is_blocked_from_its_day_on(ana):
    form = typed(ONE | {"case": "reverse_charge:phones", "price": "30000"}, invoice={"issue_date": date(2026, 12, 31)})
    invoice = write(form, ana)
    assert titles(said(invoice, date(2026, 12, 31))) == []
    invoice.issue_date = date(2027, 1, 1)
    (verdict,) = said(invoice, date(2027, 1, 1)).problems
    assert "s-a încheiat la 31.12.2026" in verdict.text


def test_reverse_charge_to_a_client_nobody_looked_up_is_warned_of(ana):
    invoice = write(typed(ONE | {"case": "reverse_charge:waste"}), ana)
    invoice.client.looked_up_at = None
    assert titles(said(invoice), "warn") == ["Taxare inversă: clientul nu e verificat"]


@pytest.mark.parametrize(
    ("form", "title"),
    [
        (typed(client="berlin"), "Client firmă din UE"),
        (typed(ONE | {"case": "export"}, client="berlin"), "TVA, rândul 1"),
        (typed(ONE | {"case": "sgr", "price": "0.55"}), "Garanția SGR, rândul 1"),
        (typed(client="authority"), "Contul de Trezorerie"),
        (typed(invoice={"supply_date": date(2026, 10, 3)}), "Factura e emisă târziu"),
        (typed(invoice={"issue_date": date(2026, 11, 23)}), "Data emiterii e în viitor"),
        # Sunday the 22nd takes Friday's rate, not Thursday's
        (
            typed(invoice={"currency": "EUR", "exchange_rate": "5.08", "exchange_rate_day": date(2026, 11, 19)}),
            "Cursul e din altă zi",
        ),
    ],
)
def test_what_is_lawful_but_unlikely_is_warned_of(form, title, ana):
    judgement = said(write(form, ana))
    assert (titles(judgement), titles(judgement, "warn")) == ([], [title])


# --- advances ---


def advance_and_final(ana: User, deducted: str) -> Invoice:
    before = {"invoice": {"is_advance": True, "issue_date": date(2026, 11, 2)}, "lines": [ONE]}
    rows = [ONE | {"price": "3000"}, ONE | {"quantity": "-1", "price": deducted, "deducts": True}]
    return write(typed(*rows, before=before), ana)


def test_an_advance_is_deducted_whole_and_no_further(ana):
    assert titles(said(advance_and_final(ana, "1000"))) == []


def test_more_than_the_advance_is_blocked(ana):
    (verdict,) = said(advance_and_final(ana, "1000.01")).problems
    assert (verdict.title, verdict.target) == ("Avansul AS 0001", "id_rand-1-price")


def test_an_advance_is_not_deducted_twice(ana):
    first = advance_and_final(ana, "600")
    again = copies.copy_of(first, ana, DAY)
    rows = list(again.lines.all())
    rows[1].advance = first.lines.last().advance
    (verdict,) = judge(again, rows, today=DAY).problems  # 600 + 600 of 1.000
    assert "au mai rămas 400,00" in verdict.text


def test_an_advance_that_was_taken_back_is_not_deducted(ana):
    final = advance_and_final(ana, "1000")
    copies.storno_of(final.lines.last().advance, ana, DAY)
    assert titles(said(final)) == ["Avansul AS 0001"]


def test_an_advance_is_deducted_with_its_own_vat_and_not_before_it_is_issued(ana):
    final = advance_and_final(ana, "1000")
    rows = list(final.lines.all())
    regimes.put(rows[1], regimes.case("without_credit:rent", DAY))
    (verdict,) = judge(final, rows, today=DAY).problems
    assert "altfel la TVA" in verdict.text
    advance = rows[1].advance
    advance.number = None
    advance.save()
    (verdict,) = said(final).problems
    assert "nu a fost încă emis" in verdict.text


def test_a_charge_at_an_unlawful_rate_is_blocked_though_no_row_has_it(ana):
    invoice = write(typed(), ana)
    freight = Adjustment(reason="Transport", amount=Decimal(10), is_charge=True, vat_category="S", vat_rate=Decimal(19))
    assert titles(judge(invoice, None, [freight], today=DAY)) == ["Transport"]


# --- taking back ---


def before(quantity: str = "8") -> dict[str, Any]:
    return {"lines": [ONE | {"quantity": quantity}]}


def test_no_more_is_taken_back_than_was_sold(ana):
    draft = write(typed(before=before(), how="storno"), ana)
    rows = list(draft.lines.all())
    assert titles(judge(draft, rows, today=DAY)) == []
    rows[0].quantity = Decimal(-9)
    judgement = judge(draft, rows, today=DAY)
    assert set(titles(judgement)) == {"Cantitatea, rândul 1", "Storno peste factură"}
    assert "cel mult 8" in next(v.text for v in judgement.problems if v.target == "id_rand-0-quantity")


def test_what_another_storno_took_is_no_longer_there(ana):
    draft = write(typed(before=before(), how="storno"), ana)
    row = draft.lines.get()
    row.quantity = Decimal(-3)
    row.save()
    first = draft.preceding
    second = copies.storno_of(first, ana, DAY)
    rows = list(second.lines.all())
    assert [one.quantity for one in rows] == [-5]
    rows[0].quantity = Decimal(-6)
    assert "Cantitatea, rândul 1" in titles(judge(second, rows, today=DAY))


def test_a_credit_note_is_measured_by_the_same_sum(ana):
    draft = write(typed(before=before(), how="credit_note"), ana)
    rows = list(draft.lines.all())
    assert titles(judge(draft, rows, today=DAY)) == []
    rows[0].quantity = Decimal(9)
    assert "Cantitatea, rândul 1" in titles(judge(draft, rows, today=DAY))


def test_a_storno_written_by_hand_is_measured_by_its_sum(ana):
    draft = write(typed(before=before(), how="storno"), ana)
    row = Line(position=1, name="Tot", quantity=Decimal(-1), price=Decimal("8000.01"))
    row.vat_category, row.vat_rate = "S", Decimal(21)
    rows = [row]
    assert titles(judge(draft, rows, today=DAY)) == ["Storno peste factură"]


# --- ceilings ---


def test_the_invoice_that_crosses_the_ceiling_of_art_310_is_caught(ana):
    first = accepted(write(typed(ONE | {"price": "394000"}, firm="small"), ana))
    firm, client = first.firm, first.client

    def next_one(price: str) -> Invoice:
        draft = copies.copy_of(first, ana, DAY)
        draft.lines.update(price=Decimal(price))
        return draft

    assert client.firm == firm
    judgement = said(next_one("1000"))  # 395.000: not above it
    assert (titles(judgement), titles(judgement, "warn")) == ([], ["Aproape de plafonul de TVA"])
    (verdict,) = said(next_one("1000.01")).problems
    assert verdict.title == "Plafonul de TVA"
    assert "formularul 700" in verdict.text
    firm.vat_registered = True
    firm.save()
    draft = copies.copy_of(first, ana, DAY)
    assert "Plafonul de TVA" not in titles(said(draft))


def test_a_storno_of_who_is_near_the_ceiling_is_never_stopped(ana):
    first = accepted(write(typed(ONE | {"price": "500000"}, firm="small"), ana))
    assert titles(said(copies.storno_of(first, ana, DAY))) == []


def test_vat_on_collection_above_its_ceiling_is_warned_of(ana):
    invoice = write(typed(ONE | {"price": "5000000.01"}, firm="on_collection"), ana)  # 5.000.000 until 2026-12-31
    assert titles(said(invoice), "warn") == ["Plafonul TVA la încasare"]


def test_the_same_is_said_in_english(ana):
    invoice = write(typed(invoice={"currency": "EUR"}), ana)
    invoice.due_date = None  # BR-CO-25, in the words of romania.explain
    with translation.override("en"):
        judgement = said(invoice)
    words = " ".join(f"{one.title} {one.text}" for one in judgement.verdicts)
    assert "exchange rate" in words.lower()
    assert not set("ăîșț") & set(words)
