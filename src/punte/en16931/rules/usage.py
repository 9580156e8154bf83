"""Which VAT categories a document uses, where, and for how much: read once, asked by every category's rules."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from .arithmetic import ZERO, amount, total
from .categories import code_of, is_allowance, is_charge, is_vat, is_vat_by_its_one_scheme, rates_of
from .nodes import Document, Node
from .once import once


class Category(NamedTuple):
    """A VAT category as it stands: code trimmed and raw, and whether its tax scheme is VAT."""

    code: str
    raw: str
    vat: bool


def _distinct(nodes: Iterable[Node]) -> tuple[Category, ...]:
    """The categories without those that say the same."""
    return _read(dict.fromkeys(node.twin for node in nodes))


def _read(nodes: Iterable[Node]) -> tuple[Category, ...]:
    return tuple(Category(code_of(node), node.text_of("cbc:ID"), is_vat(node)) for node in nodes)


class Usage:
    """The VAT categories of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @once
    def of_lines(self) -> tuple[Category, ...]:
        """All line categories (BT-151), sub-lines included."""
        return _distinct(self._document.anywhere("cac:ClassifiedTaxCategory"))

    @once
    def anywhere(self) -> tuple[Category, ...]:
        """All categories at any depth: lines, allowances and charges, breakdown, and where none should be."""
        return self.of_lines + _distinct(self._document.anywhere("cac:TaxCategory"))

    @once
    def of_breakdown(self) -> tuple[Category, ...]:
        """The rows of the VAT breakdown (BT-118)."""
        return _read(self._document.root.select("cac:TaxTotal", "cac:TaxSubtotal", "cac:TaxCategory"))

    @once
    def of_allowances_and_charges(self) -> tuple[Category, ...]:
        """Of all allowances and charges, at any level, indicator or not."""
        return self._of(self._document.anywhere("cac:AllowanceCharge"))

    @once
    def of_allowances(self) -> tuple[Category, ...]:
        return self._of(item for item in self._document.anywhere("cac:AllowanceCharge") if is_allowance(item))

    @once
    def of_charges(self) -> tuple[Category, ...]:
        return self._of(item for item in self._document.anywhere("cac:AllowanceCharge") if is_charge(item))

    @once
    def of_document_allowances(self) -> tuple[Category, ...]:
        return self._of(item for item in self._document.root.select("cac:AllowanceCharge") if is_allowance(item))

    @once
    def of_document_charges(self) -> tuple[Category, ...]:
        return self._of(item for item in self._document.root.select("cac:AllowanceCharge") if is_charge(item))

    def _of(self, items: Iterable[Node]) -> tuple[Category, ...]:
        return _distinct(category for item in items for category in item.select("cac:TaxCategory"))

    @once
    def seller_registered(self) -> bool:
        """The seller has a tax registration of any scheme (BT-31 or BT-32)."""
        sellers = self._document.anywhere("cac:AccountingSupplierParty")
        return any(seller.has("cac:Party", "cac:PartyTaxScheme", "cbc:CompanyID") for seller in sellers)

    @once
    def seller_has_vat_identifier(self) -> bool:
        """BT-31."""
        return self._has_vat_identifier("cac:AccountingSupplierParty", "cac:Party")

    @once
    def representative_has_vat_identifier(self) -> bool:
        """BT-63."""
        return self._has_vat_identifier("cac:TaxRepresentativeParty")

    @once
    def buyer_has_vat_identifier(self) -> bool:
        """BT-48."""
        return self._has_vat_identifier("cac:AccountingCustomerParty", "cac:Party")

    @once
    def buyer_legally_registered(self) -> bool:
        """BT-47."""
        buyers = self._document.anywhere("cac:AccountingCustomerParty")
        return any(buyer.has("cac:Party", "cac:PartyLegalEntity", "cbc:CompanyID") for buyer in buyers)

    def _has_vat_identifier(self, party: str, *path: str) -> bool:
        return any(
            is_vat_by_its_one_scheme(registration) and registration.has("cbc:CompanyID")
            for node in self._document.anywhere(party)
            for registration in node.select(*path, "cac:PartyTaxScheme")
        )

    @once
    def _lines(self) -> dict[str, dict[tuple[Node, ...], list[Node]]]:
        """Lines at any depth, by element name, then by their categories: those that say the same stand together."""
        lines: dict[str, dict[tuple[Node, ...], list[Node]]] = {}
        shared = self._document.shared
        for name in ("cac:InvoiceLine", "cac:CreditNoteLine"):
            together = lines[name] = {}
            for line in self._document.anywhere(name):
                categories = shared.get(line)
                if categories is None:
                    found = line.select("cac:Item", "cac:ClassifiedTaxCategory")
                    categories = tuple([category.twin for category in found])
                together.setdefault(categories, []).append(line)
        return lines

    def _lines_of(self, code: str, name: str) -> Iterable[tuple[tuple[Node, ...], list[Node]]]:
        """Lines of the document itself that have a code, with their categories; a line of two codes has both."""
        root = self._document.root
        for categories, lines in self._lines[name].items():
            if any(code_of(category) == code for category in categories):
                yield categories, [line for line in lines if line.parent is root]

    @once
    def _document_items(self) -> dict[str, list[tuple[Node, int]]]:
        """Document allowances (-1) and charges (+1) by category code."""
        by_code: dict[str, list[tuple[Node, int]]] = {}
        for item in self._document.root.select("cac:AllowanceCharge"):
            sign = is_charge(item) - is_allowance(item)
            for code in {code_of(category) for category in item.select("cac:TaxCategory")}:
                by_code.setdefault(code, []).append((item, sign))
        return by_code

    def taxable(self, code: str, line_name: str) -> Decimal:
        """Lines + charges - allowances of a category, lines of one element name."""
        key = f"taxable {code} {line_name}"
        known: Decimal | None = self._document.memo.get(key)
        if known is None:
            items = sum((sign * (amount(item, "cbc:Amount") or ZERO) for item, sign in self._items_of(code)), ZERO)
            lines = (line for _, several in self._lines_of(code, line_name) for line in several)
            known = total(lines, "cbc:LineExtensionAmount") + items
            self._document.memo[key] = known
        return known

    def _items_of(self, code: str) -> list[tuple[Node, int]]:
        return self._document_items.get(code, [])

    def taxable_at_rates(self, code: str, line_name: str) -> dict[Decimal, Decimal]:
        """The same by rate; a rate that nothing has is missing."""
        key = f"{code} {line_name}"
        known: dict[Decimal, Decimal] | None = self._document.memo.get(key)
        if known is None:
            known = {}
            for categories, lines in self._lines_of(code, line_name):
                if lines and (rates := _rates(categories)):
                    amounts = total(lines, "cbc:LineExtensionAmount")
                    known.update({rate: known.get(rate, ZERO) + amounts for rate in rates})
            for item, sign in self._items_of(code):
                for rate in _rates(item.select("cac:TaxCategory")):
                    known[rate] = known.get(rate, ZERO) + sign * (amount(item, "cbc:Amount") or ZERO)
            self._document.memo[key] = known
        return known

    def rates_used(self, code: str, line_name: str) -> frozenset[Decimal]:
        """The rates that a line of the name, or an allowance or charge, has together with the code, at any depth."""
        key = f"rates {code} {line_name}"
        known: frozenset[Decimal] | None = self._document.memo.get(key)
        if known is None:
            known = self._document.memo[key] = frozenset(self._find_rates(code, line_name))
        return known

    def _find_rates(self, code: str, line_name: str) -> Iterable[Decimal]:
        items = [item.select("cac:TaxCategory") for item in self._document.anywhere("cac:AllowanceCharge")]
        twins = [tuple([category.twin for category in several]) for several in items]
        for categories in dict.fromkeys([*self._lines[line_name], *twins]):
            if any(code_of(category) == code for category in categories):
                yield from _rates(categories)

    @once
    def facts(self) -> Hashable:
        """All of it but amounts and rates, as one value."""
        return tuple([getattr(self, name) for name in FACTS])


FACTS: Final = (
    "of_lines", "of_breakdown", "anywhere", "of_allowances_and_charges",
    "of_allowances", "of_charges", "of_document_allowances", "of_document_charges",
    "seller_registered", "seller_has_vat_identifier", "representative_has_vat_identifier",
    "buyer_has_vat_identifier", "buyer_legally_registered",
)  # fmt: skip


def _rates(categories: Sequence[Node]) -> frozenset[Decimal]:
    return rates_of(categories[0]) if len(categories) == 1 else frozenset().union(*map(rates_of, categories))


def facts(document: Document) -> Hashable:
    """What decides all that is asked of the use of categories. Raises NoVerdict."""
    return usage(document).facts


def usage(document: Document) -> Usage:
    """The VAT categories of a document, read once."""
    known: Usage | None = document.memo.get("usage")
    if known is None:
        known = document.memo["usage"] = Usage(document)
    return known
