"""Doctorul conexiunii: the live check, stage by stage, and its result shown to somebody by a link."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.accounts.models import User
from punte.web.firms.access import firm_for, may_write

from .client import status
from .diagnoses import diagnoses
from .doctor import STAGES, Finding, Patient, examine, read_finding, verdict
from .models import Checkup, Problem
from .questions import NoSuchPath, follow
from .sharing import share, shared, unshare


class Shown(NamedTuple):
    """A finding with when it was made."""

    finding: Finding
    at: datetime


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def doctor(request: HttpRequest) -> HttpResponse:
    """GET /integrari/doctor/: what will be looked at. POST: begins."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = firm_for(request.user, request.firm.pk, write=request.method == "POST")  # type: ignore[attr-defined]
    if request.method == "POST":
        checkup = Checkup.objects.create(user=person(request), firm=firm, started_at=timezone.now())
        return redirect("connection:checkup", checkup.pk)
    last = Checkup.objects.filter(user=person(request), firm=firm).order_by("pk").last()
    labels = [stage[0] for stage in STAGES.values()]
    context = {"labels": labels, "last": last, "may_write": may_write(request.user, firm)}
    return render(request, "connection/doctor/doctor.html", context)


@login_required
@never_cache
@require_GET
def checkup(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /integrari/doctor/<pk>/: the stages so far; the next one comes by htmx, or by the button."""
    return render(request, "connection/doctor/checkup.html", sheet(_own(request, pk)))


@login_required
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /integrari/doctor/<pk>/pas/: for htmx the next stage; without JavaScript all that are left."""
    own = _own(request, pk, write=True)
    if not request.htmx:  # type: ignore[attr-defined]
        while _look(own):
            pass
        return redirect("connection:checkup", own.pk)
    looked = _look(own)
    context = sheet(own)
    context["rows"] = context["rows"][-1:] if looked else []
    return render(request, "connection/doctor/step.html", context | {"wait": not looked})


def _look(checkup: Checkup) -> bool:
    """Take the next stage. False, and nothing done, when none is left or another request is at it."""
    number = checkup.taken
    if number >= len(STAGES):
        return False
    if Checkup.objects.filter(pk=checkup.pk, taken=number).update(taken=number + 1) != 1:
        checkup.refresh_from_db()
        return False
    before = [read_finding(row["finding"]) for row in checkup.findings]
    now = timezone.now()
    found = examine(list(STAGES)[number], Patient(checkup.user, checkup.firm, now, before))
    told = verdict([*before, found])
    checkup.taken = number + 1
    checkup.findings = [*checkup.findings, {"at": now.isoformat(), "finding": found.row()}]
    checkup.key = told.key if told and checkup.taken == len(STAGES) else ""
    checkup.save(update_fields=["findings", "key"])
    return True


@login_required
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /integrari/doctor/<pk>/legatura/: a link to this result; any before it ends."""
    return show_link(request, _own(request, pk))


def show_link(request: HttpRequest, checkup: Checkup) -> HttpResponse:
    address = settings.BASE_URL + reverse("connection:shared", args=[share(checkup, timezone.now())])
    return render(request, "connection/doctor/link.html", sheet(checkup) | {"address": address})


@login_required
@require_POST
def end_link(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /integrari/doctor/<pk>/legatura/anulare/."""
    unshare(_own(request, pk))
    return redirect("connection:checkup", pk)


@never_cache
@require_GET
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET /integrari/diagnostic/<token>/: for whoever has the link, without an account."""
    found = shared(token, timezone.now())
    if found is None:
        raise Http404
    answer = render(request, "connection/doctor/shared.html", sheet(found))
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def sheet(checkup: Checkup) -> dict[str, Any]:
    """What the pages show of a checkup: `rows` of `Shown`, `next` stage, `told` (the verdict), `diagnosis`, `said`."""
    rows = [Shown(read_finding(row["finding"]), datetime.fromisoformat(row["at"])) for row in checkup.findings]
    left = list(STAGES)[checkup.taken :] if not checkup.path else []
    told = verdict([row.finding for row in rows]) if not left else None
    connection = status(checkup.firm)
    try:
        said = follow(checkup.path).said if checkup.path else ()
    except NoSuchPath:  # the questions have changed since
        said = ()
    return {
        "checkup": checkup,
        "rows": rows,
        "next": STAGES[left[0]][0] if left else "",
        "number": checkup.taken + 1,
        "count": len(STAGES),
        "told": told,
        "diagnosis": diagnoses().get(checkup.key),
        "connected": connection is not None and connection.problem is not Problem.DEAD,
        "said": said,
    }


def _own(request: HttpRequest, pk: int, *, write: bool = False) -> Checkup:
    """One's own checkup of a firm one still belongs to; else 404."""
    found = get_object_or_404(Checkup.objects.select_related("firm", "user"), pk=pk, user_id=request.user.pk)
    firm_for(request.user, found.firm_id, write=write)
    return found


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
