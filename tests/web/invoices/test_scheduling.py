"""When an invoice leaves, and by when it must."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from punte.web.delivery import leaving, sending, showing
from punte.web.delivery.models import Submission
from punte.web.invoices import files, firm_mail, scheduling
from punte.web.invoices.models import Frozen, Invoice, Stage
from punte.web.invoices.signals import AlreadySent, NotReady

from .conftest import TODAY, buyer, draft_of, sent

NOW = timezone.now()
LATER = NOW + timedelta(hours=2)


def stage(invoice: Invoice) -> Stage:
    invoice.refresh_from_db()
    return Stage(invoice.stage)


def at(text: str) -> datetime:
    """In Bucharest."""
    return timezone.make_aware(datetime.fromisoformat(text))


# --- now, later, never ---


def test_a_scheduled_invoice_has_its_number_and_leaves_at_its_hour(draft, ana):
    scheduling.schedule(draft, ana, LATER, now=NOW)
    assert (draft.label, stage(draft)) == ("DI 0001", Stage.SCHEDULED)
    assert leaving.let_go(LATER - timedelta(seconds=1)) == 0
    assert Submission.objects.count() == 0
    assert leaving.let_go(LATER) == 1
    assert (stage(draft), draft.send_at, draft.label) == (Stage.QUEUED, None, "DI 0001")
    assert leaving.let_go(LATER) == 0
    assert Submission.objects.count() == 1


def test_what_is_stopped_stays_with_its_number_and_may_be_changed_and_sent(draft, ana):
    scheduling.schedule(draft, ana, LATER, now=NOW)
    assert scheduling.stop(draft, ana)
    assert (stage(draft), draft.send_at, draft.is_editable) == (Stage.ISSUED, None, True)
    assert leaving.let_go(LATER) == 0
    assert not scheduling.stop(draft, ana)
    sending.send(draft, ana, LATER)
    assert (stage(draft), draft.label) == (Stage.QUEUED, "DI 0001")


def test_what_left_cannot_be_stopped_nor_scheduled(draft, ana):
    sending.send(draft, ana, NOW)
    assert not scheduling.stop(draft, ana)
    with pytest.raises(AlreadySent):
        scheduling.schedule(draft, ana, LATER, now=NOW)
    assert stage(draft) == Stage.QUEUED


def test_the_firms_delay_holds_unless_somebody_says_at_once(draft, ana):
    draft.firm.send_delay = 30
    scheduling.send(draft, ana, NOW)
    assert (stage(draft), draft.send_at) == (Stage.SCHEDULED, NOW + timedelta(minutes=30))
    scheduling.send(draft, ana, NOW, at_once=True)
    assert stage(draft) == Stage.QUEUED


def test_a_delay_never_carries_an_invoice_past_its_safe_moment(bakery, ana):
    draft = draft_of(bakery, issued=TODAY - timedelta(days=14))  # its term is over: no minute to lose
    draft.firm.send_delay = 30
    scheduling.send(draft, ana, NOW)
    assert stage(draft) == Stage.QUEUED


def test_an_hour_too_late_is_refused_and_nothing_is_numbered(draft, ana):
    with pytest.raises(scheduling.TooLate):
        scheduling.schedule(draft, ana, NOW + timedelta(days=30), now=NOW)
    assert (stage(draft), draft.number) == (Stage.DRAFT, None)


def test_what_anaf_would_refuse_is_neither_numbered_nor_scheduled(bakery, ana):
    bakery.cui = ""
    bakery.save()
    draft = draft_of(bakery)
    with pytest.raises(NotReady):
        scheduling.schedule(draft, ana, LATER, now=NOW)
    assert (stage(draft), draft.number) == (Stage.DRAFT, None)


def test_a_scheduled_invoice_that_would_be_refused_by_now_is_stopped_and_its_people_are_told(draft, ana):
    scheduling.schedule(draft, ana, LATER, now=NOW)
    draft.client.cui = ""
    draft.client.save()
    leaving.let_go(LATER)
    assert stage(draft) == Stage.ISSUED
    assert [letter.to for letter in mail.outbox] == [["ana@arcada.example"]]  # Bogdan only reads
    assert "DI 0001" in mail.outbox[0].subject
    assert "CUI" in mail.outbox[0].body


def test_what_need_not_go_is_numbered_frozen_and_says_why(firm, ana):
    german = buyer(firm, name="Adler GmbH", cui="", country="DE", county="", city="Berlin", foreign_identifier="HRB 1")
    draft = draft_of(german)
    assert sending.send(draft, ana, NOW) is None
    assert (stage(draft), draft.not_sent_because, draft.label) == (Stage.NOT_SENT, "abroad", "DI 0001")
    kept = bytes(Frozen.objects.get(invoice=draft).document)
    firm.street = "Str. Nouă 1"
    firm.save()
    assert files.xml(Invoice.objects.get(pk=draft.pk)) == kept
    assert showing.reason(draft)
    with pytest.raises(AlreadySent):
        sending.send(draft, ana, NOW)


@pytest.mark.parametrize("fate", [Stage.QUEUED, Stage.SENDING, Stage.UNCERTAIN, Stage.PROCESSING, Stage.ACCEPTED])
def test_a_sent_document_never_changes(people, bakery, fate):
    invoice = sent(draft_of(bakery), fate)
    before = files.xml(invoice)
    bakery.name, invoice.firm.street = "Alt nume SRL", "Str. Nouă 1"
    bakery.save()
    invoice.firm.save()
    for name in ("editare", "oprire", "programare", "emitere", "in-proforma", "stergere"):
        people["ana"].post(f"/venituri/{invoice.pk}/{name}/", {"action": "save"})
    after = Invoice.objects.get(pk=invoice.pk)
    assert (files.xml(after), after.label, after.stage) == (before, invoice.label, fate)


# --- by when ---

# 27 November 2026 is a Friday; 30 November and 1 December are holidays, so the fifth working day is 8 December,
# a Tuesday, and the safe moment the Monday before it, at 17.
TERMS = [
    ("2026-11-27", None, "2026-12-08", "2026-12-07 17:00"),
    ("2026-11-18", "2026-10-05", "2026-11-20", "2026-11-19 17:00"),  # counted from the 15th of November
    ("2026-11-18", "2026-11-02", "2026-11-25", "2026-11-24 17:00"),  # the 15th of December is far
]


@pytest.mark.parametrize(("issued", "supplied", "last", "safe"), TERMS)
def test_the_last_day_and_the_latest_safe_moment(bakery, issued, supplied, last, safe):
    supply = date.fromisoformat(supplied) if supplied else None
    draft = draft_of(bakery, issued=date.fromisoformat(issued), supply_date=supply)
    assert scheduling.last_day(draft) == date.fromisoformat(last)
    assert scheduling.latest_safe(draft) == at(safe)


@pytest.mark.parametrize(
    ("today", "romanian", "english"),
    [
        ("2026-11-27", "mai sunt 5\u00a0zile lucrătoare", "5\u00a0working days left"),
        ("2026-12-07", "mai este o zi lucrătoare", "one working day left"),
        ("2026-12-08", "azi este ultima zi", "today is the last day"),
        ("2026-12-09", "termenul a trecut pe 8 decembrie 2026", "the term passed on 8 December 2026"),
    ],
)
def test_the_countdown_counts_working_days(bakery, today, romanian, english):
    draft = draft_of(bakery, issued=date(2026, 11, 27))
    assert scheduling.countdown(draft, date.fromisoformat(today)) == romanian
    with translation.override("en"):
        assert scheduling.countdown(draft, date.fromisoformat(today)) == english


def test_what_is_accepted_or_need_not_go_has_no_countdown(bakery):
    assert scheduling.countdown(sent(draft_of(bakery)), TODAY) == ""


# --- the mail before it ---


@pytest.fixture
def rejected(bakery) -> Invoice:
    return sent(draft_of(bakery, issued=date(2026, 11, 27)), Stage.REJECTED)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-12-04 18:00", 0),
        ("2026-12-07 07:30", 0),  # nobody is told before eight
        ("2026-12-07 08:00", 1),  # the working day before the last
        ("2026-12-08 10:00", 1),
        ("2026-12-10 10:00", 1),  # the worker was off: late, but said
    ],
)
def test_its_people_are_told_on_the_working_day_before_the_last(rejected, moment, told):
    assert firm_mail.warn(at(moment)) == told
    assert len(mail.outbox) == told


def test_a_deadline_is_told_once_and_not_of_what_is_on_its_way(rejected, bakery):
    sent(draft_of(bakery, issued=date(2026, 11, 27)), Stage.PROCESSING)
    assert [firm_mail.warn(at("2026-12-07 09:00")), firm_mail.warn(at("2026-12-08 09:00"))] == [1, 0]
    (letter,) = mail.outbox
    assert letter.subject == "Punte: Factura DI 0001 nu este încă la ANAF: mai este o zi lucrătoare"
    assert "8 decembrie 2026" in letter.body


def test_a_warning_that_no_server_takes_is_tried_again(rejected, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    assert firm_mail.warn(at("2026-12-07 09:00")) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert firm_mail.warn(at("2026-12-07 10:00")) == 1


# --- the pages ---


def test_an_hour_is_chosen_and_taken_back_on_the_page(people, draft):
    hour = timezone.localtime(NOW + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    page = people["ana"].post(f"/venituri/{draft.pk}/programare/", {"at": hour}, follow=True).content.decode()
    assert "Până atunci o puteți opri" in page
    assert stage(draft) == Stage.SCHEDULED
    assert showing.slug(draft) == "programata"
    people["ana"].post(f"/venituri/{draft.pk}/oprire/")
    assert (stage(draft), showing.slug(draft)) == (Stage.ISSUED, "emisa")
    people["ana"].post(f"/venituri/{draft.pk}/programare/", {"at": "mâine"})
    assert stage(draft) == Stage.ISSUED
    people["ana"].post(f"/venituri/{draft.pk}/programare/")
    assert stage(draft) == Stage.QUEUED


def test_an_hour_past_the_safe_one_is_answered_with_the_safe_one(people, bakery):
    draft = draft_of(bakery)
    far = (NOW + timedelta(days=40)).strftime("%Y-%m-%dT%H:%M")
    page = people["ana"].post(f"/venituri/{draft.pk}/programare/", {"at": far}, follow=True).content.decode()
    assert "cel mai târziu puteți programa" in page
