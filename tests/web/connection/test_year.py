"""Four hundred days, a day at a time, on our clock and ANAF's: what ANAF's ledger saw, and who was written to."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from django.core import mail
from django.utils import timezone

from punte.web.connection import rounds
from punte.web.connection.client import efactura_for
from punte.web.connection.models import Authorization, Event, Problem
from punte.web.connection.standing import standings

from ..conftest import signed_in

LOOKED_AT = (99, 101, 374, 376, 389, 390, 391)


def token_outcomes(anaf) -> list[str]:
    return [call["outcome"] for call in anaf.world.ledger.describe(0) if call["path"].endswith("/token")]


@pytest.mark.timeout(240)
def test_four_hundred_days(traveller, guest, link, second, firm, ana, anaf, time):
    """Ana connects on day 0, her accountant becomes the reserve on day 100; nobody types a PIN again.

    Access lives 90 days and is renewed 15 before its end: Ana's on days 75, 150, 225, 300, the accountant's on 175,
    250, 325, 400. ANAF counts 365 days from the consent: Ana's renewal of day 375 is refused. Her access of day 300
    would serve until day 390, but the accountant's certificate, which is well, does the work from then on.
    """
    httpx2.post(f"{anaf.control}/settings", json={"sliding_refresh": False}).raise_for_status()
    time.forward(hours=(12 - timezone.localtime().hour) % 24)  # at noon summer time makes no other day of it
    traveller.cross("ilinca")
    first = Authorization.objects.get()
    Authorization.objects.update(certificate_until=timezone.localdate() + timedelta(days=200))
    time.forward(minutes=5)  # so that each day's round comes after the same hour of the first
    renewed: dict[str, list[int]] = {}
    told: list[tuple[int, str, str]] = []
    serving: dict[int, str] = {}
    for day in range(1, 401):
        now = time.forward(days=1)
        if day == 100:
            traveller.browser.force_login(ana)  # her session has long ended
            assert guest.cross_by(link(), second) == "/integrari/oaspete/"
            now = timezone.now()
        calls = len(token_outcomes(anaf))
        mail.outbox.clear()
        rounds.make(now)
        for outcome in token_outcomes(anaf)[calls:]:
            renewed.setdefault(outcome, []).append(day)
        told += [(day, letter.to[0], letter.subject) for letter in mail.outbox]
        (at_work,) = [one.authorization.holder for one in standings(firm, now) if one.serves]  # every single day
        serving[day] = at_work
        if day % 25 == 0 or day in LOOKED_AT:
            with efactura_for(firm, now) as client:
                client.messages_page(firm.cui, now - timedelta(hours=2), now - timedelta(minutes=2))
            assert firm.rights.exclude(serving_since=None).get().authorization.holder == at_work

    assert renewed == {
        "token by refresh_token": [75, 150, 175, 225, 250, 300, 325, 400],
        # the newest token, then once the one before it, which strict rotation has retired
        "invalid_grant: Refresh Token status is expired": [375],
        "invalid_grant: Refresh Token status is revoked": [375],
    }
    a, m, name = ana.email, "maria@cabinet.example", firm.name
    assert [one for one in told if one[0] != 100] == [
        (170, a, f"Punte: În 30 de zile expiră certificatul pentru {name}"),
        (186, a, f"Punte: În 14 zile expiră certificatul pentru {name}"),
        (193, a, f"Punte: În 7 zile expiră certificatul pentru {name}"),
        (199, a, f"Punte: Mâine expiră certificatul pentru {name}"),
        (335, a, f"Punte: În 30 de zile e nevoie de PIN pentru {name}"),
        (351, a, f"Punte: În 14 zile e nevoie de PIN pentru {name}"),
        (358, a, f"Punte: În 7 zile e nevoie de PIN pentru {name}"),
        (364, a, f"Punte: Mâine e nevoie de PIN pentru {name}"),
        (375, a, f"Punte: Accesul la ANAF trebuie reînnoit pentru {name}"),
    ]
    assert [one for one in told if one[0] == 100] == [(100, m, f"Punte: Ați conectat {name} la ANAF")]
    assert {day for day, holder in serving.items() if holder == "Maria Contabil"} == set(range(375, 401))
    first.refresh_from_db()
    assert first.problem == Problem.DEAD
    assert [event.at.date() for event in Event.objects.filter(kind="serves")] == [
        (first.authorized_at + timedelta(days=375)).date()
    ]
    page = signed_in(ana).get("/integrari/certificate/").content.decode()
    assert "Cu acesta se trimite" in page
    assert "titularul trebuie să se reconecteze" in page
    assert "Se trimite cu rezerva" in signed_in(ana).get("/integrari/").content.decode()
