"""`punte anaf upload`: a document to SPV, once, after our own check."""

from __future__ import annotations

from typing import Any

import click

from punte.anaf.standards import CHECKED, Standard, standard_of

from .checking import check_here
from .exits import Exit
from .telling import Stop, as_json_option, telling
from .vault import asking

DOCUMENT = click.File("rb")


@click.command()
@click.argument("file", metavar="FIȘIER", type=DOCUMENT)
@click.option("--cif", envvar="PUNTE_ANAF_CIF", required=True, help="Firma în numele căreia se trimite.")
@click.option("--standard", type=click.Choice([*Standard]), help="Implicit, cel pe care îl spune documentul.")
@click.option("--extern", is_flag=True, help="Cumpărătorul nu este din România.")
@click.option("--autofactura", is_flag=True, help="Cumpărătorul emite în numele vânzătorului.")
@click.option("--executare", is_flag=True, help="Emite organul de executare silită, în numele debitorului.")
@click.option("--b2c", is_flag=True, help="Cumpărătorul este o persoană fizică.")
@click.option("--no-check", is_flag=True, help="Trimite fără verificarea locală.")
@as_json_option
def command(
    file: Any,
    cif: str,
    standard: str | None,
    extern: bool,
    autofactura: bool,
    executare: bool,
    b2c: bool,
    no_check: bool,
    as_json: bool,
) -> None:
    """Verifică documentul aici, apoi îl trimite o singură dată; „-” înseamnă intrarea standard.

    ANAF ia aceeași factură și a doua oară: după codul 6 nu trimiteți din nou înainte de a căuta în `punte anaf list`.
    CII și RASP nu se verifică aici.
    """
    with telling(as_json) as teller:
        xml = file.read()
        try:
            kind = Standard(standard) if standard else standard_of(xml)
        except ValueError:
            what = "Documentul nu este UBL, CII și nici mesaj către vânzător."
            raise Stop(Exit.REFUSED, what, "Alegeți XML-ul facturii, nu PDF-ul și nici arhiva.") from None
        if kind in CHECKED and not no_check:
            check_here(teller, file.name, xml)
        flags = {"extern": extern, "autofactura": autofactura, "executare": executare, "b2c": b2c}
        receipt = asking(lambda efactura: efactura.upload(xml, cif=cif, standard=kind, **flags))
        if receipt.upload_index is None:
            raise Stop(Exit.REFUSED, "ANAF nu a luat documentul.", said="\n".join(receipt.refusals), by="anaf",
                       refusals=receipt.refusals)  # fmt: skip
        teller.say(
            {"upload_index": receipt.upload_index, "standard": kind, "received_at": receipt.received_at},
            f"ANAF a luat documentul: index de încărcare {receipt.upload_index}.\n"
            f"Urmarea: punte anaf status {receipt.upload_index}",
        )
