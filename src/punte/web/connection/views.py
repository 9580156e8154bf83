"""Integrări: the connection to ANAF, its making, its check, its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.accounts.models import User
from punte.web.firms.access import firm_for, may_own, may_write
from punte.web.firms.current import choose
from punte.web.firms.models import Firm
from punte.web.plans.catalog import Feature
from punte.web.plans.gate import Refusal as NotInPlan
from punte.web.plans.gate import allows

from . import applications, guest_views, journal, renewal
from .client import Connection, status
from .crossing import CallbackDiffers, Refused, arrive, is_a_guests, redirect_uri, start
from .diagnoses import diagnoses
from .difference import difference
from .guide_views import panel
from .homeward import back, remember
from .models import CONNECTED, Authorization, Crossing, Problem, Right, RightState
from .questions import follow
from .rights import discover, firms_to_ask
from .standing import standings

SOON = timedelta(days=30)
REFUSED = {"C01", "C04", "C05", "C06", "C07"}  # all of them are `access_denied` to us: a person knows more
OF_THE_ADDRESS = {"C12", "C13"}
MISSED = timedelta(hours=24)  # so long who did not come back is asked why


class Row(NamedTuple):
    """A line of the matrix: one of the person's firms and what the certificate may do for it."""

    firm: Firm
    right: Right | None
    current: bool


@login_required
@never_cache
@require_GET
def integrations(request: HttpRequest) -> HttpResponse:
    """GET /integrari/: the connection of the firm one works for, the rights of its certificate, the guide."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    remember(request)
    user = _person(request)
    firm = firm_for(user, request.firm.pk)  # type: ignore[attr-defined]
    connection = status(firm)
    now = timezone.now()
    elsewhere = connection is None and Authorization.objects.live().filter(user=user).exists()
    rows = _matrix(request, firm, connection)
    key = _diagnosis_key(connection, rows) if connection else ""
    return render(
        request,
        "connection/integrations.html",
        panel(request, "integrari")
        | {
            "connection": connection,
            "rows": rows,
            "may_write": may_write(user, firm),
            "dead": connection is not None and connection.problem is Problem.DEAD,
            "still": connection is not None and connection.works_until_then(now),
            "soon": connection is not None and connection.until - now < SOON,
            "diagnosis": diagnoses().get(key),
            "just_connected": "conectat" in request.GET and connection is not None and connection.works,
            "homeward": back(request),
            "elsewhere": elsewhere,
            "no_application": not applications.is_set(applications.own(firm)),
            "dialogue": follow("conectarea"),
            "away": _away(user, firm, now),
            "away_dialogue": follow("neintors"),
            "discovered": _discovered(request, connection),
        },
    )


def _away(user: User, firm: Firm, now: datetime) -> Crossing | None:
    """The person's last walk for `firm`, when they have not come back from it."""
    last = user.crossings.filter(firm=firm, started_at__gt=now - MISSED).order_by("started_at").last()
    return last if last is not None and last.returned_at is None else None


def _discovered(request: HttpRequest, connection: Connection | None) -> list[str]:
    """CUIs that ANAF named for the person's own certificate and that are not among their firms."""
    if connection is None or connection.holder_id != request.user.pk:
        return []
    mine = {firm.cui for firm in request.firms}  # type: ignore[attr-defined]
    found = Authorization.objects.get(pk=connection.authorization_id).companies
    return [cui for cui in found if cui not in mine]


def _matrix(request: HttpRequest, firm: Firm, connection: Connection | None) -> list[Row]:
    """The person's own firms alone: what the certificate does for others is none of their business."""
    if connection is None:
        return []
    mine: list[Firm] = request.firms  # type: ignore[attr-defined]
    rights = {right.firm_id: right for right in Right.objects.filter(authorization_id=connection.authorization_id)}
    return [Row(other, rights.get(other.pk), other == firm) for other in mine]


def _diagnosis_key(connection: Connection, rows: list[Row]) -> str:
    if connection.problem is not Problem.NONE:
        return connection.problem.value
    if connection.right is not RightState.DENIED:
        return ""
    elsewhere = any(row.right and row.right.state == RightState.GRANTED for row in rows)
    return "C10" if elsewhere else "C08-retras"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """GET /integrari/conectare/: what Punte will be able to do. POST: agreed; to ANAF, in the same tab."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    user = _person(request)
    firm = firm_for(user, request.firm.pk, write=True)  # type: ignore[attr-defined]
    allowed = allows(firm, Feature.CONNECT, timezone.now())
    if isinstance(allowed, NotInPlan):
        messages.error(request, allowed.html)
        return redirect("connection:integrations")
    remember(request)
    agreed = request.POST.get("agreed") == "on"
    if request.method == "POST" and agreed:
        try:
            return redirect(start(request.session, user, firm, timezone.now()))
        except CallbackDiffers:
            return redirect("connection:callback-differs")
        except Refused as refused:
            return redirect("connection:problem", refused.key)
    return render(request, "connection/consent.html", {"missing": request.method == "POST"})


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """GET /integrari/anaf/intoarcere/?code&state: never a page of its own, so that a reload repeats nothing."""
    if is_a_guests(request.GET.dict()):
        return guest_views.returned(request)
    if not request.user.is_authenticated:
        messages.warning(
            request, _("Sesiunea s-a încheiat cât ați fost la ANAF. Intrați în cont ca să începeți din nou.")
        )
        return redirect_to_login(reverse("connection:problem", args=["C16-iesit"]))
    try:
        crossing = arrive(request.GET.dict(), request.session, _person(request), timezone.now())
    except Refused as refused:
        return redirect("connection:problem", refused.key)
    choose(request, crossing.firm)  # the one the walk was for, whatever another tab has chosen since
    if crossing.outcome == CONNECTED:
        return redirect(reverse("connection:integrations") + "?conectat")
    return redirect("connection:problem", crossing.outcome)


@login_required
@require_GET
def problem(request: HttpRequest, key: str) -> HttpResponse:
    """GET /integrari/problema/<key>/: what, why, what to do; with ANAF's words from the person's own last walk."""
    diagnosis = diagnoses().get(key)
    if diagnosis is None:
        raise Http404
    last = Crossing.objects.filter(user=_person(request), outcome=key).select_related("firm").last()
    firm: Firm | None = request.firm  # type: ignore[attr-defined]
    registered = request.GET.get("inregistrata", "").strip()[:500]
    context = {
        "diagnosis": diagnosis,
        "may_own": firm is not None and may_own(_person(request), firm),
        "last": last,
        "ask": "refuzul" if diagnosis.code in REFUSED else "conectarea",
        "address": redirect_uri() if diagnosis.code in OF_THE_ADDRESS else "",
        "registered": registered,
        "compared": difference(redirect_uri(), registered) if registered else None,
    }
    return render(request, "connection/problem.html", context)


@login_required
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """POST /integrari/verificare/: ask ANAF again what the certificate may do, for this firm and one's others."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    user = _person(request)
    firm = firm_for(user, request.firm.pk, write=True)  # type: ignore[attr-defined]
    now = timezone.now()
    own = Authorization.objects.live().filter(user=user)
    for authorization in own.select_related("application"):
        if authorization.application is None:
            _check(authorization, [firm, *(other for other in firms_to_ask(user) if other != firm)], now)
            _look_for_companies(authorization, firm, now)
        elif authorization.application.firm_id == firm.pk:
            _check(authorization, [firm], now)
            _look_for_companies(authorization, firm, now)
    of_colleagues = Authorization.objects.live().filter(rights__firm=firm).exclude(user_id=user.pk)
    for authorization in of_colleagues:
        _check(authorization, [firm], now)
    connection = status(firm)
    if connection is None or connection.right is RightState.UNKNOWN:
        messages.warning(request, _("ANAF nu a răspuns. Întrebăm din nou singuri; puteți încerca și mai târziu."))
    elif connection.works:
        messages.success(request, _("Drepturile au fost verificate acum la ANAF."))
    else:
        messages.warning(
            request, _("Am întrebat ANAF: facturile acestei firme încă nu pot pleca. Vedeți mai jos de ce.")
        )
    return redirect("connection:integrations")


def _check(authorization: Authorization, firms: list[Firm], now: datetime) -> None:
    authorization = renewal.refreshed(authorization, now)
    if renewal.usable(authorization, now):
        renewal.check(authorization, firms, now)


def _look_for_companies(authorization: Authorization, firm: Firm, now: datetime) -> None:
    authorization.refresh_from_db()
    if not renewal.usable(authorization, now) or not authorization.rights.filter(firm=firm, state=RightState.GRANTED):
        return
    if found := discover(authorization.access_token, firm, now, authorization.application):
        Authorization.objects.live().filter(pk=authorization.pk).update(companies=found)


@login_required
@require_http_methods(["GET", "POST"])
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks, POST ends. Who authorised ends it for all firms; a colleague ends it for the firm one works for."""
    authorization = Authorization.objects.live().filter(pk=pk).select_related("user").first()
    if authorization is None or request.firm is None:  # type: ignore[attr-defined]
        raise Http404
    own = authorization.user_id == request.user.pk
    firm = firm_for(request.user, request.firm.pk)  # type: ignore[attr-defined]
    if not own and not authorization.rights.filter(firm=firm).exists():
        raise Http404
    firm_for(request.user, firm.pk, write=True)
    granted = authorization.rights.filter(state=RightState.GRANTED).select_related("firm")
    served = [right.firm for right in granted] if own else [firm]
    if request.method == "GET":
        now = timezone.now()
        left = {one: any(s.lives and s.authorization != authorization for s in standings(one, now)) for one in served}
        context = {"authorization": authorization, "own": own, "served": served, "left": left}
        return render(request, "connection/disconnect.html", context)
    with transaction.atomic():
        now = timezone.now()
        if not own:
            authorization.rights.filter(firm=firm).delete()
        if own or not authorization.rights.filter(state=RightState.GRANTED).exists():
            authorization.end(now)
        for one in served:
            journal.note(one, journal.Kind.DISCONNECTED, now, _person(request), **authorization.facts)
    messages.success(request, _("Deconectat de la ANAF. Facturile trimise rămân în SPV și în arhivă."))
    return redirect("connection:integrations")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
