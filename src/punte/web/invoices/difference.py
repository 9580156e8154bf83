"""What differs between two documents, field by field, in plain names: what was refused, what goes now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.romania.explain.fields import field_of
from punte.web.design import formats

MOST = 30  # more than so many are another invoice


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its name, its business term, what stood there and what stands there now; "" for nothing."""

    field: str
    term: str
    before: str
    after: str


def changes(before: en.Invoice, after: en.Invoice) -> tuple[Change, ...]:
    """In the order of the norm; lines are compared by their place, and sums that follow from others are left out."""
    return tuple(change for change, _ in zip(_walk(before, after, "", ""), range(MOST), strict=False))


#: What follows from other fields: its change says nothing new.
FOLLOWS = {"totals", "vat_breakdown", "net_amount"}


#: The model names an address by the seller's terms; the buyer's are others (EN 16931-1, BG-5 and BG-8).
BUYERS = {"BT-35": "BT-50", "BT-36": "BT-51", "BT-162": "BT-163", "BT-37": "BT-52", "BT-38": "BT-53", "BT-39": "BT-54"}
BUYERS |= {"BT-40": "BT-55", "BT-41": "BT-56", "BT-42": "BT-57", "BT-43": "BT-58"}


def _walk(before: Any, after: Any, term: str, where: str) -> Iterator[Change]:
    if before == after:
        return
    one = before if before is not None else after
    if isinstance(one, tuple):
        pairs = max(len(before or ()), len(after or ()))
        for n in range(pairs):
            place = _("%(name)s %(n)d") % {"name": _group(term), "n": n + 1} if pairs > 1 or term == "BG-25" else where
            old = before[n] if before and n < len(before) else None
            new = after[n] if after and n < len(after) else None
            yield from _walk(old, new, term, place)
    elif is_dataclass(one) and not isinstance(one, type):
        terms = _terms(type(one))
        for part in fields(one):
            if part.name not in FOLLOWS:
                inner = terms.get(part.name) or term
                place = where or (_group(term) if term in HOLDERS else "")
                yield from _walk(getattr(before, part.name, None), getattr(after, part.name, None), inner, place)
    else:
        if where == _group("BG-7"):
            term, where = BUYERS.get(term, term), ""
        elif where == _group("BG-4"):
            where = ""
        name = field_of(term, "", exactly=True).label(formats.language()) if term else ""
        shown = name if not where or where.lower() in name.lower() else f"{where}: {name}"
        yield Change(shown, term, _said(before), _said(after))


HOLDERS = ("BG-4", "BG-7", "BG-10", "BG-13")


def _group(term: str) -> str:
    words = {
        "BG-1": _("Mențiunea"),
        "BG-3": _("Factura dinainte"),
        "BG-4": _("Vânzătorul"),
        "BG-7": _("Cumpărătorul"),
        "BG-10": _("Cine încasează"),
        "BG-13": _("Livrarea"),
        "BG-20": _("Reducerea"),
        "BG-21": _("Taxa"),
        "BG-25": _("Rândul"),
    }
    return words.get(term, "")


def _terms(kind: type) -> dict[str, str]:
    """Business term by attribute, from the annotations of the model."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is Annotated:
            found[name] = next((str(note) for note in get_args(hint)[1:] if str(note).startswith(("BT-", "BG-"))), "")
    return found


def _said(value: Any) -> str:
    match value:
        case None | "":
            return ""
        case Decimal():
            return formats.number(value)
        case date():
            return formats.long_date(value)
    return str(value)
