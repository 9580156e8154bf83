"""The parts of an XML signature: what was signed, by which key. Source: docs/anaf/seal.md, "Forms"; W3C XMLDSig.

Knows nothing of ANAF but the white space that its TEST added inside SignedInfo after signing.
"""

import base64
import copy

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from punte.anaf.body import Unreadable, read_xml

#: Certificates that a signature may bring along.
MOST_CERTIFICATES = 8

DS = "{http://www.w3.org/2000/09/xmldsig#}"

_SIGNATURES: dict[str, hashes.HashAlgorithm] = {
    # Printed in one recording of TEST: the file is followed. To misuse it one needs a second preimage of SHA-1.
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1": hashes.SHA1(),  # noqa: S303
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256(),
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": hashes.SHA384(),
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": hashes.SHA512(),
}
_CANONICAL = {  # algorithm: (exclusive, with comments)
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": (False, True),
    "http://www.w3.org/2001/10/xml-exc-c14n#": (True, False),
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments": (True, True),
}


class Forged(Exception):
    """It is no signature, or does not hold; the text says why."""


def signature_node(signature: bytes) -> etree._Element:
    try:
        root = read_xml(signature)
    except Unreadable as error:
        raise Forged(f"the signature is {error}") from error
    if root.tag == f"{DS}Signature":
        return root
    if len(root) and root[-1].tag == f"{DS}Signature":
        return root[-1]
    raise Forged("no Signature, neither as the root nor as its last child")


def certificates_of(node: etree._Element) -> list[x509.Certificate]:
    """Every certificate that came along: the signer's, and perhaps those of its issuers, in no certain order."""
    elements = node.findall(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    if not 1 <= len(elements) <= MOST_CERTIFICATES:
        raise Forged("no certificate in the signature" if not elements else f"{len(elements)} certificates")
    try:
        return [_certificate(_base64(element.text)) for element in elements]
    except ValueError as error:
        raise Forged("the certificate cannot be read") from error


def _certificate(der: bytes) -> x509.Certificate:
    """Raises ValueError. The library reads these parts when they are asked for, and fails only then."""
    certificate = x509.load_der_x509_certificate(der)
    certificate.subject.rfc4514_string()
    certificate.issuer.rfc4514_string()
    _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return certificate


def signer_first(
    signed_info: etree._Element, value: bytes, certificates: list[x509.Certificate]
) -> list[x509.Certificate]:
    """The same certificates, the one whose key made the signature first."""
    wrong: Forged | None = None
    for certificate in certificates:
        try:
            _check_signature(signed_info, value, certificate)
        except Forged as error:
            wrong = wrong or error
        else:
            return [certificate, *(other for other in certificates if other is not certificate)]
    raise wrong or Forged("no certificate in the signature")


def _check_signature(signed_info: etree._Element, value: bytes, certificate: x509.Certificate) -> None:
    method = algorithm(signed_info, "SignatureMethod")
    canonical = _CANONICAL.get(algorithm(signed_info, "CanonicalizationMethod"))
    if method not in _SIGNATURES or canonical is None:
        raise Forged(f"signature algorithm {method} or canonicalisation is not accepted")
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Forged("the certificate's key cannot be read") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise Forged("the certificate's key is not RSA")
    exclusive, comments = canonical
    info = _alone(signed_info)
    for as_written in (True, False):
        if not as_written:
            _drop_blank_text(info)
        signed = canonical_form(info, exclusive=exclusive, comments=comments)
        try:
            key.verify(value, signed, padding.PKCS1v15(), _SIGNATURES[method])
            return
        except InvalidSignature:
            continue
        except UnsupportedAlgorithm as error:
            raise Forged(f"signature algorithm {method} is not accepted here") from error
    raise Forged("the signature does not verify with its certificate")


def canonical_form(root: etree._Element, *, exclusive: bool = False, comments: bool = False) -> bytes:
    """Canonical XML 1.0 of a root with what stands around it; a part of a tree is first made `_alone`."""
    tree = root.getroottree()
    try:
        return bytes(etree.tostring(tree, method="c14n", exclusive=exclusive, with_comments=comments))
    except etree.C14NError as error:  # a relative namespace, for one
        raise Forged("XML without a canonical form") from error


def copy_without_signature(node: etree._Element) -> bytes:
    root = copy.deepcopy(node.getroottree()).getroot()
    last = root[-1]
    if last.tail:  # removing an element drops its tail, the enveloped transform does not
        before = last.getprevious()
        if before is None:
            root.text = (root.text or "") + last.tail
        else:
            before.tail = (before.tail or "") + last.tail
    root.remove(last)
    return canonical_form(root)


def _alone(element: etree._Element) -> etree._Element:
    """The element as a root of its own, with the namespaces that were in scope (tostring writes them).

    As a part of its tree lxml would canonicalise it with stray xmlns="" in it.
    """
    return read_xml(etree.tostring(element, with_tail=False))


def _drop_blank_text(root: etree._Element) -> None:
    """Rid it of the white space between its elements."""
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if element is not root and not (element.tail or "").strip():
            element.tail = None


def only(element: etree._Element, name: str) -> etree._Element:
    """The child of this name: with several, what is signed and what is read could differ."""
    children = element.findall(f"{DS}{name}")
    if len(children) != 1:
        raise Forged(f"{len(children)} {name}, expected one")
    return children[0]


def algorithm(element: etree._Element, name: str) -> str:
    child = element.find(f"{DS}{name}")
    return child.get("Algorithm", "") if child is not None else ""


def decoded(element: etree._Element, name: str) -> bytes:
    return _base64(element.findtext(f"{DS}{name}"))


def _base64(text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except ValueError as error:
        raise Forged("base64 that cannot be read") from error
