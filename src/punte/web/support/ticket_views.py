"""Ajutor → Suport: tickets of the person, and for the operator's people those of everyone."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import tickets
from .diagnosis import diagnosis
from .forms import AnswerForm, TicketForm
from .models import Attachment, Ticket

SHOWN = 200  # lines of a list


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET /ajutor/suport/: one's own tickets, newest first."""
    own = tickets.own(request.user).order_by("-changed_at")[:SHOWN]
    context = {"tickets": own, "email": settings.SUPPORT_EMAIL, "chat": settings.SUPPORT_CHAT}
    return render(request, "support/tickets.html", context)


@login_required
@require_GET
def everyones(request: HttpRequest) -> HttpResponse:
    """GET /ajutor/suport/toate/[?inchise]: for the operator's people; those that wait for an answer first."""
    if not _person(request).is_staff:
        raise Http404
    closed = "inchise" in request.GET
    found = Ticket.objects.filter(closed_at__isnull=not closed).select_related("firm", "user")
    order = ["-changed_at"] if closed else ["-waits_for_us", "changed_at"]
    return render(request, "support/everyones.html", {"tickets": found.order_by(*order)[:SHOWN], "closed": closed})


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """GET /ajutor/suport/nou/: the form, with the diagnosis as it would leave. POST: opens the ticket."""
    user, now = _person(request), timezone.now()
    firm: Firm | None = request.firm  # type: ignore[attr-defined]
    form = TicketForm(request.POST, request.FILES) if request.method == "POST" else TicketForm()
    told = diagnosis(firm, user, now) if firm else ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = tickets.open_ticket(
            user,
            firm,
            subject=said["subject"],
            text=said["text"],
            files=said["attached"],
            diagnosis=told if said["with_diagnosis"] else "",
            now=now,
        )
        messages.success(request, _("Am primit întrebarea. Răspunsul vine aici și prin e-mail."))
        return redirect("support:ticket", made.pk)
    return render(request, "support/create.html", {"form": form, "diagnosis": told})


@login_required
@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /ajutor/suport/<pk>/: the conversation. POST: its next turn."""
    one = tickets.ticket_for(request.user, pk)
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        tickets.answer(one, _person(request), said["text"], said["attached"], timezone.now())
        messages.success(request, _("Mesajul a fost trimis."))
        return redirect("support:ticket", pk)
    turns = one.messages.select_related("author").prefetch_related("attachments").order_by("pk")
    answers = one.user_id != request.user.pk
    return render(request, "support/ticket.html", {"ticket": one, "turns": turns, "form": form, "answers": answers})


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /ajutor/suport/<pk>/inchidere/"""
    one = tickets.ticket_for(request.user, pk)
    tickets.close(one, _person(request), timezone.now())
    messages.success(request, _("Discuția este închisă. Un mesaj nou o redeschide."))
    return redirect("support:ticket", pk)


@login_required
@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /ajutor/suport/fisier/<pk>/: for saving; what others sent is never shown as a page of ours."""
    file = Attachment.objects.filter(pk=pk).select_related("message").first()
    if file is None:
        raise Http404
    tickets.ticket_for(request.user, file.message.ticket_id)
    disposition = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    return HttpResponse(
        bytes(file.content),
        content_type="application/octet-stream",
        headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
    )


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required
    return request.user
