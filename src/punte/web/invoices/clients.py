"""Who the client is: one of the firm's own, or found in ANAF's register by CUI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from punte.romania import identity
from punte.web.firms.lookup import NotInRegister, RegisterSilent, look_up
from punte.web.firms.models import Firm

from .models import Client, folded

FEW = 200  # clients that one still chooses from a list


@dataclass(frozen=True, slots=True)
class Found:
    """The client found, perhaps not saved yet, and what there is to say; without a client, why not, or whom of
    `several` one may have meant."""

    client: Client | None
    word: str = ""
    several: Sequence[Client] = ()


def find(firm: Firm, typed: str, now: datetime, *, ask_anaf: bool = True) -> Found:
    """The client that `typed` names: a name of the firm's own clients, or a CUI.

    ask_anaf  also where the client is already known: the register may say something new
    """
    typed = typed.strip()
    known = firm.clients.filter(name__iexact=typed, archived=False).order_by("-pk").first()
    if known and not (ask_anaf and known.cui):
        return Found(known)
    try:
        cui = identity.cui(known.cui if known else typed)
    except identity.BadIdentity as bad:
        if any(c.isdigit() for c in typed):
            return Found(None, str(bad))
        if alike := list(search(firm, typed)[:8]) if typed and ask_anaf else []:
            return Found(None, several=alike)
        return Found(None, gettext("La ANAF se caută după CUI, nu după nume. Scrieți CUI-ul clientului."))
    known = known or firm.clients.filter(cui=cui).first()
    if not ask_anaf:
        return Found(known)
    try:
        company = look_up(cui, now)
    except NotInRegister:
        return Found(
            known,
            gettext("ANAF nu cunoaște codul %(cui)s. Verificați-l, sau completați datele de mână.") % {"cui": cui},
        )
    except RegisterSilent:
        return Found(
            known, gettext("Registrul ANAF nu răspunde acum. Completați datele de mână, sau încercați mai târziu.")
        )
    client = known or Client(firm=firm)
    for name, value in company.columns.items():
        if hasattr(client, name) and (value or not getattr(client, name)):  # what was typed by hand outlives a blank
            setattr(client, name, value)
    client.private, client.looked_up_at, client.country = False, now, "RO"
    if company.struck_off or company.inactive:
        status = company.status or gettext("inactivă")
        return Found(client, gettext("Atenție: la ANAF firma apare „%(status)s”.") % {"status": status})
    return Found(client)


def search(firm: Firm, typed: str, *, archived: bool = False) -> QuerySet[Client]:
    """The firm's clients whose name holds what is typed, without diacritics, or whose code begins with it; by name."""
    own = firm.clients.filter(archived=archived).order_by("search_name", "pk")
    if not (words := folded(typed.strip())):
        return own
    code = words.replace(" ", "").upper()
    matches = (
        Q(search_name__contains=words) | Q(cui__startswith=code.removeprefix("RO")) | Q(foreign_vat__startswith=code)
    )
    return own.filter(matches if code.removeprefix("RO") else Q(search_name__contains=words))


def few(firm: Firm) -> list[tuple[int, str]]:
    """Key and name of each of the firm's clients by name, where they are few enough for one list; else none."""
    own = list(firm.clients.order_by("search_name", "pk").values_list("pk", "name")[: FEW + 1])
    return own if len(own) <= FEW else []


def same(firm: Firm, *, cui: str, name: str, foreign_vat: str = "", born: int | None = None) -> Client:
    """The firm's client with this code; a person or a firm without one by name; else a new one, not saved.

    born  the client that an unfinished draft made a moment ago, and nobody else uses: its name is still being typed
    """
    if cui:
        own = firm.clients.filter(cui=cui)
    elif foreign_vat:
        own = firm.clients.filter(foreign_vat=foreign_vat)
    else:
        own = firm.clients.filter(cui="", foreign_vat="", name=name)
    return own.order_by("archived", "pk").first() or newborn(firm, born) or Client(firm=firm)


def newborn(firm: Firm, born: int | None) -> Client | None:
    """The client `born`, while one draft at most uses it."""
    client = firm.clients.filter(pk=born).first() if born else None
    return client if client and client.invoices.count() <= 1 else None


def due(client: Client | None, firm: Firm, issued: date) -> date:
    """When what is issued on that day is to be paid: by the client's term, else by the firm's usual one."""
    days = client.term_days if client and client.term_days is not None else firm.term_days
    return issued + timedelta(days=days)
