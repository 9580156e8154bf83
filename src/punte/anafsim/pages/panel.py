"""The page with switches, served by the control door: scenarios, clock, what was filed, who may do what.

It changes state, so it answers this machine alone: its name (`Host`) is checked before, and a form is taken only when
the browser says that this very page has sent it (`Origin`), which no other page can make it say.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ..answers import json_of
from ..scenarios import scenarios
from ..world import World
from . import page, stop, stylesheet, template, text
from .parts import offset, parts_of
from .words import count, in_words

MOST_FORM = 4096
POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # under no-referrer a browser says `Origin: null` of this page too
}
HEAD = '<link rel="stylesheet" href="/panel.css">\n<script src="/panel.js" defer></script>'
PLACES = ("summary", "offset", "filed", "calls", "people")


def panel_routes() -> list[BaseRoute]:
    return [
        Route("/", panel, methods=["GET"]),
        Route("/panou", command, methods=["POST"]),
        Route("/panou/acum", now, methods=["GET"]),
        Route("/simulator.css", stylesheet, methods=["GET"]),
        Route("/panel.css", _file("panel.css", "text/css"), methods=["GET"]),
        Route("/panel.js", _file("panel.js", "text/javascript"), methods=["GET"]),
    ]


def is_foreign(request: Request) -> bool:
    """Whether a browser says that another page has sent this; a program says nothing of the kind."""
    origin = request.headers.get("origin")
    return origin is not None and origin != f"http://{request.headers['host']}"


async def panel(request: Request) -> Response:
    """GET /."""
    world: World = request.app.state.world
    with world.lock:
        parts, seconds, present, on = parts_of(world), offset(world), world.clock.now(), set(world.scenarios.on)
    groups: list[str] = []
    for title, members in groupby(scenarios().values(), key=lambda one: one.group):
        names = [one.name for one in members]
        # There are many: open are those where something is on, else the first.
        groups.append(_group(title, names, parts, opened=bool(on & set(names)) if on else not groups))
    body = template("panel.html").substitute(
        {name: parts[name]["html"] for name in PLACES} | {f"{name}_digest": parts[name]["digest"] for name in PLACES},
        seconds=str(seconds),
        time=in_words(present),
        groups="\n".join(groups),
    )
    return page("Panoul simulatorului", body, 200, head=HEAD, headers=POLICY)


def _group(title: str, names: list[str], parts: dict[str, dict[str, str]], *, opened: bool) -> str:
    rows = ((name, parts[f"s-{name}"]) for name in names)
    items = "\n".join(f'<li id="s-{name}" data-part="{one["digest"]}">{one["html"]}</li>' for name, one in rows)
    return (
        f'<details class="group"{" open" if opened else ""}><summary><h3>{escape(title)}</h3> '
        f'<span class="many">{count(len(names), "scenariu", "scenarii")}</span></summary>\n'
        f'<ul class="switches">\n{items}\n</ul></details>'
    )


async def now(request: Request) -> Response:
    """GET /panou/acum: every part of the page that may change, with a digest, and the clock's offset in seconds."""
    world: World = request.app.state.world
    with world.lock:
        return json_of({"seconds": offset(world), "parts": parts_of(world)})


async def command(request: Request) -> Response:
    """POST /panou, a form with `on`, `off`, `all-off`, `advance` or `reset`: back to the page, or JSON if asked for."""
    world: World = request.app.state.world
    json = request.headers.get("accept") == "application/json"
    if request.headers.get("origin") is None or is_foreign(request):
        why = "Cererea nu vine de la pagina aceasta. O altă pagină deschisă în browser nu poate comanda simulatorul."
        return stop("Comandă refuzată", why, "deschideți panoul și apăsați acolo comutatorul.", 403)
    form = dict(parse_qsl((await request.body())[:MOST_FORM].decode("utf-8", "replace")))
    try:
        with world.lock:
            told, place = _obey(world, form)
    except ValueError as reason:
        if json:
            return json_of({"said": f"Comanda nu a fost înțeleasă: {reason}"}, 400)
        return stop("Comanda nu a fost înțeleasă", str(reason), "întoarceți-vă la panou și încercați din nou.", 400)
    return json_of({"said": told}) if json else RedirectResponse(f"/#{place}", 303)


def _obey(world: World, form: dict[str, str]) -> tuple[str, str]:
    """Carry the command out; what to say of it, and where on the page to return."""
    match form:
        case {"on": name}:
            world.scenarios.switch_on(name)
            return f"„{scenarios()[name].label}” este pornit.", f"s-{name}"
        case {"off": name}:
            world.scenarios.switch_off(name)
            return f"„{scenarios()[name].label}” este oprit.", f"s-{name}"
        case {"all-off": _}:
            world.scenarios.switch_all_off()
            world.faults.waiting.clear()
            return "Toate scenariile sunt oprite.", "scenarii"
        case {"advance": "real"}:
            world.clock.advance((datetime.now(UTC) - world.clock.now()).total_seconds())
            return "Ceasul simulatorului arată ora adevărată.", "ceas"
        case {"advance": seconds}:
            world.clock.advance(float(seconds))
            return f"Ceasul simulatorului arată {in_words(world.settle())}.", "ceas"
        case {"reset": _}:
            world.begin_anew()
            return "Simulatorul este ca la pornire.", "scenarii"
    raise ValueError("comanda lipsește")


def _file(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        return Response(text(name), media_type=media_type, headers={"Cache-Control": "no-cache"})

    return answer
