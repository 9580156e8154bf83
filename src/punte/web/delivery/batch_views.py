"""Many at once: what was ticked in Venituri, the question before it is done, and the bar that shows how far it is."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from punte.web.accounts.models import User
from punte.web.design import formats
from punte.web.firms.access import firm_for
from punte.web.firms.models import Firm
from punte.web.invoices.access import present_firm
from punte.web.invoices.choosing import chosen
from punte.web.invoices.fields import DayField
from punte.web.invoices.listing import newest_first
from punte.web.invoices.models import Batch, Invoice, Means

from . import batches

SHOWN = 100  # of those that went well; what was refused is shown whole
FEW = 5  # named before they are done


class Receipt(forms.Form):
    """Of „Încasate”: when, and how."""

    day = DayField(label=gettext_lazy("Data încasării"), what=gettext_lazy("Data încasării"))
    means = forms.ChoiceField(label=gettext_lazy("Cum"), choices=Means.choices)


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """POST /venituri/actiuni/: `actiune` and what is ticked (`choosing.chosen`): the question before it is done."""
    firm = present_firm(request, write=True)
    action = _action(request)
    if not request.POST.getlist("alese") and not request.POST.get("toate"):
        messages.warning(request, _("Nu ați ales niciun document. Bifați-le în listă."))
        return redirect("invoices:list")
    today = timezone.localdate()
    found = newest_first(chosen(firm, request.POST, today))
    ids = list(found.values_list("pk", flat=True)[: batches.MOST + 1])
    if len(ids) > batches.MOST:
        most = formats.plural(batches.MOST, _("document"), _("documente"))
        messages.warning(
            request, _("Odată se pot lua cel mult %(most)s. Alegeți o perioadă mai scurtă.") % {"most": most}
        )
        return redirect("invoices:list")
    return _ask(request, firm, action, ids, Receipt(initial={"day": today, "means": Means.TRANSFER}))


def _ask(request: HttpRequest, firm: Firm, action: Batch.Action, ids: list[int], form: Receipt) -> HttpResponse:
    some = newest_first(Invoice.objects.filter(firm=firm, pk__in=ids[:FEW])).select_related("client")
    context = {
        "action": action,
        "count": len(ids),
        "ids": ",".join(map(str, ids)),  # one field: forms hold a thousand at most
        "some": some,
        "more": len(ids) - FEW,
        "form": form if action == Batch.Action.PAID else None,
    }
    return render(request, "delivery/batch_ask.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """POST /venituri/actiuni/pornire/: `actiune` and `ids` as they were asked about; for „paid” the day and means."""
    firm = present_firm(request, write=True)
    action, options = _action(request), {}
    asked = [int(pk) for pk in request.POST.get("ids", "").split(",") if pk.isdecimal() and len(pk) < 19]
    if len(asked) > batches.MOST:
        raise Http404
    own = set(Invoice.objects.filter(firm=firm, pk__in=asked).values_list("pk", flat=True))
    ids = [pk for pk in dict.fromkeys(asked) if pk in own]
    if action == Batch.Action.PAID:
        form = Receipt(request.POST)
        if not form.is_valid():
            return _ask(request, firm, action, ids, form)
        options = {"day": form.cleaned_data["day"].isoformat(), "means": form.cleaned_data["means"]}
    assert isinstance(request.user, User)  # login_required
    batch = batches.start(firm, action, ids, request.user, options)
    return redirect("delivery:batch", batch.pk)


@login_required
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/actiuni/<pk>/: how far it is and what each came to; for htmx with `seen`, what changed, or 204."""
    one = get_object_or_404(Batch.objects.select_related("created_by"), pk=pk)
    one.firm = firm_for(request.user, one.firm_id)
    seen = request.GET.get("seen")
    if seen == f"{len(one.results)}-{one.ended_at is not None}":
        return HttpResponse(status=204)
    context = {
        "batch": one,
        "refused": one.refused,
        "done": [result for result in one.results if result["ok"]][:SHOWN],
        "done_count": len(one.results) - len(one.refused),
    }
    return render(request, "delivery/batch_part.html" if seen is not None else "delivery/batch.html", context)


def _action(request: HttpRequest) -> Batch.Action:
    try:
        return Batch.Action(request.POST.get("actiune", ""))
    except ValueError:
        raise Http404 from None
