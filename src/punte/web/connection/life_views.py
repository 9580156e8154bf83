"""Integrări → Certificate: the firm's certificates in their order, the link for the accountant, dates and journal."""

from __future__ import annotations

import csv
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from punte.web.accounts.models import User
from punte.web.firms.access import firm_for, may_own, may_write, owned_firm
from punte.web.firms.models import Firm

from . import invitations, journal, reserve
from .client import rights_on
from .forms import CertificateForm, InviteForm
from .letters import invitation_letter
from .models import Authorization, Event, Invitation
from .notices import language_of, mail
from .standing import standings

A_PAGE = 50


@login_required
@never_cache
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """GET /integrari/certificate/: who does the firm's work at ANAF, who stands behind, and why."""
    return _page(request, here(request), InviteForm())


@login_required
@require_POST
def prefer(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /integrari/certificate/<right>/intai/: try this certificate first."""
    firm = here(request, write=True)
    right = next((right for right in rights_on(firm) if right.pk == pk), None)
    if right is None:
        raise Http404
    reserve.prefer(right, person(request), timezone.now())
    messages.success(
        request, _("Certificatul lui %(holder)s este acum primul.") % {"holder": right.authorization.holder}
    )
    return redirect("connection:reserve")


@login_required
@require_POST
def certificate_date(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /integrari/certificate/<right>/data/: until when the certificate is valid, so that we can remind."""
    firm = here(request, write=True)
    right = next((right for right in rights_on(firm) if right.pk == pk), None)
    if right is None:
        raise Http404
    form = CertificateForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for error in form.errors["until"]))
        return redirect("connection:reserve")
    until = form.cleaned_data["until"]
    Authorization.objects.filter(pk=right.authorization_id).update(certificate_until=until)
    facts = {"holder": right.authorization.holder, "until": until.isoformat()}
    journal.note(firm, journal.Kind.CERTIFICATE, timezone.now(), person(request), **facts)
    messages.success(request, _("Vă amintim cu 30, 14, 7 zile și o zi înainte."))
    return redirect("connection:reserve")


@login_required
@never_cache
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """POST /integrari/contabil/: a new link, shown this once; mailed too, when an address is given."""
    firm = owned_firm(request.user, here(request).pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, firm, form)
    _, token = invitations.invite(firm, person(request), timezone.now())
    link = settings.BASE_URL + reverse("connection:invitation", args=[token])
    email, failed = form.cleaned_data["email"], False
    if email:
        try:
            with override(language_of(email, get_language())):
                letter = invitation_letter(firm.name, str(request.user), link)
                mail(email, letter.subject, {"letter": letter})
        except OSError:
            failed = True
    return _page(request, firm, InviteForm(), link=link, mailed_to="" if failed else email, mail_failed=failed)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /integrari/contabil/<pk>/retragere/: an open link leads nowhere from now on."""
    firm = owned_firm(request.user, here(request).pk)
    invitation = get_object_or_404(Invitation, pk=pk, firm=firm)
    if invitations.revoke(invitation, person(request), timezone.now()):
        messages.success(request, _("Linkul a fost retras."))
    else:
        messages.warning(
            request, _("Linkul era deja folosit, retras sau expirat. O conexiune se închide cu „Deconectați”.")
        )
    return redirect("connection:reserve")


@login_required
@never_cache
@require_GET
def read_journal(request: HttpRequest) -> HttpResponse:
    """GET /integrari/jurnal/: who did what and when."""
    firm = here(request)
    events = Paginator(Event.objects.filter(firm=firm), A_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "connection/life/journal.html", {"events": events})


@login_required
@never_cache
@require_GET
def export_journal(request: HttpRequest) -> HttpResponse:
    """GET /integrari/jurnal.csv: all of it, oldest first, UTC; opens in a spreadsheet, where no cell is a formula."""
    firm = here(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="jurnal-anaf-{firm.cui}.csv"'
    rows = csv.writer(response)
    rows.writerow(["moment_utc", _("cod"), _("ce"), _("cine"), _("detalii")])
    for event in Event.objects.filter(firm=firm).order_by("at", "pk").iterator():
        line = (f"{event.at:%Y-%m-%d %H:%M:%S}", event.kind, event.get_kind_display(), event.actor, event.text)
        rows.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in line])
    return response


def here(request: HttpRequest, *, write: bool = False) -> Firm:
    """The firm one works for. Raises Http404 without one; PermissionDenied when `write` and one only reads."""
    if request.firm is None:  # type: ignore[attr-defined]
        raise Http404
    return firm_for(request.user, request.firm.pk, write=write)  # type: ignore[attr-defined]


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(request: HttpRequest, firm: Firm, form: InviteForm, **shown: Any) -> HttpResponse:
    now = timezone.now()
    user = person(request)
    context = {
        "standings": standings(firm, now, user),
        "may_write": may_write(user, firm),
        "may_own": may_own(user, firm),
        "form": form,
        "certificate_form": CertificateForm(),
        "open_links": Invitation.objects.open(now).filter(firm=firm).select_related("created_by"),
        **shown,
    }
    return render(request, "connection/life/certificates.html", context, status=400 if form.errors else 200)
