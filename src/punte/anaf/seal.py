"""Is the Ministry's signature over this document? Source: docs/anaf/seal.md.

ANAF's XMLDSig says URI="" and means the raw bytes of the other member of the ZIP, so a stock verifier looks at the
wrong bytes and fails. The digest is therefore compared by us, in the three forms that were recorded; the signature over
SignedInfo is checked as the standard says, with one more try for the newlines that ANAF's TEST added after signing.
"""

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
from lxml import etree

from punte.anaf.body import Unreadable, read_xml
from punte.anaf.xmldsig import (
    Forged,
    algorithm,
    canonical_form,
    certificates_of,
    copy_without_signature,
    decoded,
    only,
    signature_node,
    signer_first,
)

_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": hashlib.sha256,
    "http://www.w3.org/2001/04/xmlenc#sha512": hashlib.sha512,
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
    """What was found.

    subject, issuer, fingerprint  of the certificate that signed: RFC 4514, RFC 4514, SHA-256
    reason  English, for logs
    chain   subjects from the signer up to one of the authorities given, each link verified and valid at signing time;
            empty when none of them vouches. It makes no signer known: it helps a person decide about a new one
    """

    verdict: SealVerdict
    form: SealForm | None
    subject: str | None
    fingerprint: bytes | None
    reason: str
    issuer: str | None = None
    chain: tuple[str, ...] = ()


def verify(
    document: bytes,
    signature: bytes,
    *,
    trusted: Iterable[bytes],
    at: datetime,
    authorities: Iterable[x509.Certificate] = (),
) -> Seal:
    """Judge the seal of a document.

    document, signature  the two members of the ZIP, byte for byte
    trusted              SHA-256 fingerprints of the certificates to believe; `known_signers()` has production's
    at                   aware; when ANAF made the message (`Message.created_at`): the certificate must be valid then
    authorities          certificates of issuers, for `Seal.chain`: a new seal of the Ministry's own issuer looks
                         different from a stranger's
    """
    form: SealForm | None = None
    certificates: list[x509.Certificate] = []

    def seal(verdict: SealVerdict, reason: str) -> Seal:
        if not certificates:
            return Seal(verdict, form, None, None, reason)
        signer, *companions = certificates
        names = signer.subject.rfc4514_string(), signer.issuer.rfc4514_string()
        chain = chain_of(signer, companions, authorities, at) if verdict is not SealVerdict.FORGED else ()
        return Seal(verdict, form, names[0], signer.fingerprint(hashes.SHA256()), reason, names[1], chain)

    try:
        node = signature_node(signature)
        signed_info = only(node, "SignedInfo")
        certificates = certificates_of(node)
        form = _form(document, node, only(signed_info, "Reference"))
        certificates = signer_first(signed_info, decoded(node, "SignatureValue"), certificates)
    except Forged as forged:
        return seal(SealVerdict.FORGED, str(forged))
    if certificates[0].fingerprint(hashes.SHA256()) not in set(trusted):
        return seal(SealVerdict.UNKNOWN_SIGNER, "the certificate is not in the list")
    if not _valid(certificates[0], at):
        return seal(SealVerdict.UNKNOWN_SIGNER, f"the certificate was not valid at {at}")
    return seal(SealVerdict.VALID, "signed by a certificate in the list")


def chain_of(
    signer: x509.Certificate,
    companions: Iterable[x509.Certificate],
    authorities: Iterable[x509.Certificate],
    at: datetime,
) -> tuple[str, ...]:
    """Subjects from `signer` to one of `authorities`, over `companions`; empty when there is no such way at `at`."""
    known, others, way = list(authorities), list(companions), [signer]
    while _valid(way[-1], at):
        for issuer in known + others:
            if issuer not in way and _issued(issuer, way[-1]) and _valid(issuer, at):
                way.append(issuer)
                break
        else:
            return ()
        if way[-1] in known:
            return tuple(certificate.subject.rfc4514_string() for certificate in way)
    return ()


@cache
def known_signers() -> frozenset[bytes]:
    """Fingerprints of production's certificates, from signers.tsv."""
    lines = files("punte.anaf").joinpath("signers.tsv").read_text("utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")][1:]
    return frozenset(bytes.fromhex(row.split("\t")[0].replace(":", "")) for row in rows)


def _form(document: bytes, node: etree._Element, reference: etree._Element) -> SealForm:
    """Which form of the document has the digest that was signed."""
    digest_of = _DIGESTS.get(algorithm(reference, "DigestMethod"))
    if digest_of is None:
        raise Forged(f"digest algorithm {algorithm(reference, 'DigestMethod')} is not accepted")
    wanted = decoded(reference, "DigestValue")
    enveloped = node.getparent() is not None
    if not enveloped and digest_of(document).digest() == wanted:
        return SealForm.RAW  # production's; spares the canonical form
    try:
        canonical = canonical_form(read_xml(document))
    except (Unreadable, Forged):
        canonical = None
    if enveloped and (canonical is None or copy_without_signature(node) != canonical):
        raise Forged("the copy around the signature is another document")
    if canonical is not None and digest_of(canonical).digest() == wanted:
        return SealForm.ENVELOPED if enveloped else SealForm.C14N
    if enveloped and digest_of(document).digest() == wanted:
        return SealForm.RAW
    raise Forged("the digest is of another document")


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether `issuer` is an authority, and its key signed `certificate`."""
    try:
        is_authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False
    return is_authority
