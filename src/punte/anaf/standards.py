"""Which standard a document is of, in ANAF's words. Source: docs/anaf/upload.md, "Standard"."""

from enum import StrEnum

from lxml import etree

from punte.anaf.body import Unreadable, read_xml


class Standard(StrEnum):
    """The parameter `standard` of an upload."""

    UBL = "UBL"  # an Invoice
    CN = "CN"  # a CreditNote
    CII = "CII"  # UN/CEFACT Cross Industry Invoice
    RASP = "RASP"  # a buyer's message about an invoice received


#: What validare and transformare call them; they know UBL alone. Documented, 03.09.2024.
CHECKED = {Standard.UBL: "FACT1", Standard.CN: "FCN"}

MESSAGE_NAMESPACE = "mfp:anaf:dgti:spv:reqMesaj:v1"

_ROOTS = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": Standard.UBL,
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": Standard.CN,
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": Standard.CII,
    f"{{{MESSAGE_NAMESPACE}}}header": Standard.RASP,
}


def standard_of(xml: bytes) -> Standard:
    """The standard that the root element tells. An Invoice of type 381 goes as UBL (inferred).

    Raises ValueError: not XML, or a root that is none of the four.
    """
    try:
        root = read_xml(xml)
    except Unreadable as error:
        raise ValueError(f"the document is {error}") from error
    try:
        return _ROOTS[str(root.tag)]
    except KeyError:
        raise ValueError(f"{root.tag} is none of: {', '.join(_ROOTS)}") from None


def buyer_message(upload_index: str, text: str) -> bytes:
    """The document of a buyer's message, for `upload(…, standard="RASP")`.

    upload_index  of the invoice received (`Message.upload_index`), not its download id
    text          free text; a remark, which neither rejects nor cancels the invoice
    Raises ValueError for an index that is no number, or characters that XML cannot hold.
    """
    if not (upload_index.isascii() and upload_index.isdecimal()):
        raise ValueError(f"upload index {upload_index!r} is not a number")
    header = etree.fromstring(f'<header xmlns="{MESSAGE_NAMESPACE}"/>')
    header.set("index_incarcare", upload_index)
    header.set("message", text)
    return bytes(etree.tostring(header, xml_declaration=True, encoding="UTF-8", standalone=True))


def read_buyer_message(xml: bytes) -> tuple[str, str]:
    """The upload index of the invoice spoken of, and the text; each "" where the document is no buyer's message.

    >>> read_buyer_message(buyer_message("191823", "Lipsește o factură"))
    ('191823', 'Lipsește o factură')
    """
    try:
        root = read_xml(xml)
    except Unreadable:
        return "", ""
    if root.tag != f"{{{MESSAGE_NAMESPACE}}}header":
        return "", ""
    return root.get("index_incarcare", ""), root.get("message", "")
