"""What official rules mean and fail to ask: PUNTE-BR-RO-140 completes BR-RO-140, and is silent where that one speaks.

Not completed, since nothing escapes: BR-DEC-RO-01, -02, -05, -06 on credit notes, where BR-DEC-01, -02, -05, -06 ask
the same; UBL-CR rules on elements that credit notes do not have in UBL. BR-CO-25 (due date or terms of payment) is for
invoices on purpose: a credit note awaits no payment.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from punte.en16931.codelists import codes, entries
from punte.en16931.rules.categories import code_of
from punte.en16931.rules.family import Family, Holds
from punte.en16931.rules.forbidden import forbidden
from punte.en16931.rules.nodes import Document, Node
from punte.en16931.rules.values import trim
from punte.en16931.tables import rows

from .. import addresses
from ..document import WITH_VAT

VAT_PREFIXES: Final = codes("vat-id-prefix")
SUBJECTS: Final = codes("untdid-4451")

family = Family()

#: elements that misspelt rules look for under a wrong name (UBL-CR-487, 572 …): warnings, as those would be
FORBIDDEN: Final = tuple((row["path"], forbidden(row["rule"])) for row in rows(__file__, "forbidden.tsv"))


# the addresses of the tax representative and of the delivery on credit notes: the official context names an element
# `ubl:CreditNote` that does not exist
for rule in addresses.family.rules.values():
    if "BR-RO-140" <= rule.id <= "BR-RO-212":
        family.add(f"PUNTE-{rule.id}", rule.term, rule.holds, "/".join(rule.field))

# counts: the official A051 and A052 count the element itself, A500 within one BillingReference
family.at_most("PUNTE-BR-RO-A052", "BG-32", "cac:AdditionalItemProperty", limit=50)
family.at_most("PUNTE-BR-RO-A500", "BG-3", "cac:BillingReference/cac:InvoiceDocumentReference", limit=500)
family.at_most("PUNTE-UBL-SR-22", "BT-62", "cac:PartyName/cbc:Name")
family.at_most("PUNTE-UBL-SR-23", "BT-63", "cac:PartyTaxScheme/cbc:CompanyID")


@family.rule("PUNTE-BR-RO-A051", term="BG-24", field="cac:AdditionalDocumentReference")
def at_most_50_supporting_documents(document: Node, _: Document) -> bool:
    """The invoiced object (BT-18, type 130) is none of them, nor the project of a credit note (BT-11, type 50)."""
    others = ("130", "50")
    found = document.select("cac:AdditionalDocumentReference")
    return sum(trim(reference.text_of("cbc:DocumentTypeCode")) not in others for reference in found) <= 50


# texts: L1017 and L1018 measure the code in place of the reason, L1019 is never reached
def _at_most_100(reason: Node, _: Document) -> bool:
    return len(trim(reason.text)) <= 100


family.add("PUNTE-BR-RO-L1017", "BT-97", _at_most_100)
family.add("PUNTE-BR-RO-L1018", "BT-104", _at_most_100)
family.add("PUNTE-BR-RO-L1019", "BT-120", _at_most_100)


def _two_decimals_in(currency_name: str) -> Holds:
    """The VAT total in that currency of the document (BT-5, BT-6): the official tests look for it inside the amount."""

    def holds(vat: Node, document: Document) -> bool:
        currency = trim(document.root.text_of(currency_name))
        return vat.attributes.get("currencyID", "").strip() != currency or len(trim(vat.text).partition(".")[2]) <= 2

    return holds


family.add("PUNTE-BR-DEC-13", "BT-110", _two_decimals_in("cbc:DocumentCurrencyCode"))
family.add("PUNTE-BR-DEC-15", "BT-111", _two_decimals_in("cbc:TaxCurrencyCode"))


@family.rule("PUNTE-BR-CO-09", term="BT-31", field="cbc:CompanyID")
def vat_identifier_begins_with_a_country(registration: Node, _: Document) -> bool:
    """Two letters of the list; the official test takes any piece of the list, `R ` and nothing among them."""
    return all(trim(identifier.text)[:2] in VAT_PREFIXES for identifier in registration.select("cbc:CompanyID"))


@family.rule("PUNTE-BR-CL-08", term="BT-21")
def subject_of_a_note_is_a_code(note: Node, _: Document) -> bool:
    """`#AAI#text`: AAI is a code of the list; the official test takes any three characters that occur in it."""
    before, hash_, rest = note.text.partition("#")
    code, closed, _text = rest.partition("#")
    return bool(before.strip()) or not (hash_ and closed) or len(code) > 3 or code in SUBJECTS


def _means_the_same(table: str) -> Holds:
    """The reason is not, word for word, the name that UNTDID gives to another code than the one beside it.

    More cannot be told by a machine, and the official tests (BR-CO-05 to 08) ask nothing at all.
    """
    named: dict[str, set[str]] = {}
    for code, entry in entries(table).items():
        named.setdefault(entry["name_en"].casefold(), set()).add(code)

    def holds(item: Node, _: Document) -> bool:
        code = trim(item.text_of("cbc:AllowanceChargeReasonCode"))
        reason = trim(item.text_of("cbc:AllowanceChargeReason")).casefold()
        return not code or code in named.get(reason, {code})

    return holds


for rule_id, term, table in (
    ("BR-CO-05", "BT-97", "untdid-5189"),
    ("BR-CO-06", "BT-104", "untdid-7161"),
    ("BR-CO-07", "BT-139", "untdid-5189"),
    ("BR-CO-08", "BT-144", "untdid-7161"),
):
    family.add(f"PUNTE-{rule_id}", term, _means_the_same(table), "cbc:AllowanceChargeReason", warning=True)


def _concerns_vat(document: Node) -> bool:
    """A line of an invoice or of a credit note, or a document allowance or charge, has a category with VAT."""
    line = ("cac:Item", "cac:ClassifiedTaxCategory")
    categories = (
        *document.select("cac:InvoiceLine", *line),
        *document.select("cac:CreditNoteLine", *line),
        *document.select("cac:AllowanceCharge", "cac:TaxCategory"),
    )
    return any(code_of(category) in WITH_VAT for category in categories)


def _any_text(nodes: Iterable[Node]) -> bool:
    return any(trim(node.text) for node in nodes)


@family.rule("PUNTE-BR-RO-065", term="BT-31", field="cac:AccountingSupplierParty")
def seller_is_registered(document: Node, _: Document) -> bool:
    """The seller, or the tax representative, has a tax identifier; the official rule is blind to credit note lines."""
    registration = ("cac:PartyTaxScheme", "cbc:CompanyID")
    return (
        _any_text(document.select("cac:AccountingSupplierParty", "cac:Party", *registration))
        or _any_text(document.select("cac:TaxRepresentativeParty", *registration))
        or not _concerns_vat(document)
    )


@family.rule("PUNTE-BR-RO-120", term="BT-47", field="cac:AccountingCustomerParty")
def buyer_is_registered(document: Node, _: Document) -> bool:
    """The buyer has a legal or a tax identifier; the official rule takes an empty one, and no credit note line."""
    buyer = ("cac:AccountingCustomerParty", "cac:Party")
    return (
        _any_text(document.select(*buyer, "cac:PartyLegalEntity", "cbc:CompanyID"))
        or _any_text(document.select(*buyer, "cac:PartyTaxScheme", "cbc:CompanyID"))
        or not _concerns_vat(document)
    )
