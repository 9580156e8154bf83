"""The gateway in front of the services: what strikes every call, who may pass, how often.

An operation is a plain function of a `Call`; everything that waits, breaks or forbids stands here, in this order:
the fault that was asked for, the token, the application's enrolment, the calls in a minute.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from . import jwt
from .answers import json_of, technical
from .faults import Fault, Kind, in_place
from .hosts import BY_CERTIFICATE, host_name
from .ledger import Entry
from .spoiled import spoil
from .spv import Spv
from .tls import abort, peer_serial
from .world import Settings, World

MEGABYTE = 1 << 20
MOST_READ = 64 * MEGABYTE  # a longer body is cut off: the connection dies


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that may pass."""

    world: World
    spv: Spv
    request: Request
    serial: str
    body: bytes
    now: datetime
    entry: Entry

    @property
    def query(self) -> QueryParams:
        return self.request.query_params

    @property
    def settings(self) -> Settings:
        return self.world.settings

    @property
    def cifs(self) -> set[str]:
        """The companies on which the certificate has rights, read at each call as ANAF does."""
        return self.world.rights.get(self.serial, set())


Handler = Callable[[Call], Response]
#: what needs no mailbox, so that the public host has it too: takes the request and its body
Open = Callable[[Request, bytes], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]
Say = Callable[[str, datetime], Response]


class Cut(Response):
    """No answer, or the first half of one: then the connection dies."""

    def __init__(self, answer: Response | None = None) -> None:
        super().__init__()
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.answer is not None:
            body = bytes(self.answer.body)
            headers = self.answer.raw_headers
            await send({"type": "http.response.start", "status": self.answer.status_code, "headers": headers})
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await asyncio.sleep(0.05)  # the half shall be on its way
        await abort(scope)


class TooLong(Exception):
    """The body is longer than anybody would read."""


async def read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_READ:
            raise TooLong
    return bytes(body)


def struck(operation: str, endpoint: Endpoint, *, say: Say | None = None) -> Endpoint:
    """`endpoint` with the faults that were asked for; `say` shapes a technical error as this operation does."""

    async def answer(request: Request) -> Response:
        world: World = request.app.state.world
        with world.lock:
            fault = world.faults.strike(operation, request.headers.get("authorization", ""))
        if fault is None:
            return await endpoint(request)
        entry: Entry = request.scope["entry"]
        entry.fault, entry.scenario = fault.kind, fault.scenario
        if fault.kind is Kind.LOSE_BEFORE:
            return Cut()
        instead = in_place(fault) or _said(fault, request, world, say)
        if instead and not fault.register:
            entry.outcome = "not carried out"
            return instead
        if fault.kind is Kind.TWICE:
            await request.body()  # kept by the request, to be read a second time
            await endpoint(request)
            others = f"{entry.outcome} for another program, then "
        else:
            others = ""
        response = await endpoint(request)
        entry.outcome = others + entry.outcome
        if fault.kind in (Kind.LOSE_REPLY, Kind.RESET):
            return Cut(response if fault.kind is Kind.RESET else None)
        await asyncio.sleep(fault.seconds)
        return instead or spoil(fault.kind, response, entry, world.authority)

    return answer


def _said(fault: Fault, request: Request, world: World, say: Say | None) -> Response | None:
    """The errors that each operation says in its own shape."""
    if fault.kind not in (Kind.TECHNICAL, Kind.ERROR):
        return None
    text = technical(fault.code) if fault.kind is Kind.TECHNICAL else fault.text
    for name, value in request.query_params.items():
        text = text.replace(f"{{{name}}}", value)
    return say(text, world.clock.now()) if say else json_of({"error": text}, 500)


def operation(name: str, handler: Handler, *, say: Say | None = None) -> Endpoint:
    """`handler` behind the gateway."""

    async def pass_gateway(request: Request) -> Response:
        world: World = request.app.state.world
        try:
            body = await read_body(request)
        except TooLong:
            return Cut()
        with world.lock:
            call = _admit(request, body)
            if isinstance(call, Response):
                return call
            response = handler(call)
        if world.settings.json_as_text and response.media_type == "application/json":
            response.headers["content-type"] = "text/plain"
        return response

    return struck(name, pass_gateway, say=say)


def guarded(name: str, endpoint: Open, *, say: Say | None = None) -> Endpoint:
    """`endpoint` behind the gateway, with no lock on the world: it takes its time."""

    async def pass_gateway(request: Request) -> Response:
        try:
            body = await read_body(request)
        except TooLong:
            return Cut()
        with request.app.state.world.lock:
            call = _admit(request, body)
        return call if isinstance(call, Response) else await endpoint(request, body)

    return struck(name, pass_gateway, say=say)


def public(name: str, endpoint: Open, *, say: Say | None = None) -> Endpoint:
    """`endpoint` on the public host: before everybody."""

    async def read_and_answer(request: Request) -> Response:
        try:
            return await endpoint(request, await read_body(request))
        except TooLong:
            return Cut()

    return struck(name, read_and_answer, say=say)


def _admit(request: Request, body: bytes) -> Call | Response:
    """The call, or the gateway's refusal."""
    world: World = request.app.state.world
    entry: Entry = request.scope["entry"]
    now = world.settle()
    entry.cif = request.query_params.get("cif", "")[:20]
    if host_name(request.scope) == BY_CERTIFICATE:
        serial = peer_serial(request.scope)
        if serial is None:
            return forbidden(request)
    else:
        serial = jwt.bearer(request.headers.get("authorization", ""), world.authority, now)
        if serial is None:
            entry.outcome = "token missing, malformed or expired"
            return json_of({"message": "Unauthorized", "status": "401"}, 401)
        if not world.settings.application_enrolled:
            return forbidden(request)
    if not world.budgets.take_minute(serial, world.settings.limit_minute, now):
        return json_of({"message": "Too Many Requests", "status": "429"}, 429)
    spv = world.environments.get(request.path_params.get("env", "prod"))
    if spv is None:
        return forbidden(request)
    return Call(world=world, spv=spv, request=request, serial=serial, body=body, now=now, entry=entry)


def forbidden(request: Request, _reason: Exception | None = None) -> Response:
    """403: the application lacks the service, or the gateway does not know the path."""
    request.scope["entry"].outcome = request.scope["entry"].outcome or "forbidden"
    return json_of({"message": "Forbidden", "status": "403"}, 403)


def hello(call: Call) -> Response:
    """GET /TestOauth/jaxrs/hello?name=…: greets, then prints the headers it got, those of the gateway among them."""
    headers = {name.title(): value for name, value in call.request.headers.items()}
    headers |= {
        "issuer": "Anaf",
        "serial_certificate": jwt.colons(call.serial),
        "session-id": call.serial[-8:],
        "session-key": call.world.session_key,
    }
    dump = " ".join(f"key={name} val=[{value}]" for name, value in sorted(headers.items(), key=lambda x: x[0].lower()))
    call.entry.outcome = "hello"
    return Response(f"Hello, {call.query.get('name', '')}\nheaders={dump}\n", media_type="text/plain")
