"""`punte pdf`: the human copy of a UBL file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from punte.en16931 import NotUbl, read_ubl
from punte.render import LANGUAGES, LogoNotUsable
from punte.render import pdf as human_copy

INPUT = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
OUTPUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
IMAGE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=INPUT)
@click.option("-o", "--output", type=OUTPUT, required=True, help="Where the PDF goes; - is standard output.")
@click.option("--logo", type=IMAGE, help="The seller's logo, PNG or JPEG.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="ro", show_default=True, help="Of the labels.")
def pdf(file: Path, output: Path, logo: Path | None, language: str) -> None:
    """Set a UBL invoice or credit note as PDF/A-3, with the file itself attached. Offline.

    FILE may be - for standard input. The PDF is a copy for reading: the legal original is the XML with the
    Ministry's seal. The file is not judged here; `punte check` does that.

    Exit status: 0 written, 1 the logo or the output cannot be used, 2 the file is not a UBL invoice.

    \b
        punte pdf factura.xml -o factura.pdf
        punte pdf factura.xml -o invoice.pdf --language ro-en
        punte pdf - -o - < factura.xml > factura.pdf
    """
    to_stdout = str(output) == "-"
    if to_stdout and sys.stdout.isatty():
        raise click.ClickException("Un PDF nu se poate citi în terminal. Numiți un fișier cu -o.")
    xml = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        mark = logo.read_bytes() if logo else None
        document = human_copy(read_ubl(xml), xml=xml, logo=mark, language=language)
    except NotUbl as error:
        click.echo(f"{file}: nu este o factură sau o notă de creditare UBL: {error}", err=True)
        raise SystemExit(2) from None
    except LogoNotUsable:
        raise click.ClickException(
            f"{logo}: sigla nu se poate folosi, fiindcă nu este o imagine PNG sau JPEG întreagă. Salvați-o din nou."
        ) from None
    try:
        if to_stdout:
            sys.stdout.buffer.write(document)
        else:
            output.write_bytes(document)
    except OSError as error:
        raise click.ClickException(f"{output}: PDF-ul nu s-a putut scrie: {error.strerror}.") from None
