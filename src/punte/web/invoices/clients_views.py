"""Clienți: the list, a client's page, and what is done there; and the suggestions of the editor."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, F, Q, Sum, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.firms.models import Firm

from . import clients, shelf
from .access import may_write, present_firm
from .forms import ClientPageForm, looks_like_cui
from .models import Client, Invoice, Kind, Stage
from .pages import page_of
from .waited import CREDIT

SUGGESTED = 7
RECENT = 20
NOT_OWED = (Stage.DRAFT, Stage.REJECTED, Stage.REFUSED)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET /clienti/[?q=…&arhivati=1&dupa=…]: by name, 50 a page."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = present_firm(request)
    query, archived = request.GET.get("q", "").strip(), request.GET.get("arhivati") == "1"
    page = page_of(clients.search(firm, query, archived=archived), request.GET.get("dupa", ""))
    owed = _owed(firm, [client.pk for client in page.rows])
    context = {
        "page": page,
        "rows": [(client, owed.get(client.pk, [])) for client in page.rows],
        "query": query,
        "archived": archived,
        "any_archived": archived or firm.clients.filter(archived=True).exists(),
        "may_write": may_write(request.user, firm),
    }
    return render(request, "invoices/clients/list.html", context)


@login_required
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """GET /clienti/sugestii/?q=…: options for the editor's list of clients; the last is the way out, to ANAF."""
    firm, query = present_firm(request), request.GET.get("q", "").strip()
    born = request.GET.get("born", "")  # of the page that asks: not a client yet
    found = (
        clients.search(firm, query)
        .exclude(pk=int(born) if born.isdecimal() and len(born) < 19 else 0)
        .annotate(invoiced=Count("invoices", filter=Q(invoices__kind=Kind.INVOICE)))
    )
    return render(
        request,
        "invoices/clients/options.html",
        {"found": found[:SUGGESTED] if query else (), "query": query, "is_cui": looks_like_cui(query)},
    )


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """GET /clienti/nou/: empty fields. POST: see `_answer`."""
    firm = present_firm(request, write=True)
    return _answer(request, Client(firm=firm))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /clienti/<pk>/editare/: what is known. POST: see `_answer`."""
    return _answer(request, client_for(request, pk, write=True))


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /clienti/<pk>/: facts, what is unpaid, the last invoices."""
    client = client_for(request, pk)
    firm = client.firm
    invoices = client.invoices.filter(kind=Kind.INVOICE)
    context = {
        "client": client,
        "owed": _owed(firm, [client.pk]).get(client.pk, []),
        "invoices": invoices.select_related("series").order_by("-issue_date", "-pk")[:RECENT],
        "days": firm.term_days if client.term_days is None else client.term_days,
        "count": invoices.count(),
        "is_unused": not client.invoices.exists(),
        "may_write": may_write(request.user, firm),
    }
    return render(request, "invoices/clients/detail.html", context)


@login_required
@require_POST
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /clienti/<pk>/reverificare/: what ANAF's register says of the client today."""
    client = client_for(request, pk, write=True)
    if not client.cui:
        messages.error(request, gettext("La ANAF se caută după CUI. Acest client nu are."))
        return redirect("clients:detail", pk)
    now = timezone.now()
    found = clients.find(client.firm, client.cui, now)
    if found.client and found.client.looked_up_at == now:
        found.client.save()
        messages.success(request, gettext("Datele clientului sunt cele din registrul ANAF de acum."))
    if found.word:
        messages.warning(request, found.word)
    return redirect("clients:detail", pk)


@login_required
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /clienti/<pk>/arhivare/: not offered any more; pressed again, offered again."""
    client = client_for(request, pk, write=True)
    away, back = gettext("Clientul nu mai e propus pe facturi noi."), gettext("Clientul e propus din nou.")
    shelf.put_away(request, client, away, back)
    return redirect("clients:detail", pk)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /clienti/<pk>/stergere/: one that no document names."""
    client = client_for(request, pk, write=True)
    refusal = gettext("Clientul are documente și nu se poate șterge. Îl puteți arhiva.")
    done = gettext("Clientul a fost șters.")
    return shelf.deleted(request, client, client.invoices.exists(), refusal, done, "clients:detail", "clients:list")


def client_for(request: HttpRequest, pk: int, *, write: bool = False) -> Client:
    """The client `pk`, of a firm of the person. Raises Http404 for a stranger, PermissionDenied as `firm_for`."""
    return shelf.found(Client, request, pk, write=write)


def _answer(request: HttpRequest, client: Client) -> HttpResponse:
    """By the button: `find` fills the fields from ANAF's register, `client` draws what belongs to a country, `save`
    keeps."""
    if request.method == "GET":
        return _form(request, client, ClientPageForm(initial=_values(client)))
    action, data, word = request.POST.get("action", "save"), request.POST.copy(), ""
    if action == "find":
        found = clients.find(client.firm, data.get("client-cui") or data.get("client-name", ""), timezone.now())
        if found.client:
            texts = {name: value for name, value in _values(found.client).items() if value or name in {"private"}}
            data.update(
                {
                    f"client-{name}": ("on" if value is True else value)
                    for name, value in texts.items()
                    if value is not False
                }
            )
            if not found.client.private:
                data.pop("client-private", None)
        word = found.word
    if action != "save":
        typed = ClientPageForm(data)
        shown = ClientPageForm(initial={name: typed[name].value() for name in typed.fields})
        return _form(request, client, shown, word)
    form = ClientPageForm(data)
    if form.is_valid():
        filled = form.client(client)
        twin = filled.cui and client.firm.clients.filter(cui=filled.cui).exclude(pk=client.pk).first()
        if twin:
            form.add_error(
                "cui", gettext("CUI-ul este al clientului „%(name)s”. Deschideți-l pe acela.") % {"name": twin.name}
            )
        else:
            filled.save()
            messages.success(request, gettext("Clientul a fost salvat."))
            return redirect("clients:detail", filled.pk)
    return _form(request, client, form)


def _form(request: HttpRequest, client: Client, form: ClientPageForm, word: str = "") -> HttpResponse:
    return render(request, "invoices/clients/form.html", {"client": client, "form": form, "word": word})


def _values(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in ClientPageForm.base_fields if hasattr(client, name)}


def _owed(firm: Firm, clients_of_page: list[int]) -> dict[int, list[tuple[Decimal, str]]]:
    """What each of them still has to pay: (sum, currency), on numbered invoices that were not refused."""
    of = Invoice.objects.filter(firm=firm, kind=Kind.INVOICE, client__in=clients_of_page, number__isnull=False)
    sums = (
        of.exclude(stage__in=NOT_OWED)
        .values("client", "currency")
        .annotate(left=Sum(Case(When(CREDIT, then=-F("payable")), default=F("payable")) - F("paid")))
        .exclude(left=0)
        .order_by("currency")
    )
    owed: dict[int, list[tuple[Decimal, str]]] = {}
    for row in sums:
        owed.setdefault(row["client"], []).append((row["left"], row["currency"]))
    return owed
