"""Setări → Date: what may be taken along, the sales journal, the leaving kit.

No plan is asked for: the data are the firm's.
"""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from punte.web.accounts.models import User
from punte.web.firms.access import may_own, may_write, owned_firm
from punte.web.firms.models import Firm
from punte.web.invoices.access import present_firm

from . import exigible, exports, imports, journal, kit, tables
from .access import kit_for
from .archive_standing import standing
from .forms import ArchiveForm, KitForm, PeriodForm, month_before
from .models import Kit

RECENT = 10
ARCHIVE_IDS = "arhiva_%s"  # two forms of the page ask for PDFs


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET /date/"""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    return render(request, "transfer/index.html", _index(request, present_firm(request)))


def _index(request: HttpRequest, firm: Firm, archive_form: ArchiveForm | None = None) -> dict[str, object]:
    owns, today = may_own(request.user, firm), timezone.localdate()
    first, last = month_before(today)
    kits = firm.kits.order_by("-pk")
    year = {"first": today.replace(month=1, day=1).isoformat(), "last": today.isoformat()}
    return {
        "imports": imports.recent(firm)[:RECENT],
        "may_write": may_write(request.user, firm),
        "owns": owns,
        "form": KitForm(),
        "kit": kits.filter(first=None).first() if owns else None,
        "archive_form": archive_form or ArchiveForm(initial=year, auto_id=ARCHIVE_IDS),
        "archive_kit": kits.exclude(first=None).first() if owns else None,
        "archive": standing(firm, today),
        "sheets": [(name, exports.SHEETS[name](firm).name) for name in exports.SHEETS],
        "first": first,
        "last": last,
    }


@login_required
@require_GET
def export(request: HttpRequest, what: str, kind: str) -> HttpResponseBase:
    """GET /date/export/<what>.csv|xlsx"""
    firm = present_firm(request)
    if what not in exports.SHEETS:
        raise Http404
    return _answer(exports.sheet(firm, what), kind, f"{what}-{firm.cui}-{timezone.localdate()}")


def _answer(sheet: tables.Sheet, kind: str, name: str) -> HttpResponseBase:
    if kind == "xlsx":
        file = tables.as_xlsx(sheet)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=tables.XLSX)
    answer = StreamingHttpResponse(tables.as_csv(sheet), content_type=tables.CSV)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@login_required
@require_GET
def sales(request: HttpRequest) -> HttpResponse:
    """GET /date/jurnal/?first=…&last=…: the journal of a period, to be read and printed."""
    firm = present_firm(request)
    form = _period(request)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        one = journal.journal(firm, form.cleaned_data["first"], form.cleaned_data["last"])
        context |= {
            "journal": one,
            "head": journal.head(one)[6:-1],
            "rows": [(entry, journal.code_of(entry.invoice), journal.amounts(one, entry)) for entry in one.entries],
            "totals": journal.amounts(one, one.total),
            "without_rate": [entry.invoice for entry in one.entries if entry.without_rate],
        }
        if firm.vat_on_collection:
            paid = exigible.collected(firm, one.first, one.last)
            context |= {
                "paid": paid,
                "paid_base": sum((row.base for row in paid), Decimal(0)),
                "paid_vat": sum((row.vat for row in paid), Decimal(0)),
            }
    return render(request, "transfer/journal.html", context)


@login_required
@require_GET
def sales_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """GET /date/jurnal.csv|xlsx?first=…&last=…; with `incasari`, the tax that fell due by payments instead."""
    firm = present_firm(request)
    form = _period(request)
    if not form.is_valid():
        raise Http404
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    if "incasari" in request.GET:
        return _answer(exigible.sheet(firm, first, last), kind, f"tva-la-incasare-{firm.cui}-{first}-{last}")
    return _answer(journal.sheet(journal.journal(firm, first, last)), kind, f"jurnal-vanzari-{firm.cui}-{first}-{last}")


def _period(request: HttpRequest) -> PeriodForm:
    first, last = month_before(timezone.localdate())
    usual = {"first": first.isoformat(), "last": last.isoformat()}
    return PeriodForm({name: request.GET.get(name) or day for name, day in usual.items()})


# --- the leaving kit: the owner's alone ---


@login_required
@require_POST
def kit_create(request: HttpRequest) -> HttpResponse:
    """POST /date/arhiva/"""
    firm = _own(request)
    assert isinstance(request.user, User)
    form = KitForm(request.POST)
    form.is_valid()
    one = kit.start(firm, request.user, with_pdf=form.cleaned_data["with_pdf"], language=get_language() or "ro")
    return redirect("transfer:kit", one.pk)


@login_required
@require_POST
def archive_create(request: HttpRequest) -> HttpResponse:
    """POST /date/pachete/: the sealed archive of a period."""
    firm = _own(request)
    assert isinstance(request.user, User)
    form = ArchiveForm(request.POST, auto_id=ARCHIVE_IDS)
    if not form.is_valid():
        return render(request, "transfer/index.html", _index(request, firm, form), status=422)
    said = form.cleaned_data
    period, language = (said["first"], said["last"]), get_language() or "ro"
    one = kit.start(firm, request.user, with_pdf=said["with_pdf"], language=language, period=period)
    return redirect("transfer:kit", one.pk)


def _own(request: HttpRequest) -> Firm:
    return owned_firm(request.user, present_firm(request).pk)


@login_required
@require_GET
def kit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /date/arhiva/<pk>/: how far it is, then the file; for htmx, the part that changes."""
    one = kit_for(request.user, pk)
    seen = f"{one.files}-{one.stage}"
    if request.htmx:  # type: ignore[attr-defined]
        if request.GET.get("seen") == seen:
            return HttpResponse(status=204)
        return render(request, "transfer/kit_part.html", {"kit": one, "seen": seen})
    return render(request, "transfer/kit.html", {"kit": one, "seen": seen})


@login_required
@require_GET
def kit_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET /date/arhiva/<pk>/punte.zip"""
    one = kit_for(request.user, pk)
    if one.ready_at is None:
        raise Http404
    Kit.objects.filter(pk=pk).update(downloaded_at=timezone.now())
    answer = StreamingHttpResponse(kit.content(one), content_type="application/zip")
    of = f"{one.first}-{one.last}" if one.is_archive else timezone.localdate(one.ready_at)
    name = f"punte-{'arhiva-' if one.is_archive else ''}{one.firm.cui}-{of}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Length"] = str(one.size)
    return answer
