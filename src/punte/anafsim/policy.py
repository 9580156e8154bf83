"""The browser's half of the authorisation: authorize, the certificate, the decision, back to the application.

As at ANAF, authorize only opens a session and sends the browser to `/my.policy`, where the certificate is looked at.
When TLS brought none, the page with the demo certificates stands in for the browser's own window and the PIN dialog.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from . import pages
from .authority import Certificate
from .gateway import Cut
from .oauth import Session
from .tls import peer_serial
from .world import World

COOKIES = {"https": "MRHSession", "http": "MRHSession-door"}
TRIES = 3
MOST_FORM = 4096


async def authorize(request: Request) -> Response:
    """GET /anaf-oauth2/v1/authorize."""
    world: World = request.app.state.world
    query = request.query_params
    redirect_uri = query.get("redirect_uri", "")
    with world.lock:
        if query.get("client_id") != world.desk.client_id:
            why = "client_id nu este cel al aplicației înregistrate în simulator."
            cure = "luați client_id din ce afișează comanda punte anafsim și puneți-l în configurarea aplicației."
            return _stop(request, "Aplicația nu este cunoscută", why, cure)
        if redirect_uri not in world.desk.callbacks:
            registered = ", ".join(sorted(world.desk.callbacks)) or "niciuna"
            came = redirect_uri or "(nimic)"
            why = f"A venit {came}; sunt înregistrate: {registered}. Potrivirea este literă cu literă."
            cure = "înregistrați adresa la pornire, cu --callback, sau prin interfața de comenzi, cu POST /callbacks."
            return _stop(request, "Adresa de întoarcere nu este înregistrată", why, cure)
        state = query.get("state")
        if query.get("response_type") != "code":
            return _back(request, redirect_uri, state, error="unsupported_response_type")
        session = Session(
            client_id=world.desk.client_id,
            redirect_uri=redirect_uri,
            state=state,
            jwt=query.get("token_content_type") == "jwt",
            started=world.clock.now(),
            query=request.url.query,
        )
        key = world.desk.open_session(session)
    request.scope["entry"].outcome = "session opened"
    answer = to_policy(request)
    # The two doors are one host to the browser, which lets no plain answer replace a secure cookie: two names.
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIES[request.url.scheme], key, path="/", secure=secure, httponly=True, samesite="lax")
    if secure:
        answer.set_cookie("LastMRH_Session", key[-8:], path="/", secure=True, samesite="lax")
    return answer


def to_policy(_request: Request, _reason: Exception | None = None) -> RedirectResponse:
    """302 /my.policy: also what revoke and every unknown path answer."""
    return RedirectResponse("/my.policy", 302, headers={"Server": "BigIP"})


async def hangup(request: Request) -> Response:
    """/vdesk/hangup.php3: where a browser without a session ends."""
    why = (
        "Nu există o autorizare în curs în acest browser, sau a trecut mai mult de un sfert de oră de la începerea ei."
    )
    cure = "închideți pagina și porniți autorizarea din nou, din aplicația dumneavoastră."
    return _stop(request, "Sesiunea s-a încheiat", why, cure, status=200)


async def policy(request: Request) -> Response:
    """GET and POST /my.policy: the certificate decides; without one, the page on which to choose."""
    world: World = request.app.state.world
    key = request.cookies.get(COOKIES[request.url.scheme], "")
    body = b"" if request.method == "GET" else await request.body()
    with world.lock:
        session = world.desk.session(key, world.clock.now())
        if session is None:
            return RedirectResponse("/vdesk/hangup.php3", 302, headers={"Server": "BigIP"})
        if serial := peer_serial(request.scope):
            return _decide(request, key, session, world.holder(serial))
        if request.method == "GET" or len(body) > MOST_FORM:
            return _choose(request, session)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        match form.get("action"):
            case "break":
                request.scope["entry"].outcome = "connection broken by the person"
                return Cut()
            case "cancel":
                return _decide(request, key, session, None)
        holder = next((one for one in world.authority.certificates if one.name == form.get("certificate")), None)
        if form.get("certificate") == "none":
            return _decide(request, key, session, None)
        if holder is None:
            return _choose(request, session, problem="Alegeți unul dintre certificate.")
        if form.get("action") == "unblock":
            world.wrong_pins.pop(holder.serial, None)
            return _choose(request, session, chosen=holder.name)
        if world.wrong_pins[holder.serial] < TRIES and form.get("pin") != holder.password:
            world.wrong_pins[holder.serial] += 1
        elif world.wrong_pins[holder.serial] < TRIES:
            world.wrong_pins.pop(holder.serial, None)
            return _decide(request, key, session, holder)
        left = TRIES - world.wrong_pins[holder.serial]
        request.scope["entry"].outcome = f"wrong PIN, {left} left"
        tries = "Mai aveți o încercare." if left == 1 else f"Mai aveți {left} încercări."
        blocked = "PIN-ul acestui certificat este blocat după trei încercări greșite."
        problem = f"PIN greșit. {tries}" if left else blocked
        return _choose(request, session, chosen=holder.name, problem=problem)


def _decide(request: Request, key: str, session: Session, holder: Certificate | None) -> Response:
    """The code, or `access_denied`: without a certificate, or with one that SPV does not know."""
    world: World = request.app.state.world
    enrolled = holder is not None and holder.serial in world.rights
    if holder is None or not enrolled:
        world.desk.sessions.pop(key, None)
        why = "no certificate" if holder is None else f"{holder.name} is not enrolled"
        request.scope["entry"].outcome = f"denied: {why}"
        return _back(request, session.redirect_uri, session.state, error="access_denied")
    code = world.desk.grant_code(key, holder.serial, world.clock.now())
    request.scope["entry"].outcome = f"code for {holder.name}"
    return _back(request, session.redirect_uri, session.state, code=code)


def _back(request: Request, redirect_uri: str, state: str | None, **facts: str) -> Response:
    parts = urlsplit(redirect_uri)
    added = [*facts.items(), *([("state", state)] if state is not None else [])]
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    answer = RedirectResponse(urlunsplit(parts._replace(query=query)), 302, headers={"Server": "BigIP"})
    answer.delete_cookie(COOKIES[request.url.scheme])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _choose(request: Request, session: Session, *, chosen: str = "", problem: str = "") -> Response:
    world: World = request.app.state.world
    return pages.choose(
        holders=world.authority.certificates,
        companies={cui: company.name for cui, company in world.companies.items()},
        rights=world.rights,
        blocked={serial for serial, tries in world.wrong_pins.items() if tries >= TRIES},
        chosen=chosen,
        problem=problem,
        with_browser=None
        if request.url.scheme == "https"
        else f"{request.app.state.login}/anaf-oauth2/v1/authorize?{session.query}",
        application=urlsplit(session.redirect_uri).netloc,
    )


def _stop(request: Request, title: str, why: str, cure: str, status: int = 400) -> Response:
    request.scope["entry"].outcome = f"stopped: {title}"
    return pages.stop(title, why, cure, status)
