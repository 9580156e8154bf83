"""What stands in a cell, as a value. Each raises Wrong with a sentence for who brought the file."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from punte.en16931.codelists import codes
from punte.web.invoices.models import folded
from punte.web.invoices.units import UNITS

YES = {"da", "d", "yes", "y", "true", "1", "x", "platitor", "adevarat"}
NO = {"nu", "n", "no", "false", "0", "", "-", "neplatitor", "fals"}
#: How units are written beside their codes (UN/ECE Rec 20).
UNIT_WORDS = {
    "buc": "H87", "buc.": "H87", "bucata": "H87", "bucati": "H87", "pcs": "H87", "piece": "H87", "pc": "H87",
    "ora": "HUR", "ore": "HUR", "h": "HUR", "hour": "HUR", "zi": "DAY", "zile": "DAY", "day": "DAY",
    "luna": "MON", "luni": "MON", "month": "MON", "an": "ANN", "ani": "ANN", "year": "ANN",
    "kg": "KGM", "kilogram": "KGM", "t": "TNE", "tona": "TNE", "tone": "TNE", "l": "LTR",
    "litru": "LTR", "litri": "LTR",
    "m": "MTR", "ml": "MTR", "metru": "MTR", "mp": "MTK", "m2": "MTK", "mc": "MTQ", "m3": "MTQ", "km": "KMT",
    "kwh": "KWH", "set": "SET", "pachet": "XPK", "pach": "XPK", "cutie": "XBX", "cut": "XBX",
    "serviciu": "E48", "serv": "E48", "serv.": "E48", "service": "E48",
}  # fmt: skip


class Wrong(ValueError):
    """Its text is for the screen."""


def amount(text: str, sign: str = ",") -> Decimal:
    """`1.234,56`, `1 234,56 lei`, `21%`; `sign` stands before the decimals, the other parts thousands.

    >>> amount("1.234,56 lei"), amount("1,234.50", "."), amount("-7")
    (Decimal('1234.56'), Decimal('1234.50'), Decimal('-7'))
    """
    plain = re.sub(r"(?i)\s|lei|ron|eur|%|'", "", text)
    other = "." if sign == "," else ","
    thousands = re.search(r"[1-9]\d*" + re.escape(other) + r"\d{3}$", plain)
    if sign not in plain and plain.count(other) == 1 and not thousands:
        sign, other = other, sign  # 1234.5 or 0.335 in a file of commas: no thousands are written so
    plain = plain.replace(other, "").replace(sign, ".")
    try:
        if not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+", plain) and not re.fullmatch(r"[+-]?[0-9]+\.", plain):
            raise InvalidOperation
        return Decimal(plain)
    except InvalidOperation:
        raise Wrong(_("„%(text)s” nu este un număr.") % {"text": text[:40]}) from None


def money(text: str, sign: str) -> Decimal:
    found = amount(text, sign)
    if abs(found) >= 10**12:
        raise Wrong(_("„%(text)s” este o sumă prea mare.") % {"text": text[:40]})
    return found


def day(text: str) -> date:
    """`22.11.2026`, `22/11/2026`, `2026-11-22`, `22-11-26`, with or without an hour after it."""
    plain = text.strip().split(" ")[0].split("T")[0]
    if found := re.fullmatch(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", plain):
        year, month, number = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4}|\d{2})", plain):
        number, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    else:
        raise Wrong(_("„%(text)s” nu este o dată. Scrieți-o 22.11.2026.") % {"text": text[:40]})
    try:
        found_day = date(year, month, number)
    except ValueError:
        raise Wrong(
            _("„%(text)s” nu este o zi din calendar. Ordinea este zi, lună, an.") % {"text": text[:40]}
        ) from None
    if not 1990 <= year <= 2100:
        raise Wrong(_("Anul din „%(text)s” nu poate fi cel bun.") % {"text": text[:40]})
    return found_day


def yes(text: str) -> bool:
    plain = folded(text.strip())
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise Wrong(_("„%(text)s” nu este nici da, nici nu.") % {"text": text[:40]})


def unit(text: str) -> str:
    """The code of the unit; where the word is not known, a piece."""
    plain = text.strip()
    if plain.upper() in UNITS or plain.upper() in codes("unece-rec20-21"):
        return plain.upper()
    return UNIT_WORDS.get(folded(plain).replace("²", "2").replace("³", "3"), "H87")


def currency(text: str) -> str:
    plain = text.strip().upper()
    plain = {"": "RON", "LEI": "RON", "LEU": "RON", "€": "EUR", "EURO": "EUR", "$": "USD"}.get(plain, plain)
    if plain not in codes("currency-iso4217"):
        raise Wrong(_("„%(text)s” nu este o monedă. Scrieți codul din trei litere: RON, EUR.") % {"text": text[:40]})
    return plain


def country(text: str) -> str:
    plain = folded(text.strip())
    known = {"": "RO", "romania": "RO", "ro": "RO", "germania": "DE", "germany": "DE", "franta": "FR", "italia": "IT",
             "ungaria": "HU", "bulgaria": "BG", "moldova": "MD", "republica moldova": "MD", "austria": "AT",
             "spania": "ES", "olanda": "NL", "belgia": "BE", "polonia": "PL", "grecia": "GR", "el": "GR",
             "marea britanie": "GB", "uk": "GB", "statele unite": "US", "sua": "US"}  # fmt: skip
    code = known.get(plain, plain.upper())
    if code not in codes("country-iso3166-1"):
        raise Wrong(
            _("„%(text)s” nu este o țară cunoscută. Scrieți codul din două litere: RO, DE.") % {"text": text[:40]}
        )
    return code
