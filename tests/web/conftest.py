"""The people of every test: Ana owns the firm, Bogdan is her colleague and only reads, Carmen is a stranger with a firm
of her own. Table: `people["ana"]` … `people["nobody"]` are browsers, signed in as their name says.
"""

from __future__ import annotations

import pytest
from django.test import Client

from punte.web.accounts.models import User
from punte.web.firms.models import Firm, Role

PASSWORD = "peste-punte-2026"


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """No `collectstatic` before a test: the manifest of names with hashes belongs to an installation."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def ana(db) -> User:
    return User.objects.create_user("ana@arcada.example", PASSWORD, name="Ana Moldovan")


@pytest.fixture
def bogdan(db) -> User:
    return User.objects.create_user("bogdan@arcada.example", PASSWORD, name="Bogdan Pop")


@pytest.fixture
def carmen(db) -> User:
    return User.objects.create_user("carmen@malul-drept.example", PASSWORD, name="Carmen Ilie")


@pytest.fixture
def firm(ana, bogdan) -> Firm:
    """Ana's: a company registered for VAT."""
    firm = Firm.objects.create(
        cui="19283749",
        name="Arcada Studio SRL",
        trade_register_number="J12/2210/2006",
        street="Str. Podului 12",
        city="Cluj-Napoca",
        county="RO-CJ",
        post_code="400098",
        vat_registered=True,
        iban="RO49AAAA1B31007593840000",
        bank="Banca Exemplu",
        email="facturi@arcada.example",
    )
    firm.memberships.create(user=ana, role=Role.OWNER)
    firm.memberships.create(user=bogdan, role=Role.VIEWER)
    return firm


@pytest.fixture
def carmens_firm(carmen) -> Firm:
    """Carmen's, in Bucharest, not registered for VAT: nobody of Ana's firm may see it."""
    firm = Firm.objects.create(
        cui="27651035", name="Asociația Malul Drept", street="Str. Gării 3", city="SECTOR3", county="RO-B"
    )
    firm.memberships.create(user=carmen, role=Role.OWNER)
    return firm


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def people(ana, bogdan, carmen, firm, carmens_firm) -> dict[str, Client]:
    """A browser for each person, and one of nobody."""
    return {
        "ana": signed_in(ana),
        "bogdan": signed_in(bogdan),
        "carmen": signed_in(carmen),
        "nobody": Client(),
    }
