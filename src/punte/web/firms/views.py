"""Setări, and a new firm from its CUI."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .access import firm_for, may_write
from .current import choose
from .forms import ByHandForm, CuiForm, FirmForm, NewFirmForm, PersonForm, looks_like_cnp
from .founding import AlreadyYours, found
from .lookup import Identity, NotInRegister, RegisterSilent, look_up
from .models import Firm, Membership

SEEN = "firm-looked-up"  # session: what the register said, so that what was confirmed is what is saved


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """GET /firme/noua/[?cui=…]: asks for the CUI, or shows what ANAF knows of it. POST: saves what was confirmed."""
    seen = request.session.get(SEEN) or {}
    looks = "cauta" in request.POST
    if request.method == "POST" and not looks and seen.get("cui") == request.POST.get("cui"):
        return _save(request, seen)
    typed = request.POST.get("cui") or request.GET.get("cui")
    form = CuiForm({"cui": typed} if typed is not None else None)
    if not form.is_valid():
        return render(request, "firms/create.html", {"form": form})
    cui = form.cleaned_data["cui"]
    if yours := next((firm for firm in request.firms if firm.cui == cui), None):  # type: ignore[attr-defined]
        return render(request, "firms/create.html", {"form": form, "yours": yours})
    now = timezone.now()
    answer: dict[str, Any] = {"cui": cui, "at": now.isoformat(), "identity": None, "trouble": ""}
    if looks_like_cnp(cui):
        answer["trouble"] = "cnp"  # nobody's register to ask
        request.session[SEEN] = answer
        return _confirm(request, answer, _form(answer))
    try:
        company = look_up(cui, now)
    except NotInRegister:
        answer["trouble"] = "unknown"
    except RegisterSilent:
        answer["trouble"] = "silent"
    else:
        if company.struck_off:
            return render(request, "firms/create.html", {"form": form, "struck_off": company})
        answer["identity"] = asdict(company)
    request.session[SEEN] = answer
    return _confirm(request, answer, _form(answer))


def _form(seen: dict[str, Any], data: Any = None) -> NewFirmForm:
    if seen["trouble"] == "cnp":
        return PersonForm(data)
    if seen["identity"] is None:
        return ByHandForm(data)
    return NewFirmForm(data, initial=seen["identity"])


def _confirm(request: HttpRequest, seen: dict[str, Any], form: NewFirmForm) -> HttpResponse:
    company = Identity(**seen["identity"]) if seen["identity"] else None
    return render(request, "firms/confirm.html", {"cui": seen["cui"], "seen": seen, "company": company, "form": form})


def _save(request: HttpRequest, seen: dict[str, Any]) -> HttpResponse:
    form = _form(seen, request.POST)
    if not form.is_valid():
        return _confirm(request, seen, form)
    identity = Identity(**seen["identity"]).columns if seen["identity"] else {"cui": seen["cui"]}
    if seen["trouble"] == "cnp":
        identity["identified_by_cnp"] = True
    looked_up_at = datetime.fromisoformat(seen["at"]) if seen["identity"] else None
    try:
        firm = found(request.user, looked_up_at=looked_up_at, **identity | form.cleaned_data)  # type: ignore[arg-type]
    except AlreadyYours as error:
        firm = error.firm
    del request.session[SEEN]
    choose(request, firm)
    messages.success(request, _("%(name)s este firma cu care lucrați acum.") % {"name": firm.name})
    return redirect("connection:integrations")


@login_required
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /firme/<pk>/alege/: work for another of one's firms."""
    choose(request, firm_for(request.user, pk))
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if allowed else reverse("home"))


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """GET /setari/: the firm, its people. POST: its own part, for who may write."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    writes = request.method == "POST"
    firm = firm_for(request.user, request.firm.pk, write=writes)  # type: ignore[attr-defined]
    form = FirmForm(request.POST if writes else None, instance=firm)
    if writes and form.is_valid():
        form.save()
        messages.success(request, _("Datele firmei au fost salvate."))
        return redirect("firms:settings")
    members = Membership.objects.filter(firm=firm).select_related("user").order_by("pk")
    context = {"form": form, "members": members, "may_write": may_write(request.user, firm)}
    if writes:
        firm = Firm.objects.get(pk=firm.pk)  # what is shown as saved is what is saved
    return render(request, "firms/settings.html", context | {"firm": firm})


@login_required
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """POST /setari/reverificare/: name and VAT as ANAF's register has them today. The address stays the firm's own."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = firm_for(request.user, request.firm.pk, write=True)  # type: ignore[attr-defined]
    if firm.identified_by_cnp:  # no register to ask
        return redirect("firms:settings")
    now = timezone.now()
    try:
        company = look_up(firm.cui, now)
    except RegisterSilent:
        messages.warning(request, _("Registrul ANAF nu răspunde acum. Datele au rămas cum erau; încercați mai târziu."))
    except NotInRegister:
        messages.warning(
            request, _("Registrul ANAF nu cunoaște CUI-ul %(cui)s. Datele au rămas cum erau.") % {"cui": firm.cui}
        )
    else:
        kept = {name: value for name, value in company.columns.items() if name in REGISTERED}
        Firm.objects.filter(pk=firm.pk).update(looked_up_at=now, **kept)
        messages.success(request, _("Datele firmei sunt cele din registrul ANAF de acum."))
        if company.struck_off or company.inactive:
            messages.warning(
                request, _("Atenție: la ANAF firma apare „%(status)s”.") % {"status": company.status or _("inactivă")}
            )
    return redirect("firms:settings")


REGISTERED = {"name", "trade_register_number", "vat_registered", "vat_on_collection"}
