"""The firm's link, as its guest walks it: our consent, ANAF, the result, and the way out. No account anywhere."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from punte.web.plans.catalog import Feature
from punte.web.plans.gate import Refusal as NotInPlan
from punte.web.plans.gate import allows

from . import invitations, journal, reminders
from .crossing import SESSION_SECRET, Refused, arrive, print_of, start
from .diagnoses import diagnoses
from .forms import GuestForm
from .letters import SALT, withdrawal
from .models import CONNECTED, Authorization, Crossing, RightState
from .notices import Kind

LINK = "guest-link"  # in the guest's session: where to go on after a refusal


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET /integrari/invitatie/<token>/: for which firm, who asks, what for. POST: agreed; to ANAF, in the same tab."""
    now = timezone.now()
    found = invitations.find(token, now)
    if found is None:
        return render(request, "connection/guest/closed.html", status=410)
    form = GuestForm(request.POST if request.method == "POST" else None)
    problem = ""
    allowed = allows(found.firm, Feature.CONNECT, now)
    if isinstance(allowed, NotInPlan):
        return render(request, "connection/guest/closed.html", {"by_plan": True, "firm": found.firm}, status=403)
    if request.method == "POST" and form.is_valid():
        request.session[LINK] = token
        try:
            guest = form.cleaned_data["name"], form.cleaned_data["email"]
            return redirect(start(request.session, None, found.firm, now, invitation=found, guest=guest))
        except Refused as refused:
            problem = refused.key
    last = _crossings(request).filter(invitation=found).exclude(outcome="").last()
    context = {
        "invitation": found,
        "form": form,
        "diagnosis": diagnoses().get(problem or (last.outcome if last else "")),
        "anaf_text": last.anaf_text if last and not problem else "",
    }
    return render(request, "connection/guest/invitation.html", context, status=400 if form.errors else 200)


def returned(request: HttpRequest) -> HttpResponse:
    """The guest's part of /integrari/anaf/intoarcere/."""
    try:
        crossing = arrive(request.GET.dict(), request.session, None, timezone.now())
    except Refused:
        crossing = None
    if crossing is not None and crossing.outcome == CONNECTED:
        if crossing.authorization is not None:
            _confirm(crossing.authorization)
        return redirect("connection:guest-done")
    token = request.session.get(LINK)
    if token:
        return redirect("connection:invitation", token)
    return render(request, "connection/guest/closed.html", status=410)


@never_cache
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """GET /integrari/oaspete/: what the guest has agreed to, in the browser in which they did."""
    last = _crossings(request).filter(outcome=CONNECTED, authorization__ended_at=None).last()
    if last is None or last.authorization is None:
        raise Http404
    context = {
        "authorization": last.authorization,
        "guest_firm": last.firm,
        "withdrawal": withdrawal(last.authorization),
    }
    return render(request, "connection/guest/done.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, signed: str) -> HttpResponse:
    """GET /integrari/retragere/<signed>/ asks, POST ends: the guest's own way out, from the mail."""
    try:
        pk = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    held = Authorization.objects.filter(pk=pk).exclude(invitation=None).select_related("invitation__firm").first()
    if held is None or held.invitation is None:
        raise Http404
    firm, now = held.invitation.firm, timezone.now()
    if request.method == "POST" and held.ended_at is None:
        with transaction.atomic():
            reminders.say(Kind.WITHDRAWN, held, [firm], now)
            held.end(now)
            journal.note(firm, journal.Kind.DISCONNECTED, now, held.actor, withdrawn="yes")
    return render(request, "connection/guest/withdraw.html", {"authorization": held, "guest_firm": firm})


def _confirm(authorization: Authorization) -> None:
    firms = [right.firm for right in authorization.rights.exclude(state=RightState.DENIED).select_related("firm")]
    reminders.say_to(authorization.holder_email, Kind.GUEST, authorization, firms, timezone.now())


def _crossings(request: HttpRequest) -> QuerySet[Crossing]:
    mine = print_of(request.session.get(SESSION_SECRET, ""))
    found = Crossing.objects.filter(session_hash=mine, user=None)
    return found.select_related("firm", "authorization__invitation").order_by("pk")
