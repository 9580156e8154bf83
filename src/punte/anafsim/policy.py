"""The browser's half of the authorisation: authorize, the certificate, the decision, back to the application.

The steps of the F5 that stands before ANAF, as recorded on its sibling hosts:

    GET /anaf-oauth2/v1/authorize?…     302 /my.policy, with the cookies MRHSession, LastMRH_Session, F5_ST
    GET /my.policy                      the certificate is looked at. Accepted: 302 /my.policy_nonce?nonce=…,
                                        MRHSession rewritten. Refused: 302 to the application, error=access_denied
    GET /my.policy_nonce?nonce=…        302 to authorize, as it was asked
    GET /anaf-oauth2/v1/authorize?…     302 to the application, with the code

When TLS brought no certificate, the page with the demo certificates stands in for the browser's own window and the PIN
dialog.
"""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from . import pages
from .authority import Certificate
from .gateway import Cut
from .oauth import SESSION_LIFE, Session
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
        key = request.cookies.get(COOKIES[request.url.scheme], "")
        known = world.desk.session(key, world.clock.now())
        if known and known.serial and (world.settings.session_reuse or known.asks(redirect_uri, state)):
            return _code(request, key, replace(known, redirect_uri=redirect_uri, state=state), known.serial)
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
    _set_session(request, answer, key)
    if request.url.scheme == "https":
        life = int(SESSION_LIFE.total_seconds())
        answer.set_cookie("F5_ST", str(int(session.started.timestamp())), max_age=life, path="/", secure=True)
    return answer


async def policy_nonce(request: Request) -> Response:
    """GET /my.policy_nonce: the accepted browser goes back to where it began; a nonce serves once."""
    world: World = request.app.state.world
    key = request.cookies.get(COOKIES[request.url.scheme], "")
    with world.lock:
        session = world.desk.session(key, world.clock.now())
        if session is None or not session.nonce or session.nonce != request.query_params.get("nonce"):
            return _f5("/vdesk/hangup.php3")
        world.desk.sessions[key] = replace(session, nonce="")
        return _f5(f"/anaf-oauth2/v1/authorize?{session.query}")


def to_policy(_request: Request, _reason: Exception | None = None) -> RedirectResponse:
    """302 /my.policy: also what revoke and every unknown path answer."""
    return _f5("/my.policy")


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
        if session is None and request.method == "POST" and key in world.desk.sessions:
            # Observed on sibling hosts: who waits too long before choosing finds the connection reset.
            request.scope["entry"].outcome = "too late"
            return Cut()
        if session is None:
            return _f5("/vdesk/hangup.php3")
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
    """On with the nonce, or `access_denied`: without a certificate, or with one that SPV does not know."""
    world: World = request.app.state.world
    enrolled = holder is not None and holder.serial in world.rights
    if holder is None or not enrolled:
        world.desk.sessions.pop(key, None)
        why = "no certificate" if holder is None else f"{holder.name} is not enrolled"
        request.scope["entry"].outcome = f"denied: {why}"
        return _back(request, session.redirect_uri, session.state, error="access_denied")
    key, nonce = world.desk.accept(key, holder.serial)
    request.scope["entry"].outcome = f"accepted {holder.name}"
    answer = _f5(f"/my.policy_nonce?nonce={nonce}")
    _set_session(request, answer, key)
    return answer


def _code(request: Request, key: str, session: Session, serial: str) -> Response:
    """Back to the application with a code. The session ends with it, unless the browser is to be remembered."""
    world: World = request.app.state.world
    code = world.desk.grant_code(session, serial, world.clock.now())
    holder = world.holder(serial)
    request.scope["entry"].outcome = f"code for {holder.name if holder else serial}"
    if not world.settings.session_reuse:
        del world.desk.sessions[key]
    return _back(request, session.redirect_uri, session.state, code=code)


def _f5(location: str) -> RedirectResponse:
    """A step of the F5, which ends the connection each time."""
    return RedirectResponse(location, 302, headers={"Server": "BigIP", "Connection": "close"})


def _set_session(request: Request, answer: Response, key: str) -> None:
    # The two doors are one host to the browser, which lets no plain answer replace a secure cookie: two names.
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIES[request.url.scheme], key, path="/", secure=secure, httponly=True, samesite="lax")
    if secure:
        answer.set_cookie("LastMRH_Session", key[-8:], path="/", secure=True, samesite="lax")


def _back(request: Request, redirect_uri: str, state: str | None, **facts: str) -> Response:
    parts = urlsplit(redirect_uri)
    added = [*facts.items(), *([("state", state)] if state is not None else [])]
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    answer = _f5(urlunsplit(parts._replace(query=query)))
    world: World = request.app.state.world
    if not world.settings.session_reuse:
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
