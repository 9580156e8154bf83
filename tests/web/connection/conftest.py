"""Time that can be moved, for us and for ANAF alike; and a guest with a link."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from punte.anaf import channel
from punte.anafsim import Simulator

from ..conftest import Traveller


@pytest.fixture
def now() -> datetime:
    return timezone.now()


class Time:
    """The real time plus `offset`: what Django, our client of ANAF and the simulator take for the present."""

    def __init__(self, anaf: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offset = timedelta(0)
        self._anaf = anaf
        time = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + time.offset

        monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + self.offset)
        monkeypatch.setattr(channel, "datetime", Moved)

    def forward(self, **delta: float) -> datetime:
        """The new present."""
        self.offset += timedelta(**delta)
        with self._anaf.world.lock:
            self._anaf.world.clock.advance(timedelta(**delta).total_seconds())
        return timezone.now()


@pytest.fixture
def time(anaf: Simulator, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(anaf, monkeypatch)


GUEST = {"name": "Maria Contabil", "email": "maria@cabinet.example", "agreed": "on"}


@pytest.fixture
def second(anaf, firm) -> str:
    """Another person's certificate that has the right on Ana's firm: its name."""
    anaf.world.rights[anaf.certificate("fara-drept").serial].add(firm.cui)
    return "fara-drept"


@pytest.fixture
def link(people, anaf) -> Callable[[], str]:
    """A new link of Ana's firm: its path."""

    def make(email: str = "") -> str:
        page = people["ana"].post("/integrari/contabil/", {"email": email}).content.decode()
        return re.search(r'value="https://punte\.example(/integrari/invitatie/[^"]+/)"', page)[1]

    return make


class Guest(Traveller):
    """Somebody without an account."""

    def agree_by(self, link: str) -> str:
        answer = self.browser.post(link, GUEST)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def cross_by(self, link: str, certificate: str) -> str:
        return str(self.browser.get(self.at_anaf(self.agree_by(link), certificate))["Location"])


@pytest.fixture
def guest(anaf: Simulator, tmp_path: Path) -> Guest:
    return Guest(Client(), anaf, tmp_path / "guest.pem")
