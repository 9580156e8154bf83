"""Is the Ministry's signature over this document? Source: docs/anaf/seal.md.

ANAF's XMLDSig says URI="" and means the raw bytes of the other member of the ZIP, so a stock verifier looks at the
wrong bytes and fails. The digest is therefore compared by us, in the three forms that were recorded; the signature over
SignedInfo is checked as the standard says, with one more try for the newlines that ANAF's TEST added after signing.
"""

import base64
import copy
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from punte.anaf.body import Unreadable, read_xml

DS = "{http://www.w3.org/2000/09/xmldsig#}"

_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": hashlib.sha256,
    "http://www.w3.org/2001/04/xmlenc#sha512": hashlib.sha512,
}
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


class SealVerdict(StrEnum):
    VALID = "valid"
    UNKNOWN_SIGNER = "unknown_signer"  # the signature is over this document; who signed is not in the list
    FORGED = "forged"  # it is not over this document, or no signature at all


class SealForm(StrEnum):
    """What the digest was taken of."""

    RAW = "raw"  # the document's bytes: production since 2021
    C14N = "c14n"  # its canonical form
    ENVELOPED = "enveloped"  # a copy of it around the signature: TEST until 2024


@dataclass(frozen=True, slots=True)
class Seal:
    """`subject` (RFC 4514), `fingerprint` (SHA-256) of the certificate that signed; `reason` is English, for logs."""

    verdict: SealVerdict
    form: SealForm | None
    subject: str | None
    fingerprint: bytes | None
    reason: str


class _Forged(Exception):
    pass


def verify(document: bytes, signature: bytes, *, trusted: Iterable[bytes], at: datetime) -> Seal:
    """Judge the seal of a document.

    document, signature  the two members of the ZIP, byte for byte
    trusted              SHA-256 fingerprints of the certificates to believe; `known_signers()` has production's
    at                   aware; when ANAF made the message (`Message.created_at`): the certificate must be valid then
    """
    form: SealForm | None = None
    certificate: x509.Certificate | None = None
    try:
        node = _signature_node(signature)
        signed_info = _only(node, "SignedInfo")
        certificate = _certificate(node)
        form = _form(document, node, _only(signed_info, "Reference"))
        _check_signature(signed_info, _decoded(node, "SignatureValue"), certificate)
    except _Forged as forged:
        return _seal(SealVerdict.FORGED, form, certificate, str(forged))
    if certificate.fingerprint(hashes.SHA256()) not in set(trusted):
        return _seal(SealVerdict.UNKNOWN_SIGNER, form, certificate, "the certificate is not in the list")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        return _seal(SealVerdict.UNKNOWN_SIGNER, form, certificate, f"the certificate was not valid at {at}")
    return _seal(SealVerdict.VALID, form, certificate, "signed by a certificate in the list")


@cache
def known_signers() -> frozenset[bytes]:
    """Fingerprints of production's certificates, from signers.tsv."""
    lines = files("punte.anaf").joinpath("signers.tsv").read_text("utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")][1:]
    return frozenset(bytes.fromhex(row.split("\t")[0].replace(":", "")) for row in rows)


def _seal(verdict: SealVerdict, form: SealForm | None, certificate: x509.Certificate | None, reason: str) -> Seal:
    if certificate is None:
        return Seal(verdict, form, None, None, reason)
    return Seal(verdict, form, certificate.subject.rfc4514_string(), certificate.fingerprint(hashes.SHA256()), reason)


def _signature_node(signature: bytes) -> etree._Element:
    try:
        root = read_xml(signature)
    except Unreadable as error:
        raise _Forged(f"the signature is {error}") from error
    if root.tag == f"{DS}Signature":
        return root
    if len(root) and root[-1].tag == f"{DS}Signature":
        return root[-1]
    raise _Forged("no Signature, neither as the root nor as its last child")


def _form(document: bytes, node: etree._Element, reference: etree._Element) -> SealForm:
    """Which form of the document has the digest that was signed."""
    digest_of = _DIGESTS.get(_algorithm(reference, "DigestMethod"))
    if digest_of is None:
        raise _Forged(f"digest algorithm {_algorithm(reference, 'DigestMethod')} is not accepted")
    wanted = _decoded(reference, "DigestValue")
    try:
        canonical = _canonical(read_xml(document))
    except Unreadable:
        canonical = None
    enveloped = node.getparent() is not None
    if enveloped and (canonical is None or _copy_without_signature(node) != canonical):
        raise _Forged("the copy around the signature is another document")
    over_canonical = canonical is not None and digest_of(canonical).digest() == wanted
    if enveloped and over_canonical:
        return SealForm.ENVELOPED
    if digest_of(document).digest() == wanted:
        return SealForm.RAW
    if over_canonical:
        return SealForm.C14N
    raise _Forged("the digest is of another document")


def _certificate(node: etree._Element) -> x509.Certificate:
    element = node.find(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    if element is None:
        raise _Forged("no certificate in the signature")
    try:
        return x509.load_der_x509_certificate(_base64(element.text))
    except ValueError as error:
        raise _Forged("the certificate cannot be read") from error


def _check_signature(signed_info: etree._Element, value: bytes, certificate: x509.Certificate) -> None:
    method = _algorithm(signed_info, "SignatureMethod")
    canonical = _CANONICAL.get(_algorithm(signed_info, "CanonicalizationMethod"))
    if method not in _SIGNATURES or canonical is None:
        raise _Forged(f"signature algorithm {method} or canonicalisation is not accepted")
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _Forged("the certificate's key cannot be read") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise _Forged("the certificate's key is not RSA")
    exclusive, comments = canonical
    for candidate in (signed_info, _without_blank_text(signed_info)):
        signed = _canonical(candidate, exclusive=exclusive, comments=comments)
        try:
            key.verify(value, signed, padding.PKCS1v15(), _SIGNATURES[method])
            return
        except InvalidSignature:
            continue
        except UnsupportedAlgorithm as error:
            raise _Forged(f"signature algorithm {method} is not accepted here") from error
    raise _Forged("the signature does not verify with its certificate")


def _canonical(element: etree._Element, *, exclusive: bool = False, comments: bool = False) -> bytes:
    """Canonical XML 1.0 of the element in its document; of a root, with what stands around it."""
    if element.getparent() is not None:
        # lxml canonicalises a part of a tree with stray xmlns="" in it; made a root of its own, with the namespaces
        # that were in scope (tostring writes them), it comes out right
        element = read_xml(etree.tostring(element, with_tail=False))
    return bytes(etree.tostring(element.getroottree(), method="c14n", exclusive=exclusive, with_comments=comments))


def _copy_without_signature(node: etree._Element) -> bytes:
    root = copy.deepcopy(node.getroottree()).getroot()
    last = root[-1]
    if last.tail:  # removing an element drops its tail, the enveloped transform does not
        before = last.getprevious()
        if before is None:
            root.text = (root.text or "") + last.tail
        else:
            before.tail = (before.tail or "") + last.tail
    root.remove(last)
    return _canonical(root)


def _without_blank_text(signed_info: etree._Element) -> etree._Element:
    """SignedInfo in a copy of its document, rid of the white space between its elements."""
    tree = copy.deepcopy(signed_info.getroottree())
    path = signed_info.getroottree().getelementpath(signed_info)
    twin = tree.find(path)
    if twin is None:
        raise _Forged("no SignedInfo")
    for element in twin.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if element is not twin and not (element.tail or "").strip():
            element.tail = None
    return twin


def _only(element: etree._Element, name: str) -> etree._Element:
    """The child of this name: with several, what is signed and what is read could differ."""
    children = element.findall(f"{DS}{name}")
    if len(children) != 1:
        raise _Forged(f"{len(children)} {name}, expected one")
    return children[0]


def _algorithm(element: etree._Element, name: str) -> str:
    child = element.find(f"{DS}{name}")
    return child.get("Algorithm", "") if child is not None else ""


def _decoded(element: etree._Element, name: str) -> bytes:
    return _base64(element.findtext(f"{DS}{name}"))


def _base64(text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except ValueError as error:
        raise _Forged("base64 that cannot be read") from error
