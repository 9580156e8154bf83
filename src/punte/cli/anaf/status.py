"""`punte anaf status`: what became of a document that was sent."""

from __future__ import annotations

import time
from typing import Any

import click

from punte.anaf.efactura import MessageState, State

from .exits import Exit
from .telling import Stop, as_json_option, telling
from .vault import asking

WORDS = {
    State.OK: "Documentul a fost validat și sigilat.",
    State.NOK: "Documentul a fost respins.",
    State.PROCESSING: "ANAF prelucrează încă documentul.",
    State.NOT_TAKEN: "Documentul nu a fost preluat: XML-ul are erori.",
}
SHORTEST, LONGEST = 1.0, 60.0  # seconds between two questions: ANAF answers a hundred a day for one document


@click.command()
@click.argument("upload_index", metavar="INDEX")
@click.option("--wait", "seconds", type=click.FloatRange(0), default=0.0, help="Cât așteptăm prelucrarea, în secunde.")
@as_json_option
def command(upload_index: str, seconds: float, as_json: bool) -> None:
    """Arată starea documentului cu indexul de încărcare INDEX.

    Cod de ieșire: 0 validat, 3 respins sau nepreluat, 4 încă în prelucrare.
    """
    with telling(as_json) as teller:
        state = _settled(upload_index, seconds)
        download = f"Descărcați: punte anaf download {state.download_id}" if state.download_id else ""
        facts: dict[str, Any] = {
            "upload_index": upload_index,
            "state": state.state.name.lower(),
            "download_id": state.download_id,
            "errors": state.errors,
        }
        if state.state is State.PROCESSING:
            raise Stop(Exit.NOT_YET, **facts)
        if state.state is not State.OK:
            now = download and f"Motivele sunt în arhivă. {download}"
            raise Stop(Exit.REFUSED, WORDS[state.state], now, said="\n".join(state.errors), by="anaf", **facts)
        teller.say(facts, f"{WORDS[state.state]}\n{download}".rstrip())


def _settled(upload_index: str, seconds: float) -> MessageState:
    """The state, asked for with growing pauses as long as it may change and there is time."""
    until, pause = time.monotonic() + seconds, SHORTEST
    while True:
        state = asking(lambda efactura: efactura.state(upload_index))
        left = until - time.monotonic()
        if state.state is not State.PROCESSING or left <= 0:
            return state
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST)
