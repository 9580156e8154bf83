"""A ticket is opened, answered, closed, opened again by an answer. Whose it is, is asked here alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from punte.web.accounts.language import language_of
from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from .models import Message, Ticket


def own(user: User | AnonymousUser) -> QuerySet[Ticket]:
    """The person's tickets, without those about a firm left since."""
    still = Q(firm=None) | Q(firm__memberships__user_id=user.pk)
    return Ticket.objects.filter(still, user_id=user.pk or 0).select_related("firm", "user")


def ticket_for(user: User | AnonymousUser, pk: int) -> Ticket:
    """The person's own, or any for the operator's people. Raises Http404 for everybody else, colleagues included."""
    staff = isinstance(user, User) and user.is_staff
    tickets = Ticket.objects.select_related("firm", "user") if staff else own(user)
    found = tickets.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_ticket(
    user: User,
    firm: Firm | None,
    *,
    subject: str,
    text: str,
    files: Iterable[UploadedFile[Any]],
    diagnosis: str,
    now: datetime,
) -> Ticket:
    """Told by mail to the person and to the operator."""
    with transaction.atomic():
        ticket = Ticket.objects.create(
            user=user, firm=firm, subject=subject, diagnosis=diagnosis, opened_at=now, changed_at=now
        )
        message = _say(ticket, user, text, files, now, of_staff=False)
        _tell("opened", message, [user.email])
        _tell("to_operator", message, _operator())
    return ticket


def answer(ticket: Ticket, user: User, text: str, files: Iterable[UploadedFile[Any]], now: datetime) -> Message:
    """The next turn, told by mail to the other side. An answer opens a closed ticket again.

    Who is of the staff and asks for themselves speaks as a person in their own ticket.
    """
    of_staff = ticket.user_id != user.pk
    with transaction.atomic():
        message = _say(ticket, user, text, files, now, of_staff=of_staff)
        Ticket.objects.filter(pk=ticket.pk).update(changed_at=now, closed_at=None, waits_for_us=not of_staff)
        _tell("answered" if of_staff else "to_operator", message, [ticket.user.email] if of_staff else _operator())
    return message


def close(ticket: Ticket, user: User, now: datetime) -> None:
    """By either side. The person hears of it when it was not they."""
    with transaction.atomic():
        closed = Ticket.objects.filter(pk=ticket.pk, closed_at=None).update(
            closed_at=now, changed_at=now, waits_for_us=False
        )
        last = ticket.messages.order_by("pk").last()
        if closed and ticket.user_id != user.pk and last:
            _tell("closed", last, [ticket.user.email])


def _say(
    ticket: Ticket, author: User, text: str, files: Iterable[UploadedFile[Any]], now: datetime, *, of_staff: bool
) -> Message:
    message = ticket.messages.create(author=author, of_staff=of_staff, at=now, text=text)
    for file in files:
        content = file.read()
        message.attachments.create(name=(file.name or "fisier")[-100:], content=content, size=len(content))
    return message


def _operator() -> list[str]:
    """Where new questions are told: the address of support, else the operator's, else each of the staff's."""
    if named := settings.SUPPORT_EMAIL or settings.OPERATOR["email"]:
        return [named]
    return list(User.objects.filter(is_staff=True, is_active=True).values_list("email", flat=True))


def _tell(name: str, message: Message, to: list[str]) -> None:
    """After the commit, each in their language; a mail server that is down loses no question."""
    ticket = message.ticket
    link = settings.BASE_URL + reverse("support:ticket", args=[ticket.pk])
    context = {"ticket": ticket, "message": message, "link": link}
    for address in to:

        def deliver(address: str = address) -> None:
            with translation.override(language_of(address)):
                subject, _, body = render_to_string(f"support/mail/{name}.txt", context).partition("\n")
            send_mail(" ".join(subject.split()), body.strip() + "\n", None, [address])

        transaction.on_commit(deliver, robust=True)
