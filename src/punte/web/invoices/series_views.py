"""Setări → Serii: which series number the firm's documents, and which numbers are missing and why."""

from __future__ import annotations

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
from punte.web.firms.access import firm_for
from punte.web.firms.models import Firm

from . import gaps as missing
from . import numbering
from .access import may_write, present_firm
from .models import Purpose, Series


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new series, or one that gave no number yet."""

    use_required_attribute = False

    class Meta:
        model = Series
        fields = ("purpose", "prefix", "first_number", "yearly")
        labels = {
            "purpose": gettext_lazy("Pentru"),
            "prefix": gettext_lazy("Seria"),
            "first_number": gettext_lazy("Primul număr"),
            "yearly": gettext_lazy("De la 1 în fiecare an, cu anul în număr"),
        }
        help_texts = {
            "prefix": gettext_lazy("Litere sau cifre, de exemplu inițialele firmei: AS."),
            "first_number": gettext_lazy("Dacă ați numerotat în alt program, următorul de acolo."),
        }
        error_messages = {"prefix": {"required": gettext_lazy("Scrieți seria: câteva litere.")}}

    def __init__(self, *args: Any, firm: Firm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firm = firm

    def clean_prefix(self) -> str:
        prefix = " ".join(str(self.cleaned_data["prefix"]).split())
        if not any(c.isalnum() for c in prefix):
            raise forms.ValidationError(_("Seria are nevoie de cel puțin o literă sau o cifră."))
        if self.firm.series.filter(prefix__iexact=prefix).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Firma are deja seria %(prefix)s. Alegeți alt nume.") % {"prefix": prefix})
        return prefix

    def clean_first_number(self) -> int:
        number: int = self.cleaned_data["first_number"]
        if not 1 <= number <= 999_999_999:
            raise forms.ValidationError(_("Primul număr este cel puțin 1."))
        return number


class SkipForm(forms.Form):
    """Move a series in use forward: the numbers passed over get their explanation at once."""

    use_required_attribute = False
    to = forms.IntegerField(
        label=gettext_lazy("Următorul număr să fie"),
        min_value=1,
        max_value=999_999_999,
        error_messages={"required": gettext_lazy("Scrieți numărul."), "invalid": gettext_lazy("Scrieți un număr.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("De ce lipsesc cele dinainte"),
        max_length=300,
        error_messages={"required": gettext_lazy("Scrieți motivul: un inspector îl va cere.")},
    )


class ReasonForm(forms.Form):
    use_required_attribute = False
    year = forms.IntegerField(widget=forms.HiddenInput)
    first = forms.IntegerField(widget=forms.HiddenInput)
    last = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Motivul"),
        max_length=300,
        error_messages={"required": gettext_lazy("Scrieți motivul: un inspector îl va cere.")},
    )


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """GET /venituri/serii/: the series by purpose, each with its next number. POST: a new one."""
    firm = present_firm(request, write=request.method == "POST")
    form = SeriesForm(request.POST or None, instance=Series(firm=firm), firm=firm)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Seria %(prefix)s e gata.") % {"prefix": form.instance.prefix})
        return redirect("invoices:series")
    today = timezone.localdate()
    order = list(Purpose.values)
    rows = [
        {
            "series": series,
            "next": numbering.upcoming_label(series, today),
            "unused": numbering.is_unused(series),
            "missing": sum(1 for one in missing.gaps(series) if one.gap is None),
        }
        for series in sorted(firm.series.all(), key=lambda one: (one.archived, order.index(one.purpose), one.pk))
    ]
    context = {"firm": firm, "rows": rows, "form": form, "may_write": may_write(request.user, firm)}
    return render(request, "invoices/series/index.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/serii/<pk>/: an unused series may be renamed; one in use moved forward, with a reason. POST: so."""
    series = _series(request, pk, write=True)
    today, unused = timezone.localdate(), numbering.is_unused(series)
    form: SeriesForm | SkipForm
    if unused:
        form = SeriesForm(request.POST or None, instance=series, firm=series.firm)
    else:
        form = SkipForm(request.POST or None, initial={"to": numbering.upcoming(series, today)})
    if request.method == "POST" and form.is_valid():
        if isinstance(form, SeriesForm):
            form.save()
            messages.success(request, _("Seria a fost schimbată."))
            return redirect("invoices:series")
        assert isinstance(request.user, User)  # login_required
        try:
            missing.skip(series, form.cleaned_data["to"], form.cleaned_data["reason"], request.user, today)
        except missing.NotForward:
            form.add_error("to", _("Seria merge numai înainte: scrieți un număr mai mare decât cel următor."))
        else:
            following = numbering.upcoming_label(series, today)
            messages.success(request, _("Următorul document este %(label)s.") % {"label": following})
            return redirect("invoices:series")
    following = numbering.upcoming_label(Series.objects.get(pk=pk), today)
    context = {"series": series, "form": form, "unused": unused, "next": following}
    return render(request, "invoices/series/change.html", context)


@login_required
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/serii/<pk>/arhivare/: not offered any more; the second time, offered again."""
    series = _series(request, pk, write=True)
    series.archived = not series.archived
    series.save(update_fields=["archived"])
    said = _("Seria %(prefix)s este folosită din nou.")
    if series.archived:
        said = _("Seria %(prefix)s nu mai este propusă; ce a numerotat rămâne.")
    messages.success(request, said % {"prefix": series.prefix})
    return redirect("invoices:series")


@login_required
@require_http_methods(["GET", "POST"])
def gaps(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/serii/<pk>/lipsa/: the missing numbers, each with its reason or a form for one. POST: a reason."""
    series = _series(request, pk, write=request.method == "POST")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)  # login_required
        try:
            missing.explain(series, user=request.user, **form.cleaned_data)
        except missing.NotMissing:
            messages.warning(request, _("Numerele acestea au între timp un document sau o explicație."))
        else:
            messages.success(request, _("Explicația a fost scrisă."))
        return redirect("invoices:series-gaps", pk)
    rows = [{"missing": one, "asked": _is_about(form, one)} for one in missing.gaps(series)]
    context = {"series": series, "rows": rows, "form": form, "may_write": may_write(request.user, series.firm)}
    return render(request, "invoices/series/gaps.html", context)


@login_required
@require_GET
def gaps_text(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/serii/<pk>/lipsa.txt: the same as a text, for an inspector."""
    series = _series(request, pk)
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in series.prefix)
    return HttpResponse(
        missing.report(series, timezone.localdate()),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="lipsa-{name}.txt"'},
    )


def _series(request: HttpRequest, pk: int, *, write: bool = False) -> Series:
    series = Series.objects.filter(pk=pk).first()
    if series is None:
        raise Http404
    series.firm = firm_for(request.user, series.firm_id, write=write)
    return series


def _is_about(form: ReasonForm, one: missing.Missing) -> bool:
    """Whether the refused reason was for these numbers: its problem is shown there."""
    return form.is_bound and [form[name].value() for name in ("year", "first", "last")] == [
        str(value) for value in (one.year, one.first, one.last)
    ]
