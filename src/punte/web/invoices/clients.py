"""Who the client is: one of the firm's own, or found in ANAF's register by CUI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from punte.romania import identity
from punte.web.firms.lookup import NotInRegister, RegisterSilent, look_up
from punte.web.firms.models import Firm

from .models import Client


@dataclass(frozen=True, slots=True)
class Found:
    """The client found, perhaps not saved yet, and what there is to say; without a client, why not."""

    client: Client | None
    word: str = ""


def find(firm: Firm, typed: str, now: datetime, *, ask_anaf: bool = True) -> Found:
    """The client that `typed` names: a name of the firm's own clients, or a CUI.

    ask_anaf  also where the client is already known: the register may say something new
    """
    typed = typed.strip()
    known = firm.clients.filter(name__iexact=typed).order_by("-pk").first()
    if known and not (ask_anaf and known.cui):
        return Found(known)
    try:
        cui = identity.cui(known.cui if known else typed)
    except identity.BadIdentity as bad:
        by_name = "La ANAF se caută după CUI, nu după nume. Scrieți CUI-ul clientului."
        return Found(None, str(bad) if any(c.isdigit() for c in typed) else by_name)
    known = known or firm.clients.filter(cui=cui).first()
    if not ask_anaf:
        return Found(known)
    try:
        company = look_up(cui, now)
    except NotInRegister:
        return Found(known, f"ANAF nu cunoaște codul {cui}. Verificați-l, sau completați datele de mână.")
    except RegisterSilent:
        return Found(known, "Registrul ANAF nu răspunde acum. Completați datele de mână, sau încercați mai târziu.")
    client = known or Client(firm=firm)
    for name, value in company.columns.items():
        if hasattr(client, name) and (value or not getattr(client, name)):  # what was typed by hand outlives a blank
            setattr(client, name, value)
    client.private, client.looked_up_at = False, now
    if company.struck_off or company.inactive:
        return Found(client, f"Atenție: la ANAF firma apare „{company.status or 'inactivă'}”.")
    return Found(client)


def same(firm: Firm, *, cui: str, name: str) -> Client:
    """The firm's client with this CUI; a private person by name; else a new one, not saved."""
    own = firm.clients.filter(cui=cui) if cui else firm.clients.filter(cui="", name=name)
    return own.order_by("pk").first() or Client(firm=firm)
