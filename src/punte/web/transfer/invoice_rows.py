"""Invoices of a table: one row a line of an invoice, or one row an invoice with its sums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.en16931 import totals
from punte.romania import vat
from punte.web.firms.models import Firm

from . import labels, values
from .checking import Item, Report, Row, client, rate_of, row_of, text
from .values import Wrong

NEAR = Decimal("0.05")  # what sums of another program may differ by, for each line


def invoices(
    firm: Firm, rows: list[tuple[int, list[str]]], columns: dict[str, int], decimal: str, usual: str = ""
) -> Report:
    """Rows of one number are lines of one invoice; one bad row keeps its whole invoice out, so that no part is lost."""
    report = Report()
    found: dict[str, Item] = {}
    cells_of: dict[str, list[tuple[int, list[str]]]] = {}
    wrong: dict[str, tuple[int, str]] = {}  # the row that is at fault, 0 for the whole
    for number, cells in rows:
        row = row_of(cells, columns)
        try:
            numbered = _numbered(row, usual)
        except Wrong as fault:
            report.refuse(number, str(fault), cells)
            continue
        cells_of.setdefault(numbered.label, []).append((number, cells))
        try:
            if numbered.label not in found:
                found[numbered.label] = _head(row, numbered, decimal) | {"row": number}
            _add(found[numbered.label], row, decimal, firm)
        except Wrong as fault:
            wrong.setdefault(numbered.label, (number, str(fault)))
            found.setdefault(numbered.label, {})
    for label, item in found.items():
        if label not in wrong:
            try:
                report.items.append(_settled(item))
                continue
            except Wrong as fault:
                wrong[label] = 0, str(fault)
        for number, cells in cells_of[label]:
            at, why = wrong[label]
            if at not in (0, number):
                why = _("Rândul %(row)d: %(why)s") % {"row": at, "why": why}
            report.refuse(number, why, cells)
    report.refused.sort(key=lambda one: one["row"])
    return report


def _numbered(row: Row, usual: str) -> labels.Numbered:
    if label := row.get("label", "").strip():
        return labels.taken_apart(label, row.get("series", "").strip() or usual)
    return labels.joined(row.get("series", ""), row.get("number", ""), usual)


def _head(row: Row, numbered: labels.Numbered, sign: str) -> Item:
    buyer = {name.removeprefix("client_"): cell for name, cell in row.items() if name.startswith("client_")}
    try:
        known = client(buyer)
    except Wrong as fault:
        raise Wrong(_("Clientul: %(why)s") % {"why": fault}) from None
    currency = values.currency(row.get("currency", ""))
    rate = row.get("exchange_rate", "").strip()
    item: Item = {
        "label": numbered.label,
        "prefix": numbered.prefix,
        "number": numbered.number,
        "year": numbered.year,
        "client": known,
        "issue_date": _day(row, "issue_date"),
        "due_date": _day(row, "due_date") if row.get("due_date", "").strip() else None,
        "currency": currency,
        "exchange_rate": str(values.amount(rate, sign)) if rate and currency != "RON" else None,
        "type_code": en.InvoiceType.INVOICE.value,
        "lines": [],
        "said": {"net": "0", "vat": "0", "total": None},
    }
    if not row.get("issue_date", "").strip():
        raise Wrong(_("Lipsește data emiterii."))
    return item


def _day(row: Row, name: str) -> str:
    return values.day(row.get(name, "")).isoformat()


def _add(item: Item, row: Row, sign: str, firm: Firm) -> None:
    """The row as a line. Where it has no price, its value; without either, what the total leaves."""

    def money(name: str) -> Decimal | None:
        typed = row.get(name, "").strip()
        return values.money(typed, sign) if typed else None

    quantity, price, net, tax, total = (money(name) for name in ("quantity", "price", "net", "vat", "total"))
    category, rate = _vat(row, sign, firm, item["issue_date"], net, tax, total)
    quantity = Decimal(1) if quantity is None or (price is None and not quantity) else quantity
    if price is None:
        if net is None and total is not None:
            net = total - tax if tax is not None else totals.rounded(total / (1 + (rate or Decimal(0)) / 100))
        if net is None:
            raise Wrong(_("Lipsește suma: nu are nici preț, nici valoare, nici total."))
        price = net / quantity
    if price < 0:
        price, quantity = -price, -quantity
    price = price.quantize(Decimal("0.000001"))
    line = {
        "name": text(row, "line_name", 10_000, _("Produsul sau serviciul"))[:100] or _("Conform facturii"),
        "code": text(row, "line_code", 50, _("Codul produsului")),
        "unit": values.unit(row.get("unit", "")),
        "quantity": f"{quantity:f}",
        "price": f"{price:f}",
        "category": category,
        "rate": None if rate is None else f"{rate:f}",
    }
    item["lines"].append(line)
    if len(item["lines"]) > 1000:
        raise Wrong(_("Factura %(label)s are peste 1000 de rânduri.") % {"label": item["label"]})
    if total is not None and net is not None:
        item["said"]["total"] = str(Decimal(item["said"]["total"] or 0) + total)


def _vat(
    row: Row, sign: str, firm: Firm, day: str, net: Decimal | None, tax: Decimal | None, total: Decimal | None
) -> tuple[str, Decimal | None]:
    """BT-151 and BT-152: what is written, else what the sums say, else what the seller is."""
    category = row.get("vat_category", "").strip().upper()[:2]
    if category and category not in {one.value for one in en.VatCategory}:
        raise Wrong(_("„%(text)s” nu este o categorie de TVA: S, AE, E, Z, K, G sau O.") % {"text": category})
    if category == "O":
        return "O", None
    rate = rate_of(row.get("vat_rate", ""), sign)
    if category:
        return category, (rate or Decimal(0)) if category == "S" else Decimal(0)
    if rate is not None:
        return ("S", rate) if rate else ("E", Decimal(0))
    if tax is None and net is not None and total is not None:
        tax = total - net
    if net is None and total is not None and tax is not None:
        net = total - tax
    if tax is not None and net is not None:
        if not tax:
            return ("E", Decimal(0)) if firm.vat_registered else ("O", None)
        return "S", _rate_that_gives(net, tax, day)
    if firm.vat_registered:
        raise Wrong(_("Nu se poate afla TVA: lipsesc cota, valoarea TVA și totalul."))
    return "O", None


def _rate_that_gives(net: Decimal, tax: Decimal, day: str) -> Decimal:
    """The lawful rate of the day, else one of the past, by which `net` gives `tax`."""
    then = date.fromisoformat(day)
    for rate in dict.fromkeys(one.percent for one in (*vat.rates(then), *vat.all_rates())):
        if abs(totals.rounded(net * rate / 100) - tax) <= NEAR:
            return rate
    raise Wrong(_("TVA de %(vat)s la %(net)s nu iese din nicio cotă. Adăugați coloana cotei sau rândurile facturii.")
                % {"vat": tax, "net": net})  # fmt: skip


def _settled(item: Item) -> Item:
    """With its sums; refused where the file's own total says something else."""
    amounts = sums(item["lines"])
    said = item.pop("said")["total"]
    if said is not None and abs(Decimal(said) - amounts.with_vat) > NEAR * len(item["lines"]):
        raise Wrong(_("Rândurile facturii %(label)s dau %(sum)s, iar fișierul spune %(said)s.")
                    % {"label": item["label"], "sum": amounts.with_vat, "said": said})  # fmt: skip
    net, tax = amounts.without_vat, amounts.vat or Decimal(0)
    return item | {"net": str(net), "vat": str(tax), "payable": str(amounts.due_for_payment)} | lei(item, net, tax)


def lei(item: Item, net: Decimal, tax: Decimal) -> dict[str, str]:
    """The sums in lei; zero where the rate is not known, as of any invoice without one."""
    rate = Decimal(1) if item["currency"] == "RON" else Decimal(item.get("exchange_rate") or 0)
    return {"net_lei": str(totals.rounded(net * rate)), "vat_lei": str(totals.rounded(tax * rate))}


def sums(lines: list[dict[str, Any]]) -> en.Totals:
    return totals.compute(en_line(line, position) for position, line in enumerate(lines, 1))[0]


def en_line(line: dict[str, Any], position: int) -> en.Line:
    quantity, price = Decimal(line["quantity"]), Decimal(line["price"])
    return en.Line(
        identifier=str(position),
        quantity=quantity,
        unit=line["unit"],
        net_amount=totals.line_net_amount(quantity, price),
        price=en.Price(net=price),
        vat_category=line["category"],
        vat_rate=None if line["rate"] is None else Decimal(line["rate"]),
        item=en.Item(name=line["name"]),
    )
