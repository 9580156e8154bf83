"""The client against the simulator, over TLS: written apart from the same facts, they must understand each other."""

import ssl
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from punte.anaf.documents import Documents, Validation
from punte.anaf.efactura import EFactura, Filter, MessageKind, Standard, State, buyer_message
from punte.anaf.efactura_register import EFacturaRegister
from punte.anaf.errors import AccessDenied, Blocked, ClockAhead, Declined, NotFound, RateLimited, Reauthorise
from punte.anaf.hosts import Hosts
from punte.anaf.keeping import Kept, living
from punte.anaf.oauth import Code, OAuth, authorize_url, hello, read_callback
from punte.anaf.package import open_package
from punte.anaf.registry import Registry
from punte.anaf.seal import SealForm, SealVerdict, verify
from punte.anafsim import Simulator

CALLBACK = "https://localhost/anaf/callback"
CIF, SRL, FOREIGN = "41287658", "19283749", "33451201"  # two of the certificate; of somebody else
VALID = Path(__file__).parents[1] / "data" / "ubl" / "vat-payer-21-and-11.xml"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Simulator]:
    """Processing takes an hour of the simulator's clock, which tests move."""
    directory = tmp_path_factory.mktemp("anafsim")
    simulator = Simulator(directory, processing=3600, listing_lag=60, judge=lambda _: [], callbacks=[CALLBACK])
    with simulator as running:
        yield running


@pytest.fixture
def sim(running) -> Simulator:
    with running.world.lock:
        running.world.begin_anew()
    return running


@pytest.fixture
def hosts(sim) -> Hosts:
    return Hosts(login=sim.login, api=sim.api, public=sim.public, environment="prod", ca_file=sim.ca_file)


@pytest.fixture
def browser(sim, tmp_path) -> Iterator[httpx2.Client]:
    """A person's browser with the certificate in it."""
    one = sim.certificate("ilinca")
    key, leaf, _ = pkcs12.load_key_and_certificates(one.p12.read_bytes(), one.password.encode())
    pem = tmp_path / "ilinca.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + leaf.public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(cafile=sim.ca_file)
    context.load_cert_chain(pem)
    with httpx2.Client(verify=context) as browser:
        yield browser


@pytest.fixture
def oauth(hosts, sim) -> OAuth:
    return OAuth(hosts, sim.client_id, sim.client_secret)


@pytest.fixture
def pair(sim, hosts, browser, oauth):
    address = authorize_url(hosts, client_id=sim.client_id, redirect_uri=CALLBACK, state="of the session")
    for _ in range(8):
        address = urljoin(address, browser.get(address).headers["location"])
        if address.startswith(CALLBACK):
            break
    came_back = read_callback(dict(parse_qsl(urlsplit(address).query)))
    assert came_back == Code(came_back.code, "of the session")
    return oauth.exchange(came_back.code, redirect_uri=CALLBACK)


@pytest.fixture
def spv(hosts, pair) -> Iterator[EFactura]:
    with EFactura(hosts, pair.access_token) as spv:
        yield spv


def _advance(sim: Simulator, seconds: float) -> None:
    httpx2.post(f"{sim.control}/clock", json={"advance": seconds}).raise_for_status()


def _now(sim: Simulator) -> datetime:
    return sim.world.clock.now().astimezone(UTC)


def _invoice(number: str = "CL-1") -> bytes:
    """The seller is the PFA of the certificate, the buyer a company that the simulator knows."""
    xml = VALID.read_bytes().replace(b"RO12345674", f"RO{CIF}".encode()).replace(b"RO23456783", f"RO{FOREIGN}".encode())
    return xml.replace(b"<cbc:ID>", f"<cbc:ID>{number}-".encode(), 1)


def test_the_road_of_one_invoice(sim, hosts, spv):
    xml = _invoice()
    receipt = spv.upload(xml, cif=CIF)
    assert receipt.refusals == ()
    assert spv.state(receipt.upload_index).state is State.PROCESSING
    _advance(sim, 3700)
    state = spv.state(receipt.upload_index)
    assert state.state is State.OK
    _advance(sim, 120)
    now = _now(sim)
    (listed,) = spv.messages(CIF, now - DAY, now, Filter.SENT, now=now)
    assert (listed.id, listed.upload_index, listed.kind) == (state.download_id, receipt.upload_index, MessageKind.SENT)
    assert listed.seller_cif == CIF
    assert spv.recent(CIF, 1).messages == (listed,)
    assert set(spv.companies(CIF, now - DAY, now - timedelta(minutes=1))) == {CIF, SRL}
    package = open_package(spv.download(listed.id))
    assert (package.upload_index, package.document) == (receipt.upload_index, xml)
    seal = verify(package.document, package.signature, trusted=[], at=now)
    assert (seal.verdict, seal.form) == (SealVerdict.UNKNOWN_SIGNER, SealForm.RAW)  # no Ministry's
    believed = verify(package.document, package.signature, trusted=[seal.fingerprint], at=listed.created_at)
    assert believed.verdict is SealVerdict.VALID
    with Documents(hosts) as documents:
        assert documents.validate_signature(package.document, package.signature).valid
        assert not documents.validate_signature(package.document + b" ", package.signature).valid


def test_the_same_invoice_twice_names_the_first(sim, spv):
    first = spv.upload(_invoice(), cif=CIF)
    second = spv.upload(_invoice(), cif=CIF)
    _advance(sim, 3700)
    state = spv.state(second.upload_index)
    assert state.state is State.NOK
    (line,) = open_package(spv.download(state.download_id)).errors
    assert line.duplicate_of == first.upload_index


def test_a_buyers_message_is_a_document_like_another(sim, spv):
    """From the PFA to the SRL, both of one certificate: the SRL answers, the PFA reads it."""
    receipt = spv.upload(_invoice().replace(f"RO{FOREIGN}".encode(), f"RO{SRL}".encode()), cif=CIF)
    _advance(sim, 3900)
    said = spv.upload(buyer_message(receipt.upload_index, "mulțumim"), cif=SRL, standard=Standard.RASP)
    _advance(sim, 3900)
    now = _now(sim)
    (read,) = spv.messages(CIF, now - DAY, now, Filter.BUYER_MESSAGES, now=now)
    assert read.kind is MessageKind.BUYER_MESSAGE_RECEIVED
    assert "mulțumim".encode() in open_package(spv.download(read.id)).document
    (sent,) = spv.messages(SRL, now - DAY, now, Filter.BUYER_MESSAGES, now=now)
    assert (sent.kind, sent.upload_index) == (MessageKind.BUYER_MESSAGE_SENT, said.upload_index)


def test_an_access_token_that_anaf_refuses_is_refreshed_once(hosts, oauth, pair):
    class Store:
        kept = Kept.of(pair)

        def alone(self):
            return nullcontext()

        def read(self):
            return self.kept

        def write(self, kept):
            self.kept = kept

    store = Store()
    kept = living(store, oauth, datetime.now(UTC), refused=pair.access_token)
    assert kept.access_token != pair.access_token
    assert kept == store.kept
    assert hello(hosts, kept.access_token)
    assert not hello(hosts, "no.such.token")
    with pytest.raises(Reauthorise):
        oauth.refresh("no such token")


def test_what_anaf_refuses_is_told_by_what_to_do_next(sim, spv):
    assert spv.upload(b"<Invoice1/>", cif=CIF).refusals[0].endswith("'Invoice1'. ")
    assert spv.upload(b"", cif=CIF).refusals == ("Trebuie sa aveti atasat in request un fisier de tip xml",)
    assert "sunt UBL, CN, CII sau RASP" in spv.upload(_invoice(), cif=CIF, standard="XX").refusals[0]
    assert "executari silite" in spv.upload(_invoice(), cif=CIF, executare=True).refusals[0]
    with pytest.raises(AccessDenied) as denied:
        spv.upload(_invoice(), cif=FOREIGN)
    assert denied.value.cif == FOREIGN
    for index, error in (("99", NotFound), ("aaa", Declined)):
        with pytest.raises(error):
            spv.state(index)
        with pytest.raises(error):
            spv.download(index)
    for days in (0, 61):
        with pytest.raises(Declined, match="intre 1 si 60"):
            spv.recent(CIF, days)


def test_ten_downloads_are_the_limit_of_the_day(sim, spv):
    receipt = spv.upload(_invoice(), cif=CIF)
    _advance(sim, 3700)
    download_id = spv.state(receipt.upload_index).download_id
    for _ in range(10):
        spv.download(download_id)
    with pytest.raises(RateLimited, match="in cursul zilei"):
        spv.download(download_id)


def test_a_clock_ahead_of_anafs_finds_its_messages_all_the_same(sim, spv):
    receipt = spv.upload(_invoice(), cif=CIF)
    _advance(sim, 3900)
    ours = _now(sim) + timedelta(minutes=10)  # this machine's clock, badly set
    assert [message.upload_index for message in spv.messages(CIF, ours - DAY, ours, now=ours)] == [receipt.upload_index]
    with pytest.raises(ClockAhead) as ahead:
        spv.messages_page(CIF, ours - DAY, ours)
    assert abs(ahead.value.anaf_now - _now(sim)) < timedelta(seconds=10)


def test_a_document_is_validated_and_printed(hosts, pair):
    with Documents(hosts) as public, Documents(hosts, pair.access_token) as gateway:
        broken = public.validate(_invoice()[:-20], Standard.UBL)
        assert not broken.ok
        assert broken.errors[0].text.startswith("Fisierul transmis nu este valid. org.xml.sax.SAXParseException")
        assert public.validate(_invoice()).errors == gateway.validate(_invoice()).errors
        assert public.transform(_invoice(), validated=False).startswith(b"%PDF")
        too_big = public.transform(_invoice() + b" " * 5 * 2**20)
        assert isinstance(too_big, Validation)
        assert too_big.errors[0].text == "Marime fisier transmis mai mare de 5 MB."


def test_the_firewall_is_met_and_passed_by_another_road(hosts, pair):
    tricky = _invoice().replace(b"<cbc:Note>", b"<cbc:Note>;rm -rf ", 1).replace(b"<cbc:Name>", b"<cbc:Name>;rm ", 1)
    located = _invoice().replace(b"<Invoice ", b'<Invoice xmlns:xsi="u:x" xsi:schemaLocation="u ../../a.xsd" ', 1)
    with Documents(hosts) as public, Documents(hosts, pair.access_token) as gateway:
        with pytest.raises(Blocked) as blocked:
            public.transform(tricky, validated=False)
        assert blocked.value.support_id
        assert gateway.transform(tricky, validated=False).startswith(b"%PDF")
        assert public.transform(located, validated=False).startswith(b"%PDF")  # what it dislikes did not leave


def test_the_registers_answer(hosts):
    today = date(2026, 11, 22)
    registry = Registry(hosts)
    found = registry.lookup([CIF, f"RO{FOREIGN}", "80"], today)
    assert set(found) == {CIF, FOREIGN}
    assert found[CIF].registered
    assert EFacturaRegister(hosts).lookup(["80"], today) == {}
