"""The people of every test: Ana owns the firm, Bogdan is her colleague and only reads, Carmen is a stranger with a firm
of her own. Table: `people["ana"]` … `people["nobody"]` are browsers, signed in as their name says.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from django.core.cache import cache
from django.test import Client

from punte.anafsim import Simulator
from punte.web.accounts.models import User
from punte.web.config.anaf import hosts
from punte.web.firms.models import Firm, Role

PASSWORD = "peste-punte-2026"
BASE_URL = "https://punte.example"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Firms have the same keys in every test."""
    cache.clear()


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


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the simulator keeps its certificates: made once, for they take a second."""
    return tmp_path_factory.mktemp("anafsim")


@pytest.fixture
def anaf(authority: Path, settings) -> Iterator[Simulator]:
    """An ANAF over TLS on free ports of 127.0.0.1, and the product's settings pointed at it."""
    with Simulator(
        authority, processing=0.0, listing_lag=0.0, callbacks=[f"{BASE_URL}/integrari/anaf/intoarcere/"]
    ) as running:
        settings.BASE_URL = BASE_URL
        settings.ANAF = "custom"
        settings.ANAF_LOGIN, settings.ANAF_API, settings.ANAF_PUBLIC = running.login, running.api, running.public
        settings.ANAF_ENVIRONMENT = "test"
        settings.ANAF_CA_FILE = str(running.ca_file)
        settings.ANAF_CLIENT_ID, settings.ANAF_CLIENT_SECRET = running.client_id, running.client_secret
        hosts.cache_clear()
        yield running
        hosts.cache_clear()


class Traveller:
    """A person's two faces: the browser that speaks to us, and the one that shows ANAF a certificate over TLS."""

    def __init__(self, browser: Client, anaf: Simulator, pem: Path) -> None:
        self.browser = browser
        self.anaf = anaf
        self._pem = pem

    def agree(self) -> str:
        """Through our consent; the address at ANAF."""
        answer = self.browser.post("/integrari/conectare/", {"agreed": "on"})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def at_anaf(self, address: str, certificate: str) -> str:
        """With the demo certificate of that name; the path and query of our callback."""
        one = self.anaf.certificate(certificate)
        key, leaf, _ = pkcs12.load_key_and_certificates(one.p12.read_bytes(), one.password.encode())
        assert key
        assert leaf
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._pem.write_bytes(plain + leaf.public_bytes(Encoding.PEM))
        context = ssl.create_default_context(cafile=str(self.anaf.ca_file))
        context.load_cert_chain(self._pem)
        with httpx2.Client(verify=context, timeout=5) as http:
            answer = http.get(address)
            while not answer.headers.get("location", "").startswith(BASE_URL):
                answer = http.get(str(answer.url.join(answer.headers["location"])))
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"

    def cross(self, certificate: str = "ilinca") -> str:
        """The whole walk; the address we end at."""
        answer = self.browser.get(self.at_anaf(self.agree(), certificate))
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])


@pytest.fixture
def traveller(people: dict[str, Client], anaf: Simulator, tmp_path: Path) -> Traveller:
    """Ana, on her way to ANAF."""
    return Traveller(people["ana"], anaf, tmp_path / "certificate.pem")
