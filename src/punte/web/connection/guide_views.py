"""Ghidul în patru pași: a public page, and the same guide under Integrări for the firm one works for."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from punte.romania.certificates import judge, providers, serves
from punte.romania.certificates.guidance import facts, installations
from punte.web.accounts.models import User
from punte.web.firms.access import may_own, may_write
from punte.web.firms.models import Firm

from . import certificate_check
from .client import Connection, status
from .diagnoses import diagnoses
from .guide import Known, current, steps
from .guide_answers import FORMS, Kind, RightOn, SpvForm, System, YesNo, answers_of, keep, system_of
from .models import CONNECTED, Crossing, Problem

PLACES = {"ghid": "connection:guide", "integrari": "connection:integrations"}


class Option(NamedTuple):
    value: str
    label: Any
    hint: Any
    icon: str


KINDS = (
    Option(Kind.TOKEN, Kind.TOKEN.label, _("Merge pe Windows și pe macOS, cu programul furnizorului"), "usb"),
    Option(Kind.CLOUD, Kind.CLOUD.label, _("vToken sau altă aplicație a furnizorului, pornită pe calculator"), "nor"),
    Option(Kind.ACCOUNTANT, Kind.ACCOUNTANT.label, _("Nu îi dați parola dumneavoastră și nu îi cereți PIN-ul"), "link"),
    Option(Kind.NONE, Kind.NONE.label, _("Vă spunem de unde îl cumpărați și cum se face"), "certificat"),
)


@never_cache
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """GET /integrari/ghid/: for everybody; who is signed in sees where they stand with the firm they work for."""
    return render(request, "connection/guide/page.html", panel(request, "ghid"))


@never_cache
@require_POST
def answer(request: HttpRequest, about: str) -> HttpResponse:
    """POST /integrari/ghid/<certificat|spv>/: keep what was answered; back to the step."""
    if about not in FORMS:
        raise Http404
    form = FORMS[about](request.POST)
    place = request.POST.get("de", "ghid") if request.POST.get("de") in PLACES else "ghid"
    if not form.is_valid():
        page = "connection/guide/page.html"
        return render(request, page, panel(request, "ghid") | {f"{about}_form": form}, status=400)
    keep(request.user, _firm(request), request.session, form.cleaned_data)
    number = 1 if about == "certificat" else 2
    return redirect(reverse(PLACES[place]) + f"#pas{number}")


def panel(request: HttpRequest, place: str) -> dict[str, Any]:
    """What `connection/guide/steps.html` needs. place: `ghid`, `integrari`: where an answer leads back to."""
    firm, now = _firm(request), timezone.now()
    answers = answers_of(request.user, firm, request.session)
    connection = status(firm) if firm else None
    all_steps = steps(_known(request, firm, connection), answers, timezone.localdate(now))
    language = get_language() or "ro"
    system = answers.system or system_of(request.META.get("HTTP_USER_AGENT", ""))
    kinds = [answers.kind] if answers.kind in {Kind.TOKEN, Kind.CLOUD} else []
    return {
        "steps": all_steps,
        "step_now": current(all_steps),
        "place": place,
        "answers": answers,
        "guide_kinds": KINDS,
        "guide_systems": System.choices,
        "guide_system": system,
        "system_label": System(system).label if system else "",
        "installation": [row for kind in kinds if system for row in installations(kind, system, language)],
        "providers": providers(language),
        "law": facts(language),
        "accounts": YesNo.choices,
        "rights_on": RightOn.choices,
        "today": timezone.localdate(now),
        "port": settings.CERT_PORT,
        "guide_connection": connection,
        "may_own": firm is not None and may_own(request.user, firm),
        "guide_firm": firm,
        "may_connect": firm is not None and may_write(request.user, firm),
        "codes": diagnoses(),
        "spv_form": SpvForm(),
    }


def _known(request: HttpRequest, firm: Firm | None, connection: Connection | None) -> Known:
    now = timezone.now()
    check = certificate_check.latest(request.session, now)
    back = check is not None and check.back_at is not None
    report = check.certificate if check else None
    return Known(
        signed_in=request.user.is_authenticated,
        firm=firm is not None,
        may_write=firm is not None and may_write(request.user, firm),
        application=bool(settings.ANAF_CLIENT_ID),
        right=connection.right if connection else None,
        checked_at=connection.checked_at if connection else None,
        dead=connection is not None and connection.problem is Problem.DEAD,
        refused=_refused(request.user, firm) if isinstance(request.user, User) and firm else "",
        shown=serves(judge(report, now)) if report else None,
        shown_nothing=back and report is None,
    )


def _refused(user: User, firm: Firm) -> str:
    last = Crossing.objects.filter(user=user, firm=firm).exclude(outcome="").order_by("pk").last()
    return last.outcome.partition("-")[0] if last and last.outcome != CONNECTED else ""


def _firm(request: HttpRequest) -> Firm | None:
    firm: Firm | None = request.firm  # type: ignore[attr-defined]  # the middleware's: one of the person's own
    return firm
