"""The worker makes each of its rounds (what is scheduled leaves, what recurs is made, letters go) and ends in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from punte.web.delivery.models import Submission
from punte.web.invoices import copies, letters, rates, recurring, scheduling
from punte.web.invoices.models import Invoice, Letter, Stage
from punte.web.work import loop, rounds

from ..invoices.conftest import TODAY, bakery, draft_of, sent  # noqa: F401 - a fixture


class Once(threading.Event):
    """Stops the loop when it would wait for the first time."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.fixture
def turn(monkeypatch) -> Callable[[], None]:
    """The rounds once, in this thread; BNR is not asked."""
    monkeypatch.setattr(rates, "refresh", lambda now: False)
    return lambda: loop.make_rounds(Once(), timezone.now)


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

    monkeypatch.setattr(rounds.leaving, "let_go", broken)
    recurring.start(copies.template_from(sent(draft_of(bakery)), ana, "Lunar"), ana, TODAY)
    turn()
    assert Invoice.objects.filter(recurrence_of__isnull=False).count() == 1


def test_a_round_is_made_again_only_when_its_time_has_come():
    made = []
    one, now = rounds.Round(timedelta(minutes=1), made.append), timezone.now()
    for seconds in (0, 30, 59, 60, 61):
        one.make(now + timedelta(seconds=seconds))
    assert made == [now, now + timedelta(seconds=60)]


class Steps:
    """A source whose one step takes as long as the test lets it."""

    name = "steps"

    def __init__(self, step: Callable[[], object]) -> None:
        self.left, self.step = 1, step

    def firms(self, now):
        return [1] if self.left else []

    def take(self, firm_id, now):
        self.left -= 1
        return lambda clock: self.step()


def test_a_worker_told_to_stop_lets_the_step_it_began_end():
    begun, done, stop = threading.Event(), [], threading.Event()

    def step():
        begun.set()
        time.sleep(0.3)
        done.append(True)

    worker = threading.Thread(target=loop.give_turns, args=(stop, [Steps(step)], 2, timezone.now))
    worker.start()
    assert begun.wait(5)
    stop.set()
    worker.join(5)
    assert done == [True]


def test_a_worker_told_to_stop_leaves_behind_a_step_that_does_not_end(monkeypatch):
    monkeypatch.setattr(loop, "GRACE", 0.3)
    begun, release, stop = threading.Event(), threading.Event(), threading.Event()

    def step():
        begun.set()
        release.wait(20)

    worker = threading.Thread(target=loop.give_turns, args=(stop, [Steps(step)], 1, timezone.now))
    worker.start()
    assert begun.wait(5)
    stop.set()
    worker.join(5)
    assert not worker.is_alive()
    release.set()


def test_a_step_that_fails_leaves_its_lane_to_the_next():
    done, stop = threading.Event(), threading.Event()

    class Two(Steps):
        def take(self, firm_id, now):
            self.left -= 1
            if self.left:
                return lambda clock: 1 / 0
            return lambda clock: done.set()

    two = Two(lambda: None)
    two.left = 2
    worker = threading.Thread(target=loop.give_turns, args=(stop, [two], 1, timezone.now))
    worker.start()
    assert done.wait(5)
    stop.set()
    worker.join(5)
