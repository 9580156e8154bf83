"""What EN 16931 has no use for (UBL-CR, UBL-DT-08 to 28): a table of paths, and the few that ask a question."""

from __future__ import annotations

from typing import Final

from ..tables import rows
from .family import Family
from .nodes import Document, Node
from .rule import Rule, Severity

family = Family()


def _never(_: Node, __: Document) -> bool:
    return False


def forbidden(rule_id: str) -> Rule:
    """A rule that is broken by every node its path finds."""
    return Rule(rule_id, None, _never, Severity.WARNING)


PATHS: Final = tuple((row["path"], forbidden(row["rule"])) for row in rows(__file__, "forbidden.tsv"))


@family.rule("UBL-CR-002", term=None, field="cbc:UBLVersionID", warning=True, within=("cbc:UBLVersionID",))
def version_of_ubl(document: Node, _: Document) -> bool:
    versions = document.select("cbc:UBLVersionID")
    return not versions or any(version.text == "2.1" for version in versions)


@family.rule("UBL-DT-18", term=None, warning=True)
def attribute_name_on_payment_means_codes_alone(element: Node, _: Document) -> bool:
    """Asked of every element that has an attribute `name`."""
    return element.name == "cbc:PaymentMeansCode"


@family.rule("UBL-CR-412", term="BT-9", field="cac:PaymentMeans/cbc:PaymentDueDate", warning=True, by_markup=True)
def due_date_of_payment_in_credit_notes_alone(document: Node, whole: Document) -> bool:
    return whole.is_credit_note or not document.has("cac:PaymentMeans", "cbc:PaymentDueDate")


def _references(document: Document, *, invoiced_object: bool) -> list[Node]:
    """References whose type is 130, the invoiced object; or those that have another type, or none."""
    found = []
    for reference in document.anywhere("cac:AdditionalDocumentReference"):
        codes = [code.text for code in reference.select("cbc:DocumentTypeCode")]
        if "130" in codes if invoiced_object else not codes or any(code != "130" for code in codes):
            found.append(reference)
    return found


@family.rule("UBL-CR-665", term="BT-122", warning=True)
def supporting_document_has_no_scheme(_: Node, document: Document) -> bool:
    return not any(
        "schemeID" in identifier.attributes
        for reference in _references(document, invoiced_object=False)
        for identifier in reference.select("cbc:ID")
    )


@family.rule("UBL-CR-666", term="BT-18")
def invoiced_object_has_no_attachment(_: Node, document: Document) -> bool:
    return not any(item.has("cac:Attachment") for item in _references(document, invoiced_object=True))


@family.rule("UBL-CR-673", term="BT-18")
def invoiced_object_has_no_description(_: Node, document: Document) -> bool:
    return not any(item.has("cbc:DocumentDescription") for item in _references(document, invoiced_object=True))
