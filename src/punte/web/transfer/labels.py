"""A number as another program printed it, taken apart: `DI 0188`, `DI-0188`, `DI 2026-0188`, `FCT188`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from punte.web.invoices.models.numbering import NO_YEAR

from .values import Wrong

BIGGEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """`label` as printed, its series, and its number in it; None where it does not end in figures."""

    label: str
    prefix: str
    number: int | None
    year: int = NO_YEAR


def taken_apart(label: str, usual: str = "") -> Numbered:
    """`usual`: the series of numbers without one. Raises Wrong.

    >>> taken_apart("DI 2026-0188"), taken_apart("FCT-77").prefix
    (Numbered(label='DI 2026-0188', prefix='DI', number=188, year=2026), 'FCT')
    """
    label = " ".join(label.split())
    if not label:
        raise Wrong(_("Lipsește numărul facturii."))
    if len(label) > 40:
        raise Wrong(_("Numărul facturii are peste 40 de caractere."))
    if found := re.fullmatch(r"(.*?[^\d\s./-])[\s./-]+((?:19|20)\d\d)[./-](\d+)", label):
        return _checked(label, found[1], found[3], int(found[2]))
    if found := re.fullmatch(r"(?s)(.*?)[\s./#-]*(\d+)", label):
        prefix = found[1].strip() or usual
        if not prefix:
            why = _("Numărul %(label)s nu are serie. Alegeți coloana seriei sau scrieți seria la „Coloanele”.")
            raise Wrong(why % {"label": label})
        return _checked(label, prefix, found[2])
    return Numbered(label, (usual or label)[:20], None)


def joined(series: str, number: str, usual: str = "") -> Numbered:
    """From two columns. Raises Wrong."""
    series, number = series.strip(), re.sub(r"\.0+$", "", number.strip())
    if not number:
        raise Wrong(_("Lipsește numărul facturii."))
    if not number.isdecimal():
        return taken_apart(f"{series} {number}" if series else number, usual)
    if not (series or usual):
        return taken_apart(number)
    return _checked(f"{series or usual} {number}", series or usual, number)


def _checked(label: str, prefix: str, number: str, year: int = NO_YEAR) -> Numbered:
    if len(prefix) > 20:
        raise Wrong(_("Seria „%(series)s” are peste 20 de caractere.") % {"series": prefix[:40]})
    if int(number) > BIGGEST:
        return Numbered(label, prefix, None)  # kept as it is printed; no counter goes so far
    return Numbered(label, prefix, int(number), year)
