"""A product that sells plans: an operator with an account to be paid into."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from punte.web.firms.models import Firm

from ..invoices.conftest import bakery, draft  # noqa: F401 - fixtures

FOUNDED = datetime(2026, 11, 10, 9, tzinfo=UTC)  # the 30 days of the trial: 10 November to 9 December 2026
OPERATOR = {
    "name": "Puntea Noastră SRL",
    "cui": "33174208",
    "vat": True,
    "address": "Str. Malului 1, Cluj-Napoca",
    "iban": "RO49AAAA1B31007593840000",
    "bank": "Banca Exemplu",
    "email": "operator@punte.example",
}


@pytest.fixture
def plans(settings) -> None:
    settings.PLANS = True
    settings.PLANS_FILE = ""
    settings.OPERATOR = OPERATOR
    settings.BASE_URL = "https://punte.example"


@pytest.fixture
def founded(plans, firm: Firm) -> Firm:
    """Ana's firm, since 10 November 2026."""
    Firm.objects.filter(pk=firm.pk).update(created_at=FOUNDED)
    firm.refresh_from_db()
    return firm


@pytest.fixture
def on_trial(plans, firm: Firm) -> Firm:
    """Ana's firm, founded today."""
    return firm


@pytest.fixture
def trial_over(plans, firm: Firm) -> Firm:
    """Ana's firm, founded 40 days ago."""
    Firm.objects.filter(pk=firm.pk).update(created_at=timezone.now() - timedelta(days=40))
    firm.refresh_from_db()
    return firm


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
