"""The "Ministry's" seal: a detached XMLDSig over the raw bytes of the sealed document, as production makes it.

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

SIGNED_INFO = (
    '<SignedInfo{ns}><CanonicalizationMethod Algorithm="{c14n}"/><SignatureMethod Algorithm="{method}"/>'
    '<Reference URI=""><DigestMethod Algorithm="{digest_method}"/><DigestValue>{digest}</DigestValue></Reference>'
    "</SignedInfo>"
)
SIGNATURE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?><Signature xmlns="{ns}">{signed_info}'
    "<SignatureValue>{signature}</SignatureValue><KeyInfo><X509Data><X509SubjectName>{subject}</X509SubjectName>"
    "<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></Signature>"
)


def seal(document: bytes, authority: Authority) -> bytes:
    """The signature file `semnatura_<index>.xml` for `document`, bytes as they stand in the ZIP."""
    facts = {
        "c14n": EXCLUSIVE_C14N,
        "method": RSA_SHA256,
        "digest_method": SHA256,
        "digest": base64.b64encode(hashlib.sha256(document).digest()).decode(),
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
    ).encode()


def _wrapped(value: bytes) -> str:
    """Base64 in lines of 76, ended as Java's serialiser escapes them."""
    return base64.encodebytes(value).decode().rstrip("\n").replace("\n", "&#13;\n")
