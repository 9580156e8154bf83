"""`punte show`: an invoice readable in the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from punte.en16931 import NotUbl, UnreadableUbl, read_ubl, unmodelled
from punte.render.terminal import show as in_terminal

NOT_UBL = 2
LEAST, MOST = 60, 120  # columns at which the tables read well


@click.command()
@click.option("--width", type=click.IntRange(LEAST, 400), help="Numărul de coloane; fără el, cele ale terminalului.")
@click.option("--language", type=click.Choice(["ro", "en"]), default="ro", help="Limba etichetelor.")
@click.argument(
    "files", metavar="FIȘIER…", nargs=-1, required=True, type=click.Path(dir_okay=False, exists=True, allow_dash=True)
)
def show(files: tuple[str, ...], width: int | None, language: str) -> None:
    """Arată o factură UBL în terminal, fără rețea și fără să o judece (aceasta face `punte check`).

    FIȘIER este XML-ul facturii sau al notei de creditare; „-” înseamnă intrarea standard. Ce se află în document
    și nu are loc în factura arătată este numit pe ieșirea de erori.

    Cod de ieșire: 0 toate arătate, 2 un fișier nu este o factură UBL; celelalte sunt arătate și atunci.

    \b
        punte show factura.xml
        punte show - < factura.xml
    """
    columns = width or min(max(shutil.get_terminal_size().columns, LEAST), MOST)
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ  # https://no-color.org
    status = 0
    for index, file in enumerate(files):
        xml = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        try:
            text = in_terminal(read_ubl(xml), width=columns, color=color, language=language)
            left_out = unmodelled(xml)
        except NotUbl as reason:
            status = NOT_UBL
            click.echo(f"{file}: {_refusal(reason)}", err=True)
            continue
        if len(files) > 1:
            click.echo(f"{'' if index == 0 else chr(10)}── {file}")
        click.echo(text, nl=False, color=color)
        if left_out:
            click.echo(f"{file}: documentul mai are, fără loc în factura arătată: {', '.join(left_out)}", err=True)
    sys.exit(status)


def _refusal(reason: NotUbl) -> str:
    if isinstance(reason, UnreadableUbl):
        fault = "lipsește" if reason.value is None else f"nu se poate citi („{' '.join(reason.value.split())[:60]}”)"
        place = f"la linia {reason.line}, {reason.location} {fault}"
        return f"factura nu se poate arăta: {place}. Corectați și verificați-o cu `punte check`."
    return (
        f"nu este o factură UBL ({reason}). Alegeți XML-ul facturii (Invoice sau CreditNote, UBL 2.1), "
        "nu PDF-ul și nici arhiva ZIP."
    )
