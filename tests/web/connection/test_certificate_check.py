"""„Verifică certificatul”: the walk of token and proof, the file, the proxy's header, and what is kept: nothing."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time, timedelta
from ipaddress import ip_network
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509 import Certificate
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from punte.web.config.certificate_port import CertificatePort, configured
from punte.web.connection import certificate_check, reminders
from punte.web.connection.certificate_check import LIFETIME, CertificateCheck
from punte.web.connection.certificate_views import way_back
from punte.web.connection.models import Authorization, Event, Notice
from romania.certificates.authority import certificate, key, name

CNP = "2850101123456"
NOW = timezone.now()
IN_FORCE = {"start": NOW - timedelta(days=10), "end": NOW + timedelta(days=300)}
GOOD = certificate(subject=name("Ilinca Dobre", serial_number=f"PNORO-{CNP}"), **IN_FORCE)
PAGE = "/integrari/certificat/"


@pytest.fixture
def port(settings) -> CertificatePort:
    settings.CERT_PORT = CertificatePort(url="https://localhost:8443", host="127.0.0.1", port=8443)
    return settings.CERT_PORT


@pytest.fixture
def browser(client: Client, db, port) -> Client:
    return client


def look(browser: Client) -> str:
    """Press the button; the token in the port's address."""
    address = browser.post(f"{PAGE}verificare/")["Location"]
    assert address.startswith("https://localhost:8443/")
    return address.rpartition("/")[2]


def test_the_page_says_that_it_is_off_unless_configured(client, db, settings):
    assert settings.CERT_PORT is None
    page = client.get(PAGE).content.decode()
    assert "nu este pornită" in page
    assert client.post(f"{PAGE}verificare/")["Location"] == PAGE
    assert not CertificateCheck.objects.exists()


def test_a_certificate_comes_back_to_the_page_that_asked(browser):
    back = way_back(look(browser), GOOD)
    assert "straina" not in browser.get(back)["Location"]
    page = browser.get(PAGE).content.decode()
    assert "Certificatul este bun pentru ANAF" in page
    assert "Ilinca Dobre" in page
    assert "22:10:70:1e" in page
    assert CNP not in page


def test_a_browser_without_one_is_told_why(browser):
    browser.get(way_back(look(browser), None))
    page = browser.get(PAGE, headers={"user-agent": "Macintosh"}).content.decode()
    assert "Browserul nu a arătat niciun certificat" in page
    assert "Lucrați pe macOS" in page


def test_who_did_not_come_back_finds_out_what_to_do(browser):
    look(browser)
    assert "Browserul nu s-a întors cu un răspuns" in browser.get(PAGE).content.decode()


def test_who_opens_another_persons_address_shows_them_nothing(browser):
    """The token travels in an address: a trap with it must not tell its maker whose certificate was shown."""
    token = look(browser)  # the trap's maker
    victim = Client()
    refused = victim.get(way_back(token, GOOD))["Location"]
    assert "straina" in refused
    assert "Verificarea aceasta nu mai este valabilă" in victim.get(refused).content.decode()
    page = browser.get(PAGE).content.decode()
    assert "Ilinca" not in page
    browser.get(f"{PAGE}intoarcere/?dovada=")  # nor by guessing
    assert "Ilinca" not in browser.get(PAGE).content.decode()


def test_a_token_serves_once_and_for_minutes(browser):
    token = look(browser)
    first = way_back(token, GOOD)
    assert "dovada" in first
    assert "dovada" not in way_back(token, None)
    assert "dovada" not in way_back("necunoscut" * 4, GOOD)
    browser.get(first)
    assert "straina" not in browser.get(first)["Location"]  # a reload of the return changes nothing
    assert "Ilinca" in browser.get(PAGE).content.decode()
    old = look(browser)
    CertificateCheck.objects.update(started_at=timezone.now() - LIFETIME)
    assert "dovada" not in way_back(old, GOOD)


def test_what_is_kept_is_ciphertext_and_gone_after_minutes(browser):
    browser.get(way_back(look(browser), GOOD))
    with connection.cursor() as cursor:
        cursor.execute("select report from connection_certificatecheck")
        (stored,) = cursor.fetchone()
    assert "Ilinca" not in stored
    assert "22:10" not in stored
    certificate_check.forget(timezone.now() + LIFETIME)
    assert not CertificateCheck.objects.exists()
    assert "Ilinca" not in browser.get(PAGE).content.decode()


def test_a_new_look_forgets_the_one_before(browser):
    browser.get(way_back(look(browser), GOOD))
    look(browser)
    assert CertificateCheck.objects.get().report == ""


def test_the_table_does_not_grow_without_end(browser, monkeypatch):
    monkeypatch.setattr(certificate_check, "AT_ONCE", 1)
    look(browser)
    assert Client().post(f"{PAGE}verificare/").status_code == 503


def test_the_guide_believes_what_the_browser_showed(browser):
    browser.get(way_back(look(browser), GOOD))
    assert "Browserul a arătat un certificat bun" in browser.get("/integrari/ghid/").content.decode()
    browser.get(way_back(look(browser), certificate(qualified=False, **IN_FORCE)))
    assert "Certificatul arătat de browser nu este bun la ANAF" in browser.get("/integrari/ghid/").content.decode()


def test_it_is_compared_with_the_certificate_of_the_last_connection(traveller, port):
    traveller.cross("ilinca")
    serial = int(traveller.anaf.certificate("ilinca").serial, 16)
    new = {"start": NOW - timedelta(days=1), "end": NOW + timedelta(days=300)}
    for shown, says in (
        (certificate(serial=serial, **new), "Este certificatul cu care v-ați conectat ultima dată."),
        (certificate(**new), "Este alt certificat decât cel cu care v-ați conectat"),
        (certificate(start=NOW + timedelta(hours=1), end=NOW + timedelta(days=300)), "reînnoit sau înlocuit"),
    ):
        traveller.browser.get(way_back(look(traveller.browser), shown))
        assert says in traveller.browser.get(PAGE).content.decode()


def of_serial(serial: str) -> Certificate:
    return certificate(serial=int(serial, 16), **IN_FORCE)


def test_the_end_of_a_connected_certificate_is_noted_for_its_reminder(traveller, port, firm, people):
    """ANAF's token does not say until when: the certificate does, to whoever writes for the firm."""
    traveller.cross("ilinca")
    held = Authorization.objects.get()
    shown = of_serial(traveller.anaf.certificate("ilinca").serial)
    until = timezone.localdate(shown.not_valid_after_utc)
    assert "nu păstrăm nimic" in upload(people["carmen"], "eu.cer", shown.public_bytes(Encoding.DER)).content.decode()
    upload(people["bogdan"], "eu.cer", shown.public_bytes(Encoding.DER))  # he only reads
    held.refresh_from_db()
    assert held.certificate_until is None
    page = upload(people["ana"], "eu.cer", shown.public_bytes(Encoding.DER)).content.decode()
    assert "i-am notat data expirării" in page
    upload(people["ana"], "eu.cer", shown.public_bytes(Encoding.DER))
    held.refresh_from_db()
    assert held.certificate_until == until
    (line,) = Event.objects.filter(kind="certificate")  # once, though seen twice
    assert (line.firm, line.who_name, line.facts["until"]) == (firm, "Ana Moldovan", until.isoformat())
    reminders.write(datetime.combine(until, time(9), UTC) - timedelta(days=7))
    assert Notice.objects.filter(kind="certificate", recipient="ana@arcada.example").exists()


def test_a_certificate_shown_by_the_browser_is_noted_too(traveller, port):
    traveller.cross("ilinca")
    token = look(traveller.browser)
    shown = of_serial(traveller.anaf.certificate("ilinca").serial)
    traveller.browser.get(way_back(token, shown).removeprefix("https://punte.example"))
    assert "i-am notat data expirării" in traveller.browser.get(PAGE).content.decode()
    assert Authorization.objects.get().certificate_until == timezone.localdate(shown.not_valid_after_utc)


def upload(browser: Client, file: str, content: bytes):
    return browser.post(f"{PAGE}fisier/", {"certificate": SimpleUploadedFile(file, content)})


def test_a_public_file_gives_the_same_report(client, db):
    answer = upload(client, "eu.cer", GOOD.public_bytes(Encoding.DER))
    page = answer.content.decode()
    assert "Certificatul este bun pentru ANAF" in page
    assert "Citit din fișier; nu l-am păstrat." in page
    assert CNP not in page
    assert not CertificateCheck.objects.exists()


def test_a_key_is_refused_with_the_reason_and_never_meets_the_disk(client, db, settings, tmp_path, caplog):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    p12 = pkcs12.serialize_key_and_certificates(b"eu", key(), GOOD, None, BestAvailableEncryption(b"1234"))
    with caplog.at_level(logging.DEBUG):
        answer = upload(client, "eu.p12", p12)
        large = upload(client, "eu.pfx", p12 + b"\0" * 3_000_000)  # above what Django keeps in memory
    assert answer.status_code == 400
    assert "Nu primim fișiere cu cheia privată" in answer.content.decode()
    assert large.status_code == 400
    assert not list(tmp_path.iterdir())
    assert CNP not in caplog.text


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [("x.cer", b"hello", "nu este un certificat"), ("x.cer", b"\n", "este gol")],
)
def test_a_file_without_a_certificate_is_told(client, db, file, content, says):
    assert says in upload(client, file, content).content.decode()


def test_a_file_needs_the_forms_own_token(db):
    strict = Client(enforce_csrf_checks=True)
    assert upload(strict, "eu.cer", GOOD.public_bytes(Encoding.DER)).status_code == 403
    assert "Alegeți un fișier" in Client().post(f"{PAGE}fisier/").content.decode()


@pytest.fixture
def behind_proxy(settings) -> None:
    settings.CERT_PORT = CertificatePort(url="https://cert.punte.example", proxies=(ip_network("127.0.0.0/8"),))


def test_behind_a_proxy_its_header_is_believed(client, db, behind_proxy):
    address = client.post(f"{PAGE}verificare/")["Location"]
    assert address.startswith("https://cert.punte.example/integrari/certificat/proxy/")
    path = address.removeprefix("https://cert.punte.example")
    pem = quote(GOOD.public_bytes(Encoding.PEM).decode())
    client.get(Client().get(path, headers={"X-SSL-Client-Cert": pem})["Location"])
    assert "Ilinca Dobre" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("peer", "header", "expected"),
    [
        ("127.0.0.9", "", 302),  # no certificate is an answer
        ("127.0.0.9", "rubbish", 400),
        ("192.0.2.7", "", 404),  # anybody could write the header
        ("", "", 404),
    ],
)
def test_the_header_of_anybody_else_is_not(client, db, behind_proxy, peer, header, expected):
    path = f"{PAGE}proxy/{'t' * 43}/"
    assert client.get(path, REMOTE_ADDR=peer, headers={"X-SSL-Client-Cert": header}).status_code == expected


def test_without_a_proxy_there_is_no_such_address(browser):
    assert browser.get(f"{PAGE}proxy/{'t' * 43}/").status_code == 404


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, None),
        ({"LISTEN": "0.0.0.0:8443", "TLS_CERT": "{pem}"}, "https://facturi.example:8443"),
        ({"LISTEN": "[::]:8443", "TLS_CERT": "{pem}", "URL": "https://c.example/"}, "https://c.example"),
        ({"PROXIES": "127.0.0.1, 10.0.0.0/8", "URL": "https://c.example"}, "https://c.example"),
    ],
)
def test_the_variables(monkeypatch, tmp_path, variables, url):
    set_all(monkeypatch, tmp_path, variables)
    port = configured("facturi.example")
    assert (port.url if port else None) == url


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        ({"LISTEN": "8443"}, "PUNTE_CERT_LISTEN"),
        ({"LISTEN": "0.0.0.0:99999"}, "PUNTE_CERT_LISTEN"),
        ({"LISTEN": "0.0.0.0:8443"}, "PUNTE_CERT_TLS_CERT"),
        ({"LISTEN": "0.0.0.0:8443", "TLS_CERT": "{pem}", "TLS_KEY": "/nowhere"}, "PUNTE_CERT_TLS_KEY"),
        ({"LISTEN": "0.0.0.0:8443", "TLS_CERT": "{pem}", "URL": "http://c.example"}, "PUNTE_CERT_URL"),
        ({"PROXIES": "127.0.0.1"}, "PUNTE_CERT_URL"),
        ({"PROXIES": "proxy.local", "URL": "https://c.example"}, "PUNTE_CERT_PROXIES"),
        ({"PROXIES": "127.0.0.1", "LISTEN": "0.0.0.0:8443"}, "give one"),
    ],
)
def test_a_wrong_variable_names_itself(monkeypatch, tmp_path, variables, names):
    set_all(monkeypatch, tmp_path, variables)
    with pytest.raises(ImproperlyConfigured, match=names):
        configured("facturi.example")


def set_all(monkeypatch, tmp_path, variables) -> None:
    pem = tmp_path / "x.pem"
    pem.write_text("a file")
    for variable, value in variables.items():
        monkeypatch.setenv(f"PUNTE_CERT_{variable}", value.format(pem=pem))


@pytest.mark.parametrize(
    ("method", "path", "expected"),  # of everybody: the guide and the check are public
    [
        ("get", "/integrari/ghid/", 200),
        ("post", "/integrari/ghid/certificat/", 400),
        ("post", "/integrari/ghid/altceva/", 404),
        ("get", "/integrari/ghid/spv/", 405),
        ("get", PAGE, 200),
        ("post", f"{PAGE}fisier/", 400),
        ("get", f"{PAGE}fisier/", 405),
        ("get", f"{PAGE}verificare/", 405),
        ("get", f"{PAGE}intoarcere/", 302),
    ],
)
def test_who_gets_what(people, method, path, expected):
    for who, browser in people.items():
        assert (who, getattr(browser, method)(path).status_code) == (who, expected)
