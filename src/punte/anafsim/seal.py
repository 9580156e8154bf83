"""The "Ministry's" seal: a detached XMLDSig over the raw bytes of the sealed document, as production makes it.

On request in the other known form, of the test environment until May 2024: a copy of the document with the signature
inside, over the canonical form, and with new lines put into SignedInfo after it was signed.

`URI=""` with a digest of another file is not what XMLDSig says, and every stock verifier fails on it. It is what
ANAF does, so it is what a client must cope with.
"""

import base64
import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from .authority import Authority

XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

NO_ENTITIES = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)

SIGNED_INFO = (
    '<SignedInfo{ns}><CanonicalizationMethod Algorithm="{c14n}"/><SignatureMethod Algorithm="{method}"/>'
    '<Reference URI="">{transforms}<DigestMethod Algorithm="{digest_method}"/><DigestValue>{digest}</DigestValue>'
    "</Reference></SignedInfo>"
)
ENVELOPED = '<Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>'
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
SIGNATURE = (
    '<Signature xmlns="{ns}">{signed_info}'
    "<SignatureValue>{signature}</SignatureValue><KeyInfo><X509Data><X509SubjectName>{subject}</X509SubjectName>"
    "<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></Signature>"
)


def seal(document: bytes, authority: Authority, *, enveloped: bool = False) -> bytes:
    """The signature file `semnatura_<index>.xml` for `document`, bytes as they stand in the ZIP; always the same."""
    if not enveloped:
        return (DECLARATION + _signature(document, authority, transforms="")).encode()
    canonical = etree.tostring(etree.fromstring(document, NO_ENTITIES), method="c14n")
    signature = _signature(canonical, authority, transforms=ENVELOPED)
    head, middle, rest = signature.partition("<SignatureValue>")
    signature = head.replace("><", ">\n<") + "\n" + middle + rest
    body, closing = canonical.decode().rsplit("</", 1)
    return f"{DECLARATION}{body}{signature}</{closing}".encode()


def _signature(digested: bytes, authority: Authority, *, transforms: str) -> str:
    facts = {
        "c14n": EXCLUSIVE_C14N,
        "method": RSA_SHA256,
        "transforms": transforms,
        "digest_method": SHA256,
        "digest": base64.b64encode(hashlib.sha256(digested).digest()).decode(),
    }
    alone = etree.fromstring(SIGNED_INFO.format(ns=f' xmlns="{XMLDSIG}"', **facts))
    signed = etree.tostring(alone, method="c14n", exclusive=True)
    certificate = authority.seal_certificate
    return SIGNATURE.format(
        ns=XMLDSIG,
        signed_info=SIGNED_INFO.format(ns="", **facts),
        signature=_wrapped(authority.seal_key.sign(signed, PKCS1v15(), hashes.SHA256())),
        subject=certificate.subject.rfc4514_string(),
        certificate=_wrapped(certificate.public_bytes(Encoding.DER)),
    )


def _wrapped(value: bytes) -> str:
    """Base64 in lines of 76, ended as Java's serialiser escapes them."""
    return base64.encodebytes(value).decode().rstrip("\n").replace("\n", "&#13;\n")
