"""What is written by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from punte.web.invoices import copies, recurring, regimes
from punte.web.invoices.models import Invoice, Kind, Recurrence, Stage

from .conftest import buyer, draft_of, row


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def repeated(bakery, ana) -> Recurrence:
    """The last day of each month, from January 2027, as a draft."""
    template = copies.template_from(draft_of(bakery, issued=date(2026, 11, 30)), ana, "Abonament foto")
    return recurring.start(template, ana, date(2027, 1, 31))


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (1, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        (3, ["2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31"]),
        (12, ["2027-01-31", "2028-01-31", "2029-01-31", "2030-01-31"]),
    ],
)
def test_the_days_to_come_keep_to_the_end_of_the_month(repeated, months, expected):
    repeated.months = months
    assert [str(day) for day in recurring.dates(repeated, 4)] == expected


def test_the_days_end_with_the_last_one(repeated):
    repeated.last_day = date(2027, 3, 30)
    assert [str(day) for day in recurring.dates(repeated)] == ["2027-01-31", "2027-02-28"]


def test_a_draft_is_made_on_its_day_once_and_its_people_are_told(repeated):
    assert recurring.make_due(at("2027-01-30 23:59")) == 0
    assert [recurring.make_due(at("2027-01-31 00:01")), recurring.make_due(at("2027-01-31 00:02"))] == [1, 0]
    made = repeated.invoices.get()
    assert (made.kind, made.stage, made.issue_date) == (Kind.INVOICE, Stage.DRAFT, date(2027, 1, 31))
    repeated.refresh_from_db()
    assert repeated.next_day == date(2027, 2, 28)
    assert "Brutăria Trei Spice SRL vă așteaptă" in mail.outbox[0].subject


def test_a_worker_that_looked_at_the_row_before_another_made_it_makes_nothing(repeated):
    stale = Recurrence.objects.select_related("firm", "template", "created_by").get(pk=repeated.pk)
    recurring.make_due(at("2027-01-31 08:00"))
    assert not recurring._make(stale, at("2027-01-31 08:00"))
    assert repeated.invoices.count() == 1


def test_one_that_sends_goes_by_itself(repeated):
    Recurrence.objects.update(sends=True, next_day=timezone.localdate())
    recurring.make_due(timezone.now())
    assert (repeated.invoices.get().stage, repeated.invoices.get().label) == (Stage.QUEUED, "DI 0001")
    assert mail.outbox == []


def test_what_anaf_would_refuse_stays_a_draft_and_the_trouble_is_told_and_shown(repeated, people):
    Recurrence.objects.update(sends=True, next_day=timezone.localdate())
    client = repeated.template.client
    client.cui = ""
    client.save()
    recurring.make_due(timezone.now())
    assert repeated.invoices.get().stage == Stage.DRAFT
    assert "nu a plecat" in mail.outbox[0].subject
    assert "CUI" in mail.outbox[0].body
    assert "Ultima factură a rămas ciornă" in people["ana"].get(f"/venituri/recurente/{repeated.pk}/").content.decode()
    assert "ultima a rămas ciornă" in people["ana"].get("/venituri/recurente/").content.decode()


def test_the_preview_is_judged_by_the_rules_of_its_day(bakery, ana):
    old = draft_of(bakery, row(rate="19"), issued=date(2025, 7, 1))
    recurrence = recurring.start(copies.template_from(old, ana, "Vechi"), ana, date(2025, 7, 31))
    assert recurring.preview(recurrence).problems == ()  # 19 % until 31 July 2025
    (problem,) = recurring.preview(recurrence, date(2025, 8, 31)).problems
    assert "19" in problem.text
    assert Invoice.objects.filter(kind=Kind.INVOICE).count() == 1  # nothing was written


def test_paused_it_makes_nothing_and_then_goes_on_without_making_up_for_it(repeated, people):
    Recurrence.objects.update(next_day=timezone.localdate() - timedelta(days=70), day_of_month=31)
    people["ana"].post(f"/venituri/recurente/{repeated.pk}/pauza/")
    assert recurring.make_due(timezone.now()) == 0
    people["ana"].post(f"/venituri/recurente/{repeated.pk}/pauza/")
    repeated.refresh_from_db()
    assert not repeated.paused
    assert repeated.next_day >= timezone.localdate()


def test_ended_it_makes_nothing_and_keeps_what_it_made(repeated, people):
    Recurrence.objects.update(next_day=timezone.localdate())
    recurring.make_due(timezone.now())
    people["ana"].post(f"/venituri/recurente/{repeated.pk}/incheiere/")
    repeated.refresh_from_db()
    assert recurring.has_ended(repeated)
    assert recurring.dates(repeated) == []
    assert repeated.invoices.count() == 1
    assert people["ana"].get(f"/venituri/recurente/{repeated.pk}/").status_code == 200


def test_from_an_invoice_to_its_calendar_by_the_page(people, bakery):
    invoice = draft_of(bakery)
    said = {"name": "Chirie", "next_day": "2030-01-31", "months": "3", "last_day": "2031-01-31", "sends": "on"}
    people["ana"].post(f"/venituri/{invoice.pk}/repetare/", said)
    made = Recurrence.objects.select_related("template").get()
    assert (made.months, made.day_of_month, made.sends, made.mails) == (3, 31, True, False)
    assert (made.template.kind, made.template.name, made.template.payable) == (Kind.TEMPLATE, "Chirie", Decimal(121))
    page = people["ana"].get("/venituri/recurente/").content.decode()
    assert "31 ianuarie 2030" in page
    late = people["ana"].post(f"/venituri/recurente/{made.pk}/", said | {"next_day": "2020-01-01"}).content.decode()
    assert "Ziua a trecut" in late
    people["ana"].post(f"/venituri/recurente/{made.pk}/", said | {"next_day": "2030-02-15", "months": "1"})
    made.refresh_from_db()
    assert (made.months, made.day_of_month, str(made.next_day)) == (1, 15, "2030-02-15")


def test_the_preview_sees_a_reverse_charge_that_ends(bakery, ana):
    phones = row("Telefoane", "10", "5000")
    regimes.put(phones, regimes.case("reverse_charge:phones", date(2026, 12, 1)))
    template = copies.template_from(draft_of(bakery, phones, issued=date(2026, 12, 1)), ana, "Telefoane")
    recurrence = recurring.start(template, ana, date(2026, 12, 31))
    assert recurring.preview(recurrence).problems == ()  # art. 331 (6) Cod fiscal: until that day
    assert recurring.preview(recurrence, date(2027, 1, 31)).problems


def test_the_preview_sees_the_ceiling_that_the_next_one_crosses(carmens_firm, carmen):
    client = buyer(carmens_firm)
    carmens_firm.turnover_elsewhere, carmens_firm.turnover_year = Decimal(394000), timezone.localdate().year
    carmens_firm.save()
    template = copies.template_from(draft_of(client, row(price="5000", rate=None)), carmen, "Lunar")
    recurrence = recurring.start(template, carmen, timezone.localdate())
    assert any("395.000,00" in verdict.text for verdict in recurring.preview(recurrence).verdicts)
