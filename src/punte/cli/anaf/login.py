"""`punte anaf login`: a person agrees with the certificate, once in 365 days."""

from __future__ import annotations

import secrets
import webbrowser
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import click

from punte.anaf.errors import Reauthorise, ReplyLost
from punte.anaf.oauth import Denial, authorize_url, read_callback

from . import place
from .callback import Listener, can_listen, pasted
from .exits import Exit
from .telling import Stop, as_json_option, moment, telling
from .vault import vault

#: From the day a person agreed to the day the certificate is asked for again. docs/anaf/oauth.md, "Token".
CONSENT = timedelta(days=365)

DENIED = (
    "ANAF nu spune motivul. Cele mai dese: certificatul nu este înrolat în SPV, a fost reînnoit și nu înrolat din nou, "
    "nu a fost ales, PIN-ul a fost anulat. Închideți toate ferestrele browserului și încercați din nou."
)


@click.command()
@click.option(
    "--redirect-uri",
    envvar="PUNTE_ANAF_REDIRECT_URI",
    default="https://localhost:8765/",
    show_default=True,
    help="Adresa de întoarcere, literă cu literă cea înregistrată la ANAF (sau PUNTE_ANAF_REDIRECT_URI).",
)
@click.option("--paste", is_flag=True, help="Nu asculta: adresa la care v-a trimis ANAF o lipiți dumneavoastră.")
@click.option("--open", "open_browser", is_flag=True, help="Deschide adresa în browserul acestui calculator.")
@click.option("--timeout", "seconds", default=300.0, show_default=True, help="Câte secunde așteptăm întoarcerea.")
@as_json_option
def command(redirect_uri: str, paste: bool, open_browser: bool, seconds: float, as_json: bool) -> None:
    """Arată adresa la care certificatul își dă acordul și păstrează cheile primite, criptate.

    Când adresa de întoarcere este pe localhost, comanda o ascultă singură; cu https, browserul va avertiza o dată
    despre certificatul făcut pe loc. Altfel lipiți aici adresa la care v-a trimis ANAF: de la acord aveți 60 de
    secunde.

    Unde stau cheile: `punte anaf --help`.
    """
    with telling(as_json) as teller:
        application, kept = place.application(), vault()
        state = secrets.token_urlsafe(24)
        url = authorize_url(place.hosts(), client_id=application.client_id, redirect_uri=redirect_uri, state=state)
        listening = can_listen(redirect_uri) and not paste
        with Listener(redirect_uri, state) if listening else nullcontext() as listener:
            teller.say({"open": url, "listening": listening}, f"Deschideți în browserul cu certificatul:\n\n  {url}\n")
            if open_browser:
                webbrowser.open(url)
            if listener:
                query = listener.wait(seconds)
            else:
                teller.remark(f"Lipiți aici adresa la care v-a trimis ANAF ({redirect_uri}?code=…), apoi Enter:")
                query = pasted(state)
        answer = read_callback(query)
        if isinstance(answer, Denial):
            said = f"{answer.error} {answer.description or ''}".strip()
            raise Stop(Exit.REAUTHORISE, "ANAF v-a trimis înapoi fără acord.", DENIED, said=said)
        try:
            pair = application.oauth.exchange(answer.code, redirect_uri=redirect_uri)
        except ReplyLost as lost:
            raise Reauthorise(lost.text) from lost  # the code may be spent: a new one is needed
        now = datetime.now(UTC)
        kept.begin(pair, now)
        facts = {
            "serial": pair.claims.serial,
            "access_until": pair.expires_at,
            "authorise_again_by": now + CONSENT,
            "kept_in": str(kept.path),
        }
        teller.say(
            facts,
            f"Conectat cu certificatul {pair.claims.serial or '(serie necunoscută)'}.\n"
            f"Cheile stau criptate în {kept.path} și se reînnoiesc singure.\n"
            f"Certificatul va fi cerut din nou până la {moment(now + CONSENT)}.",
        )
