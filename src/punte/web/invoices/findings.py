"""What the rules find, in Romanian and at the field of the editor where it is put right.

A finding names a business term; `FIELDS` says which field of the form holds it. `SENTENCES` has a sentence for what
the form can produce; for the rest the rule's id and the name of the field stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from punte.en16931.rules.rule import Finding

SELLER = "vanzator"  # not a field of the editor: the firm's own data, in Setări
_LINE = re.compile(r"(?:InvoiceLine|CreditNoteLine)\[(\d+)\]")

#: Business term → (field of the editor, how we call it). A field that begins with `rand` is one of a line.
FIELDS = {
    "BT-1": ("factura-series", "Seria și numărul"),
    "BT-2": ("factura-issue_date", "Data emiterii"),
    "BT-9": ("factura-due_date", "Scadența"),
    "BT-22": ("factura-note", "Mențiunile"),
    **{f"BT-{n}": (SELLER, "Datele firmei") for n in (*range(27, 44), 84, 85, 162)},
    **dict.fromkeys(("BG-4", "BG-5", "BG-6"), (SELLER, "Datele firmei")),
    "BG-7": ("client-name", "Clientul"),
    "BG-8": ("client-street", "Adresa clientului"),
    "BT-44": ("client-name", "Denumirea clientului"),
    "BT-46": ("client-cui", "CUI-ul clientului"),
    "BT-47": ("client-cui", "CUI-ul clientului"),
    "BT-48": ("client-cui", "CUI-ul clientului"),
    "BT-50": ("client-street", "Strada clientului"),
    "BT-52": ("client-city", "Localitatea clientului"),
    "BT-53": ("client-post_code", "Codul poștal al clientului"),
    "BT-54": ("client-county", "Județul clientului"),
    "BT-58": ("client-email", "E-mailul clientului"),
    "BG-25": ("rand-name", "Rândurile facturii"),
    "BG-23": ("rand-name", "Rândurile facturii"),
    "BT-129": ("rand-quantity", "Cantitatea"),
    "BT-130": ("rand-unit", "Unitatea de măsură"),
    "BT-131": ("rand-price", "Valoarea"),
    "BT-146": ("rand-price", "Prețul"),
    "BT-151": ("rand-vat", "TVA"),
    "BT-152": ("rand-vat", "TVA"),
    "BT-153": ("rand-name", "Denumirea"),
    "BT-154": ("rand-description", "Descrierea"),
}

_SELLER_ADDRESS = "Completați adresa firmei în Setări; ANAF o cere pe fiecare factură."
_SECTOR = "Pentru municipiul București, ANAF cere sectorul în locul localității, de la SECTOR1 la SECTOR6."
SENTENCES = {
    "BR-06": "Lipsește denumirea firmei. Completați-o în Setări.",
    "BR-07": "Scrieți denumirea clientului.",
    "BR-08": _SELLER_ADDRESS,
    "BR-10": "Scrieți adresa clientului.",
    "BR-16": "Factura nu are niciun rând. Scrieți ce ați vândut.",
    "BR-CO-18": "Factura nu are niciun rând. Scrieți ce ați vândut.",
    "BR-25": "Scrieți denumirea produsului sau a serviciului.",
    "BR-27": "Prețul nu poate fi negativ. Pentru un retur scrieți cantitatea cu minus.",
    "BR-CO-25": "Scrieți până când e de plătit factura.",
    "BR-CO-26": "Firma nu are un cod fiscal. Completați-l în Setări.",
    "BR-S-02": "Pentru TVA 21 % sau 11 %, firma trebuie să aibă cod de TVA. Verificați firma în Setări.",
    "BR-S-05": "Cota standard nu poate fi 0 %. Alegeți cota de pe rând.",
    "BR-RO-010": "Numărul facturii trebuie să conțină cel puțin o cifră.",
    "BR-RO-030": "Pentru o factură în valută, TVA se scrie și în lei.",
    "BR-RO-065": "Firma nu are un cod fiscal. Completați-l în Setări.",
    "BR-RO-081": _SELLER_ADDRESS,
    "BR-RO-091": _SELLER_ADDRESS,
    "BR-RO-100": _SECTOR,
    "BR-RO-110": "Alegeți județul firmei în Setări; ANAF îl cere din lista ISO 3166-2.",
    "BR-RO-082": "Scrieți strada și numărul clientului. Dacă nu are stradă, scrieți satul și numărul casei.",
    "BR-RO-092": "Scrieți localitatea clientului.",
    "BR-RO-101": _SECTOR,
    "BR-RO-111": "Alegeți județul clientului.",
    "BR-RO-120": "Scrieți CUI-ul clientului sau bifați „persoană fizică”.",
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
    field, name = FIELDS.get(finding.term or "", ("", f"Câmpul {finding.term}" if finding.term else "Factura"))
    if field.startswith("rand-"):
        row = _LINE.search(finding.location or "")
        position = positions[int(row[1]) - 1] if row else 1
        field = f"id_rand-{position - 1}-{field.removeprefix('rand-')}"
        name = f"{name}, rândul {position}" if row or not (finding.term or "").startswith("BG") else name
    elif field and field != SELLER:
        field = f"id_{field}"
    text = SENTENCES.get(finding.rule) or SENTENCES.get(finding.rule.split("_")[0])
    return Verdict(
        tone="bad" if finding.severity == "fatal" else "warn",
        title=name,
        text=text or "Valoarea nu respectă regula de alături. Verificați câmpul.",
        rule=finding.rule,
        target=field,
    )
