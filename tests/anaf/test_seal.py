import base64
import hashlib
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from punte.anaf.package import open_package
from punte.anaf.seal import SealForm, SealVerdict, known_signers, verify
from punte.anaf.xmldsig import DS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<Invoice  xmlns="u:i" ><!-- a --><ID>Ș-1</ID></Invoice>\n'.encode()
)
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"


@pytest.fixture(scope="module")
def ministry():
    """A signer of our own: its key, its certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ministry of the tests")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=10))
        .not_valid_after(NOW + timedelta(days=10))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _c14n(xml: bytes, *, exclusive: bool = False) -> bytes:
    return etree.tostring(etree.fromstring(xml).getroottree(), method="c14n", exclusive=exclusive, with_comments=False)


def _signature(ministry, digested: bytes, *, canonical: str = INCLUSIVE, method: str | None = None) -> bytes:
    """A detached Signature as production writes it, made without the code under test."""
    key, certificate = ministry
    method = method or "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    digest = base64.b64encode(hashlib.sha256(digested).digest()).decode()
    info = (
        f'<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><CanonicalizationMethod Algorithm="{canonical}"/>'
        f'<SignatureMethod Algorithm="{method}"/><Reference URI="">'
        f'<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>{digest}</DigestValue>'
        "</Reference></SignedInfo>"
    )
    algorithm = hashes.SHA1() if method.endswith("rsa-sha1") else hashes.SHA256()
    value = key.sign(_c14n(info.encode(), exclusive=canonical == EXCLUSIVE), padding.PKCS1v15(), algorithm)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return (
        f'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">{info}'
        f"<SignatureValue>{base64.encodebytes(value).decode()}</SignatureValue><KeyInfo><X509Data>"
        f"<X509Certificate>{base64.encodebytes(der).decode()}</X509Certificate></X509Data></KeyInfo></Signature>"
    ).encode()


def _fingerprint(ministry) -> bytes:
    return ministry[1].fingerprint(hashes.SHA256())


@pytest.mark.parametrize("canonical", [INCLUSIVE, EXCLUSIVE])
@pytest.mark.parametrize(("form", "digested"), [(SealForm.RAW, DOCUMENT), (SealForm.C14N, _c14n(DOCUMENT))])
def test_the_digest_may_be_of_the_bytes_or_of_the_canonical_form(ministry, form, digested, canonical):
    signature = _signature(ministry, digested, canonical=canonical)
    seal = verify(DOCUMENT, signature, trusted=[_fingerprint(ministry)], at=NOW)
    assert (seal.verdict, seal.form) == (SealVerdict.VALID, form)
    assert seal.subject == "CN=Ministry of the tests"
    assert seal.fingerprint == _fingerprint(ministry)


def test_sha1_in_the_signature_is_followed_since_anaf_printed_it_once(ministry):
    signature = _signature(ministry, DOCUMENT, method="http://www.w3.org/2000/09/xmldsig#rsa-sha1")
    assert verify(DOCUMENT, signature, trusted=[_fingerprint(ministry)], at=NOW).verdict is SealVerdict.VALID


def test_the_recorded_shape_of_production_verifies(wire):
    package = open_package(wire("descarcare-ok.zip"))
    stranger = verify(package.document, package.signature, trusted=known_signers(), at=NOW)
    assert (stranger.verdict, stranger.form) == (SealVerdict.UNKNOWN_SIGNER, SealForm.RAW)
    befriended = verify(package.document, package.signature, trusted=[stranger.fingerprint], at=NOW)
    assert befriended.verdict is SealVerdict.VALID


def _enveloped(wire) -> tuple[bytes, bytes]:
    """The old TEST form, and the document of which it holds a copy."""
    signature = wire("semnatura-enveloped-2023.xml")
    start, end = signature.index(b"<Signature"), signature.index(b"</Signature>") + len(b"</Signature>")
    return signature[:start] + signature[end:], signature


def test_the_enveloped_copy_verifies_once_its_newlines_are_gone(wire):
    document, signature = _enveloped(wire)
    seal = verify(document, signature, trusted=[], at=NOW)
    assert (seal.verdict, seal.form) == (SealVerdict.UNKNOWN_SIGNER, SealForm.ENVELOPED)


def test_an_enveloped_copy_of_another_invoice_is_forged(wire):
    document, signature = _enveloped(wire)
    seal = verify(document.replace(b"EX-1", b"EX-2"), signature, trusted=[], at=NOW)
    assert (seal.verdict, seal.reason) == (SealVerdict.FORGED, "the copy around the signature is another document")


@pytest.mark.parametrize("days", [-11, 11])
def test_a_certificate_outside_its_days_is_no_known_signer(ministry, days):
    signature = _signature(ministry, DOCUMENT)
    seal = verify(DOCUMENT, signature, trusted=[_fingerprint(ministry)], at=NOW + timedelta(days=days))
    assert seal.verdict is SealVerdict.UNKNOWN_SIGNER
    assert "not valid at" in seal.reason


def test_a_changed_document_is_forged(ministry):
    seal = verify(DOCUMENT + b" ", _signature(ministry, DOCUMENT), trusted=[_fingerprint(ministry)], at=NOW)
    assert (seal.verdict, seal.reason) == (SealVerdict.FORGED, "the digest is of another document")


def test_a_digest_changed_to_fit_the_document_is_forged(ministry):
    signature = _signature(ministry, DOCUMENT)
    other = DOCUMENT.replace(b"-1", b"-2")
    old, new = (base64.b64encode(hashlib.sha256(text).digest()) for text in (DOCUMENT, other))
    seal = verify(other, signature.replace(old, new), trusted=[_fingerprint(ministry)], at=NOW)
    assert (seal.verdict, seal.form) == (SealVerdict.FORGED, SealForm.RAW)
    assert seal.reason == "the signature does not verify with its certificate"


def test_a_second_reference_cannot_stand_in_for_the_signed_one(ministry):
    signature = etree.fromstring(_signature(ministry, DOCUMENT))
    twin = etree.fromstring(_signature(ministry, b"<Other/>"))
    signature.insert(0, twin.find(f"{DS}SignedInfo"))
    seal = verify(b"<Other/>", etree.tostring(signature), trusted=[_fingerprint(ministry)], at=NOW)
    assert (seal.verdict, seal.reason) == (SealVerdict.FORGED, "2 SignedInfo, expected one")


DTD = b'<!DOCTYPE Signature [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda s: b"", "not well-formed"),
        (lambda s: b"<x/>", "no Signature"),
        (lambda s: s[:-5], "not well-formed"),
        (lambda s: DTD + s, "DTD"),
        (lambda s: s.replace(b"xmlenc#sha256", b"xmlenc#md5"), "digest algorithm"),
        (lambda s: s.replace(b"rsa-sha256", b"hmac-sha256"), "signature algorithm"),
        (lambda s: s.replace(b"c14n-20010315", b"other"), "canonicalisation"),
        (lambda s: s.replace(b"X509Certificate>", b"X509Data2>"), "no certificate"),
        (lambda s: s.replace(b"<X509Certificate>", b"<X509Certificate>AAAA"), "certificate cannot be read"),
        (lambda s: s.replace(b"<SignatureValue>", b"<SignatureValue>?"), "base64"),
        (lambda s: s.replace(b"SignatureValue>", b"Value>"), "base64|does not verify"),
    ],
)
def test_a_broken_signature_is_forged_and_says_why(ministry, broken, reason):
    seal = verify(DOCUMENT, broken(_signature(ministry, DOCUMENT)), trusted=[_fingerprint(ministry)], at=NOW)
    assert seal.verdict is SealVerdict.FORGED
    assert re.search(reason, seal.reason), seal.reason


def test_a_document_that_is_no_xml_may_still_be_sealed_by_its_bytes(ministry):
    seal = verify(b"not xml", _signature(ministry, b"not xml"), trusted=[_fingerprint(ministry)], at=NOW)
    assert (seal.verdict, seal.form) == (SealVerdict.VALID, SealForm.RAW)


def test_the_known_signers_are_fingerprints():
    assert len(known_signers()) == 3
    assert {len(fingerprint) for fingerprint in known_signers()} == {32}


def test_a_zip_made_of_a_sealed_document_keeps_its_seal(ministry):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("semnatura_9.xml", _signature(ministry, DOCUMENT))
        archive.writestr("9.xml", DOCUMENT)
    package = open_package(buffer.getvalue())
    seal = verify(package.document, package.signature, trusted=[_fingerprint(ministry)], at=NOW)
    assert seal.verdict is SealVerdict.VALID


def _enveloped_by(ministry, document: bytes) -> bytes:
    """The form of TEST until 2024, made without the code under test: a copy of the document around the signature."""
    signature = _signature(ministry, _c14n(document), canonical=EXCLUSIVE)
    return document.replace(b"</Invoice>", signature + b"</Invoice>")


SEALED = {
    SealForm.RAW: lambda ministry: _signature(ministry, DOCUMENT),
    SealForm.ENVELOPED: lambda ministry: _enveloped_by(ministry, DOCUMENT),
}
BOTH_FORMS = pytest.mark.parametrize("form", SEALED)


def _judge(ministry, document: bytes, signature: bytes):
    return verify(document, signature, trusted=[_fingerprint(ministry)], at=NOW)


@BOTH_FORMS
def test_both_known_forms_are_valid_untouched(ministry, form):
    seal = _judge(ministry, DOCUMENT, SEALED[form](ministry))
    assert (seal.verdict, seal.form) == (SealVerdict.VALID, form)


@BOTH_FORMS
def test_no_byte_of_the_document_can_be_changed(ministry, form):
    signature, original = SEALED[form](ministry), _c14n(DOCUMENT)
    for at in range(len(DOCUMENT)):
        changed = bytearray(DOCUMENT)
        changed[at] ^= 1
        seal = _judge(ministry, bytes(changed), signature)
        if seal.verdict is not SealVerdict.FORGED:  # only where the copy is meant: another spelling of the same XML
            assert form is SealForm.ENVELOPED
            assert _c14n(bytes(changed)) == original


@BOTH_FORMS
@pytest.mark.parametrize("name", ["DigestValue", "SignatureValue", "X509Certificate"])
def test_no_byte_of_what_makes_the_seal_can_be_changed(ministry, form, name):
    signature = SEALED[form](ministry)
    found = re.search(b"<%b>(.*?)</%b>" % (name.encode(), name.encode()), signature, re.DOTALL)
    for at in range(found.start(1), found.end(1), 5):
        changed = bytearray(signature)
        changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
        part = bytes(changed[found.start(1) : found.end(1)])
        verdict = _judge(ministry, DOCUMENT, bytes(changed)).verdict
        if verdict is SealVerdict.VALID:  # the last character of base64 has bits that mean nothing
            assert base64.b64decode(part) == base64.b64decode(found[1])


def test_a_copy_changed_inside_the_envelope_is_forged(ministry):
    changed = _enveloped_by(ministry, DOCUMENT).replace("Ș-1".encode(), "Ș-2".encode())
    assert _judge(ministry, DOCUMENT, changed).verdict is SealVerdict.FORGED
    both = _judge(ministry, DOCUMENT.replace(b"-1", b"-2"), changed)  # the copy agrees, the digest does not
    assert (both.verdict, both.reason) == (SealVerdict.FORGED, "the digest is of another document")


@BOTH_FORMS
def test_the_certificate_of_the_ministry_does_not_vouch_for_the_signature_of_another(ministry, form):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    seal = _judge(ministry, DOCUMENT, SEALED[form]((key, ministry[1])))  # signed by a stranger, their certificate
    assert (seal.verdict, seal.reason) == (SealVerdict.FORGED, "the signature does not verify with its certificate")


def test_a_signature_wrapped_away_from_its_document_is_forged(ministry):
    """The signed copy hidden in an Object, another invoice where it would be read."""
    inner = _enveloped_by(ministry, DOCUMENT).split(b"?>", 1)[1]
    outer = b"<Invoice xmlns='u:i'><ID>other</ID>" + inner.strip() + b"</Invoice>"
    assert _judge(ministry, b"<Invoice xmlns='u:i'><ID>other</ID></Invoice>", outer).verdict is SealVerdict.FORGED


def _issued_by(issuer_key, issuer, subject: str, *, ca: bool, days: int = 10):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=days))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(issuer_key or key, hashes.SHA256())
    )
    return key, certificate


@pytest.fixture(scope="module")
def family():
    """An authority, one below it, and the seal that it issued."""
    root = _issued_by(None, None, "Root", ca=True)
    middle = _issued_by(*root, "Middle", ca=True, days=5)
    return root, middle, _issued_by(*middle, "New seal", ca=False)


def _with_companion(signature: bytes, companion: x509.Certificate, *, first: bool) -> bytes:
    text = base64.b64encode(companion.public_bytes(serialization.Encoding.DER))
    element = b"<X509Certificate>" + text + b"</X509Certificate>"
    place = (b"<X509Data>", b"<X509Data>" + element) if first else (b"</X509Data>", element + b"</X509Data>")
    return signature.replace(*place)


@pytest.mark.parametrize("first", [True, False])  # the order of certificates in the file means nothing
def test_a_new_seal_of_a_known_issuer_shows_its_chain_and_stays_unknown(family, first):
    root, middle, leaf = family
    signature = _with_companion(_signature(leaf, DOCUMENT), middle[1], first=first)
    seal = verify(DOCUMENT, signature, trusted=known_signers(), at=NOW, authorities=[root[1]])
    assert (seal.verdict, seal.subject, seal.issuer) == (SealVerdict.UNKNOWN_SIGNER, "CN=New seal", "CN=Middle")
    assert seal.chain == ("CN=New seal", "CN=Middle", "CN=Root")
    assert verify(DOCUMENT, signature, trusted=[seal.fingerprint], at=NOW).verdict is SealVerdict.VALID


@pytest.mark.parametrize(
    ("case", "at"),
    [
        ("nobody is believed", NOW),
        ("the one between is missing", NOW),
        ("the one between was not valid then", NOW + timedelta(days=7)),
        ("another of the same name", NOW),
        ("one that is no authority", NOW),
    ],
)
def test_a_chain_with_a_missing_link_is_no_chain(family, case, at):
    root, middle, leaf = family
    signature, authorities = _with_companion(_signature(leaf, DOCUMENT), middle[1], first=False), [root[1]]
    if case == "nobody is believed":
        authorities = []
    elif case == "the one between is missing":
        signature = _signature(leaf, DOCUMENT)
    elif case == "another of the same name":
        authorities = [_issued_by(None, None, "Root", ca=True)[1]]
    elif case == "one that is no authority":
        forger = _issued_by(*leaf, "New seal of a forger", ca=False)
        signature = _with_companion(_signature(forger, DOCUMENT), leaf[1], first=False)
        signature, authorities = _with_companion(signature, middle[1], first=False), [root[1], leaf[1]]
    seal = verify(DOCUMENT, signature, trusted=known_signers(), at=at, authorities=authorities)
    assert (seal.verdict, seal.chain) == (SealVerdict.UNKNOWN_SIGNER, ())


def test_the_pinned_certificates_are_dated_and_follow_one_another():
    signers = list(map(str.split, (files("punte.anaf") / "signers.tsv").read_text("utf-8").splitlines()))
    rows = [(row[2], row[3], row[5]) for row in signers if row and row[0].count(":") == 31]
    assert len(rows) == len(known_signers())
    assert all(begins < ends for begins, ends, _ in rows)
    assert all(later[0] <= earlier[1] for earlier, later in pairwise(rows))  # no day without a seal
    assert all(date.fromisoformat(as_of) for _, _, as_of in rows)
