"""The worker's loop makes each of its rounds: what is scheduled leaves, what recurs is made, letters go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from punte.web.delivery import loop
from punte.web.delivery.models import Submission
from punte.web.invoices import copies, letters, rates, recurring, scheduling
from punte.web.invoices.models import Invoice, Letter, Stage

from ..invoices.conftest import TODAY, bakery, draft_of, sent  # noqa: F401 - a fixture


class Once(threading.Event):
    """Stops the loop when it would wait for the first time."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.fixture
def turn(monkeypatch) -> Callable[[], None]:
    """One turn of the loop in this thread, on this connection; BNR is not asked."""
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)
    monkeypatch.setattr(rates, "refresh", lambda now: False)
    monkeypatch.setattr(loop.worker, "claim", lambda now: None)
    return lambda: loop.run(Once())


def test_one_turn_makes_every_round(turn, bakery, ana):  # noqa: F811
    bakery.email = "contabilitate@trei-spice.example"
    bakery.save()
    waiting = draft_of(bakery)
    scheduling.schedule(waiting, ana, timezone.now() + timedelta(hours=1))
    Invoice.objects.filter(pk=waiting.pk).update(send_at=timezone.now() - timedelta(minutes=1))
    accepted = sent(draft_of(bakery))
    recurring.start(copies.template_from(accepted, ana, "Lunar"), ana, TODAY)
    letters.queue(letters.write(accepted, "document", ana), timezone.now())
    turn()
    assert Submission.objects.filter(invoice=waiting, state="queued").exists()
    assert Invoice.objects.filter(recurrence_of__isnull=False, stage=Stage.DRAFT).count() == 1
    assert Letter.objects.get().state == Letter.State.SENT
    assert {recipient for letter in mail.outbox for recipient in letter.to} >= {bakery.email, "ana@arcada.example"}


def test_a_round_that_fails_leaves_the_others_their_turn(turn, monkeypatch, bakery, ana):  # noqa: F811
    def broken(now):
        raise OSError("the mail server is away")

    monkeypatch.setattr(loop.leaving, "let_go", broken)
    recurring.start(copies.template_from(sent(draft_of(bakery)), ana, "Lunar"), ana, TODAY)
    turn()
    assert Invoice.objects.filter(recurrence_of__isnull=False).count() == 1


def test_a_round_is_made_again_only_when_its_time_has_come():
    made = []
    one, now = loop.Round(timedelta(minutes=1), made.append), timezone.now()
    for seconds in (0, 30, 59, 60, 61):
        one.make(now + timedelta(seconds=seconds))
    assert made == [now, now + timedelta(seconds=60)]
