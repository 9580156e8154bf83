"""Mail to clients, through a real mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner
from django.db import transaction
from django.utils import timezone

from punte.cli.mail import mail as punte_mail
from punte.web.delivery.models import State
from punte.web.invoices import bounces, copies, files, issuing, letters, payments
from punte.web.invoices.models import Invoice, Letter, Means, Purpose
from punte.web.invoices.numbering import series_for

from .conftest import TODAY, draft_of, sent
from .mail_server import MailServer

NOW = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)  # an hour later is still today
TO = "contabilitate@trei-spice.example"


@pytest.fixture
def serve(settings) -> Iterator[Callable[..., MailServer]]:
    running: list[MailServer] = []

    def start(**how: dict[str, str]) -> MailServer:
        server = MailServer(**how).__enter__()
        running.append(server)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        return server

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture
def invoice(bakery) -> Invoice:
    bakery.email = TO
    bakery.save()
    return sent(draft_of(bakery))


def queued(invoice: Invoice, kind: str = "document", **how) -> Letter:
    return letters.queue(letters.write(invoice, kind, invoice.created_by, **how), NOW)


def attached(message) -> dict[str, bytes]:
    return {part.get_filename(): part.get_payload(decode=True) for part in message.walk() if part.get_filename()}


def text_of(message) -> str:
    return next(p for p in message.walk() if p.get_content_type() == "text/plain").get_payload(decode=True).decode()


def pages(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def test_the_client_gets_the_pdf_and_the_very_xml_that_anaf_has(serve, invoice):
    server, letter = serve(), queued(invoice)
    letters.send_due(NOW)
    ((to, message),) = server.taken
    assert (to, message["To"], message["Reply-To"]) == (TO, TO, "facturi@arcada.example")
    assert message["Message-ID"] == letter.message_id
    found = attached(message)
    assert found.keys() == {"DI-0001.pdf", "DI-0001.xml"}
    assert found["DI-0001.xml"] == files.frozen(invoice)
    assert "DI, numărul 0001" in pages(found["DI-0001.pdf"])
    assert "Vă trimitem factura DI 0001" in text_of(message)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.due_at, letter.error) == (Letter.State.SENT, NOW, None, "")
    letters.send_due(NOW + timedelta(days=1))
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ro", ["Vă trimitem factura DI 0001"]),
        ("en", ["We are sending you invoice DI 0001"]),
        ("ro-en", ["Vă trimitem factura DI 0001", "We are sending you invoice DI 0001"]),
    ],
)
def test_the_mail_speaks_the_clients_language(invoice, language, said):
    invoice.client.language = language
    body = letters.write(invoice, "document", None).body
    assert all(sentence in body for sentence in said)
    assert ("Bună ziua" in body) is ("ro" in language)


def test_the_firms_own_words_are_filled_in(invoice):
    invoice.firm.mail_subject = "{document} – {firma}"
    invoice.firm.mail_body = "Stimați {client}, aveți de plată {suma} până pe {scadenta}."
    letter = letters.write(invoice, "document", None)
    assert letter.subject == "Factura DI 0001 – Arcada Studio SRL"
    assert letter.body.startswith("Stimați Brutăria Trei Spice SRL, aveți de plată 121,00\u00a0lei până pe ")


def test_a_proforma_brings_its_pdf_alone_and_says_that_it_is_no_invoice(serve, bakery):
    server = serve()
    bakery.email = TO
    bakery.save()
    proforma = draft_of(bakery)
    issuing.to_proforma(proforma)
    issuing.issue(proforma, NOW)
    queued(proforma)
    letters.send_due(NOW)
    found = attached(server.taken[0][1])
    assert found.keys() == {"AS-P-0001.pdf"}
    page = pages(found["AS-P-0001.pdf"])
    assert "Proformă" in page
    assert "nu este factură" in page


def test_a_receipt_goes_as_its_own_pdf(serve, invoice, ana):
    server, series = serve(), series_for(invoice.firm, Purpose.RECEIPT)
    payment = payments.receive(invoice, Decimal("121"), TODAY, Means.CASH, ana, receipt_series=series)
    queued(invoice, "receipt", payment=payment)
    letters.send_due(NOW)
    found = attached(server.taken[0][1])
    assert found.keys() == {"AS-CH-0001.pdf"}
    assert "o sută douăzeci și unu de lei" in pages(found["AS-CH-0001.pdf"]).replace("\n", " ")


# --- failures ---


def test_an_address_the_server_refuses_for_good_fails_with_its_words(serve, invoice):
    serve(refuses={TO: "550 5.1.1 no such user here"})
    letter = queued(invoice)
    letters.send_due(NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.due_at, letter.error) == (Letter.State.FAILED, None, "550 5.1.1 no such user here")


def test_one_it_refuses_for_now_is_tried_again_after_a_pause_and_then_given_up(serve, invoice):
    server = serve(refuses={TO: "451 4.7.1 come back later"})
    letter, now, pauses = queued(invoice), NOW, []
    while letter.due_at:
        letters.send_due(now)
        letter.refresh_from_db()
        if letter.due_at:
            pauses.append(letter.due_at - now)
            now = letter.due_at
    assert pauses == list(letters.PAUSES)
    assert (letter.state, letter.tries, letter.error) == (Letter.State.FAILED, 6, "451 4.7.1 come back later")
    assert server.taken == []


def test_a_server_that_is_not_there_is_left_alone_for_the_round(settings, invoice):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    first, second = queued(invoice), queued(invoice)
    letters.send_due(NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.tries, second.tries] == [1, 0]
    assert "refused" in first.error
    assert first.state == Letter.State.QUEUED


def test_a_client_without_an_address_and_a_draft_are_refused_in_words(people, invoice, bakery):
    with pytest.raises(letters.NotMailable, match="număr"):
        letters.write(draft_of(bakery), "document", None)
    invoice.client.email = ""
    with pytest.raises(letters.NotMailable, match="adresă"):
        queued(invoice)


# --- by itself ---


def test_an_accepted_invoice_goes_to_the_client_who_wants_it_once(bakery, ana):
    bakery.email, bakery.wants_mail = TO, True
    bakery.save()
    invoice = sent(draft_of(bakery), State.PROCESSING)
    submission = invoice.submissions.get()
    submission.write(NOW, to=State.ACCEPTED)
    (letter,) = Letter.objects.all()
    assert (letter.kind, letter.to, letter.created_by) == (Letter.Kind.DOCUMENT, TO, None)
    assert letters.follow(invoice, NOW) is None


def test_an_acceptance_that_is_not_written_writes_no_mail(bakery):
    bakery.email, bakery.wants_mail = TO, True
    bakery.save()
    submission = sent(draft_of(bakery), State.PROCESSING).submissions.get()
    with transaction.atomic():
        submission.write(NOW, to=State.ACCEPTED)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_the_unpaid_are_reminded_once_after_so_many_days_where_the_firm_wants_it(bakery, ana):
    bakery.email = TO
    bakery.save()
    due = {n: sent(draft_of(bakery, issued=TODAY - timedelta(days=40), due_date=TODAY - timedelta(days=n)))
           for n in (2, 3, 5, 90)}  # fmt: skip
    paid = sent(draft_of(bakery, issued=TODAY - timedelta(days=40), due_date=TODAY - timedelta(days=5)))
    payments.receive(paid, paid.payable, TODAY, Means.TRANSFER, ana)
    undone = sent(draft_of(bakery, issued=TODAY - timedelta(days=40), due_date=TODAY - timedelta(days=5)))
    sent(copies.storno_of(undone, ana, TODAY))
    assert letters.remind(NOW) == 0
    firm = bakery.firm
    firm.reminder_days = 3
    firm.save()
    assert [letters.remind(NOW), letters.remind(NOW + timedelta(hours=1))] == [2, 0]
    assert {letter.invoice for letter in Letter.objects.all()} == {due[3], due[5]}  # 90 days ago is past digging up
    assert "mai sunt de plătit 121,00\u00a0lei" in Letter.objects.first().body


# --- what comes back ---

BOUNCE = """From: MAILER-DAEMON@mail.example
To: punte@punte.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 mailbox
 unavailable

--b
Content-Type: {part}

Message-ID: {message_id}
Subject: Factura

--b--
"""


def bounce(letter: Letter, action: str = "failed", part: str = "message/rfc822") -> bytes:
    text = BOUNCE.format(to=letter.to, action=action, part=part, message_id=letter.message_id)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("part", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_of_failure_marks_the_letter_with_the_servers_words_once(invoice, part):
    letter = queued(invoice)
    assert [bounces.take(bounce(letter, part=part)), bounces.take(bounce(letter, part=part))] == [1, 0]
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (Letter.State.BOUNCED, "550 5.1.1 mailbox unavailable")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: hello\r\n\r\nI am on holiday",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n--b--\r\n",
        bytes(range(256)) * 40,
    ],
)
def test_what_is_no_report_marks_nothing(invoice, content):
    queued(invoice)
    assert bounces.take(content) == 0


def test_a_delay_is_no_failure_and_a_strangers_id_matches_nothing(invoice):
    letter = queued(invoice)
    assert bounces.take(bounce(letter, action="delayed")) == 0
    letter.message_id = "<forged@example>"
    assert bounces.take(bounce(letter)) == 0


def test_the_command_reads_standard_input_and_a_maildir(invoice, tmp_path: Path):
    first, second = queued(invoice), queued(invoice)
    said = CliRunner().invoke(punte_mail, ["bounces"], input=bounce(first))
    assert (said.exit_code, said.output) == (0, "1 returned\n"), said.exception
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.eml").write_bytes(bounce(second))
    assert CliRunner().invoke(punte_mail, ["bounces", "--maildir", str(tmp_path)]).output == "1 returned\n"
    assert [path.name for path in (tmp_path / "cur").iterdir()] == ["1.eml:2,S"]
    assert CliRunner().invoke(punte_mail, ["bounces", "--maildir", str(tmp_path)]).output == "0 returned\n"


# --- the pages ---


def test_the_letter_is_shown_changed_and_queued_on_the_page(people, invoice):
    address = f"/venituri/{invoice.pk}/mail/"
    page = people["ana"].get(address).content.decode()
    assert f'value="{TO}"' in page
    assert "Vă trimitem factura DI 0001" in page
    wrong = people["ana"].post(address, {"to": "nu", "subject": "x", "body": "y"})
    assert wrong.status_code == 200
    assert not Letter.objects.exists()
    people["ana"].post(address, {"to": "sef@trei-spice.example", "subject": "Factura\r\nBcc: x@y.z", "body": "Bună!"})
    letter = Letter.objects.get()
    assert (letter.to, letter.subject, letter.body) == ("sef@trei-spice.example", "Factura Bcc: x@y.z", "Bună!")
    Letter.objects.update(state="bounced", error="550 5.1.1 mailbox unavailable")
    assert "550 5.1.1 mailbox unavailable" in people["ana"].get(address).content.decode()


def test_nothing_left_to_pay_is_not_reminded_of(people, invoice, ana):
    payments.receive(invoice, invoice.payable, TODAY, Means.TRANSFER, ana)
    page = people["ana"].get(f"/venituri/{invoice.pk}/amintire/", follow=True).content.decode()
    assert "Nu mai este nimic de plătit" in page


def test_the_firm_writes_its_own_words_sees_them_and_is_told_of_a_name_we_do_not_know(people, invoice, firm):
    address, said = "/venituri/mailuri/", {"mail_subject": "{document}", "reminder_days": "7"}
    wrong = people["ana"].post(address, said | {"mail_body": "Suma: {total}"}).content.decode()
    assert "Nu cunoaștem {total}" in wrong
    shown = people["ana"].post(address, said | {"mail_body": "Plătiți {suma}", "action": "preview"}).content.decode()
    assert "Plătiți 121,00" in shown
    firm.refresh_from_db()
    assert firm.mail_body == ""
    people["ana"].post(address, said | {"mail_body": "Plătiți {suma}"})
    firm.refresh_from_db()
    assert (firm.mail_subject, firm.mail_body, firm.reminder_days) == ("{document}", "Plătiți {suma}", 7)
