"""The five doors of the simulator, in one thread, in one event loop: login, api, public, control, door."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from . import download, exchange_rates, gateway, messages, oauth, pages, policy, registry, signature, upload, validation
from .answers import json_of
from .authority import Certificate, open_authority
from .control import control_app, filed
from .hosts import ByHost
from .judge import Judge, by_the_rules
from .ledger import Recorded
from .store import Store
from .suppliers import deliver, stock
from .tls import PeerProtocol
from .world import Settings, World

HOST = "127.0.0.1"
STATE = "state.sqlite3"
DOORS = ("login", "api", "public", "control", "door")
START_SECONDS = 10.0


class Simulator:
    """An ANAF on 127.0.0.1. Use as a context manager, or `start` and `stop`.

    directory    where its authority and certificates are kept; made when missing
    port         of `login`; the other doors take the next four. 0: any free ports
    processing   seconds from upload to `ok` or `nok`
    listing_lag  seconds from there to the listings
    judge        what is wrong with a document, as ANAF's texts; by default the rules of `punte.romania`
    callbacks    redirect URIs registered for the application from the start
    keep         keep the state in `directory` too: the next simulator there goes on where this one was, even if killed
    Raises OSError when a port is taken, ValueError for a callback that cannot be one or a state that another one holds.
    """

    def __init__(
        self,
        directory: Path | str,
        port: int = 0,
        processing: float = 2.0,
        listing_lag: float = 1.0,
        judge: Judge | None = None,
        callbacks: Collection[str] = (),
        keep: bool = False,
    ) -> None:
        settings = Settings(processing=processing, listing_lag=listing_lag)
        authority = open_authority(Path(directory))
        self._sockets = _listen(port)
        try:
            store = Store(authority.directory / STATE) if keep else None
            self.world = World(authority, settings, judge or by_the_rules, callbacks, store)
        except ValueError:
            for sock in self._sockets:
                sock.close()
            raise
        ports = {name: sock.getsockname()[1] for name, sock in zip(DOORS, self._sockets, strict=True)}
        self.login = f"https://{HOST}:{ports['login']}"
        self.api = f"https://{HOST}:{ports['api']}"
        self.public = f"https://{HOST}:{ports['public']}"
        self.control = f"http://{HOST}:{ports['control']}"
        self.door = f"http://{HOST}:{ports['door']}"
        self.client_id = self.world.desk.client_id
        self.client_secret = self.world.desk.client_secret
        self.ca_file = self.world.authority.ca_file
        self.certificates: tuple[Certificate, ...] = self.world.authority.certificates
        self._servers = self._prepare()
        self._thread = threading.Thread(target=self._run, name="anafsim", daemon=True)

    def start(self) -> None:
        """Returns when every door answers."""
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not all(server.started for server in self._servers):
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("the simulator did not start")
            time.sleep(0.01)

    def stop(self) -> None:
        for server in self._servers:
            server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(START_SECONDS)
        for sock in self._sockets:
            sock.close()
        self.world.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def certificate(self, name: str) -> Certificate:
        """The demo certificate called `name`. Raises KeyError."""
        return {one.name: one for one in self.certificates}[name]

    def scenario(self, name: str, /, **dials: Any) -> None:
        """Switch a bad day on by its name, as POST /scenarios does. Raises ValueError for what there is not."""
        with self.world.lock:
            self.world.scenarios.switch_on(name, dials)

    def deliver(self, xml: bytes, cif: str, **facts: Any) -> str:
        """The upload index of a document that somebody else files now, as POST /deliver does: `suppliers.deliver`."""
        with self.world.lock:
            upload = deliver(self.world, xml=xml, cif=cif, **facts)
            self.world.keep()
            return str(upload.index)

    def stock(self) -> int:
        """Have the demonstration's suppliers bill every company of its first certificate; how many documents."""
        with self.world.lock:
            filed = stock(self.world, self.certificates[0].cifs)
            self.world.keep()
            return filed

    @property
    def filed(self) -> list[dict[str, Any]]:
        """What was really registered, as GET /ledger of the control interface says it."""
        with self.world.lock:
            self.world.settle()
            self.world.keep()
            return filed(self.world)

    def describe(self) -> dict[str, Any]:
        """Everything a client needs, as `punte anafsim --json` prints it."""
        certificates = [
            {
                "name": one.name,
                "p12": str(one.p12),
                "password": one.password,
                "cifs": list(one.cifs),
                "serial": one.serial,
                "enrolled": one.enrolled,
            }
            for one in self.certificates
        ]
        return {
            **{name: getattr(self, name) for name in DOORS},
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "ca_file": str(self.ca_file),
            "seal_fingerprint": self.world.authority.seal_fingerprint,
            "certificates": certificates,
        }

    def _prepare(self) -> list[uvicorn.Server]:
        authority = self.world.authority
        apps: dict[str, ASGIApp] = {
            "login": self._recorded("login", _login_routes(), not_found=policy.to_policy),
            "api": self._recorded("api", _api_routes(), not_found=gateway.forbidden),
            "public": self._recorded("public", _public_routes(), not_found=_not_found),
        }
        hosts: dict[str, ASGIApp] = {name: ByHost(app, apps) for name, app in apps.items()}
        by_hand = self._recorded("login", [Route("/", self._home), *_login_routes()], not_found=policy.to_policy)
        hosts |= {"control": ByHost(control_app(self.world), {}), "door": ByHost(by_hand, {})}
        contexts = {
            "login": authority.tls(ask_certificate=True),
            "api": authority.tls(ask_certificate=False),
            "public": authority.tls(ask_certificate=False),
        }
        servers = []
        for name in DOORS:
            config = uvicorn.Config(
                hosts[name],
                http=PeerProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                date_header=False,  # `Recorded` says it, by the simulator's own clock
                timeout_graceful_shutdown=1,
            )
            config.load()
            config.ssl = contexts.get(name)
            servers.append(uvicorn.Server(config))
        return servers

    def _recorded(self, door: str, routes: list[BaseRoute], *, not_found: Any) -> ASGIApp:
        app = Starlette(
            routes=routes,
            exception_handlers={404: not_found, 405: not_found},
        )
        app.state.world, app.state.login = self.world, self.login
        return Recorded(app, world=self.world, door=door)

    async def _home(self, _request: Request) -> Response:
        rows = {name: str(getattr(self, name)) for name in DOORS} | {"autoritatea de probă": str(self.ca_file)}
        return pages.home(rows, self.certificates)

    def _run(self) -> None:
        async def all_doors() -> None:
            pairs = zip(self._servers, self._sockets, strict=True)
            await asyncio.gather(*(server.serve([sock]) for server, sock in pairs))

        asyncio.run(all_doors())


def _listen(port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for step in range(len(DOORS)):
            # The protocol is named so that asyncio turns off Nagle's delay: 40 ms on every answer otherwise.
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            sockets.append(sock)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((HOST, port + step if port else 0))
    except OSError:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def _login_routes() -> list[BaseRoute]:
    return [
        Route("/anaf-oauth2/v1/authorize", gateway.struck("authorize", policy.authorize), methods=["GET"]),
        Route("/anaf-oauth2/v1/token", gateway.struck("token", oauth.token), methods=["POST"]),
        Route("/my.policy", gateway.struck("policy", policy.policy), methods=["GET", "POST"]),
        Route("/my.policy_nonce", policy.policy_nonce, methods=["GET"]),
        Route("/vdesk/hangup.php3", policy.hangup, methods=["GET"]),
        Route("/simulator.css", pages.stylesheet, methods=["GET"]),
    ]


def _api_routes() -> list[BaseRoute]:
    base = "/{env}/FCTEL/rest"
    operations: list[tuple[str, str, gateway.Handler, gateway.Say]] = [
        ("POST", "upload", upload.upload, upload.refused),
        ("POST", "uploadb2c", upload.upload, upload.refused),
        ("GET", "stareMesaj", messages.state, messages.state_error),
        ("GET", "listaMesajeFactura", messages.simple_list, messages.listing_technical),
        ("GET", "listaMesajePaginatieFactura", messages.paginated_list, messages.listing_technical),
        ("GET", "descarcare", download.download, download.download_technical),
    ]
    return [
        *_judging_routes(gateway.guarded),
        *(
            Route(f"{base}/{name}", gateway.operation(name, handler, say=say), methods=[method])
            for method, name, handler, say in operations
        ),
        Route("/TestOauth/jaxrs/hello", gateway.operation("hello", gateway.hello), methods=["GET"]),
    ]


def _public_routes() -> list[BaseRoute]:
    register = gateway.public("PlatitorTvaRest", registry.platitor_tva_v9)
    e_factura = gateway.public("registruroefactura", registry.registru_ro_e_factura)
    later = gateway.public("AsynchWebService", registry.ask_for_later)
    then = gateway.public("AsynchWebService", registry.answer_of_before)
    return [
        *_judging_routes(gateway.public),
        Route("/api/PlatitorTvaRest/v9/tva", register, methods=["POST"]),
        Route("/api/registruroefactura/v1/interogare", e_factura, methods=["POST"]),
        Route("/AsynchWebService/api/v8/ws/tva", later, methods=["POST"]),
        Route("/nbrfxrates.xml", gateway.public("nbrfxrates", exchange_rates.latest), methods=["GET"]),
        Route(
            "/files/xml/years/nbrfxrates{year:int}.xml",
            gateway.public("nbrfxrates", exchange_rates.of_year),
            methods=["GET"],
        ),
        # ANAF's paper prints v7 for the answer to a question put to v8.
        *(Route(f"/AsynchWebService/api/{version}/ws/tva", then, methods=["GET"]) for version in ("v7", "v8")),
    ]


def _judging_routes(behind: Callable[..., gateway.Endpoint]) -> list[BaseRoute]:
    """What api.anaf.ro and the public host both have. Only under /prod: on the test environment the two are 404."""
    judge = behind("validare", validation.validare, say=validation.technical)
    print_ = behind("transformare", validation.transformare, say=validation.technical)
    sign = behind("validate/signature", signature.validate_signature)
    absent = [f"/{{env}}/FCTEL/rest/{name}/{{rest:path}}" for name in ("validare", "transformare")]
    return [
        Route("/prod/FCTEL/rest/validare/{standard}", judge, methods=["POST"]),
        Route("/prod/FCTEL/rest/transformare/{standard}", print_, methods=["POST"]),
        Route("/prod/FCTEL/rest/transformare/{standard}/{rest}", print_, methods=["POST"]),
        Route("/api/validate/signature", sign, methods=["POST"]),
        *(Route(path, _not_found, methods=["POST"]) for path in absent),
    ]


async def _not_found(request: Request, _reason: Exception | None = None) -> Response:
    """404 in the form that validare uses: ISO time in UTC, and the path behind the environment."""
    world: World = request.app.state.world
    moment = world.clock.now().isoformat(timespec="milliseconds")
    path = request.url.path.removeprefix("/prod").removeprefix("/test")
    return json_of({"timestamp": moment, "status": 404, "error": "Not Found", "path": path}, 404)
