"""`punte anaf list`: the messages of a company, page after page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import click

from punte.anaf.messages import Filter, Message

from . import place
from .telling import as_json_option, moment, telling
from .vault import asking

FILTERS = {
    "erori": Filter.ERRORS,
    "trimise": Filter.SENT,
    "primite": Filter.RECEIVED,
    "mesaje": Filter.BUYER_MESSAGES,
}


@click.command()
@click.option("--cif", envvar="PUNTE_ANAF_CIF", required=True, help="Firma ale cărei mesaje se listează.")
@click.option("--days", type=click.IntRange(1, 60), default=7, show_default=True, help="Câte zile înapoi.")
@click.option(
    "--filter", "kind", type=click.Choice(list(FILTERS)), help="Numai acestea; „mesaje” sunt ale cumpărătorilor."
)
@as_json_option
def command(cif: str, days: int, kind: str | None, as_json: bool) -> None:
    """Listează mesajele unei firme, toate paginile; cu --json, un obiect pe linie.

    Un mesaj apare la câteva secunde până la 15 minute după prelucrare. Lista se oprește cu un minut înainte de prezent
    (PUNTE_ANAF_CLOCK_MARGIN, în secunde), fiindcă ANAF nu primește o oră din viitorul ceasului său.
    """
    with telling(as_json) as teller:
        now = place.clock()
        wanted = FILTERS[kind] if kind else None
        start = now - timedelta(days=days)
        found = asking(lambda efactura: list(efactura.messages(cif, start, now, wanted, now=now)))
        for message in found:
            teller.say(asdict(message), _line(message))
        teller.remark(f"mesaje: {len(found)}")


def _line(message: Message) -> str:
    columns = (moment(message.created_at), message.id or "", message.upload_index, message.kind_text, message.details)
    return "\t".join(columns)
