"""Tickets: whose they are, what they take, who hears of them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from punte.cli.staff import staff
from punte.web.accounts.models import User
from punte.web.connection.models import Checkup
from punte.web.firms.models import Firm
from punte.web.support import tickets, urls
from punte.web.support.diagnosis import diagnosis
from punte.web.support.models import Attachment, Message, Ticket

from ..conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db

SIGN_IN = 302
ASKED = {"subject": "Nu merge conectarea", "text": "ANAF spune access_denied."}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
def operator(db) -> User:
    user = User.objects.create_user("operator@punte.example", PASSWORD, name="Dan Operator")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def browsers(people: dict[str, Client], operator: User) -> dict[str, Client]:
    return people | {"operator": signed_in(operator)}


@pytest.fixture
def ticket(ana: User, firm: Firm) -> Ticket:
    """Ana's, with a file."""
    return tickets.open_ticket(
        ana,
        firm,
        subject="Nu merge conectarea",
        text="ANAF spune access_denied.",
        files=[SimpleUploadedFile("ecran.png", PNG)],
        diagnosis="",
        now=timezone.now(),
    )


ADDRESSES = [  # of Ana, Bogdan (her colleague), Carmen, nobody, the operator
    ("get", "help", "/ajutor/", (200, 200, 200, 200, 200)),
    ("get", "guide", "/ajutor/ghid/", (200, 200, 200, 200, 200)),
    ("get", "guide_page", "/ajutor/ghid/prima-factura/", (200, 200, 200, 200, 200)),
    ("get", "questions", "/ajutor/intrebari/", (200, 200, 200, 200, 200)),
    ("get", "tickets", "/ajutor/suport/", (200, 200, 200, SIGN_IN, 200)),
    ("get", "create", "/ajutor/suport/nou/", (200, 200, 200, SIGN_IN, 200)),
    ("post", "create", "/ajutor/suport/nou/", (302, 302, 302, SIGN_IN, 302)),
    ("get", "everyones", "/ajutor/suport/toate/", (404, 404, 404, SIGN_IN, 200)),
    ("get", "ticket", "/ajutor/suport/{ticket}/", (200, 404, 404, SIGN_IN, 200)),
    ("post", "ticket", "/ajutor/suport/{ticket}/", (302, 404, 404, SIGN_IN, 302)),
    ("get", "close", "/ajutor/suport/{ticket}/inchidere/", (405, 405, 405, SIGN_IN, 405)),
    ("post", "close", "/ajutor/suport/{ticket}/inchidere/", (302, 404, 404, SIGN_IN, 302)),
    ("get", "attachment", "/ajutor/suport/fisier/{file}/", (200, 404, 404, SIGN_IN, 200)),
    ("get", "ticket", "/ajutor/suport/0/", (404, 404, 404, SIGN_IN, 404)),
    ("get", "attachment", "/ajutor/suport/fisier/0/", (404, 404, 404, SIGN_IN, 404)),
]


def test_every_address_stands_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} == {name for _, name, _, _ in ADDRESSES}
    assert get_resolver().namespace_dict["support"]


@pytest.mark.parametrize(("method", "name", "path", "expected"), ADDRESSES)
def test_who_gets_what(browsers, ticket, method, name, path, expected):
    address = path.format(ticket=ticket.pk, file=Attachment.objects.get().pk)
    for who, status in zip(browsers, expected, strict=True):
        answer = getattr(browsers[who], method)(address, ASKED if method == "post" else {})
        assert (who, answer.status_code) == (who, status)
        if status == SIGN_IN and who == "nobody":
            assert answer["Location"].startswith("/cont/")
    assert Message.objects.exclude(author__email__in=["ana@arcada.example", "operator@punte.example"]).count() == (
        2 if (method, name) == ("post", "create") else 0
    )


def test_a_list_shows_ones_own_alone(browsers, ticket):
    assert "Nu merge conectarea" in browsers["ana"].get("/ajutor/suport/").content.decode()
    for who in ("bogdan", "carmen", "operator"):
        assert "Nu merge conectarea" not in browsers[who].get("/ajutor/suport/").content.decode()
    assert "Nu merge conectarea" in browsers["operator"].get("/ajutor/suport/toate/").content.decode()


def test_who_left_the_firm_no_longer_reads_its_ticket(browsers, ticket, ana, firm):
    firm.memberships.filter(user=ana).delete()
    assert browsers["ana"].get(f"/ajutor/suport/{ticket.pk}/").status_code == 404
    assert browsers["ana"].get(f"/ajutor/suport/fisier/{Attachment.objects.get().pk}/").status_code == 404


def test_one_may_ask_before_there_is_a_firm(db):
    browser = signed_in(User.objects.create_user("nou@exemplu.example", PASSWORD))
    assert browser.post("/ajutor/suport/nou/", ASKED).status_code == 302
    assert Ticket.objects.get().firm is None


def test_staff_of_the_operator_open_no_firms_data(browsers, firm, operator):
    assert browsers["operator"].get("/setari/")["Location"] == "/firme/noua/"
    assert browsers["operator"].post(f"/firme/{firm.pk}/alege/").status_code == 404


# --- the conversation ---


def test_a_conversation_goes_to_and_fro_and_each_side_hears_by_mail(
    browsers, firm, settings, django_capture_on_commit_callbacks
):
    settings.BASE_URL = "https://punte.example"
    settings.SUPPORT_EMAIL = "ajutor@punte.example"
    letters = []

    def does(who: str, path: str, data: dict[str, str]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            browsers[who].post(path, data)
        letters.append([(letter.to[0], letter.subject) for letter in mail.outbox])
        mail.outbox.clear()

    does("ana", "/ajutor/suport/nou/", ASKED)
    one = Ticket.objects.get()
    here = f"/ajutor/suport/{one.pk}/"
    does("operator", here, {"text": "Ce cod vedeți?"})
    one.refresh_from_db()
    assert not one.waits_for_us
    does("ana", here, {"text": "C02."})
    one.refresh_from_db()
    assert one.waits_for_us
    does("operator", f"{here}inchidere/", {})
    one.refresh_from_db()
    assert one.closed_at
    does("ana", here, {"text": "Tot nu merge."})
    one.refresh_from_db()
    assert one.closed_at is None

    label, subject = one.label, one.subject
    assert letters == [
        [
            ("ana@arcada.example", f"Am primit întrebarea {label}: {subject}"),
            ("ajutor@punte.example", f"{label}: {subject}"),
        ],
        [("ana@arcada.example", f"Răspuns la {label}: {subject}")],
        [("ajutor@punte.example", f"{label}: {subject}")],
        [("ana@arcada.example", f"Am închis {label}: {subject}")],
        [("ajutor@punte.example", f"{label}: {subject}")],
    ]
    page = browsers["ana"].get(here).content.decode()
    assert page.index("Ce cod vedeți?") < page.index("C02.") < page.index("Tot nu merge.")
    assert "Suport Punte" in page
    assert "Dan Operator" not in page


def test_a_subject_of_two_lines_writes_no_header(ana, firm, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tickets.open_ticket(
            ana, firm, subject="Salut\nBcc: x@y.example", text="?", files=[], diagnosis="", now=timezone.now()
        )
    assert "Bcc" not in mail.outbox[0].message()
    assert mail.outbox[0].recipients() == ["ana@arcada.example"]


def test_what_one_writes_is_shown_as_text(browsers, firm):
    browsers["ana"].post("/ajutor/suport/nou/", {"subject": "<b>x</b>", "text": "<script>y</script>"})
    page = browsers["operator"].get(f"/ajutor/suport/{Ticket.objects.get().pk}/").content.decode()
    assert "<b>x</b>" not in page
    assert "<script>y" not in page


# --- what it takes along ---


def asks(browser: Client, *files: SimpleUploadedFile, **more: str):
    return browser.post("/ajutor/suport/nou/", ASKED | more | {"attached": list(files)})


def test_files_come_back_byte_for_byte_and_never_as_a_page_of_ours(browsers, firm):
    asks(browsers["ana"], SimpleUploadedFile("ecran ș.png", PNG), SimpleUploadedFile("f.xml", b"<html>"))
    for file, content in zip(Attachment.objects.order_by("pk"), (PNG, b"<html>"), strict=True):
        answer = browsers["ana"].get(f"/ajutor/suport/fisier/{file.pk}/")
        assert answer.content == content
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("certificat.p12", b"x")], "cheia privată"),
        ([("cheie.txt", b"-----BEGIN PRIVATE KEY-----")], "cheia privată"),
        ([("pagina.html", b"<html>")], "nu se poate atașa"),
        ([("mare.png", bytes(2 * 1024 * 1024 + 1))], "depășește 2 MB"),
        ([(f"{n}.png", PNG) for n in range(4)], "cel mult 3 fișiere"),
    ],
)
def test_files_that_are_not_taken_say_why_and_nothing_is_kept(browsers, firm, files, said):
    answer = asks(browsers["ana"], *(SimpleUploadedFile(name, content) for name, content in files))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "ANAF spune access_denied." in answer.content.decode()  # what was written stays
    assert not Ticket.objects.exists()
    assert not Attachment.objects.exists()


def test_the_diagnosis_goes_along_only_when_the_person_says_so(browsers, firm):
    shown = browsers["ana"].get("/ajutor/suport/nou/").content.decode()
    assert "Conectare la ANAF: nu" in shown  # it is read before it is agreed to
    asks(browsers["ana"])
    asks(browsers["ana"], with_diagnosis="on")
    without, with_it = Ticket.objects.order_by("pk")
    assert without.diagnosis == ""
    assert "Conectare la ANAF: nu" in with_it.diagnosis


def test_the_diagnosis_holds_states_and_codes_and_no_secret(traveller, browsers, firm):
    from punte.web.connection.models import Authorization

    traveller.cross("ilinca")
    asks(browsers["ana"], with_diagnosis="on")
    told = Ticket.objects.get().diagnosis
    authorization = Authorization.objects.get()
    assert "Drept în SPV: granted" in told
    assert "Problemă: niciuna" in told
    for secret in (authorization.access_token, authorization.refresh_token, authorization.serial):
        assert secret
        assert secret not in told


def test_the_operator_says_who_answers(ana):
    for words, expected in (([ana.email], True), ([ana.email, "--remove"], False)):
        assert CliRunner().invoke(staff, words).exit_code == 0
        ana.refresh_from_db()
        assert ana.is_staff is expected
    assert CliRunner().invoke(staff, ["nimeni@exemplu.example"]).exit_code == 1


def test_the_cause_that_the_doctor_found_goes_along(ana: User, firm: Firm):
    now = timezone.now()
    assert "Doctorul" not in diagnosis(firm, ana, now)
    Checkup.objects.create(user=ana, firm=firm, started_at=now, key="C09")
    Checkup.objects.create(user=ana, firm=firm, started_at=now, key="")  # under way: no cause yet
    assert diagnosis(firm, ana, now).splitlines()[-1].endswith(": C09")
