"""The year's turnover against the ceilings of the VAT law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from punte.web.firms.models import Firm
from punte.web.invoices import copies, turnover
from punte.web.invoices.models import Invoice

from .conftest import TODAY, buyer, draft_of, row, sent

DAY = date(2026, 11, 22)


def test_what_was_issued_counts_in_lei_and_what_was_taken_back_does_not(carmens_firm):
    client = buyer(carmens_firm)
    first = sent(draft_of(client, row(quantity="10", price="1000", rate=None), issued=DAY))
    euro = {"currency": "EUR", "exchange_rate": Decimal("5.0878")}
    sent(draft_of(client, row(price="100", rate=None), issued=DAY, **euro))
    sent(draft_of(client, row(price="70", rate=None), issued=date(2025, 12, 31)))  # another year
    draft_of(client, row(price="90000", rate=None), issued=DAY)  # a draft
    user = first.created_by
    note = copies.storno_of(first, user, DAY, lines={first.lines.get().pk: Decimal(2)}, credit_note=True)
    sent(note)
    minus = copies.storno_of(first, user, DAY, lines={first.lines.get().pk: Decimal(1)})
    sent(minus)
    # 10.000 + 508,78 - 2.000 - 1.000
    assert turnover.standing(carmens_firm, 2026, DAY).total == Decimal("7508.78")


def test_what_was_invoiced_elsewhere_counts_in_its_year_alone(carmens_firm):
    carmens_firm.turnover_elsewhere, carmens_firm.turnover_year = Decimal(320000), 2026
    stands = turnover.standing(carmens_firm, 2026, DAY)
    assert (stands.total, stands.ceiling, stands.left) == (320000, 395000, 75000)
    assert stands.is_near  # 320.000 is 81 %
    assert not stands.crosses
    assert turnover.standing(carmens_firm, 2025, DAY).total == 0


def test_the_ceiling_is_that_of_the_day(db):
    firm = Firm.objects.create(cui="27651035", name="Malul")
    assert turnover.standing(firm, 2025, date(2025, 8, 31)).ceiling == 300000
    assert turnover.standing(firm, 2025, date(2025, 9, 1)).ceiling == 395000
    assert turnover.standing(firm, 2025, DAY).ceiling == 395000  # a year that is over ended under this one
    on_collection = turnover.standing(firm, 2026, date(2026, 2, 28), ceiling="on_collection")
    assert on_collection.ceiling == 4500000


def test_the_settings_ask_what_was_invoiced_elsewhere_and_say_what_an_import_counts(people, carmens_firm):
    year = TODAY.year
    brought = sent(draft_of(buyer(carmens_firm), row(price="700", rate=None)))
    Invoice.objects.filter(pk=brought.pk).update(not_sent_because="imported", stage="not_sent")
    page = people["carmen"].get("/setari/pe-facturi/").content.decode().replace("\u00a0", " ")
    assert "ați adus din anul acesta 700,00 lei" in page
    said = {"action": "save", "term_days": "15", "turnover_elsewhere": "1.000,50", "sends_abroad": "on"}
    assert (
        "sub zero" in people["carmen"].post("/setari/pe-facturi/", said | {"turnover_elsewhere": "-1"}).content.decode()
    )
    people["carmen"].post("/setari/pe-facturi/", said)
    firm = Firm.objects.get(pk=carmens_firm.pk)
    assert (firm.turnover_elsewhere, firm.turnover_year, firm.sends_abroad) == (Decimal("1000.50"), year, True)
    assert turnover.standing(firm, year, TODAY).total == Decimal("1700.50")  # 700 once
