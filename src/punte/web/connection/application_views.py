"""Integrări → Aplicația ANAF: the operator's or the firm's own; and both callbacks side by side when they differ."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.firms.access import may_own, owned_firm

from . import applications
from .callbacks import compare, registrable
from .crossing import redirect_uri
from .forms import ApplicationForm
from .life_views import here, person
from .models import Authorization


@sensitive_post_parameters("client_secret")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest) -> HttpResponse:
    """GET /integrari/aplicatie/: which application asks at ANAF, and how one registers one's own. POST: put it."""
    firm = here(request)
    ours = redirect_uri()
    form = ApplicationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        firm = owned_firm(request.user, firm.pk)
        if form.is_valid():
            applications.put(firm, person(request), timezone.now(), **form.cleaned_data)
            if form.cleaned_data["callback"] != ours:
                return redirect("connection:callback-differs")
            messages.success(request, _("Aplicația firmei este pusă. Conectările noi trec prin ea."))
            return redirect("connection:application")
    own = applications.own(firm)
    lives_by_it = Authorization.objects.live().filter(application=own) if own else Authorization.objects.none()
    context = {
        "own": own,
        "own_id": applications.shortened(own.client_id) if own else "",
        "own_differs": own is not None and own.callback != ours,
        "own_serves": lives_by_it.count(),
        "operator": bool(settings.ANAF_CLIENT_ID and settings.ANAF_CLIENT_SECRET),
        "ours": ours,
        "not_registrable": registrable(ours),
        "may_own": may_own(request.user, firm),
        "form": form,
    }
    return render(request, "connection/life/application.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """POST /integrari/aplicatie/scoatere/: back to the operator's application, for new walks."""
    firm = owned_firm(request.user, here(request).pk)
    applications.remove(firm, person(request), timezone.now())
    messages.success(request, _("Aplicația firmei a fost scoasă. Conectările noi trec prin aplicația programului."))
    return redirect("connection:application")


@login_required
@never_cache
@require_GET
def callback_differs(request: HttpRequest) -> HttpResponse:
    """GET /integrari/adresa-de-intoarcere/: ours and the registered one, and what is different."""
    firm = here(request)
    own = applications.own(firm)
    registered = applications.registered_callback(own)
    if not registered or registered == redirect_uri():
        return redirect("connection:consent")
    return render(
        request,
        "connection/life/callback_differs.html",
        {"comparison": compare(redirect_uri(), registered), "own": own, "ours": redirect_uri()},
    )
