"""„Nu merge conectarea?”: one question a step, to one diagnosis. As a page, and inside the dialog of Integrări."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from punte.web.accounts.models import User
from punte.web.firms.access import firm_for, may_own, may_write
from punte.web.firms.models import Firm

from .crossing import redirect_uri
from .doctor_views import person, show_link
from .models import Checkup
from .questions import Dialogue, NoSuchPath, follow
from .views import OF_THE_ADDRESS

RECENT = timedelta(hours=1)  # a checkup so young belongs to the same trouble


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def dialogue(request: HttpRequest, path: str) -> HttpResponse:
    """GET /integrari/intrebari/<path>/[?raspuns=…]: the question, or the diagnosis. POST: a link to the diagnosis."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = firm_for(request.user, request.firm.pk)  # type: ignore[attr-defined]
    here = _follow(path)
    if request.method == "POST":
        if here.diagnosis is None:
            raise Http404
        return show_link(request, _noted(person(request), firm, here))
    answer, missing = request.GET.get("raspuns"), False
    if answer:
        here = _follow(f"{path}.{answer}")
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("connection:dialogue", here.path)
    else:
        missing = "raspuns" in request.GET or "mai-departe" in request.GET
    context = {
        "dialogue": here,
        "missing": missing,
        "likely": here.question.likely(request.headers.get("User-Agent", "")) if here.question else "",
        "may_write": may_write(request.user, firm),
        "may_own": may_own(request.user, firm),
        "address": redirect_uri() if here.diagnosis and here.diagnosis.code in OF_THE_ADDRESS else "",
        "in_dialog": bool(request.htmx),  # type: ignore[attr-defined]
    }
    part = "connection/dialogue/part.html" if request.htmx else "connection/dialogue/page.html"  # type: ignore[attr-defined]
    return render(request, part, context)


def _follow(path: str) -> Dialogue:
    try:
        return follow(path)
    except NoSuchPath as error:
        raise Http404 from error


def _noted(user: User, firm: Firm, here: Dialogue) -> Checkup:
    """The diagnosis as a checkup, with what the doctor has seen within the hour."""
    now = timezone.now()
    mine = Checkup.objects.filter(user=user, firm=firm, started_at__gt=now - RECENT)
    seen = mine.exclude(findings=[]).order_by("pk").last()
    assert here.diagnosis
    return Checkup.objects.create(
        user=user,
        firm=firm,
        started_at=seen.started_at if seen else now,
        findings=seen.findings if seen else [],
        path=here.path,
        key=here.diagnosis.key,
    )
