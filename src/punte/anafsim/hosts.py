"""Which of ANAF's hosts a call is for: by the port it came to, or by the name in its `Host` header.

With names sent to 127.0.0.1 (`curl --connect-to`, /etc/hosts) a client keeps the addresses it has for the real ANAF.
Any other name is refused: a web page on it must not reach the simulator through the browser (DNS rebinding).
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

#: by name: the door that answers for it
NAMES = {
    "logincert.anaf.ro": "login",
    "api.anaf.ro": "api",
    "webservicesp.anaf.ro": "public",
    "webserviceapl.anaf.ro": "api",
    "www.bnr.ro": "public",
}
BY_CERTIFICATE = "webserviceapl.anaf.ro"  # e-Factura without OAuth: the client's certificate at each call
OURS = ("127.0.0.1", "localhost")


class ByHost:
    """ASGI of one port: `own` for this machine's names, `doors` for ANAF's."""

    def __init__(self, own: ASGIApp, doors: Mapping[str, ASGIApp]) -> None:
        self.own, self.doors = own, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.own(scope, receive, send)
        name = host_name(scope)
        if name in OURS:
            await self.own(scope, receive, send)
        elif (door := NAMES.get(name, "")) in self.doors:
            await self.doors[door](scope, receive, send)
        else:
            await PlainTextResponse("Invalid host header", 400)(scope, receive, send)


def host_name(scope: Scope) -> str:
    """The name in the `Host` header, lower case, without the port."""
    return Headers(scope=scope).get("host", "").rpartition("]")[2].partition(":")[0].lower()
