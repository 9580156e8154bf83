"""POST validare and transformare: a document judged at once, or made into a PDF. Both exist under /prod alone.

On api.anaf.ro they stand behind the token; on the public host behind nothing but the firewall. Unlike an upload they
know no `extern`: the right invoice to a foreign buyer fails here, because he is not identified.
"""

import asyncio
import re
import uuid
from collections.abc import Iterable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from punte.en16931 import NotUbl, UnreadableUbl, read_ubl

from . import firewall
from .answers import json_of
from .document import NotValid, read_document
from .gateway import MEGABYTE
from .identity import strangers
from .judge import NotTaken
from .world import World

LARGEST = 5 * MEGABYTE
STANDARDS = {"FACT1": "UBL", "FCN": "CN"}
FAILED = re.compile(r"tipAssert=FailedAssert;.* textEroare=(.*); expresieValidata=.*", re.DOTALL)
UNKNOWN_STANDARD = "Valorile acceptate pentru parametrul standard sunt FACT1 si FCN"


async def validare(request: Request, body: bytes) -> Response:
    """POST validare/{FACT1|FCN}: `{"stare":"ok"}` or `nok` with `Messages`, HTTP 200 both."""
    faults = await asyncio.to_thread(_faults, request, body)
    world: World = request.app.state.world
    if world.settings.as_in_papers:
        faults = [FAILED.sub(r"E: validari globale  SCHEMATRON   eroare: \1", text) for text in faults]
    request.scope["entry"].outcome = "valid" if not faults else f"not valid: {len(faults)} messages"
    return verdict(faults)


async def transformare(request: Request, body: bytes) -> Response:
    """POST transformare/{FACT1|FCN}: the PDF, or what validare says of it; with `/DA` the PDF without judging."""
    unchecked = request.path_params.get("rest") == "DA"
    world: World = request.app.state.world
    public = request.scope["entry"].door == "public"
    if public and world.settings.firewall and firewall.takes_for_attack(body, strict=unchecked):
        request.scope["entry"].outcome = "refused by the firewall"
        return firewall.rejected()
    check = _unreadable if unchecked else _faults
    if faults := await asyncio.to_thread(check, request, body):
        request.scope["entry"].outcome = f"no PDF: {len(faults)} messages"
        return verdict(faults)
    try:
        paper = await asyncio.to_thread(_paper, body)
    except (NotUbl, UnreadableUbl) as reason:
        return verdict([f"Fisierul transmis nu este valid. {reason} "])
    request.scope["entry"].outcome = "PDF"
    return Response(paper, media_type="application/pdf")


def verdict(faults: Iterable[str]) -> Response:
    messages = [{"message": text} for text in faults]
    answer: dict[str, object] = {"stare": "nok", "Messages": messages} if messages else {"stare": "ok"}
    return json_of({**answer, "trace_id": str(uuid.uuid4())})


def technical(text: str, _now: datetime) -> Response:
    return verdict([text])


def _unreadable(request: Request, body: bytes) -> list[str]:
    """Why it is no document at all: the standard, the size, the XML."""
    standard = STANDARDS.get(request.path_params["standard"])
    if standard is None:
        return [UNKNOWN_STANDARD]
    if len(body) > LARGEST:
        return ["Marime fisier transmis mai mare de 5 MB."]
    try:
        read_document(body, standard)
    except NotValid as reason:
        return [str(reason)]
    return []


def _faults(request: Request, body: bytes) -> list[str]:
    if faults := _unreadable(request, body):
        return faults
    world: World = request.app.state.world
    try:
        document = read_document(body, STANDARDS[request.path_params["standard"]], by_schema=world.by_the_rules)
    except NotValid as reason:
        return [str(reason)]
    try:
        judged = world.judge(body)
    except NotTaken as reason:
        # The official processor stops here; what ANAF then says is not known. Ours names the reason.
        return [f"Fisierul transmis nu este valid. org.xml.sax.SAXParseException; {reason} "]
    return judged + strangers(document, world.companies, external=False)


def _paper(body: bytes) -> bytes:
    from punte.render import pdf  # takes a third of a second to load, which most runs never need

    return pdf(read_ubl(body), xml=body)
