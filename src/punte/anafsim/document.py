"""What the gateway itself reads of an uploaded document, before and beside its judgement."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from .answers import BUYER_MESSAGE
from .schema import complaint

UBL_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"

TAGS = re.compile(rb"""<!--.*?-->|<\?.*?\?>|<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""", re.DOTALL)

#: by the value of the parameter `standard`: the root that the schema declares
ROOTS = {
    "UBL": f"{{{UBL_INVOICE}}}Invoice",
    "CN": f"{{{UBL_CREDIT_NOTE}}}CreditNote",
    "CII": f"{{{CII}}}CrossIndustryInvoice",
    "RASP": f"{{{BUYER_MESSAGE}}}header",
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """Identifiers are without the prefix RO; an absent one is the empty string."""

    seller: str = ""
    buyer: str = ""
    number: str = ""
    issued: str = ""
    about: str = ""  #: RASP: the upload index of the invoice spoken of
    message: str = ""  #: RASP: the buyer's words

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two invoices the same for ANAF: inferred, nobody has said it."""
        return self.seller, self.number, self.issued


class NotValid(Exception):
    """Not taken at the door. The argument is the text of the Java parser that ANAF quotes."""


def read_document(xml: bytes, standard: str, *, by_schema: bool = False) -> Document:
    """Read `xml` as a document of `standard`. Raises NotValid for broken XML, a DTD, another root.

    by_schema  and for a UBL document that its schema does not allow
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise NotValid(_sax(line, column, str(error.msg).split(", line ")[0])) from None
    if root.getroottree().docinfo.internalDTD is not None:
        feature = "http://apache.org/xml/features/disallow-doctype-decl"
        raise NotValid(_sax(1, 1, f'DOCTYPE is disallowed when the feature "{feature}" set to true.'))
    if root.tag != ROOTS[standard]:
        name = etree.QName(root).localname if root.prefix is None else f"{root.prefix}:{etree.QName(root).localname}"
        text = f"cvc-elt.1.a: Cannot find the declaration of element '{name}'."
        raise NotValid(_sax(*_end_of_first_tag(xml), text))
    if by_schema and standard in ("UBL", "CN") and (fault := complaint(xml, root)):
        raise NotValid(_sax(*fault))
    if standard == "RASP":
        return Document(about=root.get("index_incarcare", ""), message=root.get("message", ""))
    return Document(
        seller=_identifier(root, "AccountingSupplierParty"),
        buyer=_identifier(root, "AccountingCustomerParty"),
        number=_first(root, "{*}ID"),
        issued=_first(root, "{*}IssueDate"),
    )


def _end_of_first_tag(xml: bytes) -> tuple[int, int]:
    """Line and column behind the root's start tag, where the Java parser stands when it complains of the element."""
    tag = next((found for found in TAGS.finditer(xml) if not found[0].startswith((b"<!", b"<?"))), None)
    end = tag.end() if tag else 0
    before = xml[:end].decode("utf-8", "replace")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _sax(line: int, column: int, text: str) -> str:
    # ANAF's text ends in one space.
    text = f"org.xml.sax.SAXParseException; lineNumber: {line}; columnNumber: {column}; {text}"
    return f"Fisierul transmis nu este valid. {text} "


def _first(root: etree._Element, path: str) -> str:
    return (root.findtext(path) or "").strip()


def _identifier(root: etree._Element, party: str) -> str:
    """A party's CUI or CNP: the first of its identifiers that looks like one, tax schemes first (BT-31, 32, 30, 48)."""
    found = [_digits(text) for text in _identifiers(root, f"{{*}}{party}/{{*}}Party")]
    return next((text for text in found if text.isdigit() and (len(text) <= 10 or len(text) == 13)), "")


def _identifiers(root: etree._Element, party: str) -> Iterator[str]:
    for path in ("{*}PartyTaxScheme/{*}CompanyID", "{*}PartyLegalEntity/{*}CompanyID", "{*}PartyIdentification/{*}ID"):
        yield from (element.text or "" for element in root.iterfind(f"{party}/{path}"))


def _digits(text: str) -> str:
    return text.replace(" ", "").strip().upper().removeprefix("RO")
