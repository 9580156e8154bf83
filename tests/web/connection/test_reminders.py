"""Who is written to, when, once; and what becomes of a mail that the server does not take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from punte.web.connection import notices, reminders, rounds
from punte.web.connection.models import Authorization, Event, Notice, Problem, RightState
from punte.web.firms.models import Firm, Role


@pytest.fixture
def authorization(traveller) -> Authorization:
    traveller.cross("ilinca")
    return Authorization.objects.get()


@pytest.mark.parametrize(
    ("left", "days"),
    [(31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)],
)
def test_the_nearest_reminder_is_the_one_to_send(left, days):
    assert reminders.threshold(date(2026, 12, 1) + timedelta(days=left), date(2026, 12, 1)) == days


def test_a_worker_that_was_off_sends_the_nearest_reminder_alone(authorization, now):
    reminders.write(now + timedelta(days=360))
    assert [notice.days for notice in Notice.objects.all()] == [5]


def test_holder_and_owners_are_told_each_of_their_own_firms(authorization, ana, bogdan, firm, now):
    firm.memberships.filter(user=bogdan).update(role=Role.OWNER)
    second = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")
    second.memberships.create(user=ana, role=Role.OWNER)
    authorization.rights.create(firm=second, state=RightState.GRANTED)
    reminders.write(now + timedelta(days=335))
    told = {notice.recipient: {one.name for one in notice.firms.all()} for notice in Notice.objects.all()}
    assert told == {ana.email: {firm.name, second.name}, bogdan.email: {firm.name}}
    notices.send_due(now + timedelta(days=335))
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert "Dobre Ilinca PFA" not in letters[bogdan.email].body
    assert "Rugați-l pe Ana Moldovan" in letters[bogdan.email].body
    assert "apăsați „Reconectați”" in letters[ana.email].body
    html, kind = letters[ana.email].alternatives[0]
    assert kind == "text/html"
    assert "https://punte.example/integrari/certificate/" in html


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"problem": Problem.DEAD, "anaf_text": "invalid_grant"}, "ANAF nu mai acceptă autorizarea"),
        ({"problem": Problem.OPERATOR, "anaf_text": "403"}, "„Profil OAuth”"),
    ],
)
def test_a_failure_is_told_once_with_its_cure(authorization, now, change, words):
    later = now + timedelta(hours=1)
    Authorization.objects.update(retry_at=later + timedelta(days=2), **change)
    for hour in range(3):
        rounds.make(later + timedelta(hours=hour))
    assert len(mail.outbox) == 1
    assert words in mail.outbox[0].body
    assert "Ce faceți acum" in mail.outbox[0].body


def test_an_unwell_anaf_is_told_only_when_the_access_is_near_its_end(authorization, now):
    Authorization.objects.update(problem=Problem.UNWELL, retry_at=now + timedelta(days=100))
    rounds.make(now + timedelta(days=80))
    assert mail.outbox == []
    rounds.make(now + timedelta(days=84))
    assert "încercăm din nou la fiecare oră" in mail.outbox[0].body.lower()


def test_a_withdrawn_right_is_told_and_asked_for_again_each_day(authorization, firm, anaf, now):
    authorization.rights.update(state=RightState.DENIED, checked_at=now - timedelta(days=2))
    reminders.write(now)
    notices.send_due(now)
    assert "nu mai are drept" in mail.outbox[0].body
    rounds.make(now)  # the simulator still grants it
    assert authorization.rights.get().state == RightState.GRANTED
    assert Event.objects.filter(kind="granted").exists()


def test_a_mail_server_that_is_down_is_tried_again(authorization, now, monkeypatch):
    def down(self, messages):
        raise ConnectionRefusedError

    later = now + timedelta(days=335)
    reminders.write(later)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", down)
        notices.send_due(later)
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.tries, notice.due_at) == (None, 1, later + timedelta(minutes=5))
    notices.send_due(later + timedelta(minutes=5))
    assert Notice.objects.get().sent_at
    notices.send_due(later + timedelta(hours=1))
    assert len(mail.outbox) == 1


def test_no_letter_holds_a_token(authorization, now):
    Authorization.objects.update(problem=Problem.DEAD)
    rounds.make(now + timedelta(days=335))
    assert mail.outbox
    for letter in mail.outbox:
        text = letter.body + letter.alternatives[0][0]
        assert authorization.access_token not in text
        assert authorization.refresh_token not in text
