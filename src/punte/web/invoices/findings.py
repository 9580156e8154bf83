"""What the rules find, in the language of the page and at the field of the editor where it is put right.

`romania.explain` says what is wrong and what to do; `FIELDS` says which field of the form holds the business term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from punte.en16931.rules.rule import Finding
from punte.romania.explain import explain

SELLER = "vanzator"  # not a field of the editor: the firm's own data, in Setări
_LINE = re.compile(r"(?:InvoiceLine|CreditNoteLine)\[(\d+)\]")

#: Business term → field of the editor. A field that begins with `rand` is one of a line.
FIELDS = {
    "BT-1": "factura-series",
    "BT-2": "factura-issue_date",
    "BT-5": "factura-currency",
    "BT-6": "factura-currency",
    "BT-9": "factura-due_date",
    **{f"BT-{n}": f"factura-bt_{n}" for n in range(10, 20)},
    "BT-22": "factura-note",
    **{f"BT-{n}": SELLER for n in (*range(27, 44), 84, 85, 162)},
    **dict.fromkeys(("BG-4", "BG-5", "BG-6"), SELLER),
    "BG-7": "client-name",
    "BG-8": "client-street",
    "BT-44": "client-name",
    "BT-46": "client-cui",
    "BT-47": "client-cui",
    "BT-48": "client-cui",
    "BT-50": "client-street",
    "BT-52": "client-city",
    "BT-53": "client-post_code",
    "BT-54": "client-county",
    "BT-55": "client-country",
    "BT-58": "client-email",
    "BT-72": "factura-supply_date",
    "BT-80": "client-country",
    "BT-92": "reducere-value",
    "BT-97": "reducere-reason",
    "BT-99": "adaos-value",
    "BT-104": "adaos-reason",
    "BT-111": "factura-exchange_rate",
    "BG-25": "rand-name",
    "BG-23": "rand-name",
    "BT-129": "rand-quantity",
    "BT-130": "rand-unit",
    "BT-131": "rand-price",
    "BT-136": "rand-discount",
    "BT-146": "rand-price",
    "BT-151": "rand-vat",
    "BT-152": "rand-vat",
    "BT-153": "rand-name",
    "BT-154": "rand-description",
    "BT-155": "rand-code",
    "BT-158": "rand-nc_code",
}

#: What to do, where the form has a shorter way than the general explanation.
HERE = {
    "BR-27": _("Pentru un retur scrieți cantitatea cu minus."),
    "BR-CO-25": _("Scrieți până când e de plătit factura."),
    "BR-RO-120": _("Scrieți CUI-ul clientului sau bifați „persoană fizică”."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One line of „Ce ar spune ANAF acum”.

    tone    "bad": ANAF would refuse it; "warn": it would pass, but; "good"
    target  id of the field in the page; `SELLER`; or "" where no field helps
    """

    tone: str
    title: str
    text: str
    rule: str = ""
    target: str = ""

    @property
    def is_sellers(self) -> bool:
        return self.target == SELLER


def verdict_of(finding: Finding, positions: Sequence[int]) -> Verdict:
    """The finding as a person can use it; `positions` of the document's lines among the rows of the form, from 1."""
    row = _LINE.search(finding.location or "")
    position = positions[int(row[1]) - 1] if row else 1
    if row:  # the form may have empty rows between: the sentence names the row that one sees
        location = finding.location.replace(row[0], row[0].replace(f"[{row[1]}]", f"[{position}]"))
        finding = replace(finding, location=location)
    told = explain(finding, language="en" if (get_language() or "ro").startswith("en") else "ro")
    field = FIELDS.get(told.term or finding.term or "", "")
    if field.startswith("rand-"):
        target = f"id_rand-{position - 1}-{field.removeprefix('rand-')}"
    else:
        target = f"id_{field}" if field and field != SELLER else field
    now = str(HERE.get(finding.rule, told.now))
    if field == SELLER:
        where = gettext("Datele firmei se schimbă în Setări.")
        now = f"{now} {where}"
    return Verdict(
        tone="bad" if finding.severity == "fatal" else "warn",
        title=gettext("%(field)s, rândul %(row)s") % {"field": told.field, "row": position} if row else told.field,
        text=f"{told.what} {now}",
        rule=finding.rule,
        target=target,
    )
