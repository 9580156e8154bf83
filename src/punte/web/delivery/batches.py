"""One press for many documents: written down, then done by the worker a few at a time, each with what it came to.

What is done to a document and the line that says so are written in one transaction: a worker that dies at any instant
leaves neither half, and the next one goes on with the following document. The lease is as of a submission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from punte.web.accounts.models import User
from punte.web.design import formats
from punte.web.firms.access import WRITERS
from punte.web.firms.models import Firm
from punte.web.invoices import copies, payments, scheduling
from punte.web.invoices.models import Batch, Invoice, Kind, Letter, Means, Stage
from punte.web.invoices.signals import AlreadySent, NotReady, Withheld

MOST = 5000  # documents of one press
AT_ONCE = 10  # documents a step: what one transaction holds
Action = Batch.Action


class Refused(Exception):
    """This document was left as it is; the text says why, to the person."""


def start(firm: Firm, action: str, ids: Iterable[int], user: User, options: dict[str, str] | None = None) -> Batch:
    """Write down what is to be done to the documents `ids` of `firm`, in that order. Raises ValueError over MOST."""
    waiting = list(ids)
    if len(waiting) > MOST:
        raise ValueError(f"{len(waiting)} documents in one batch")
    ended = None if waiting else timezone.now()
    return Batch.objects.create(
        firm=firm, action=Action(action), waiting=waiting, options=options or {}, created_by=user, ended_at=ended
    )


RECENT = timedelta(minutes=30)  # so long Venituri leads to what has ended


def recent(firm: Firm, now: datetime) -> list[Batch]:
    """What goes on for `firm`, and what has just ended; newest first, without what each document came to."""
    open_or_new = models.Q(ended_at=None) | models.Q(ended_at__gte=now - RECENT)
    return list(Batch.objects.filter(open_or_new, firm=firm).only("action", "ended_at").order_by("-pk")[:3])


def advance(now: datetime) -> bool:
    """Take the batch that had its turn longest ago one step; False when there is nothing to do."""
    batch = _claimed(now)
    if batch is None:
        return False
    with translation.override(getattr(batch.created_by, "language", "ro")), transaction.atomic():
        mine = Batch.objects.select_for_update().filter(pk=batch.pk, lease=batch.lease).first()
        if mine is None:
            return True  # another worker took over
        may = mine.firm.memberships.filter(user=mine.created_by, role__in=WRITERS).exists()
        head, mine.waiting = mine.waiting[:AT_ONCE], mine.waiting[AT_ONCE:]
        found = Invoice.objects.select_related("client", "series", "preceding").in_bulk(head)
        mine.results += [_result(mine, found.get(pk), pk, now, may=may) for pk in head]
        mine.leased_until = None
        mine.ended_at = None if mine.waiting else now
        mine.save(update_fields=["waiting", "results", "leased_until", "ended_at"])
    return True


def _claimed(now: datetime) -> Batch | None:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    while found := Batch.objects.filter(free, ended_at=None).order_by("lease", "pk").first():
        until = now + timedelta(seconds=settings.DELIVERY_LEASE)
        same = Batch.objects.filter(pk=found.pk, lease=found.lease)
        if same.update(lease=found.lease + 1, leased_until=until) == 1:
            found.lease += 1
            return found
    return None


def _result(batch: Batch, invoice: Invoice | None, pk: int, now: datetime, *, may: bool) -> dict[str, object]:
    """Do it to one document; what it came to. A refusal takes back what it had begun, and nothing else."""
    if invoice is None or invoice.firm_id != batch.firm_id:
        return {"id": pk, "label": "", "ok": False, "text": _("Nu mai există.")}
    invoice.firm = batch.firm
    label = invoice.label or _("Ciornă, %(client)s") % {"client": invoice.client.name}
    try:
        if not may:
            raise Refused(_("Nu mai aveți dreptul de a scrie în această firmă."))
        with transaction.atomic():
            text = DO[Action(batch.action)](batch, invoice, now)
    except Refused as refused:
        return {"id": pk, "label": label, "ok": False, "text": str(refused)}
    gone = batch.action == Action.DELETE
    return {"id": None if gone else pk, "label": invoice.label or label, "ok": True, "text": text}


# --- what is done to one document: a sentence, or Refused ---


def _send(batch: Batch, invoice: Invoice, now: datetime) -> str:
    if invoice.kind != Kind.INVOICE:
        raise Refused(_("Numai facturile se trimit la ANAF."))
    try:
        scheduling.send(invoice, batch.created_by, now)
    except AlreadySent:
        raise Refused(_("Este deja trimisă, sau pe drum.")) from None
    except NotReady as missing:
        raise Refused(_("ANAF ar refuza-o: %(why)s.") % {"why": str(missing)}) from None
    except Withheld as withheld:
        raise Refused(strip_tags(withheld.text)) from None
    invoice.refresh_from_db()
    match Stage(invoice.stage):
        case Stage.SCHEDULED if invoice.send_at:
            return _("Programată: pleacă %(moment)s.") % {"moment": formats.moment(invoice.send_at)}
        case Stage.NOT_SENT:
            return _("A primit număr; nu se transmite la ANAF.")
    return _("Pe drum spre ANAF.")


def _mail(batch: Batch, invoice: Invoice, now: datetime) -> str:
    if invoice.stage == Stage.DRAFT:
        raise Refused(_("Este ciornă: clientul primește un document cu număr."))
    if not invoice.client.email:
        raise Refused(_("Clientul nu are adresă de e-mail."))
    from punte.web.invoices import letters

    letter = letters.write(invoice, Letter.Kind.DOCUMENT, batch.created_by)
    letters.queue(letter, now)
    return letter.to


def _copy(batch: Batch, invoice: Invoice, now: datetime) -> str:
    copies.copy_of(invoice, batch.created_by, timezone.localdate(now))
    return _("Ciornă nouă, cu data de azi.")


def _delete(batch: Batch, invoice: Invoice, now: datetime) -> str:
    if invoice.stage != Stage.DRAFT or invoice.number is not None:
        raise Refused(_("Are număr și nu se mai poate șterge; o puteți storna."))
    invoice.delete()
    return _("Ștearsă.")


def _paid(batch: Batch, invoice: Invoice, now: datetime) -> str:
    if invoice.stage == Stage.DRAFT or invoice.kind == Kind.TEMPLATE:
        raise Refused(_("Este ciornă: se încasează un document cu număr."))
    left = payments.left(invoice)
    if left <= 0:
        raise Refused(_("Nu mai este nimic de încasat."))
    day = date.fromisoformat(batch.options["day"])
    payments.receive(invoice, left, day, Means(batch.options["means"]), batch.created_by)
    return _("Încasată.")


DO: dict[str, Callable[[Batch, Invoice, datetime], str]] = {
    Action.SEND: _send,
    Action.MAIL: _mail,
    Action.COPY: _copy,
    Action.DELETE: _delete,
    Action.PAID: _paid,
}
