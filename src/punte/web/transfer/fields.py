"""What an import may bring of each kind, and how the columns of a file are matched to it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from punte.web.invoices.models import folded

from .models import Kind

HERE = Path(__file__).parent
TELLING = 3  # columns that only one product calls so


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row says. `needed`: without a column for it nothing can be imported."""

    name: str
    label: str | Promise
    needed: bool = False


FIELDS: dict[str, tuple[Field, ...]] = {
    Kind.CLIENTS: (
        Field("name", _("Denumirea"), needed=True),
        Field("cui", _("CUI")),
        Field("vat_registered", _("Plătitor de TVA")),
        Field("trade_register_number", _("Nr. Registrul Comerțului")),
        Field("street", _("Adresa")),
        Field("city", _("Localitatea")),
        Field("county", _("Județul")),
        Field("post_code", _("Codul poștal")),
        Field("country", _("Țara")),
        Field("email", _("E-mail")),
        Field("phone", _("Telefon")),
        Field("contact", _("Persoana de contact")),
        Field("private", _("Persoană fizică")),
        Field("cnp", _("CNP")),
        Field("foreign_vat", _("Cod de TVA în UE")),
        Field("term_days", _("Termen de plată, zile")),
        Field("notes", _("Notițe")),
    ),
    Kind.PRODUCTS: (
        Field("name", _("Denumirea"), needed=True),
        Field("code", _("Cod")),
        Field("description", _("Descrierea")),
        Field("unit", _("Unitatea")),
        Field("price", _("Prețul fără TVA")),
        Field("gross", _("Prețul cu TVA")),
        Field("vat_rate", _("Cota TVA")),
        Field("currency", _("Moneda")),
        Field("nc_code", _("Cod NC")),
        Field("cpv_code", _("Cod CPV")),
    ),
    Kind.INVOICES: (
        Field("label", _("Seria și numărul, împreună")),
        Field("series", _("Seria")),
        Field("number", _("Numărul")),
        Field("issue_date", _("Data emiterii"), needed=True),
        Field("due_date", _("Scadența")),
        Field("client_name", _("Clientul"), needed=True),
        Field("client_cui", _("CUI-ul clientului")),
        Field("client_street", _("Adresa clientului")),
        Field("client_city", _("Localitatea clientului")),
        Field("client_county", _("Județul clientului")),
        Field("client_country", _("Țara clientului")),
        Field("currency", _("Moneda")),
        Field("exchange_rate", _("Cursul, lei")),
        Field("line_name", _("Produsul sau serviciul")),
        Field("line_code", _("Codul produsului")),
        Field("quantity", _("Cantitate")),
        Field("unit", _("Unitatea")),
        Field("price", _("Prețul fără TVA")),
        Field("vat_rate", _("Cota TVA")),
        Field("vat_category", _("Categoria TVA")),
        Field("net", _("Valoarea fără TVA")),
        Field("vat", _("Valoarea TVA")),
        Field("total", _("Totalul cu TVA")),
    ),
    Kind.UBL: (),
}


@dataclass(frozen=True, slots=True)
class Preset:
    """What another product calls its columns: `headers` by our field; `source` says where that is written."""

    product: str
    kind: str
    headers: dict[str, str]
    source: str


def fields(kind: str) -> tuple[Field, ...]:
    return FIELDS[kind]


@cache
def presets(kind: str) -> dict[str, Preset]:
    found: dict[str, Preset] = {}
    for row in _rows("presets.tsv"):
        if row["kind"] == kind:
            preset = found.setdefault(row["product"], Preset(row["product"], kind, {}, row["source"]))
            preset.headers[row["field"]] = folded(row["header"])
    return found


def matched(kind: str, head: Iterable[str], preset: str = "") -> dict[str, int]:
    """Our fields with the index of the column that says each; a column says one field alone.

    preset  a product of `presets`; what it does not name is matched by the usual names
    """
    names = [folded(" ".join(cell.split())) for cell in head]
    wanted: list[tuple[str, tuple[str, ...]]] = []
    if preset in presets(kind):
        wanted += [(field, (header,)) for field, header in presets(kind)[preset].headers.items()]
    wanted += [(field.name, _labels(field)) for field in FIELDS[kind]]
    wanted += [(row["field"], tuple(row["headers"].split("|"))) for row in _rows("headers.tsv") if row["kind"] == kind]
    found: dict[str, int] = {}
    for field, headers in wanted:
        for header in headers:
            if field not in found and header in names and (index := names.index(header)) not in found.values():
                found[field] = index
    return found


def guessed(kind: str, head: Iterable[str]) -> tuple[str, dict[str, int]]:
    """The product whose columns these are, where several are called as nobody else calls them; with what is matched."""
    head = list(head)
    names = {folded(cell) for cell in head}
    for preset in presets(kind).values():
        telling = {header for header in preset.headers.values() if header not in _usual(kind)}
        if len(telling & names) >= TELLING:
            return preset.product, matched(kind, head, preset.product)
    return "", matched(kind, head)


def _usual(kind: str) -> set[str]:
    return {header for row in _rows("headers.tsv") if row["kind"] == kind for header in row["headers"].split("|")}


def missing(kind: str, columns: dict[str, int]) -> list[Field]:
    """What must have a column and has none."""
    lacking = [field for field in FIELDS[kind] if field.needed and field.name not in columns]
    if kind == Kind.INVOICES and not {"label", "number"} & columns.keys():
        lacking.insert(0, FIELDS[kind][0])
    return lacking


def _labels(field: Field) -> tuple[str, ...]:
    """In both languages: what we export is taken back."""
    found = []
    for language in ("ro", "en"):
        with override(language):
            found.append(folded(str(field.label)))
    return tuple(found)


@cache
def _rows(name: str) -> list[dict[str, str]]:
    lines = [line for line in (HERE / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))
