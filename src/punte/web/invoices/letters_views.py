"""Mail to the client: the document, a reminder, and the firm's own words for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from punte.web.firms.models import Firm

from . import letters
from .access import invoice_for, may_write, present_firm
from .letter_words import NAMES, filled, text_of, unknown_names
from .models import Invoice, Kind, Letter, Stage


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]
    use_required_attribute = False

    class Meta:
        model = Letter
        fields = ("to", "subject", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 11})}
        labels = {"to": gettext_lazy("Către"), "subject": gettext_lazy("Subiectul"), "body": gettext_lazy("Textul")}

    def clean_subject(self) -> str:
        return " ".join(str(self.cleaned_data["subject"]).split())


class WordingForm(forms.ModelForm):  # type: ignore[type-arg]
    """The firm's own text, and when clients are reminded by themselves."""

    use_required_attribute = False
    reminder_days = forms.IntegerField(
        label=gettext_lazy("Amintim clienților la atâtea zile după scadență"),
        help_text=gettext_lazy("Gol: nu amintim nimănui; o faceți dumneavoastră, din pagina facturii."),
        min_value=1,
        max_value=60,
        required=False,
        error_messages={
            "invalid": gettext_lazy("Scrieți un număr de zile, de la 1 la 60, sau lăsați gol."),
            "min_value": gettext_lazy("Cel puțin o zi după scadență."),
            "max_value": gettext_lazy("Cel mult 60 de zile după scadență."),
        },
    )

    class Meta:
        model = Firm
        fields = ("mail_subject", "mail_body", "reminder_days")
        widgets = {"mail_body": forms.Textarea(attrs={"rows": 11})}
        labels = {"mail_subject": gettext_lazy("Subiectul"), "mail_body": gettext_lazy("Textul")}

    def clean(self) -> dict[str, Any]:
        for name in ("mail_subject", "mail_body"):
            if wrong := unknown_names(self.cleaned_data.get(name) or ""):
                said = _("Nu cunoaștem {%(name)s}. Între acolade puteți scrie numai: %(names)s.")
                known = ", ".join(f"{{{name}}}" for name in NAMES)
                self.add_error(name, ValidationError(said % {"name": wrong[0], "names": known}))
        return self.cleaned_data


@login_required
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/mail/: the letter as it would go. POST: it goes, by the worker."""
    return _letter(request, pk, Letter.Kind.DOCUMENT)


@login_required
@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """GET, POST /venituri/<pk>/amintire/: the same for a reminder that it is unpaid."""
    return _letter(request, pk, Letter.Kind.REMINDER)


def _letter(request: HttpRequest, pk: int, kind: Letter.Kind) -> HttpResponse:
    invoice = invoice_for(request.user, pk, write=True)
    try:
        letter = letters.write(invoice, kind, request.user)  # type: ignore[arg-type]
        form = LetterForm(request.POST or None, instance=letter)
        if request.method == "POST" and form.is_valid():
            letters.queue(form.save(commit=False), timezone.now())
            messages.success(request, _("Mailul pleacă la %(to)s. Aici vedeți dacă a ajuns.") % {"to": letter.to})
            return redirect("invoices:detail", pk)
    except letters.NotMailable as why:
        messages.error(request, str(why))
        return redirect("invoices:detail", pk)
    context = {
        "invoice": invoice,
        "form": form,
        "kind": kind,
        "before": invoice.letters.order_by("-pk")[:10],
        "brings_xml": kind == Letter.Kind.DOCUMENT and invoice.kind == Kind.INVOICE,
        "not_yet": invoice.kind == Kind.INVOICE and invoice.stage not in letters.OWED,
    }
    return render(request, "invoices/letters/letter.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def wording(request: HttpRequest) -> HttpResponse:
    """GET /venituri/mailuri/: the firm's text for clients, with a preview. POST: keep it, or with `action=preview`
    show it filled."""
    firm = present_firm(request, write=request.method == "POST")
    form = WordingForm(request.POST or None, instance=firm)
    if request.method == "POST" and form.is_valid() and request.POST.get("action") != "preview":
        form.save()
        messages.success(request, _("Textul a fost salvat."))
        return redirect("invoices:wording")
    context = {"firm": firm, "form": form, "names": NAMES, "may_write": may_write(request.user, firm)}
    return render(request, "invoices/letters/wording.html", context | {"preview": _preview(firm, form)})


def _preview(firm: Firm, form: WordingForm) -> dict[str, str]:
    """The mail of the firm's newest invoice with what stands in the form; of an invented one where there is none."""
    newest = Invoice.objects.filter(firm=firm, kind=Kind.INVOICE, number__isnull=False).exclude(stage=Stage.DRAFT)
    invoice = newest.select_related("client").order_by("-pk").first()
    subject, body = (form[name].value() or "" for name in ("mail_subject", "mail_body"))
    if invoice is None:
        names = {
            "document": _("factura %(label)s") % {"label": "DI 0188"},
            "client": "Brutăria Trei Spice SRL",
            "firma": firm.name,
            "suma": "1.210,00\u00a0lei",
            "scadenta": "7.12.2026",
        }
        return {"subject": filled(subject, names), "body": filled(body, names)}
    invoice.firm = firm
    firm.mail_subject, firm.mail_body = subject, body
    text = text_of(invoice, Letter.Kind.DOCUMENT)
    return {"subject": text.subject, "body": text.body}
