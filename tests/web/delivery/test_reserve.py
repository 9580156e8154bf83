"""An invoice whose first certificate loses its right leaves with the reserve, by itself; ANAF's ledger says once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from punte.web.connection import invitations
from punte.web.connection.models import Authorization, RightState
from punte.web.delivery import worker
from punte.web.delivery.models import State

from ..connection.conftest import Guest


@pytest.fixture
def reserve(connected, spv, firm, ana, tmp_path) -> None:
    """The accountant's certificate, behind Ana's."""
    spv.simulator.world.rights[spv.simulator.certificate("fara-drept").serial].add(firm.cui)
    _, token = invitations.invite(firm, ana, timezone.now())
    guest = Guest(Client(), spv.simulator, tmp_path / "guest.pem")
    assert guest.cross_by(f"/integrari/invitatie/{token}/", "fara-drept") == "/integrari/oaspete/"


def carry_on(submission, until: State) -> None:
    """The worker's loop, in a hurry."""
    end = time.monotonic() + 20
    while submission.state != until:
        assert time.monotonic() < end, submission.state
        if claimed := worker.claim(timezone.now() + timedelta(minutes=1)):
            worker.advance(claimed)
        submission.refresh_from_db()


def test_an_invoice_leaves_with_the_reserve_when_the_first_has_lost_its_right(reserve, spv, queue, firm):
    submission = queue("DI 0001")
    spv.rights([])  # the first, at upload
    carry_on(submission, State.ACCEPTED)
    assert spv.filed(submission) == ["ok"]
    states = firm.rights.order_by("rank").values_list("state", flat=True)
    assert list(states) == [RightState.DENIED, RightState.GRANTED]
    assert submission.events.filter(kind="no-right").count() == 0


def test_an_invoice_is_watched_with_the_reserve_when_the_first_dies_on_the_way(reserve, spv, queue, firm):
    submission = queue("DI 0002")
    carry_on(submission, State.PROCESSING)
    spv.simulator.world.desk.refresh.clear()  # nothing can be renewed any more …
    first = Authorization.objects.order_by("pk").first()
    Authorization.objects.filter(pk=first.pk).update(stale_since=timezone.now())  # … and the first was refused
    carry_on(submission, State.ACCEPTED)
    assert spv.filed(submission) == ["ok"]
    assert Authorization.objects.get(pk=first.pk).problem == "T03"
