"""The whole of Integrări in English: pages, mails, data. Names and ANAF's own words alone stay Romanian."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import product
from pathlib import Path

import lxml.html
import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from cryptography.hazmat.primitives.serialization import Encoding
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from django.utils.translation.template import templatize

from punte.en16931 import tables
from punte.romania import certificates
from punte.web import connection
from punte.web.accounts.models import User
from punte.web.config.certificate_port import CertificatePort
from punte.web.connection import certificate_check, client, invitations, notices, reminders
from punte.web.connection.certificate_views import way_back
from punte.web.connection.diagnoses import diagnoses
from punte.web.connection.doctor import STAGES, Finding, Outcome
from punte.web.connection.guide_answers import Kind as CertificateKind
from punte.web.connection.guide_answers import RightOn, System, YesNo
from punte.web.connection.letters import letter, withdrawal
from punte.web.connection.models import Authorization, Checkup, Crossing, Notice, Problem, Right, RightState
from punte.web.connection.questions import Dialogue, follow, paths
from punte.web.connection.urls import urlpatterns
from punte.web.firms.models import Firm
from romania.certificates.authority import certificate

from .conftest import GUEST

APP = Path(connection.__file__).parent
CATALOGUE = APP / "locale" / "en" / "LC_MESSAGES"

# Words that only Romanian has, and its letters. Short ones that English shares ("la", "de", "pe") are not among them.
ROMANIAN = re.compile(
    r"[ăâîșțĂÂÎȘȚ]|\b(?:pentru|este|sunt|sau|cu|nu|din|firma|firmei|certificatul|seria|facturi|facturile|acum|zile|"
    r"conectare|conectat|apoi|numai|drept|dreptul|care|mai|Data|Adresa|Valabil|Vedeti|Salvati|Integrari)\b"
)
# What ANAF writes on its pages and in its answers; the product quotes it, with the English beside where it helps.
OF_ANAF = (
    "Sunteți deja conectat la ANAF",
    "Renunțare Oauth",
    "Renunțare OAuth",
    "Editare profil Oauth",
    "Înregistrare utilizatori API",
    "Mentenanță sistem",
    "Spațiul Privat Virtual",
    "persoane juridice",
    "momentul requestului",
    "Nu aveti drept in SPV pentru CIF",
    "Nu aveți drept în SPV pentru CIF=…",
    "Nu există niciun CIF pentru care să aveți drept",
    "CIF … nu este un număr",
    "A apărut o eroare tehnică. Cod: …",
    "Factura a mai fost transmisă anterior",
    "Denumire aplicație",
)
NAMES = ("Asociația Malul Drept",)
OF_THE_DESIGN = ("Ce s-a întâmplat", "De ce", "Ce faceți acum", "(opțional)")  # it has a catalogue of its own


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def readers(people, settings) -> dict[str, Client]:
    """The people of the tests, who read English: by their account, and by their browser."""
    settings.CERT_PORT = CertificatePort(url="https://localhost:8443", host="127.0.0.1", port=8443)
    if hasattr(User, "language"):
        User.objects.update(language="en")
    for browser in people.values():
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return people


def left_in_romanian(text: str) -> list[str]:
    for known in (*OF_ANAF, *NAMES, *OF_THE_DESIGN):
        text = text.replace(known, "")
    return [line.strip() for line in text.splitlines() if ROMANIAN.search(line)]


def words(page: str) -> str:
    """What a person sees or hears of the page's own part: the shell around it is the design's."""
    if "<main" not in page:
        return "\n".join(lxml.html.fromstring(f"<div>{page}</div>").itertext())
    tree = lxml.html.fromstring(page)
    (main,) = tree.xpath("//main")
    said = main.xpath(".//@aria-label | .//@data-l | .//@data-busy | .//@title | .//@placeholder")
    return "\n".join([*main.itertext(), *tree.xpath("//title/text()"), *said])


class Walk:
    """Opens pages, in English; remembers which views answered."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def read(self, browser: Client, path: str, given: dict[str, str] | None = None, **extra: object) -> str:
        answer = browser.post(path, given, follow=True, **extra) if given is not None else browser.get(path, **extra)
        assert answer.status_code in {200, 400, 403, 410, 503}, (path, answer.status_code)
        self.seen.add(answer.resolver_match.url_name)
        page = answer.content.decode()
        assert not left_in_romanian(words(page)), (path, left_in_romanian(words(page)))
        return page


@pytest.fixture
def walk() -> Walk:
    return Walk()


PAGES = [
    "/integrari/",
    "/integrari/conectare/",
    "/integrari/ghid/",
    "/integrari/certificat/",
    "/integrari/doctor/",
    "/integrari/certificate/",
    "/integrari/aplicatie/",
    "/integrari/jurnal/",
]


def authorization(user: User, firm: Firm, serial: str = "22:10:70:1e:aa:bb:cc", **facts: object) -> Authorization:
    """As if `user` had walked to ANAF today."""
    now = timezone.now()
    made = Authorization.objects.create(
        user=user,
        serial=serial,
        issuer="certSIGN Qualified CA",
        access_token="a",
        refresh_token="r",
        authorized_at=now,
        access_expires_at=now + timedelta(days=90),
        renewal_due_at=now + timedelta(days=365),
        **facts,
    )
    made.rights.create(firm=firm, state=RightState.GRANTED, checked_at=now, granted_at=now)
    return made


def test_a_firm_without_a_connection_reads_english_everywhere(walk, readers, ana, firm):
    for who in ("ana", "bogdan"):
        for path in PAGES:
            if (who, path) != ("bogdan", "/integrari/conectare/"):  # he only reads
                walk.read(readers[who], path)
    for path in ("/integrari/ghid/", "/integrari/certificat/", "/integrari/certificat/?straina"):
        walk.read(readers["nobody"], path)
    walk.read(readers["ana"], "/integrari/conectare/", {})
    Crossing.objects.create(user=ana, firm=firm, state_hash="a", started_at=timezone.now())  # and did not come back
    walk.read(readers["ana"], "/integrari/")


def test_every_answer_to_the_guide_reads_english(walk, readers):
    for system in ["", *System.values]:
        for kind in CertificateKind.values:
            for who in ("ana", "nobody"):
                given = {"kind": kind, "system": system, "de": "ghid"}
                walk.read(readers[who], "/integrari/ghid/certificat/", given)
    for account, right in product(YesNo.values, RightOn.values):
        walk.read(readers["ana"], "/integrari/ghid/spv/", {"account": account, "right_on": right})
    enrolled = {"account": YesNo.YES, "right_on": RightOn.CUI}
    for day in ("ieri", *(TODAY - timedelta(days=days) for days in (-2, 0, 1, 9))):
        walk.read(readers["ana"], "/integrari/ghid/spv/", enrolled | {"enrolled_on": str(day)})


def test_every_diagnosis_and_every_question_reads_english(walk, readers):
    for key in diagnoses():
        walk.read(readers["ana"], f"/integrari/problema/{key}/?inregistrata=https://alta.example/")
    for path in {one.path for dialogue in paths() for one in steps_of(dialogue.path)}:
        walk.read(readers["ana"], f"/integrari/intrebari/{path}/")
    walk.read(readers["ana"], "/integrari/intrebari/inceput/?raspuns=")
    walk.read(readers["ana"], "/integrari/intrebari/conectarea.altul/", {})  # a link to the diagnosis


def steps_of(path: str) -> list[Dialogue]:
    """The path, question by question."""
    pieces = path.split(".")
    return [follow(".".join(pieces[: length + 1])) for length in range(len(pieces))]


NOW, TODAY = timezone.now(), timezone.localdate()
STALE = {"stale_since": NOW}
STATES = [  # of the authorization; of its right
    ({}, {}),
    *[({"renewal_due_at": NOW + timedelta(days=days)}, {}) for days in (14, 1, 0, -2)],
    *[({"certificate_until": TODAY + timedelta(days=days)}, {}) for days in (200, 14, 1, 0, -2)],
    ({"problem": Problem.DEAD, "anaf_text": "invalid_grant"}, {}),
    ({"problem": Problem.DEAD} | STALE, {}),
    ({"problem": Problem.UNWELL}, {}),
    ({"problem": Problem.OPERATOR} | STALE, {}),
    (STALE, {}),
    ({"serial": "", "issuer": ""}, {}),
    ({"companies": ["41287658"]}, {}),
    ({}, {"state": RightState.DENIED, "anaf_text": "Nu aveti drept in SPV pentru CIF=19283749"}),
    ({}, {"state": RightState.UNKNOWN, "checked_at": None}),
]


@pytest.mark.parametrize(("facts", "right"), STATES, ids=[str(number) for number in range(len(STATES))])
def test_a_connection_in_every_state_reads_english(walk, readers, ana, firm, facts, right):
    first = authorization(ana, firm)
    Authorization.objects.filter(pk=first.pk).update(**facts)
    Right.objects.filter(authorization=first).update(**right)
    for path in ("/integrari/?conectat", "/integrari/ghid/", f"/integrari/{first.pk}/deconectare/"):
        walk.read(readers["ana"], path)
    walk.read(readers["bogdan"], "/integrari/")
    authorization(ana, firm, "33:44:55:66:77:88:99", refreshed_at=NOW).rights.update(rank=1)  # the reserve
    for path in ("/integrari/", "/integrari/certificate/", f"/integrari/{first.pk}/deconectare/"):
        walk.read(readers["ana"], path)


def test_the_whole_life_of_a_connection_reads_english(walk, readers, traveller, guest, firm, second, tmp_path):
    """With ANAF itself: doctor, connection, journal, the accountant's link; every view that shows a page is met."""
    ana = readers["ana"]
    guest.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for path in PAGES:
        walk.read(ana, path)
    walk.read(ana, "/integrari/doctor/", {})
    ana.post(f"/integrari/doctor/{Checkup.objects.get().pk}/pas/")
    traveller.cross("neinrolat")
    traveller.cross("ilinca")
    walk.read(ana, "/integrari/?conectat")
    walk.read(ana, "/integrari/verificare/", {})
    walk.read(ana, "/integrari/doctor/", {})
    checkup = Checkup.objects.order_by("pk").last()
    step = ana.post(f"/integrari/doctor/{checkup.pk}/pas/", HTTP_HX_REQUEST="true").content.decode()
    assert not left_in_romanian(words(step))
    ana.post(f"/integrari/doctor/{checkup.pk}/pas/")
    walk.read(ana, f"/integrari/doctor/{checkup.pk}/")
    given = walk.read(ana, f"/integrari/doctor/{checkup.pk}/legatura/", {})
    shared = re.search(r"/integrari/diagnostic/[^/\"]+/", given)[0]
    walk.read(readers["nobody"], shared)
    walk.read(ana, f"/integrari/doctor/{checkup.pk}/")
    # the accountant
    walk.read(ana, "/integrari/contabil/", {"email": "nu este"})
    page = walk.read(ana, "/integrari/contabil/", {"email": "maria@cabinet.example"})
    link = re.search(r'value="https://punte\.example(/integrari/invitatie/[^"]+/)"', page)[1]
    walk.read(guest.browser, link)
    walk.read(guest.browser, link, {})
    guest.cross_by(link, "neinrolat")
    walk.read(guest.browser, link)
    guest.cross_by(link, second)
    walk.read(guest.browser, "/integrari/oaspete/")
    walk.read(guest.browser, link)  # used
    held = Authorization.objects.exclude(invitation=None).get()
    assert held.invitation.guest_language == "en"
    way_out = withdrawal(held).removeprefix("https://punte.example")
    walk.read(guest.browser, way_out)
    right = Right.objects.get(authorization=held)
    walk.read(ana, f"/integrari/certificate/{right.pk}/intai/", {})
    for until in ("2020-01-01", str(timezone.localdate() + timedelta(days=100))):
        walk.read(ana, f"/integrari/certificate/{right.pk}/data/", {"until": until})
    # one's own application
    walk.read(ana, "/integrari/aplicatie/", {"callback": "http://alta.example/", "client_id": "a b"})
    other = {"callback": "https://alta.example/x/", "client_id": "abcdefghijklmnop", "client_secret": "s"}
    walk.read(ana, "/integrari/aplicatie/", other)
    walk.read(ana, "/integrari/aplicatie/")
    walk.read(ana, "/integrari/adresa-de-intoarcere/")
    walk.read(ana, "/integrari/aplicatie/scoatere/", {})
    walk.read(guest.browser, way_out, {})
    invitation, _ = invitations.invite(firm, User.objects.get(email="ana@arcada.example"), timezone.now())
    for _ in range(2):  # once withdrawn, it is told so
        walk.read(ana, f"/integrari/contabil/{invitation.pk}/retragere/", {})
    mine = Authorization.objects.live().get()
    walk.read(ana, f"/integrari/{mine.pk}/deconectare/")
    walk.read(ana, f"/integrari/{mine.pk}/deconectare/", {})
    reminders.say(notices.Kind.WITHDRAWN, held, [firm], timezone.now())
    notices.send_due(timezone.now())
    walk.read(ana, "/integrari/jurnal/")
    walk.read(ana, "/integrari/problema/C12/")
    walk.read(ana, "/integrari/intrebari/inceput/")
    walk.read(ana, "/integrari/ghid/")
    csv = ana.get("/integrari/jurnal.csv").content.decode("utf-8-sig")
    assert csv.startswith("moment_utc,code,what,who,details")
    assert not left_in_romanian(csv)
    without_page = {"callback", "certificate-look", "certificate-return", "certificate-file", "certificate-proxy"}
    answered_by_another = {"check", "guide-answer", "disconnect", "step", "end-link", "prefer", "certificate-date"}
    answered_by_another |= {"revoke", "application-remove", "journal-csv"}
    assert {pattern.name for pattern in urlpatterns} - without_page - answered_by_another <= walk.seen


def test_the_certificate_check_reads_english(walk, readers, traveller):
    now = timezone.now()
    traveller.cross("ilinca")
    serial = int(traveller.anaf.certificate("ilinca").serial, 16)
    force = {"start": now - timedelta(days=10), "end": now + timedelta(days=300)}
    shown = [
        certificate(**force),
        certificate(serial=serial, **force),
        certificate(start=now - timedelta(days=10), end=now + timedelta(days=3)),
        certificate(start=now - timedelta(days=10), end=now - timedelta(days=3)),
        certificate(start=now + timedelta(days=1), end=now + timedelta(days=3)),
    ]
    files = [("eu.cer", one.public_bytes(Encoding.DER)) for one in shown]
    files += [("eu.p12", b"0"), ("gol.cer", b" "), ("mare.cer", b"0" * 70_000), ("alta.cer", b"altceva")]
    for name, content in files:
        walk.read(readers["ana"], "/integrari/certificat/fisier/", {"certificate": SimpleUploadedFile(name, content)})
    walk.read(readers["ana"], "/integrari/certificat/fisier/", {})
    for agent in ("Windows", "Macintosh", "Linux", "Android"):
        browser = readers["nobody"]
        browser.post("/integrari/certificat/verificare/")
        walk.read(browser, "/integrari/certificat/")
        token = certificate_check.start(session := browser.session, now)
        session.save()
        browser.get(way_back(token, None).removeprefix("https://punte.example"))
        walk.read(browser, "/integrari/certificat/", HTTP_USER_AGENT=agent)


@pytest.mark.parametrize("kind", notices.Kind)
def test_every_letter_reads_english(kind, ana, firm, settings):
    settings.BASE_URL = "https://punte.example"
    now = timezone.now()
    own = authorization(ana, firm, certificate_until=timezone.localdate() + timedelta(days=7))
    invitation, _ = invitations.invite(firm, ana, now)
    assert invitations.use(invitation, now, name="Maria", email=GUEST["email"])
    of_guest = Authorization.objects.create(
        invitation=invitation,
        serial="11:22",
        access_expires_at=now,
        authorized_at=now,
        renewal_due_at=now,
        certificate_until=timezone.localdate(),
    )
    for held in (own, of_guest):
        for to_holder in (True, False):
            for days in (None, 0, 1, 2):
                notice = Notice.objects.create(
                    key=f"{held.pk}{to_holder}{days}",
                    kind=kind,
                    authorization=held,
                    recipient="a@b.example",
                    to_holder=to_holder,
                    days=days,
                    created_at=now,
                )
                notice.firms.add(firm)
                written = letter(notice)
                text = "\n".join([written.subject, written.what, written.why, written.now, written.link_word])
                assert not left_in_romanian(f"{text}\n{written.aside}")
                assert "%(" not in text


def test_a_mail_is_in_the_language_of_whoever_gets_it(ana, bogdan, firm, monkeypatch, settings):
    """The worker has a language of its own: Ana reads English, Bogdan, who owns the firm with her, Romanian."""
    settings.BASE_URL = "https://punte.example"
    firm.memberships.filter(user=bogdan).update(role="owner")
    if hasattr(User, "language"):
        User.objects.filter(pk=ana.pk).update(language="en")
    else:
        of = {ana.pk: "en", bogdan.pk: "ro"}
        monkeypatch.setattr(User, "language", property(lambda user: of[user.pk]), raising=False)
    held = authorization(ana, firm)
    reminders.say(notices.Kind.PIN, held, [firm], timezone.now(), "x", 7)
    with override("ro"):
        notices.send_due(timezone.now())
    letters = {one.to[0]: one for one in mail.outbox}
    english, romanian = letters[ana.email], letters[bogdan.email]
    assert english.subject.startswith("Punte: In 7")
    assert "What to do now" in english.body
    assert '<html lang="en">' in english.alternatives[0][0]
    assert romanian.subject.startswith("Punte: În 7")
    assert '<html lang="ro">' in romanian.alternatives[0][0]
    assert not left_in_romanian(re.sub(r"\b\d+ (?:zile|\w+ie|\w+brie) ?\d*", "", english.body))


@pytest.mark.parametrize(
    ("facts", "right", "kind"),
    [
        (None, {}, client.Kind.NOT_CONNECTED),
        ({}, {"state": RightState.UNKNOWN}, client.Kind.ANAF_UNWELL),
        ({}, {"state": RightState.DENIED}, client.Kind.NO_RIGHT),
        ({"problem": Problem.DEAD} | STALE, {}, client.Kind.REAUTHORISE),
        ({"problem": Problem.UNWELL, "retry_at": NOW + timedelta(days=1)} | STALE, {}, client.Kind.ANAF_UNWELL),
    ],
)
def test_why_nothing_can_be_sent_reads_english(ana, firm, facts, right, kind):
    if facts is not None:
        held = authorization(ana, firm, **facts)
        held.rights.update(**right)
    with pytest.raises(client.NotConnected) as told:
        client.efactura_for(firm, timezone.now())
    assert told.value.kind is kind
    assert not left_in_romanian(told.value.text)


def test_a_finding_is_worded_when_it_is_shown():
    facts = {"seconds": 45}
    kept = Finding(
        "clock", Outcome.NOTE, "Ceasul nostru este cu %(seconds)s de secunde în urma celui de la ANAF.", facts=facts
    )
    assert (kept.label, kept.says) == ("The clock", "Our clock is 45 seconds behind ANAF's.")
    with override("ro"):
        assert (kept.label, kept.says) == ("Ceasul", "Ceasul nostru este cu 45 de secunde în urma celui de la ANAF.")
    assert not left_in_romanian("\n".join(str(label) for label, _ in STAGES.values()))


# --- the catalogue and the data -----------------------------------------------------------------------------------


def catalogue() -> dict[tuple[str, str], str]:
    with (CATALOGUE / "django.po").open("rb") as file:
        return {(context(one), str(one.id)): str(one.string) for one in read_po(file) if one.id}


def context(message: Message) -> str:
    """Babel gives bytes from a compiled catalogue."""
    return message.context.decode() if isinstance(message.context, bytes) else message.context or ""


def test_every_message_has_its_english_and_the_same_places():
    for (_, source), english in catalogue().items():
        assert english, source
        assert set(re.findall(r"%\(\w+\)s", source)) == set(re.findall(r"%\(\w+\)s", english)), source
        assert not left_in_romanian(english), english


def test_the_compiled_catalogue_is_made_from_its_source():
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = {(context(one), str(one.id)): str(one.string) for one in read_mo(file) if one.id}
    assert compiled == catalogue()


def test_every_word_of_code_and_templates_is_in_the_catalogue_and_no_other():
    keywords = {"gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "pgettext": ((1, "c"), 2)}
    found = set()
    for path in [*APP.rglob("*.py"), *(APP / "templates").rglob("*.*")]:
        text = path.read_text("utf-8")
        code = text if path.suffix == ".py" else templatize(text)
        for _, function, message, _ in extract_python(BytesIO(code.encode()), keywords, [], {}):
            if message is not None:  # a variable is no message
                found.add(message if function == "pgettext" else ("", message))
    assert found == set(catalogue())


@pytest.mark.parametrize("table", ["installation", "providers", "law", "judgements"])
def test_the_tables_are_complete_in_both_languages(table):
    for row in tables.rows(certificates.__file__, f"{table}.tsv"):
        for column in [name for name in row if name.endswith("_en")]:
            assert bool(row[column]) == bool(row[column.removesuffix("_en")]), row
            assert not left_in_romanian(row[column]), row[column]


def test_the_questions_are_complete_in_both_languages():
    def check(row: dict[str, object]) -> None:
        for name in ("ask", "says", "hint"):
            assert (name in row) == (f"{name}_en" in row), row
            assert not left_in_romanian(str(row.get(f"{name}_en", ""))), row

    for node in tomllib.loads((APP / "questions.toml").read_text("utf-8")).values():
        check(node)
        for option in node["options"]:
            check(option)
