"""`punte anaf validate`: a document judged without being sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from punte.anaf.documents import Documents

from . import place
from .checking import check_here
from .exits import Exit
from .telling import Stop, as_json_option, telling


@click.command()
@click.argument("file", metavar="FIȘIER", type=click.File("rb"))
@click.option("--anaf", "by_anaf", is_flag=True, help="Întreabă serviciul validare al ANAF, fără autorizare.")
@as_json_option
def command(file: Any, by_anaf: bool, as_json: bool) -> None:
    """Judecă un document UBL fără să-l trimită: aici, fără rețea, sau la ANAF. „-” înseamnă intrarea standard.

    Verde la ANAF nu înseamnă acceptat: drepturile și facturile trimise de două ori se văd numai la trimitere. O
    factură corectă către un cumpărător străin este refuzată de validare, care nu are parametrul `extern`.

    Cod de ieșire 3 când documentul ar fi respins.
    """
    with telling(as_json) as teller:
        xml = file.read()
        if not by_anaf:
            teller.say({"ok": True, "by": "punte"} | check_here(teller, file.name, xml), "Poate fi trimis.")
            return
        try:
            with Documents(place.hosts()) as anaf:
                verdict = anaf.validate(xml)
        except ValueError:
            now = "Alegeți XML-ul facturii (Invoice sau CreditNote)."
            raise Stop(
                Exit.REFUSED, "ANAF validează numai facturi și note de creditare UBL.", now, by="punte"
            ) from None
        errors = [asdict(line) for line in verdict.errors]
        facts: dict[str, Any] = {"ok": verdict.ok, "by": "anaf", "trace_id": verdict.trace_id, "errors": errors}
        if not verdict.ok:
            raise Stop(Exit.REFUSED, said="\n".join(line.text for line in verdict.errors), **facts)
        teller.say(facts, "ANAF nu are nimic de spus împotriva documentului.")
