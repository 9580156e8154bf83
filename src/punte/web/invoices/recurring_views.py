"""Recurrences and templates: the calendar, what comes next, pause, change, end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.accounts.models import User
from punte.web.design import formats
from punte.web.firms.access import firm_for

from . import copies, recurring
from .access import invoice_for, may_write, present_firm
from .fields import DayField
from .models import Invoice, Kind, Recurrence

EVERY = {
    1: gettext_lazy("în fiecare lună"),
    2: gettext_lazy("la 2 luni"),
    3: gettext_lazy("la 3 luni"),
    6: gettext_lazy("la 6 luni"),
    12: gettext_lazy("în fiecare an"),
}


class RecurrenceForm(forms.Form):
    """The calendar of a template."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Numele"),
        max_length=100,
        error_messages={"required": gettext_lazy("Scrieți un nume, de exemplu „Chirie, Brutăria”.")},
    )
    next_day = DayField(label=gettext_lazy("Următoarea pe"), what=gettext_lazy("Ziua"))
    months = forms.TypedChoiceField(label=gettext_lazy("Se repetă"), choices=list(EVERY.items()), coerce=int)
    last_day = DayField(label=gettext_lazy("Până la"), what=gettext_lazy("Ziua"), required=False)
    sends = forms.BooleanField(label=gettext_lazy("Trimiteți la ANAF fără să mă întrebați"), required=False)
    mails = forms.BooleanField(label=gettext_lazy("Trimiteți-o și clientului, pe e-mail"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_next_day(self) -> date:
        day: date = self.cleaned_data["next_day"]
        if day < self.today:
            raise forms.ValidationError(_("Ziua a trecut. Alegeți azi sau o zi de după."))
        return day

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("next_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Se încheie înaintea următoarei facturi. Alegeți o zi de după, sau nimic."))
        return self.cleaned_data


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET /venituri/recurente/: the recurrences with their next days, and the templates."""
    firm, today = present_firm(request), timezone.localdate()
    found = firm.recurrences.select_related("template__client").order_by("next_day", "pk")
    rows = [_row(one) for one in found]
    living = [row for row in rows if not row["ended"]]
    context = {
        "firm": firm,
        "rows": living + [row for row in rows if row["ended"]],
        "months": _calendar([row["recurrence"] for row in living if not row["recurrence"].paused]),
        "templates": _templates(firm.pk),
        "may_write": may_write(request.user, firm),
        "today": today,
    }
    return render(request, "invoices/recurring/index.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/repetare/: from an invoice or a template, its calendar. POST: it begins."""
    source, today = invoice_for(request.user, pk, write=True), timezone.localdate()
    if source.kind == Kind.TEMPLATE and Recurrence.objects.filter(template=source).exists():
        return redirect("invoices:recurrence", source.recurrence.pk)
    first = recurring.following(today, 1, source.issue_date.day)
    initial = {"name": source.name or source.client.name[:100], "next_day": first, "months": 1}
    form = RecurrenceForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)  # login_required
        said = form.cleaned_data
        template = source
        if source.kind != Kind.TEMPLATE:
            template = copies.template_from(source, request.user, said["name"])
        recurrence = recurring.start(
            template,
            request.user,
            said["next_day"],
            months=said["months"],
            last=said["last_day"],
            sends=said["sends"],
            mails=said["mails"],
        )
        messages.success(request, _("Factura se repetă. Mai jos vedeți cum va fi următoarea."))
        return redirect("invoices:recurrence", recurrence.pk)
    return render(request, "invoices/recurring/new.html", {"source": source, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/recurente/<pk>/: the next document, judged by the rules of its day; its calendar. POST: another
    calendar."""
    recurrence = _recurrence(request, pk, write=request.method == "POST")
    template, today = recurrence.template, timezone.localdate()
    initial = {name: getattr(recurrence, name) for name in ("next_day", "months", "last_day", "sends", "mails")}
    form = RecurrenceForm(request.POST or None, initial=initial | {"name": template.name}, today=today)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        Invoice.objects.filter(pk=template.pk).update(name=said.pop("name"))
        Recurrence.objects.filter(pk=pk).update(**said, day_of_month=_day_of_month(recurrence, said["next_day"]))
        messages.success(request, _("Calendarul a fost schimbat."))
        return redirect("invoices:recurrence", pk)
    if request.method == "POST":
        recurrence.refresh_from_db()
    row = _row(recurrence)
    context = {
        **row,
        "form": form,
        "preview": None if row["ended"] else recurring.preview(recurrence),
        "made": recurrence.invoices.order_by("-pk")[:6],
        "may_write": may_write(request.user, recurrence.firm),
    }
    return render(request, "invoices/recurring/detail.html", context)


@login_required
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/recurente/<pk>/pauza/: nothing is made; the second time it goes on, from the next day to come."""
    recurrence, today = _recurrence(request, pk, write=True), timezone.localdate()
    recurrence.paused = not recurrence.paused
    while not recurrence.paused and recurrence.next_day < today:  # what a pause left out is not made up for
        recurrence.next_day = recurring.following(recurrence.next_day, recurrence.months, recurrence.day_of_month)
    recurrence.save(update_fields=["paused", "next_day"])
    said = _("Continuă. Următoarea este pe %(day)s.") % {"day": formats.long_date(recurrence.next_day)}
    if recurrence.paused:
        said = _("Pauză: nu se mai face nicio factură până când o porniți.")
    messages.success(request, said)
    return redirect("invoices:recurrence", pk)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/recurente/<pk>/incheiere/"""
    recurrence = _recurrence(request, pk, write=True)
    recurring.end(recurrence, timezone.localdate())
    messages.success(request, _("Recurența s-a încheiat. Facturile făcute și șablonul rămân."))
    return redirect("invoices:recurring")


def _recurrence(request: HttpRequest, pk: int, *, write: bool = False) -> Recurrence:
    found = Recurrence.objects.select_related("template__client", "template__series").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.firm = found.template.firm = firm_for(request.user, found.firm_id, write=write)
    return found


def _day_of_month(recurrence: Recurrence, day: date) -> int:
    """Of a recurrence whose next day was changed; the 31st stays one that a shorter month cut."""
    return recurrence.day_of_month if day == recurrence.next_day else day.day


def _row(recurrence: Recurrence) -> dict[str, Any]:
    return {
        "recurrence": recurrence,
        "every": EVERY.get(recurrence.months, ""),
        "dates": recurring.dates(recurrence),
        "ended": recurring.has_ended(recurrence),
    }


def _calendar(recurrences: list[Recurrence]) -> list[tuple[date, list[tuple[date, Recurrence]]]]:
    """The days to come of all of them, by month: the next three months that have any."""
    days = sorted((day, one.pk, one) for one in recurrences for day in recurring.dates(one, 12))
    months: dict[date, list[tuple[date, Recurrence]]] = {}
    for day, _pk, one in days:
        months.setdefault(day.replace(day=1), []).append((day, one))
    return list(months.items())[:3]


def _templates(firm: int) -> list[Invoice]:
    """Those without a calendar: a recurrence shows its own."""
    templates = Invoice.objects.filter(firm_id=firm, kind=Kind.TEMPLATE, recurrence=None)
    return list(templates.select_related("client").order_by("name", "pk"))
