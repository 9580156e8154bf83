"""Mail to clients: written down first, sent by the worker, tried again with pauses; what became of it stays on the row.

Should the worker die between the mail server's yes and our note of it, the mail goes a second time when its claim has
passed: of the two faults, the smaller.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.utils import formataddr, make_msgid, parseaddr
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import files, payments, receipts
from .letter_words import text_of
from .models import Invoice, Kind, Letter, Payment, Stage

log = structlog.get_logger("punte.invoices")
CLAIM = timedelta(minutes=2)  # longer than a mail server is waited for
PAUSES = tuple(timedelta(minutes=m) for m in (5, 30, 120, 360, 1440))  # after a mail server's no; then given up
AT_ONCE = 20  # mails a round
OWED = (Stage.ACCEPTED, Stage.NOT_SENT)  # what a client is reminded of
NOT_OLDER = timedelta(days=60)  # reminders switched on today do not dig up the past


class NotMailable(Exception):
    """There is nothing to send, or nobody to send it to; the text is for the person."""


def write(invoice: Invoice, kind: Letter.Kind | str, user: User | None, *, payment: Payment | None = None) -> Letter:
    """The letter as it would go, not saved: the person may change it. Raises NotMailable."""
    kind = Letter.Kind(kind)
    if invoice.kind == Kind.TEMPLATE or invoice.number is None:
        raise NotMailable(
            _("Documentul nu are încă număr. Emiteți-l sau trimiteți-l la ANAF, apoi scrieți clientului.")
        )
    if kind == Letter.Kind.REMINDER and payments.left(invoice) <= 0:
        raise NotMailable(_("Nu mai este nimic de plătit pentru acest document."))
    text = text_of(invoice, kind, payment)
    to, subject = invoice.client.email, text.subject[:200]
    return Letter(
        invoice=invoice, kind=kind, to=to, subject=subject, body=text.body[:4000], payment=payment, created_by=user
    )


def queue(letter: Letter, now: datetime) -> Letter:
    """Save it for the worker. Raises NotMailable without an address."""
    if not letter.to:
        raise NotMailable(_("Clientul nu are adresă de e-mail. Scrieți-o aici sau în datele lui."))
    letter.state, letter.due_at, letter.tries, letter.error = Letter.State.QUEUED, now, 0, ""
    letter.message_id = make_msgid("punte", domain=urlsplit(settings.BASE_URL).hostname)
    letter.save()
    return letter


def follow(invoice: Invoice, now: datetime) -> Letter | None:
    """The document by itself to the client who wants it so, once; None where not."""
    wanted = invoice.client.wants_mail or (invoice.recurrence_of is not None and invoice.recurrence_of.mails)
    if not wanted or not invoice.client.email or invoice.letters.filter(kind=Letter.Kind.DOCUMENT).exists():
        return None
    return queue(write(invoice, Letter.Kind.DOCUMENT, None), now)


def on_accepted(sender: type[Invoice], *, invoice_id: int, **_: object) -> None:
    """`signals.accepted`: within the transaction that writes the acceptance, which no fault of a mail undoes."""
    about = Invoice.objects.select_related("firm", "client", "recurrence_of")
    wanted = Q(client__wants_mail=True) | Q(recurrence_of__mails=True)
    try:
        with transaction.atomic():
            if Invoice.objects.filter(wanted, pk=invoice_id).exists():
                follow(about.get(pk=invoice_id), timezone.now())
    except Exception:
        log.exception("no letter written", invoice=invoice_id)


def remind(now: datetime) -> int:
    """Remind, once for each invoice, the clients of the firms that want it; how many letters were written."""
    today, written = timezone.localdate(now), 0
    for firm in Firm.objects.exclude(reminder_days=None):
        assert firm.reminder_days is not None
        until = today - timedelta(days=firm.reminder_days)
        unpaid = Invoice.objects.filter(firm=firm, kind=Kind.INVOICE, stage__in=OWED, paid__lt=F("payable"))
        late = unpaid.filter(due_date__lte=until, due_date__gt=until - NOT_OLDER).exclude(client__email="")
        for invoice in late.exclude(letters__kind=Letter.Kind.REMINDER).select_related("client")[:AT_ONCE]:
            invoice.firm = firm
            if payments.left(invoice) > 0:
                queue(write(invoice, Letter.Kind.REMINDER, None), now)
                written += 1
    return written


# --- by the worker ---


def send_due(now: datetime) -> None:
    """Post what waits. A mail server that is not there is left alone for the rest of the round."""
    waiting = Letter.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    for pk, due in list(waiting.values_list("pk", "due_at")[:AT_ONCE]):
        if Letter.objects.filter(pk=pk, due_at=due).update(due_at=now + CLAIM) != 1:
            continue
        about = Letter.objects.select_related("invoice__firm", "invoice__client", "invoice__series", "payment")
        if not post(about.get(pk=pk), now):
            return


def post(letter: Letter, now: datetime) -> bool:
    """Hand it to the mail server and write down what it said; False where there was no server to hand it to."""
    there = True
    try:
        message_of(letter).send()
    except OSError as error:  # of the network, and smtplib's own
        said, final = answer_of(error)
        pause = None if final or letter.tries >= len(PAUSES) else PAUSES[letter.tries]
        facts = {"error": said[:500], "tries": letter.tries + 1, "due_at": now + pause if pause else None}
        state, there = Letter.State.QUEUED if pause else Letter.State.FAILED, final
        log.warning("letter not sent", letter=letter.pk, error=type(error).__name__)
    else:
        facts, state = {"error": "", "tries": letter.tries + 1, "due_at": None, "sent_at": now}, Letter.State.SENT
    Letter.objects.filter(pk=letter.pk).update(state=state, **facts)
    letter.refresh_from_db()
    return there


def message_of(letter: Letter) -> EmailMessage:
    """The mail with its files: PDF in the client's language, and the XML once it cannot change."""
    invoice, firm = letter.invoice, letter.invoice.firm
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message = EmailMessage(
        " ".join(letter.subject.split()),
        letter.body,
        formataddr((f"{firm.name} prin Punte", address)),
        [letter.to],
        reply_to=[firm.email] if firm.email else None,
        headers={"Message-ID": letter.message_id},
    )
    if letter.kind == Letter.Kind.RECEIPT and letter.payment:
        name = f"{receipts.stem(letter.payment)}.pdf"
        message.attach(name, receipts.pdf(letter.payment), "application/pdf")
        return message
    stem = files.stem(invoice)
    message.attach(f"{stem}.pdf", files.pdf(invoice, invoice.client.language), "application/pdf")
    if (xml := files.frozen(invoice)) and letter.kind == Letter.Kind.DOCUMENT:
        message.attach(f"{stem}.xml", xml, "application/xml")
    return message


def answer_of(error: OSError) -> tuple[str, bool]:
    """What the mail server said, in its words, and whether asking again is of no use (RFC 5321, 4.2.1: 5yz)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {_decoded(said)}", 500 <= code < 600
    if isinstance(error, smtplib.SMTPResponseException):
        final = not isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError)
        return f"{error.smtp_code} {_decoded(error.smtp_error)}", final and 500 <= error.smtp_code < 600
    return str(error) or type(error).__name__, False


def _decoded(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
