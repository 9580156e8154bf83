"""The simulator says every recorded answer, over HTTP: XML, HTML and text to the byte, JSON to the key, order and type.

What is made up in a sample, because nobody recorded it, is taken from the answer before the two are compared.
"""

import io
import json
import re
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from punte.anafsim import Simulator, firewall, jwt
from punte.anafsim.clock import ROMANIA, Clock
from punte.anafsim.document import Document
from punte.anafsim.seal import seal

from .conftest import CALLBACK, CLIENT, Visitor, came_back, invoice

WIRE = Path(__file__).parents[1] / "data" / "wire"
SERIAL, COMPANY, SUPPLIER, PERSON = "2210701e50c90f3a", "8000000000", "7000000000", "1000000000001"
DAYS_AGO = "21-11-2026 10:48:20"


class Stage:
    """A simulator with the company, the certificate and the numbers of the samples, and a clock that stands still."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.world = visitor, visitor.sim.world
        world = self.world
        world.companies = world.companies | {
            cui: replace(
                world.companies[CLIENT], cui=cui, name="EXEMPLU SRL", trade_register="J40/1/2020", caen="6201",
                registered="2020-01-02", street="Str. Exemplului", number="1", postcode="030000", vat_from="2020-02-01",
            )
            for cui in (COMPANY, SUPPLIER)
        }  # fmt: skip
        world.rights[SERIAL] = {COMPANY}
        world.settings.processing = world.settings.listing_lag = 0.0
        self.at("22-11-2026 10:15:01")

    def at(self, moment: str) -> None:
        """The clock stands at this moment of Romanian time; the token is young again."""
        stopped = datetime.strptime(moment, "%d-%m-%Y %H:%M:%S").replace(tzinfo=ROMANIA).astimezone(UTC)

        class Stopped(Clock):
            def now(self) -> datetime:
                return stopped

        self.world.clock = Stopped()
        holder = replace(self.world.authority.certificates[0], serial=SERIAL)
        self.visitor.bearer = jwt.issue(holder, self.visitor.sim.client_id, self.world.authority, stopped)

    def numbers(self, index: int, download: int = 3001474425) -> None:
        """The next upload, and the next entry of a mailbox, get these numbers."""
        self.world.environments["test"]._next_index = index
        self.world.environments["test"]._next_download = download

    def upload(self, xml: bytes | None = None, **query: str) -> httpx2.Response:
        xml = xml or invoice(seller=COMPANY, buyer="3")
        query = {"cif": COMPANY, "extern": "DA"} | query
        return self.visitor.upload(xml, **{name: value for name, value in query.items() if value})

    def file(self, moment: str, index: int, download: int, seller: str, buyer: str, **query: str) -> None:
        """An upload of that minute, settled at once; `number` NOK is not valid."""
        self.at(f"22-11-2026 {moment}:00")
        self.numbers(index, download)
        xml = invoice(query.pop("number", f"EX-{index}"), seller=seller, buyer=buyer)
        with self.holding(COMPANY, SUPPLIER):
            assert 'ExecutionStatus="0"' in self.upload(xml, **({"cif": seller} | query)).text
        with self.world.lock:
            self.world.settle()

    def holding(self, *cifs: str) -> Any:
        rights = self.world.rights

        class Held:
            def __enter__(self) -> None:
                self.before, rights[SERIAL] = rights[SERIAL], set(cifs)

            def __exit__(self, *_: object) -> None:
                rights[SERIAL] = self.before

        return Held()

    def set(self, **settings: Any) -> None:
        self.visitor.control("POST", "/settings", settings)

    def fault(self, operation: str, **fault: Any) -> None:
        self.visitor.control("POST", "/faults", {"kind": "technical", "operation": operation} | fault)

    def post(self, path: str, **request: Any) -> httpx2.Response:
        return self.visitor.http.post(f"{self.visitor.sim.public}/{path}", **request)

    def simple(self, **query: str) -> httpx2.Response:
        return self.visitor.get("listaMesajeFactura", **({"zile": "1", "cif": COMPANY} | query))

    def pages(self, start: str = DAYS_AGO, end: str = "22-11-2026 09:00:00", **query: str) -> httpx2.Response:
        values = {"startTime": milliseconds(start), "endTime": milliseconds(end), "cif": COMPANY, "pagina": "1"}
        return self.visitor.get("listaMesajePaginatieFactura", **(values | query))

    def mailbox(self) -> None:
        """The three entries of `lista-paginated.json`, with which `lista-simple.json` begins."""
        self.world.judge = lambda xml: ["wrong"] if b"NOK" in xml else []
        self.file("10:18", 5001131297, 3001474425, COMPANY, "3")
        self.file("10:21", 5001131298, 3001474426, COMPANY, "3", number="NOK-1")
        self.file("11:03", 5001140001, 3001480000, SUPPLIER, COMPANY, extern="")

    def self_billed(self) -> None:
        """The two with which `lista-simple.json` ends."""
        self.file("11:40", 5001150001, 3001490001, SUPPLIER, COMPANY, cif=COMPANY, autofactura="DA", extern="")
        self.file(
            "11:41", 5001150002, 3001490002, SUPPLIER, COMPANY, cif=COMPANY, autofactura="DA", extern="", number="NOK-2"
        )

    def rejected(self, texts: list[str]) -> bytes:
        """The error file, out of its ZIP."""
        self.world.judge = lambda _xml: texts
        self.upload()
        return self.content("3001474425")

    def content(self, download: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(self.visitor.get("descarcare", id=download).content)) as package:
            return package.read(package.namelist()[0])

    def many(self, count: int) -> None:
        for n in range(count):
            self.register(number=str(n))
        self.world.settle()

    def register(self, *, number: str = "1", cif: str = COMPANY, xml: bytes = b"<x/>") -> None:
        """An upload of nobody's, behind the gateway."""
        spv = self.world.environments["test"]
        document = Document(seller=cif, number=number)
        spv.register(
            cif=cif, serial="1", standard="UBL", external=True, self_billed=False, xml=xml, document=document,
            now=self.world.clock.now(), processing=timedelta(0),
        )  # fmt: skip


def milliseconds(moment: str) -> str:
    return str(int(datetime.strptime(moment, "%d-%m-%Y %H:%M:%S").replace(tzinfo=ROMANIA).timestamp() * 1000))


@pytest.fixture
def stage(visit: Callable[..., Visitor]) -> Iterator[Stage]:
    visitor = visit()
    companies = visitor.sim.world.companies
    stage = Stage(visitor)
    stage.numbers(5001131297)
    yield stage
    visitor.sim.world.companies = companies


Said = httpx2.Response | bytes


def with_no_rights(stage: Stage, ask: Callable[[], Said]) -> Said:
    with stage.holding():
        return ask()


def with_right_on(stage: Stage, cif: str, ask: Callable[[], Said]) -> Said:
    with stage.holding(cif):
        return ask()


def after(ask: Callable[[], Said], *steps: object) -> Said:
    """`ask`, once the steps beside it have been taken: they are arguments, so they were."""
    return ask()


QUESTION = (WIRE / "tva-v9-request.json").read_bytes()
INVOICE = (WIRE / "5001131297.xml").read_bytes()
#: a wrong root whose start tag ends where the sample says: line 15, column 155
LINE_15 = b"<?xml version='1.0'?>" + b"\n" * 14 + b"<Invoice1 a='" + b"x" * (154 - len("<Invoice1 a=''/>")) + b"'/>"
CII = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>"""


def state(stage: Stage, index: str) -> httpx2.Response:
    return stage.visitor.get("stareMesaj", id_incarcare=index)


def download(stage: Stage, number: str) -> httpx2.Response:
    return stage.visitor.get("descarcare", id=number)


def rasp(stage: Stage) -> bytes:
    """The buyer's message comes back out of the ZIP as it went in."""
    stage.numbers(5001160001, 3001500001)
    answer = stage.upload((WIRE / "rasp.xml").read_bytes(), standard="RASP", extern="")
    assert 'ExecutionStatus="0"' in answer.text
    return stage.content("3001500001")


def buyers_messages(stage: Stage) -> None:
    """One to our company, as the seller; then one from it, as the buyer."""
    stage.file("10:00", 5001100000, 3001400000, COMPANY, SUPPLIER, extern="")
    stage.file("10:01", 5001100002, 3001400002, SUPPLIER, COMPANY, extern="")
    words = '<header xmlns="mfp:anaf:dgti:spv:reqMesaj:v1" index_incarcare="{}" message="m"/>'
    for moment, index, entry, about, cif in (
        (
            "12:05",
            5001160001,
            3001500000,
            5001100000,
            SUPPLIER,
        ),  # the first entry is the sender's, the next the seller's
        ("12:06", 5001160002, 3001500002, 5001100002, COMPANY),
    ):
        stage.at(f"22-11-2026 {moment}:00")
        stage.numbers(index, entry)
        with stage.holding(cif):
            stage.upload(words.format(about).encode(), standard="RASP", cif=cif, extern="")
            state(stage, str(index))


def texts(name: str) -> list[str]:
    """The messages of a recorded error file."""
    return [text.replace("&#xA;", "\n") for text in re.findall(r'errorMessage="([^"]*)"', (WIRE / name).read_text())]


def validated(stage: Stage, name: str, buyer: str = CLIENT) -> httpx2.Response:
    """validare of a document on which the judge says what the sample does; the identity layer speaks for itself."""
    said = [one["message"] for one in json.loads((WIRE / name).read_text())["Messages"]]
    old = re.compile(r"E: validari globale  SCHEMATRON   eroare: (\[(.*)\].*)")
    judged = [
        old.sub(r"tipAssert=FailedAssert; codEroare=\2; localizareEroare=/; textEroare=\1; expresieValidata=x", text)
        for text in said
        if "ERRIdentif" not in text
    ]
    stage.world.judge = lambda _xml: judged
    return stage.post("prod/FCTEL/rest/validare/FACT1", content=invoice(buyer=buyer))


def checked(stage: Stage, document: bytes, signature: bytes) -> httpx2.Response:
    files = {"file": ("a.xml", document), "signature": ("b.xml", signature)}
    return stage.post("api/validate/signature", files=files)


def register(stage: Stage, cui: int | None = None) -> httpx2.Response:
    question = QUESTION if cui is None else json.dumps([{"cui": cui, "data": "2026-11-22"}]).encode()
    return stage.post("api/PlatitorTvaRest/v9/tva", content=question)


def registru(stage: Stage, cui: int) -> httpx2.Response:
    return stage.post("api/registruroefactura/v1/interogare", json=[{"cui": cui, "data": "2026-11-22"}])


SAMPLES: dict[str, Callable[[Stage], Said]] = {
    # upload
    "upload-ok.xml": lambda s: s.upload(),
    "upload-rejected.xml": lambda s: s.upload(LINE_15),
    "upload-rejected-no-right.xml": lambda s: s.upload(cif="1234"),
    "upload-rejected-no-rights-at-all.xml": lambda s: with_no_rights(s, s.upload),
    "upload-rejected-cif.xml": lambda s: s.upload(cif="123a"),
    "upload-rejected-standard.xml": lambda s: s.upload(standard="EDI"),
    "upload-rejected-extern.xml": lambda s: s.upload(extern="NU"),
    "upload-rejected-autofactura.xml": lambda s: s.upload(autofactura="NU"),
    "upload-rejected-executare.xml": lambda s: s.upload(executare="NU"),
    "upload-rejected-executare-registru.xml": lambda s: with_right_on(
        s, "1234", lambda: s.upload(cif="1234", executare="DA")
    ),
    "upload-rejected-size.xml": lambda s: s.upload(b" " * (10 * 1024 * 1024 + 1)),
    "upload-rejected-rasp-limit.xml": lambda s: with_right_on(
        s,
        "1234",
        lambda: after(
            lambda: s.upload((WIRE / "rasp.xml").read_bytes(), standard="RASP", cif="1234", extern=""),
            [s.world.budgets.take(("RASP", "1234"), 1000, s.world.clock.now()) for _ in range(1000)],
        ),
    ),
    "upload-technical.xml": lambda s: after(s.upload, s.fault("upload", code="1814")),
    "upload-400-no-body.json": lambda s: s.visitor.upload(b"", cif=COMPANY),
    "upload-400-params.json": lambda s: s.visitor.upload(invoice(), cif=""),
    # state
    "stare-ok.xml": lambda s: after(lambda: state(s, "5001131297"), s.upload()),
    "stare-nok.xml": lambda s: after(
        lambda: state(s, "5001131297"),
        setattr(s.world, "judge", lambda _xml: ["wrong"]),
        s.numbers(5001131297, 3001474426),
        s.upload(),
    ),
    "stare-in-prelucrare.xml": lambda s: after(lambda: state(s, "5001131297"), s.set(processing=60), s.upload()),
    "stare-xml-erori.xml": lambda s: after(
        lambda: state(s, "5001131297"), s.upload(CII.encode(), standard="CII")
    ),
    "stare-errors.xml": lambda s: state(s, "15000"),
    "stare-errors-no-right.xml": lambda s: after(
        lambda: state(s, "18"), s.numbers(18), s.register(cif=SUPPLIER)
    ),
    "stare-errors-no-rights-at-all.xml": lambda s: with_no_rights(s, lambda: state(s, "18")),
    "stare-errors-not-int.xml": lambda s: state(s, "aaa"),
    "stare-errors-limit.xml": lambda s: after(
        lambda: state(s, "5001131297"), s.set(limit_state=20), s.upload(), [state(s, "5001131297") for _ in range(20)]
    ),
    "stare-errors-technical.xml": lambda s: after(lambda: state(s, "1"), s.fault("stareMesaj", code="4003")),
    "stare-400.json": lambda s: s.visitor.get("stareMesaj"),
    # lists
    "lista-simple.json": lambda s: after(
        s.simple, s.mailbox(), s.self_billed(), s.world.rights[SERIAL].add(PERSON)
    ),
    "lista-paginated.json": lambda s: after(
        lambda: s.pages(DAYS_AGO, "22-11-2026 11:49:24"), s.mailbox(), s.at("22-11-2026 11:50:00")
    ),
    "lista-self-sale.json": lambda s: after(
        s.simple, s.file("12:10", 5001170001, 3001510001, COMPANY, COMPANY, extern="")
    ),
    "lista-buyer-messages.json": lambda s: after(lambda: s.simple(filtru="R"), buyers_messages(s)),
    "lista-empty.json": lambda s: s.simple(zile="15"),
    "lista-paginated-empty.json": lambda s: s.pages(),
    "lista-500-limit.json": lambda s: after(s.simple, s.many(501)),
    "lista-no-right.json": lambda s: with_right_on(s, "1234", s.simple),
    "lista-no-rights-at-all.json": lambda s: with_no_rights(s, s.simple),
    "lista-days-not-int.json": lambda s: s.simple(zile="aaa"),
    "lista-days-range.json": lambda s: s.simple(zile="61"),
    "lista-cif-simple.json": lambda s: s.simple(cif="aaa"),
    "lista-cif-paginated.json": lambda s: s.pages(cif="aaa"),
    "lista-starttime-bad.json": lambda s: s.pages(startTime="aaa"),
    "lista-starttime-old.json": lambda s: after(
        lambda: s.pages("09-07-2022 10:41:11", "10-09-2022 10:00:00"), s.at("10-09-2022 11:00:00")
    ),
    "lista-endtime-before.json": lambda s: after(
        lambda: s.pages("06-09-2022 09:48:20", "09-08-2022 10:41:11"), s.at("10-09-2022 11:00:00")
    ),
    "lista-endtime-future.json": lambda s: after(
        lambda: s.pages("29-07-2026 15:15:28", "30-07-2026 15:15:28"), s.at("30-07-2026 15:15:27")
    ),
    "lista-endtime-future-doc.json": lambda s: after(
        lambda: s.pages("02-11-2022 11:49:24", "02-12-2022 11:49:24"),
        s.set(as_in_papers=True),
        s.at("02-11-2022 12:00:00"),
    ),
    "lista-page-too-big.json": lambda s: after(
        lambda: s.pages(end="22-11-2026 10:15:01", pagina="50"), s.many(28 * 500 + 1)
    ),
    "lista-filter-bad.json": lambda s: s.simple(filtru="X"),
    "lista-limit.json": lambda s: after(
        s.simple,
        s.set(limit_list=1000),
        [s.world.budgets.take(("listaMesajeFactura", COMPANY), 1000, s.world.clock.now()) for _ in range(1000)],
    ),
    "lista-technical.json": lambda s: after(s.simple, s.fault("listaMesajeFactura", code="4003")),
    "lista-400-simple.json": lambda s: s.visitor.get("listaMesajeFactura", cif=COMPANY),
    "lista-400-paginated.json": lambda s: s.visitor.get("listaMesajePaginatieFactura", cif=COMPANY),
    # download
    "descarcare-ok.zip": lambda s: after(lambda: download(s, "3001474425"), s.register(xml=INVOICE)),
    "5001131297.xml": lambda s: after(lambda: s.content("3001474425"), s.register(xml=INVOICE)),
    "descarcare-expired.json": lambda s: after(
        lambda: download(s, "3001474425"), s.upload(), state(s, "5001131297"), s.at("22-01-2027 10:15:01")
    ),
    "descarcare-limit.json": lambda s: after(
        lambda: download(s, "3001474425"), s.set(as_in_papers=True), s.upload(),
        [download(s, "3001474425") for _ in range(10)],
    ),
    "descarcare-limit-live.json": lambda s: after(
        lambda: download(s, "3001474425"), s.upload(), [download(s, "3001474425") for _ in range(10)]
    ),
    "descarcare-no-right.json": lambda s: after(
        lambda: with_right_on(s, "1234", lambda: download(s, "3001474425")), s.upload(), state(s, "5001131297")
    ),
    "descarcare-unknown.json": lambda s: download(s, "21"),
    "descarcare-not-int.json": lambda s: download(s, "123a"),
    "descarcare-400.json": lambda s: s.visitor.get("descarcare"),
    "rasp.xml": lambda s: after(lambda: rasp(s), s.mailbox()),
    "nok-errors-file.xml": lambda s: after(
        lambda: s.rejected(texts("nok-errors-file.xml")), s.numbers(5001131298)
    ),
    "nok-errors-file-structured.xml": lambda s: after(
        lambda: s.rejected(texts("nok-errors-file-structured.xml")), s.numbers(5001131299)
    ),
    "nok-duplicate.xml": lambda s: after(
        lambda: s.content("3001474999"),
        s.upload(), state(s, "5001131297"), s.numbers(5001131300, 3001474999), s.upload(),
    ),
    # the gateway
    "unauthorized-401.json": lambda s: after(s.simple, setattr(s.visitor, "bearer", "nothing")),
    "outage-503.html": lambda s: after(s.simple, s.fault("*", kind="status", code="503")),
    # the public host
    "validare-ok.json": lambda s: s.post("prod/FCTEL/rest/validare/FACT1", content=invoice()),
    "validare-nok.json": lambda s: validated(s, "validare-nok.json", buyer="4"),
    "validare-nok-old.json": lambda s: after(
        lambda: validated(s, "validare-nok-old.json"), s.set(as_in_papers=True)
    ),
    "validare-nok-size.json": lambda s: s.post(
        "prod/FCTEL/rest/validare/FACT1", content=b" " * (5 * 1024 * 1024 + 1)
    ),
    "validare-nok-standard.json": lambda s: s.post("prod/FCTEL/rest/validare/UBL", content=invoice()),
    "validare-404.json": lambda s: s.post("prod/FCTEL/rest/validare/", content=invoice()),
    "validate-signature-ok.json": lambda s: checked(s, INVOICE, seal(INVOICE, s.world.authority)),
    "validate-signature-nok.json": lambda s: checked(s, INVOICE, (WIRE / "semnatura_5001131297.xml").read_bytes()),
    "validate-signature-400.json": lambda s: checked(s, INVOICE, b"%PDF"),
    "waf-block.html": lambda s: s.post(
        "prod/FCTEL/rest/transformare/FACT1", content=b'<Invoice xsi:schemaLocation="../x.xsd"/>'
    ),
    "tva-v9-found.json": lambda s: register(s),
    "tva-v9-found-doc.json": lambda s: after(lambda: register(s), s.set(as_in_papers=True)),
    "tva-v9-notfound.json": lambda s: register(s, 1234),
    "tva-async-accepted.json": lambda s: s.post("AsynchWebService/api/v8/ws/tva", content=QUESTION),
    "registru-found.json": lambda s: after(
        lambda: registru(s, 8000000000),
        s.world.companies.update({COMPANY: replace(s.world.companies[COMPANY], e_factura_from="2022-07-01")}),
    ),
    "registru-404.json": lambda s: registru(s, 1234),
}  # fmt: skip

#: what is made up in a sample: a pattern, to be replaced by the same word in both
MADE_UP = {
    "lista-buyer-messages.json": r'"detalii": "[^"]*"',
    "validare-ok.json": (uuid := r'"trace_id": "[^"]*"'),
    "validare-nok.json": uuid,
    "validare-nok-old.json": uuid,
    "validare-nok-size.json": uuid,
    "validare-nok-standard.json": uuid,
    "validare-404.json": r'"timestamp": "2026-11-22T08:15:\d\d\.\d{3}\+00:00"',
    "tva-async-accepted.json": r'"correlationId": "[^"]*"',
    "registru-found.json": r'"(registru|categorie|adresa)": "[^"]*"',
    "waf-block.html": r"ID is: \d{19}",
    "outage-503.html": r"\s+$",
}
STATUS = {"400": 400, "401": 401, "404": 404, "503": 503}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_simulator_says_what_was_recorded(stage: Stage, name: str) -> None:
    said, recorded = SAMPLES[name](stage), (WIRE / name).read_bytes()
    if isinstance(said, httpx2.Response):
        status = re.search(r"-(\d{3})[.-]", name)
        assert said.status_code == (STATUS[status[1]] if status and status[1] in STATUS else 200)
        said = said.content
    if name.endswith(".zip"):
        assert layout(said) == layout(recorded)
        return
    if name.endswith(".json"):
        said, recorded = (json.dumps(json.loads(one), ensure_ascii=False).encode() for one in (said, recorded))
    pattern = MADE_UP.get(name, r"\Z.")
    assert re.sub(pattern, "…", said.decode()) == re.sub(pattern, "…", recorded.decode())


def layout(package: bytes) -> list[tuple[str, bytes | None]]:
    """Of a ZIP: the names in their order, and the content that no key has signed."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return [(name, None if "semnatura" in name else opened.read(name)) for name in opened.namelist()]


def test_the_page_of_the_firewall_is_the_same_to_the_byte() -> None:
    assert firewall.rejected(9826645832961917351).body == (WIRE / "waf-block.html").read_bytes()


@pytest.mark.parametrize("name", ["semnatura_5001131297.xml", "semnatura-enveloped-2023.xml"])
def test_a_seal_has_the_recorded_form(sim: Simulator, name: str) -> None:
    """All but the values, and the canonicalisation of the detached one, which is exclusive as in production."""
    enveloped = "enveloped" in name
    document = re.sub(rb"<\?xml.*?\?>|<Signature.*</Signature>", b"", (WIRE / name).read_bytes(), flags=re.DOTALL)
    made = seal(document if enveloped else b"<x/>", sim.world.authority, enveloped=enveloped).decode()
    inclusive, exclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2001/10/xml-exc-c14n#"
    assert without_values(made) == without_values((WIRE / name).read_text()).replace(inclusive, exclusive)
    assert "&#13;\n" in made


@pytest.mark.parametrize(("year", "papers"), [("2026", False), ("2023", True)])
def test_the_access_token_has_the_recorded_claims(stage: Stage, year: str, papers: bool) -> None:
    world = stage.world
    holder = replace(world.authority.certificates[0], serial=SERIAL, issuer="DigiSign Qualified CA Class 3 2017")
    moment = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
    token = jwt.issue(holder, "0" * 48, world.authority, moment, as_in_papers=papers)
    header, claims = (urlsafe_b64decode(part + "==") for part in token.split(".")[:2])
    assert header == (WIRE / "jwt-header.json").read_bytes()
    said, recorded = json.loads(claims), json.loads((WIRE / f"jwt-payload-{year}.json").read_text())
    assert json.dumps(said | {"jti": ""}) == json.dumps(recorded | {"jti": ""})


def test_the_token_answers_are_the_recorded_ones(visit: Callable[..., Visitor]) -> None:
    """Keys, order and `error` are known; tokens and most descriptions are not."""
    visitor = visit("ilinca")
    tokens = visitor.exchange(came_back(visitor.authorize())["code"])
    fresh = visitor.token(grant_type="refresh_token", refresh_token=tokens.json()["refresh_token"])
    for answer, name in ((tokens, "token-ok.json"), (fresh, "token-refreshed.json")):
        recorded = json.loads((WIRE / name).read_text())
        assert answer.status_code == 200
        assert list(answer.json()) == list(recorded)
        assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", recorded["expires_in"])
    late = fresh.json()["refresh_token"]
    wrong = {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK}
    form = {"client_id": "x", "client_secret": "y", "grant_type": "refresh_token"}
    errors = {
        "token-error-code.json": visitor.token(**wrong),
        "token-error.json": visitor.http.post(f"{visitor.sim.login}/anaf-oauth2/v1/token", data=form),
    }
    visitor.advance(366 * 86400)
    errors["token-error-refresh-expired.json"] = visitor.token(grant_type="refresh_token", refresh_token=late)
    for name, answer in errors.items():
        recorded = json.loads((WIRE / name).read_text())
        assert (answer.status_code, list(answer.json())) == (400, list(recorded))
        assert answer.json()["error"] == recorded["error"]
    assert errors["token-error-refresh-expired.json"].json() == recorded


def test_hello_prints_the_headers_as_recorded(ilinca: Visitor) -> None:
    ilinca.http.headers.clear()
    ilinca.http.cookies.clear()
    headers = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "User-Agent": "sample/1.0"}
    headers["Authorization"] = f"Bearer {ilinca.bearer}"
    answer = ilinca.http.get(f"{ilinca.sim.api}/TestOauth/jaxrs/hello", params={"name": "valoare"}, headers=headers)
    values = re.compile(r"(key=(?:Authorization|Host|issuer|serial_certificate|session-\w+|Connection)) val=\[[^]]*\]")
    said = values.sub(r"\1", answer.text).replace("key=Connection ", "")
    assert said == values.sub(r"\1", (WIRE / "hello.txt").read_text())


def test_no_sample_is_forgotten() -> None:
    words = {"README.md", "http-transcript.txt", "tva-v9-request.json"}  # about the others, or a question
    in_a_test_of_its_own = {"hello.txt", *(path.name for kind in ("jwt", "token") for path in WIRE.glob(f"{kind}-*"))}
    seals = {"semnatura-enveloped-2023.xml", "semnatura_5001131297.xml"}
    assert {path.name for path in WIRE.iterdir()} == set(SAMPLES) | words | seals | in_a_test_of_its_own


def without_values(xml: str) -> str:
    return re.sub(r"(<(DigestValue|SignatureValue|X509\w+)>)[^<]+<", r"\1<", xml)
