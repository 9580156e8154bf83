"""Verifică în SPV: ask, watch, read the result, mend the differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.accounts.models import User
from punte.web.connection import client
from punte.web.delivery.words import WORDS, word
from punte.web.design import formats
from punte.web.firms.access import firm_for
from punte.web.invoices.access import may_write, present_firm

from . import checks, cures
from .models import Check, Cure, Difference, Kind
from .period import Period, oldest_listed
from .words import SAID, Said

SHOWN = 50  # differences of one kind on the page; the others stand behind „toate”


@dataclass(frozen=True, slots=True)
class Group:
    """Differences of one kind."""

    kind: Kind
    said: Said
    count: int
    open: int  # that a press can still mend
    rows: list[Difference]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """GET /venituri/verificare/[?de_la=…&pana_la=…]: the form and the last results. POST: ask."""
    now, today = timezone.now(), timezone.localdate()
    asks = request.method == "POST"
    firm = present_firm(request, write=asks)
    period = Period.asked(request.POST if asks else request.GET, today)
    oldest = oldest_listed(now)
    context = {
        "firm": firm,
        "period": period,
        "oldest": oldest,
        "today": today,
        "past": Check.objects.filter(firm=firm).order_by("-pk").annotate(open=_open())[: checks.KEPT],
        "connected": _connected(firm.pk, request),
        "may_write": may_write(request.user, firm),
        "too_old": period.last < oldest,
    }
    if not asks or not context["connected"]:
        return render(request, "proof/index.html", context, status=409 if asks else 200)
    try:
        assert isinstance(request.user, User)  # login_required
        return redirect("proof:check", checks.start(firm, request.user, period, now).pk)
    except checks.TooOld:
        return render(request, "proof/index.html", context, status=422)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/verificare/<pk>/[?fel=…]: the result; for htmx with `seen`, the part that changes, or 204."""
    check = _check(request, pk)
    seen = request.GET.get("seen")
    if seen == _fingerprint(check):
        return HttpResponse(status=204)
    context = {
        "check": check,
        "firm": check.firm,
        "fingerprint": _fingerprint(check),
        "groups": list(_groups(check, request.GET.get("fel", ""))) if check.is_over else [],
        "result": result(check),
        "trouble": word(check.waiting_for) if check.waiting_for in WORDS else None,
        "may_write": may_write(request.user, check.firm),
        "clipped": check.first == oldest_listed(check.asked_at),
        "is_moving": check.due_at is not None,
    }
    return render(request, "proof/check_part.html" if seen is not None else "proof/check.html", context)


@login_required
@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/verificare/<pk>/rezolvare/ with `unul` (a difference) or `fel` (all of a kind)."""
    check = _check(request, pk, write=True)
    chosen = check.differences.all()
    if one := request.POST.get("unul"):
        chosen = chosen.filter(pk=one) if one.isdecimal() else chosen.none()
    else:
        chosen = chosen.filter(kind=request.POST.get("fel", ""))
    assert isinstance(request.user, User)  # login_required
    begun = cures.begin(check, chosen, request.user, timezone.now())
    if begun:
        said = formats.plural(begun, _("diferență"), _("diferențe"))
        messages.success(request, _("Se rezolvă %(differences)s.") % {"differences": said})
    else:
        messages.info(request, _("Nimic de rezolvat aici: s-a făcut deja, sau nu se poate dintr-o apăsare."))
    return redirect("proof:check", pk)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/verificare/<pk>/inapoi/ with `unul`: history that was brought in goes again."""
    check = _check(request, pk, write=True)
    one = request.POST.get("unul", "")
    difference = check.differences.select_related("import_of").filter(pk=one).first() if one.isdecimal() else None
    if difference is None or not cures.undo(difference):
        messages.error(request, _("Nu se poate da înapoi: nu s-a adus nimic, sau s-a dat deja înapoi."))
    else:
        messages.success(request, _("Facturile aduse împreună cu ea au fost date înapoi. Arhivele lor rămân păstrate."))
    return redirect("proof:check", pk)


def result(check: Check) -> str:
    """`124 din 124 de facturi trimise sunt în SPV; 31 din 31 primite sunt în Cheltuieli.`"""
    if not check.ours and not check.came:
        return _("SPV nu listează nimic în această perioadă, și nici noi nu am trimis nimic.")
    ours = ngettext("%(n)s din %(of)s factură trimisă este în SPV", "%(n)s din %(of)s trimise sunt în SPV", check.ours)
    came = ngettext(
        "%(n)s din %(of)s primită este în Cheltuieli", "%(n)s din %(of)s primite sunt în Cheltuieli", check.came
    )
    if not check.came:
        return _("%(ours)s. SPV nu listează nicio factură primită.") % {
            "ours": ours % {"n": check.listed, "of": check.ours}
        }
    return _("%(ours)s; %(came)s.") % {
        "ours": ours % {"n": check.listed, "of": check.ours},
        "came": came % {"n": check.here, "of": check.came},
    }


def _groups(check: Check, whole: str) -> Iterator[Group]:
    counted = {
        row["kind"]: row
        for row in check.differences.values("kind").annotate(
            n=Count("pk"), open=Count("pk", filter=Q(cure__in=[Cure.OPEN, Cure.FAILED]))
        )
    }
    shown = check.differences.select_related(
        "submission__invoice__client", "message__document", "invoice", "cured_by", "import_of"
    )
    for kind in Kind:
        if row := counted.get(str(kind)):
            rows = shown.filter(kind=kind)
            rows = rows if whole == kind else rows[:SHOWN]
            open_ = row["open"] if kind in cures.CURABLE else 0
            yield Group(kind, SAID[kind], row["n"], open_, list(rows))


def _open() -> Count:
    return Count("differences", filter=~Q(differences__cure=Cure.DONE))


def _fingerprint(check: Check) -> str:
    stand = check.differences.values("cure").annotate(n=Count("pk")).order_by("cure")
    said = "-".join(f"{row['cure'] or 'open'}{row['n']}" for row in stand)
    return f"{check.state}-{check.done}-{check.waiting_for}-{said}-{check.due_at is not None}"


def _check(request: HttpRequest, pk: int, *, write: bool = False) -> Check:
    """Raises Http404 for a stranger, PermissionDenied for who only reads and would write."""
    found = Check.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.firm = firm_for(request.user, found.firm_id, write=write)
    return found


def _connected(firm_id: int, request: HttpRequest) -> bool:
    stands = client.status(firm_for(request.user, firm_id))
    return stands is not None and stands.works
