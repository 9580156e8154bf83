"""Proforma, payment, activation, and the letters that go with them."""

from __future__ import annotations

import io
import threading
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.core import mail
from django.utils import timezone

from punte.web.firms.models import Firm, Role
from punte.web.invoices import rates
from punte.web.plans import letters, ordering, proforma
from punte.web.plans.models import Notice, Order, Period
from punte.web.plans.standing import standing
from punte.web.work import loop

from .conftest import OPERATOR, noon

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)


def placed(founded, ana, plan="pro", period=Period.YEAR, on=DAY) -> Order:
    return ordering.place(founded, ana, plan, period, "plati@arcada.example", noon(on))


# Without VAT: 490.00 a year, 49.00 a month; 21 % of 490.00 is 102.90, of 49.00 is 10.29.
@pytest.mark.parametrize(
    ("period", "vat", "expected"),
    [
        (Period.YEAR, True, ("490.00", "21", "102.90", "592.90")),
        (Period.MONTH, True, ("49.00", "21", "10.29", "59.29")),
        (Period.YEAR, False, ("490.00", None, "0.00", "490.00")),
    ],
)
def test_a_proforma_adds_the_vat_of_its_day(founded, ana, settings, period, vat, expected):
    settings.OPERATOR = OPERATOR | {"vat": vat}
    order = placed(founded, ana, period=period)
    net, rate, tax, total = expected
    assert (order.net, order.vat_rate, order.vat, order.total) == (
        Decimal(net),
        Decimal(rate) if rate else None,
        Decimal(tax),
        Decimal(total),
    )


@pytest.mark.parametrize(("vat", "total"), [(True, "592,90"), (False, "490,00")])
def test_the_pdf_is_a_proforma_with_account_reference_and_sum(founded, ana, settings, vat, total):
    settings.OPERATOR = OPERATOR | {"vat": vat}
    order = placed(founded, ana)
    founded.name = "Alt Nume SRL"
    founded.save()
    order.refresh_from_db()
    pages = pypdf.PdfReader(io.BytesIO(proforma.pdf(order))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for part in (
        "Proformă",
        "RO49 AAAA 1B31 0075 9384 0000",
        order.label,
        total,
        "Arcada Studio SRL",
        "nu este factură",
    ):
        assert part in text, part
    assert "Copie lizibilă" not in text


def test_numbers_rise_and_two_orders_have_two(founded, ana):
    first, second = placed(founded, ana), placed(founded, ana)
    assert first.label.startswith("PF ")
    assert second.pk > first.pk


def test_an_order_writes_to_who_asked_and_to_the_operator(founded, ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        order = placed(founded, ana)
    to_person, to_operator = mail.outbox
    assert to_person.to == ["plati@arcada.example"]
    assert to_operator.to == ["operator@punte.example"]
    assert order.label in to_person.subject
    for part in (OPERATOR["iban"], "592,90", f"https://punte.example/setari/abonament/proforma/{order.pk}/"):
        assert part in to_person.body, part
    assert f'punte plan paid "{order.label}"' in to_operator.body


def test_without_an_account_nothing_is_sold(founded, ana, settings):
    settings.OPERATOR = OPERATOR | {"iban": ""}
    with pytest.raises(ordering.NotForSale):
        placed(founded, ana)


# On trial to 9 December: a year paid on 22 November begins on 10 December and ends on 9 December of the next.
# Past it, it begins on the day the money comes. The same plan goes on; another begins at once.
@pytest.mark.parametrize(
    ("before", "plan", "period", "paid_on", "until"),
    [
        (None, "pro", Period.YEAR, date(2026, 11, 22), date(2027, 12, 9)),
        (None, "basic", Period.MONTH, date(2026, 12, 9), date(2027, 1, 9)),
        (None, "basic", Period.MONTH, date(2026, 12, 10), date(2027, 1, 9)),
        (None, "pro", Period.MONTH, date(2027, 1, 31), date(2027, 2, 27)),
        (("pro", date(2027, 3, 31)), "pro", Period.MONTH, date(2027, 3, 1), date(2027, 4, 30)),
        (("basic", date(2027, 3, 31)), "pro", Period.MONTH, date(2027, 3, 1), date(2027, 3, 31)),
    ],
)
def test_the_days_that_are_left_are_not_lost(founded, ana, before, plan, period, paid_on, until):
    if before:
        ordering.activate(founded, before[0], before[1], noon(date(2026, 12, 1)), "test")
    subscription = ordering.settle(placed(founded, ana, plan, period), noon(paid_on), "test")
    assert (subscription.plan, subscription.since, subscription.until) == (plan, paid_on, until)
    assert standing(founded).until == until


def test_a_proforma_activates_once(founded, ana):
    order = placed(founded, ana)
    ordering.settle(order, noon(DAY), "test")
    with pytest.raises(ordering.AlreadySettled):
        ordering.settle(order, noon(DAY), "test")
    assert founded.subscriptions.count() == 1


def test_an_activation_writes_to_the_owners_alone(founded, bogdan, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ordering.activate(founded, "pro", date(2027, 12, 31), noon(DAY), "test")
    assert [letter.to for letter in mail.outbox] == [["ana@arcada.example"]]
    assert mail.outbox[0].subject == "Abonamentul Pro este activ pentru Arcada Studio SRL"
    assert "31 decembrie 2027" in mail.outbox[0].body


def test_a_mail_server_that_is_down_undoes_no_activation(founded, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1  # nobody listens there
    with django_capture_on_commit_callbacks(execute=True):
        ordering.activate(founded, "pro", date(2027, 12, 31), noon(DAY), "test")
    assert standing(founded).plan.key == "pro"
    assert letters.remind(noon(date(2027, 12, 30))) == 0  # tried, and not noted as told
    assert not Notice.objects.exists()


def test_day_after_day_a_trial_is_told_twice_seven_days_and_one_before_its_end(founded):
    told = {}
    for n in range(45):
        day = date(2026, 11, 10) + timedelta(days=n)
        for _ in range(2):  # the worker asks every hour
            letters.remind(noon(day))
        if mail.outbox:
            told[day] = [(letter.to, letter.subject) for letter in mail.outbox]
            mail.outbox.clear()
    subject = "Perioada de probă pentru Arcada Studio SRL se încheie pe 9 decembrie 2026"
    ana = ["ana@arcada.example"]
    assert told == {date(2026, 12, 2): [(ana, subject)], date(2026, 12, 8): [(ana, subject)]}


def test_who_was_not_served_for_a_week_hears_once(founded):
    assert letters.remind(noon(date(2026, 12, 8))) == 1
    assert letters.remind(noon(date(2026, 12, 9))) == 0


def test_an_extension_starts_new_reminders(founded):
    letters.remind(noon(date(2026, 12, 2)))
    ordering.activate(founded, "basic", date(2027, 1, 9), noon(date(2026, 12, 3)), "test")
    mail.outbox.clear()
    assert letters.remind(noon(date(2026, 12, 8))) == 0
    assert letters.remind(noon(date(2027, 1, 2))) == 1
    assert mail.outbox[0].subject == "Abonamentul Basic pentru Arcada Studio SRL se încheie pe 9 ianuarie 2027"


def test_where_plans_are_off_nobody_is_reminded(founded, settings):
    settings.PLANS = False
    assert letters.remind(noon(date(2026, 12, 8))) == 0


def test_each_owner_gets_a_letter_of_their_own(founded, bogdan):
    founded.memberships.filter(user=bogdan).update(role=Role.OWNER)
    letters.remind(noon(date(2026, 12, 8)))
    assert [letter.to for letter in mail.outbox] == [["ana@arcada.example"], ["bogdan@arcada.example"]]


class OneTurn(threading.Event):
    """Stops a worker the first time it has nothing to do."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


def test_the_worker_reminds_by_itself(plans, firm, monkeypatch):
    monkeypatch.setattr(rates, "refresh", lambda now: False)  # BNR is not asked
    Firm.objects.filter(pk=firm.pk).update(created_at=timezone.now() - timedelta(days=23))  # of 30, six are left
    loop.make_rounds(OneTurn(), timezone.now)
    assert [letter.to for letter in mail.outbox] == [["ana@arcada.example"]]
