"""POST /api/validate/signature: is this the seal of this document, and the Ministry's?"""

import base64
import hashlib
from email import message_from_bytes
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from .answers import json_of
from .authority import Authority
from .seal import NO_ENTITIES, XMLDSIG
from .world import World

GENUINE = (
    "Fișierele încărcate au fost validate cu succes, din perspectiva autenticității semnăturii aplicate și a "
    "apartenenței acesteia la XML-ul ce reprezintă factura electronică. Documentul factură de tip XML cu semnătura de "
    "validare atașată, este considerat document original din perspectiva legislativă și este generat prin intermediul "
    "sistemului național RO e-Factura."
)
NOT_GENUINE = (
    "Fișierele încărcate NU au putut fi validate cu succes, din perspectiva autenticității semnăturii aplicate și a "
    "apartenenței acesteia la XML-ul ce reprezintă factura electronică. Documentul factură de tip XML cu semnătura de "
    "validare atașată, NU poate fi considerat document original din perspectiva legislativă și NU este generat prin "
    "intermediul sistemului național RO e-Factura."
)
INCORRECT = (
    "Eroare tehnică: request incorect. Cauza: cel puțin unul din documente NU a fost încărcat sau NU este un fisier de "
    "tip XML specific facturii electronice."
)


async def validate_signature(request: Request, body: bytes) -> Response:
    """multipart/form-data with the parts `file`, the document, and `signature`, the seal; answers one key, `msg`."""
    world: World = request.app.state.world
    parts = read_parts(request.headers.get("content-type", ""), body)
    try:
        document, signature = parts["file"], etree.fromstring(parts["signature"], NO_ENTITIES)
        etree.fromstring(document, NO_ENTITIES)
    except (KeyError, etree.XMLSyntaxError):
        request.scope["entry"].outcome = "not two XML files"
        return json_of({"msg": INCORRECT}, 400)
    good = genuine(document, signature, world.authority)
    request.scope["entry"].outcome = "genuine" if good else "not genuine"
    return json_of({"msg": GENUINE if good else NOT_GENUINE})


def read_parts(content_type: str, body: bytes) -> dict[str, bytes]:
    """The parts of a multipart/form-data body by their names, byte for byte; the last of a name counts."""
    whole = message_from_bytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    found: dict[str, bytes] = {}
    parts: Any = whole.get_payload() if whole.is_multipart() else ()
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    return found


def genuine(document: bytes, seal: etree._Element, authority: Authority) -> bool:
    """Whether `seal`, in either of its forms, was made by this authority over `document`."""
    signature = seal if seal.tag == f"{{{XMLDSIG}}}Signature" else seal.find(f"{{{XMLDSIG}}}Signature")
    if signature is None:
        return False
    try:
        digest, value, certificate = (
            base64.b64decode("".join((signature.findtext(f".//{{{XMLDSIG}}}{name}") or "").split()), validate=True)
            for name in ("DigestValue", "SignatureValue", "X509Certificate")
        )
    except ValueError:
        return False
    info = signature.find(f"{{{XMLDSIG}}}SignedInfo")
    if info is None or certificate != authority.seal_certificate.public_bytes(Encoding.DER):
        return False
    canonical = etree.tostring(etree.fromstring(document, NO_ENTITIES), method="c14n")
    if signature is not seal:
        seal.remove(signature)
        if etree.tostring(seal, method="c14n") != canonical:
            return False  # a copy of another document
    if digest != hashlib.sha256(document if signature is seal else canonical).digest():
        return False
    for element in info.iter():  # the new lines that the enveloped form has got after signing
        element.tail = None
        element.text = (element.text or "").strip() or None
    try:
        signed = etree.tostring(info, method="c14n", exclusive=True)
        authority.seal_key.public_key().verify(value, signed, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
