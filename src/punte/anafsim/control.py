"""The control interface: plain HTTP and JSON on loopback, for tests and for the curious. ANAF has nothing like it.

A POST needs `Content-Type: application/json`, so that a web page open in the browser cannot send one unasked; and what
a browser says it sends from another page (`Origin`) is refused whatever its type.
"""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .answers import json_of, parse_json
from .faults import read_fault
from .pages.panel import is_foreign, panel_routes
from .suppliers import deliver
from .world import Settings, World

MOST_BYTES = 64 * 1024
LARGEST = 10**9
FOREIGN = {"error": "a page of another origin may not command the simulator"}
Action = Callable[[World, Any], Any]


def control_app(world: World) -> Starlette:
    """GET /world, /ledger, /scenarios; POST /scenarios, /faults, /clock, /settings, /callbacks, /rights, /deliver,
    /reset; DELETE /faults, /scenarios, /scenarios/NAME. And the page with switches at /.
    """
    actions: dict[str, Action] = {
        "/scenarios": switch_on,
        "/faults": add_faults,
        "/clock": advance,
        "/settings": change_settings,
        "/callbacks": register_callbacks,
        "/rights": set_rights,
        "/deliver": file_as_others,
        "/reset": begin_anew,
    }
    routes: list[BaseRoute] = [Route(path, _posted(action), methods=["POST"]) for path, action in actions.items()]
    routes += [
        Route("/world", describe_world, methods=["GET"]),
        Route("/ledger", read_ledger, methods=["GET"]),
        Route("/scenarios", read_scenarios, methods=["GET"]),
        Route("/scenarios", switch_off, methods=["DELETE"]),
        Route("/scenarios/{name}", switch_off, methods=["DELETE"]),
        Route("/faults", drop_faults, methods=["DELETE"]),
        *panel_routes(),
    ]
    app = Starlette(routes=routes)
    app.state.world = world
    return app


async def describe_world(request: Request) -> Response:
    world: World = request.app.state.world
    with world.lock:
        world.scenarios.end_what_is_over()
        now = world.settle()
        holders = [
            {
                "name": holder.name,
                "serial": holder.serial,
                "enrolled": holder.serial in world.rights,
                "cifs": sorted(world.rights.get(holder.serial, ())),
            }
            for holder in world.authority.certificates
        ]
        return json_of(
            {
                "clock": now.isoformat(),
                "settings": asdict(world.settings),
                "callbacks": sorted(world.desk.callbacks),
                "scenarios": list(world.scenarios.on),
                "faults": world.faults.describe(),
                "holders": holders,
                "companies": [{"cui": one.cui, "name": one.name} for one in world.companies.values()],
            }
        )


async def read_ledger(request: Request) -> Response:
    """`calls`: what came to the doors, after the number `after` if given; `filed`: what was really registered."""
    world: World = request.app.state.world
    after = request.query_params.get("after", "0")
    with world.lock:
        world.settle()
        world.keep()
        calls = world.ledger.describe(int(after) if after.isdecimal() else 0)
        return json_of({"calls": calls, "filed": filed(world)})


def filed(world: World) -> list[dict[str, Any]]:
    """Every registered document, whatever its caller was told of it."""
    return [
        {
            "environment": environment,
            "upload_index": str(upload.index),
            "cif": upload.cif,
            "seller": upload.document.seller,
            "buyer": upload.document.buyer,
            "number": upload.document.number,
            "sha256": upload.sha256,
            "received": upload.received.isoformat(timespec="milliseconds"),
            "state": str(upload.state),
            "errors": upload.errors,
        }
        for environment, spv in world.environments.items()
        for upload in spv.uploads.values()
    ]


async def read_scenarios(request: Request) -> Response:
    """Every scenario, in the order of the table, and whether it is on."""
    world: World = request.app.state.world
    with world.lock:
        world.scenarios.end_what_is_over()
        return json_of({"scenarios": world.scenarios.describe()})


def switch_on(world: World, asked: Any) -> Any:
    """`{"name": "slow", "seconds": 5}`: the scenario, and what is to differ from its table."""
    match asked:
        case {"name": str() as name}:
            world.scenarios.switch_on(name, {key: value for key, value in asked.items() if key != "name"})
            return {"on": list(world.scenarios.on)}
    raise ValueError('{"name": scenario} is expected, with its dials if you like; GET /scenarios lists them')


async def switch_off(request: Request) -> Response:
    """One scenario by its name, or all."""
    world: World = request.app.state.world
    if is_foreign(request):
        return json_of(FOREIGN, 403)
    with world.lock:
        try:
            if name := request.path_params.get("name"):
                world.scenarios.switch_off(name)
            else:
                world.scenarios.switch_all_off()
        except ValueError as reason:
            return json_of({"error": str(reason)}, 404)
        return json_of({"on": list(world.scenarios.on)})


async def drop_faults(request: Request) -> Response:
    world: World = request.app.state.world
    if is_foreign(request):
        return json_of(FOREIGN, 403)
    with world.lock:
        world.faults.waiting.clear()
    return json_of({"faults": []})


def add_faults(world: World, asked: Any) -> Any:
    """One fault or a list of them; all are taken or none."""
    for fault in [read_fault(one) for one in (asked if isinstance(asked, list) else [asked])]:
        world.faults.add(fault)
    return {"faults": world.faults.describe()}


def advance(world: World, asked: Any) -> Any:
    """`{"advance": seconds}`."""
    match asked:
        case {"advance": int() | float() as seconds} if len(asked) == 1:
            world.clock.advance(seconds)
            return {"clock": world.settle().isoformat()}
    raise ValueError('{"advance": seconds} is expected')


def change_settings(world: World, asked: Any) -> Any:
    """Any of the settings, each of its own type."""
    kinds: dict[str, Any] = {field.name: field.type for field in fields(Settings)}
    if not isinstance(asked, dict) or not set(asked) <= set(kinds):
        raise ValueError(f"the settings are: {', '.join(kinds)}")
    for name, value in asked.items():
        fits = type(value) is kinds[name] or (kinds[name] is float and type(value) is int)
        if not fits or not 0 <= value <= LARGEST:
            raise ValueError(f"{name} is of type {kinds[name].__name__}, from 0 to {LARGEST}")
    for name, value in asked.items():
        setattr(world.settings, name, value)
    return {"settings": asdict(world.settings)}


def register_callbacks(world: World, asked: Any) -> Any:
    """`{"callbacks": ["https://…", …]}`; they are added to those registered."""
    match asked:
        case {"callbacks": [*uris]} if all(isinstance(uri, str) for uri in uris):
            for uri in uris:
                world.desk.register(uri)
            return {"callbacks": sorted(world.desk.callbacks)}
    raise ValueError('{"callbacks": ["https://…"]} is expected')


def set_rights(world: World, asked: Any) -> Any:
    """`{"certificate": name, "cifs": ["…"]}`; with `"cifs": null` SPV no longer knows the certificate."""
    match asked:
        case {"certificate": str() as name, "cifs": [*_] | None as cifs}:
            holder = next((one for one in world.authority.certificates if one.name == name), None)
            if holder is None:
                raise ValueError(f"no certificate is called {name!r}")
            if cifs is None:
                world.rights.pop(holder.serial, None)
            elif all(isinstance(cif, str) and cif.isdecimal() for cif in cifs):
                world.rights[holder.serial] = set(cifs)
            else:
                raise ValueError("each of cifs is a string of digits")
            return {"certificate": name, "cifs": cifs}
    raise ValueError('{"certificate": name, "cifs": ["…"] or null} is expected')


def file_as_others(world: World, asked: Any) -> Any:
    """`{"xml": "…", "cif": "…"}`, with any of `suppliers.deliver`'s: somebody else's program files a document."""
    kinds: dict[str, tuple[type, ...]] = {"xml": (str,), "cif": (str,), "environment": (str,), "standard": (str,)}
    kinds |= {"self_billed": (bool,), "ago": (int, float), "processing": (int, float)}
    match asked:
        case {"xml": str(), "cif": str()} if all(isinstance(value, kinds.get(k, ())) for k, value in asked.items()):
            upload = deliver(world, **{**asked, "xml": asked["xml"].encode()})
            return {"upload_index": str(upload.index)}
    raise ValueError(f"xml and cif are expected, and known are: {', '.join(kinds)}")


def begin_anew(world: World, _asked: Any) -> Any:
    """Any JSON: everything is as at the start."""
    world.begin_anew()
    return {"clock": world.clock.now().isoformat()}


def _posted(action: Action) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        world: World = request.app.state.world
        if is_foreign(request):
            return json_of(FOREIGN, 403)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return json_of({"error": "send Content-Type: application/json"}, 415)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return json_of({"error": f"more than {MOST_BYTES} bytes"}, 413)
        try:
            with world.lock:
                world.scenarios.end_what_is_over()
                done = action(world, parse_json(bytes(body)))
                world.keep()
                return json_of(done)
        except ValueError as reason:
            return json_of({"error": str(reason)}, 400)

    return answer
