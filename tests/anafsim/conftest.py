"""A simulator on free ports, and a visitor who speaks to it over real TLS."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from punte.anafsim import Simulator

CALLBACK = "https://localhost/anaf/callback"
PFA, SRL, CLIENT, STRANGER = "41287658", "19283749", "33451201", "21990350"

INVOICE = """<?xml version='1.0' encoding='UTF-8'?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-11-22</cbc:IssueDate>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyLegalEntity><cbc:RegistrationName>Vânzător</cbc:RegistrationName>
      <cbc:CompanyID>{seller}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PartyTaxScheme><cbc:CompanyID>RO{buyer}</cbc:CompanyID></cac:PartyTaxScheme></cac:Party>
  </cac:AccountingCustomerParty>
</Invoice>
"""


def invoice(number: str = "EX-1", seller: str = PFA, buyer: str = CLIENT) -> bytes:
    return INVOICE.format(number=number, seller=seller, buyer=buyer).encode()


def valid(number: str = "EX-1") -> bytes:
    """An invoice of the SRL to which the rules have nothing to say."""
    xml = (Path(__file__).parents[1] / "data" / "ubl" / "examples" / "minimal-invoice.xml").read_bytes()
    for its, ours in ((b"RO12345674", f"RO{SRL}"), (b"RO23456783", f"RO{CLIENT}"), (b"EX 0001", number)):
        assert its in xml
        xml = xml.replace(its, ours.encode())
    return xml


class Visitor:
    """A person with a demo certificate, or without one, and the application that acts for her."""

    def __init__(self, sim: Simulator, certificate: str | None = None, pem: Path | None = None) -> None:
        self.sim = sim
        context = ssl.create_default_context(cafile=str(sim.ca_file))
        if certificate and pem:
            one = sim.certificate(certificate)
            key, leaf, _ = pkcs12.load_key_and_certificates(one.p12.read_bytes(), one.password.encode())
            assert key
            assert leaf
            plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            pem.write_bytes(plain + leaf.public_bytes(Encoding.PEM))
            context.load_cert_chain(pem)
        self.http = httpx2.Client(verify=context, timeout=5)
        self.bearer = self.refresh_token = ""

    def authorize(self, door: str | None = None, **changes: str) -> httpx2.Response:
        """From authorize to the callback, or to the page that stands in the way."""
        query = {
            "response_type": "code",
            "client_id": self.sim.client_id,
            "redirect_uri": CALLBACK,
            "token_content_type": "jwt",
            "state": "abc",
        } | changes
        base = door or self.sim.login
        return self.led(self.http.get(f"{base}/anaf-oauth2/v1/authorize", params=query))

    def led(self, answer: httpx2.Response) -> httpx2.Response:
        """Where the redirects on this host lead; a browser gives up after twenty."""
        for _ in range(20):
            if not answer.headers.get("location", "").startswith("/"):
                break
            answer = self.http.get(str(answer.url.join(answer.headers["location"])))
        return answer

    def token(self, **form: str) -> httpx2.Response:
        return self.http.post(
            f"{self.sim.login}/anaf-oauth2/v1/token", data=form, auth=(self.sim.client_id, self.sim.client_secret)
        )

    def exchange(self, code: str, **changes: str) -> httpx2.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "token_content_type": "jwt",
        }
        return self.token(**(form | changes))

    def connect(self) -> dict[str, Any]:
        answer = self.exchange(came_back(self.authorize())["code"])
        self.bearer, self.refresh_token = answer.json()["access_token"], answer.json()["refresh_token"]
        return dict(answer.json())

    def get(self, operation: str, **query: str) -> httpx2.Response:
        return self.http.get(f"{self.sim.api}/test/FCTEL/rest/{operation}", params=query, headers=self.headers)

    def upload(self, xml: bytes, **query: str) -> httpx2.Response:
        query = {"standard": "UBL", "cif": PFA} | query
        url = f"{self.sim.api}/test/FCTEL/rest/upload"
        return self.http.post(url, params=query, content=xml, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}", "Content-Type": "text/plain"}

    def control(self, method: str, path: str, json: Any = None) -> Any:
        answer = self.http.request(method, self.sim.control + path, json=json)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def advance(self, seconds: float) -> None:
        self.control("POST", "/clock", {"advance": seconds})


def came_back(answer: httpx2.Response) -> dict[str, str]:
    """What the application hears at its callback."""
    assert answer.status_code == 302, answer.text
    location = urlsplit(answer.headers["location"])
    assert location._replace(query="").geturl() == CALLBACK
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def accept_all(_xml: bytes) -> list[str]:
    return []


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Processing takes an hour of the simulator's clock, which tests move: no test waits for it."""
    directory = tmp_path_factory.mktemp("anafsim")
    with Simulator(directory, processing=3600, listing_lag=60, judge=accept_all, callbacks=[CALLBACK]) as running:
        yield running


@pytest.fixture
def sim(running: Simulator) -> Simulator:
    with running.world.lock:
        running.world.begin_anew()
    return running


@pytest.fixture
def visit(sim: Simulator, tmp_path: Path) -> Iterator[Callable[..., Visitor]]:
    """Calls make a visitor with the demo certificate of that name, or without one."""
    visitors: list[Visitor] = []

    def arrive(certificate: str | None = None) -> Visitor:
        visitors.append(Visitor(sim, certificate, tmp_path / f"{certificate}.pem"))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.http.close()


@pytest.fixture
def ilinca(visit: Callable[..., Visitor]) -> Visitor:
    """Enrolled, with rights on the PFA and the SRL, connected."""
    visitor = visit("ilinca")
    visitor.connect()
    return visitor
