"""The simulator's pages, in Romanian. Each says in words that this is not ANAF; none looks like ANAF or like Punte."""

from collections.abc import Collection, Mapping
from html import escape
from importlib import resources
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..authority import Certificate
from ..ca import PIN

CHOICE = Template(
    '<label class="choice"><input type="radio" name="certificate" value="$name"$checked>'
    "<span><b>$title</b><small>$facts</small><small>$says</small>$rights</span></label>"
)
COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")  # the register writes cedillas, a page does not
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def choose(
    *,
    holders: Collection[Certificate],
    companies: Mapping[str, str],
    rights: Mapping[str, Collection[str]],
    blocked: Collection[str],
    chosen: str,
    problem: str,
    with_browser: str | None,
    application: str,
) -> Response:
    """The page on which a demo certificate is chosen and its PIN given.

    companies     name by CUI
    rights        CUIs by serial; a serial that is absent is not enrolled
    blocked       serials whose PIN was given wrongly three times
    with_browser  where to do the same with the browser's own certificate; None when TLS could already have done it
    """
    chosen = chosen or next(iter(holders)).name
    choices = [_choice(holder, companies, rights, blocked, checked=holder.name == chosen) for holder in holders]
    choices.append(
        CHOICE.substitute(
            name="none",
            title="Niciun certificat",
            checked="",
            facts="ca un token neintrodus în calculator",
            says="Autorizarea este refuzată.",
            rights="",
        )
    )
    stuck = any(holder.name == chosen and holder.serial in blocked for holder in holders)
    body = template("choose.html").substitute(
        application=escape(application),
        choices="\n".join(choices),
        problem=f'<p class="problem" id="pin-problem" role="alert">{escape(problem)}</p>' if problem else "",
        described="pin-problem pin-hint" if problem else "pin-hint",
        invalid=' aria-invalid="true" autofocus' if problem else "",
        pin=PIN,
        unblock='<button class="button" name="action" value="unblock">Deblochează PIN-ul</button>' if stuck else "",
        with_browser=f'<p class="aside">Ați importat un certificat de probă în browser? '
        f'<a href="{escape(with_browser)}">Folosiți certificatul din browser</a>.</p>'
        if with_browser
        else "",
    )
    return page("Alegeți certificatul", body, 422 if problem else 200)


def stop(title: str, why: str, cure: str, status: int) -> Response:
    """A page that ends an authorisation: what happened, why, what to do."""
    body = template("stop.html").substitute(title=escape(title), why=escape(why), cure=escape(cure))
    return page(title, body, status)


def home(rows: Mapping[str, str], holders: Collection[Certificate]) -> Response:
    """The door's first page: what this is and where everything stands."""
    addresses = "\n".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in rows.items()
    )
    addresses += (
        f'\n<dt>panoul cu zilele proaste</dt><dd><a href="{escape(rows["control"])}/">Deschideți panoul</a></dd>'
    )
    people = "\n".join(
        f"<dt>{escape(holder.common_name)}</dt><dd><code>{escape(str(holder.p12))}</code></dd>" for holder in holders
    )
    body = template("home.html").substitute(addresses=addresses, people=people, pin=PIN)
    return page("Simulatorul este pornit", body, 200)


async def stylesheet(_request: Request) -> Response:
    return Response(text("simulator.css"), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _choice(
    holder: Certificate,
    companies: Mapping[str, str],
    rights: Mapping[str, Collection[str]],
    blocked: Collection[str],
    *,
    checked: bool,
) -> str:
    serial = bytes.fromhex(holder.serial).hex(":").upper()
    facts = f"serie {serial} · valabil până la {holder.not_after:%d.%m.%Y}"
    allowed = [
        f"{companies.get(cui, 'CUI').translate(COMMA_BELOW)} ({cui})" for cui in sorted(rights.get(holder.serial, ()))
    ]
    return CHOICE.substitute(
        name=holder.name,
        checked=" checked" if checked else "",
        title=escape(holder.common_name) + (" · PIN blocat" if holder.serial in blocked else ""),
        facts=escape(facts),
        says=escape(holder.says),
        rights=f"<small>Drepturi: {escape('; '.join(allowed))}</small>" if allowed else "",
    )


def page(title: str, body: str, status: int, *, head: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A page in the simulator's layout; `head` and `headers` are what it has beyond the others."""
    html = template("layout.html").substitute(title=escape(title), body=body, head=head)
    return HTMLResponse(html, status, headers=SAFE | dict(headers or {}))


def template(name: str) -> Template:
    return Template(text(name))


def text(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
