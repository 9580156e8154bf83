"""`punte pdf`: the human copy of a UBL file."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("pdf")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Where the PDF goes; - is standard output.",
)  # fmt: skip
@click.option(
    "--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The seller's logo, PNG or JPEG."
)
def pdf(file: Path, output: Path, logo: Path | None) -> None:
    """Set a UBL invoice or credit note as PDF/A-3, with the file itself attached. Offline.

    FILE may be - for standard input. The PDF is a copy for reading: the legal original is the XML with the
    Ministry's seal. The file is not judged here; `punte check` does that.

    Exit status: 0 written, 1 the logo or the output cannot be used, 2 the file is not a UBL invoice.

    \b
        punte pdf factura.xml -o factura.pdf
        punte pdf - -o - < factura.xml > factura.pdf
    """
    from punte.en16931 import NotUbl, read_ubl
    from punte.render import LogoNotUsable
    from punte.render import pdf as render

    xml = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        document = render(read_ubl(xml), xml=xml, logo=logo.read_bytes() if logo else None)
    except NotUbl as error:
        click.echo(f"{file}: not a UBL invoice or credit note: {error}", err=True)
        raise SystemExit(2) from None
    except LogoNotUsable as error:
        raise click.ClickException(f"{logo}: {error}; save it as PNG or JPEG and try again") from None
    if str(output) != "-":
        try:
            output.write_bytes(document)
        except OSError as error:
            raise click.ClickException(f"{output}: {error.strerror}; nothing was written") from None
    elif sys.stdout.isatty():
        raise click.ClickException("a PDF is not text for a terminal; name a file with -o")
    else:
        sys.stdout.buffer.write(document)
