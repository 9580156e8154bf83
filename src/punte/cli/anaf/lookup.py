"""`punte anaf lookup`: companies in the public register."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from punte.anaf.cif import digits
from punte.anaf.registry import Company, Registry
from punte.anaf.sentences import BUCHAREST

from . import place
from .exits import Exit
from .telling import Stop, as_json_option, telling


@click.command()
@click.argument("cuis", metavar="CUI…", nargs=-1, required=True)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Ziua despre care întrebați; implicit, azi.")
@as_json_option
def command(cuis: tuple[str, ...], on: datetime | None, as_json: bool) -> None:
    """Caută firme după CUI, cu sau fără RO. Nu cere autorizare; întreabă câte o sută pe secundă.

    Cod de ieșire 10 când ANAF nu cunoaște vreunul dintre ele.
    """
    with telling(as_json) as teller:
        day = (on or datetime.now(BUCHAREST)).date()
        try:
            found = Registry(place.hosts()).lookup(cuis, day)
        except ValueError:
            raise click.UsageError("Un CUI are numai cifre, cu sau fără RO.") from None
        for company in found.values():
            teller.say(asdict(company), _words(company))
        if unknown := [cui for cui in map(digits, cuis) if cui not in found]:
            what = f"ANAF nu cunoaște: {', '.join(unknown)}."
            raise Stop(Exit.NOT_FOUND, what, "Verificați cifrele: CUI-ul are o cifră de control.", unknown=unknown)


def _words(company: Company) -> str:
    vat = f"plătitoare de TVA din {company.vat_since:%d.%m.%Y}" if company.vat_since else (
        "plătitoare de TVA" if company.vat_registered else "neplătitoare de TVA"
    )  # fmt: skip
    states = [vat, *(word for word, is_so in (
        ("TVA la încasare", company.vat_on_collection),
        ("plată defalcată", company.split_vat),
        ("INACTIVĂ", company.inactive),
        ("RADIATĂ", not company.registered),
    ) if is_so)]  # fmt: skip
    lines = (f"{company.cui}  {company.name}", company.address_line, company.trade_register_number, ", ".join(states))
    return "\n  ".join(filter(None, lines))
