"""`punte anaf whoami`: whose certificate, until when, and for which companies ANAF answers."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import click

from punte.anaf.efactura import EFactura, Page
from punte.anaf.errors import AccessDenied, Reauthorise
from punte.anaf.keeping import with_living
from punte.anaf.messages import list_window
from punte.anaf.oauth import hello, read_claims

from . import place
from .exits import Exit
from .login import CONSENT
from .telling import as_json_option, moment, telling
from .vault import asking, vault


@click.command()
@click.option("--cif", "cifs", multiple=True, envvar="PUNTE_ANAF_CIF", help="Firma întrebată; se poate repeta.")
@as_json_option
def command(cifs: tuple[str, ...], as_json: bool) -> None:
    """Arată cine este conectat și până când; întreabă ANAF dacă cheile sunt bune și ce drept au.

    Cheile nu numesc nicio firmă: pentru fiecare CIF dat, ANAF este întrebat. Lângă o listă care nu este goală, el
    spune și celelalte firme ale certificatului (`companies`).

    Cod de ieșire 11 când pentru un CIF dat nu este drept.
    """
    with telling(as_json) as teller:
        kept = vault()
        with_living(kept, place.application().oauth, datetime.now(UTC), _greeted)
        answers = {cif: asking(partial(_last_month, cif)) for cif in cifs}
        claims, tokens = read_claims(kept.read().access_token), kept.read()
        until = kept.authorised_at + CONSENT
        rights = {cif: page is not None for cif, page in answers.items()}
        companies = sorted({told for page in answers.values() if page for told in page.cifs})
        teller.say(
            {
                "anaf": place.name(),
                "serial": claims.serial,
                "issuer": claims.issuer,
                "roles": claims.roles,
                "access_until": tokens.expires_at,
                "authorise_again_by": until,
                "rights": rights,
                "companies": companies,
            },
            "\n".join(
                [
                    f"Conectat la ANAF ({place.name()}) cu certificatul {claims.serial}.",
                    f"Accesul de acum este bun până la {moment(tokens.expires_at)} și se reînnoiește singur.",
                    f"Certificatul va fi cerut din nou până la {moment(until)}.",
                    *(f"{cif}: {'are' if right else 'nu are'} drept în SPV" for cif, right in rights.items()),
                    *([f"ANAF spune și: {', '.join(companies)}"] if companies else []),
                ]
            ),
        )
        sys.exit(Exit.DONE if all(rights.values()) else Exit.ACCESS_DENIED)


def _greeted(access_token: str) -> None:
    if not hello(place.hosts(), access_token):
        raise Reauthorise("TestOauth: 401")


def _last_month(cif: str, efactura: EFactura) -> Page | None:
    """A page of the CIF's messages; None without a right."""
    now = place.clock()
    try:
        return efactura.messages_page(cif, *list_window(now - timedelta(days=30), now, now))
    except AccessDenied:
        return None
