"""`punte dossier`: the due-diligence file of an invoice, checked away from the product."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
ZIP = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def dossier() -> None:
    """Dosarul de diligență al unei facturi."""


@dossier.command("verify")
@click.argument("file", metavar="DOSAR.json", type=FILE)
@click.option("--against", metavar="ZIP", type=ZIP, help="Arhiva primită din SPV: hash, document și sigiliu.")
@click.option("--head", metavar="AMPRENTA", help="Amprenta capătului, așa cum a fost tipărită sau trimisă mai demult.")
@click.option("--signer", metavar="AMPRENTA", multiple=True, help="Un semnatar primit pe lângă cei ai Ministerului.")
@click.option("--json", "as_json", is_flag=True, help="Rezultatul ca obiect JSON.")
def verify(file: Path, against: Path | None, head: str | None, signer: tuple[str, ...], as_json: bool) -> None:
    """Recalculează lanțul unui dosar, fără rețea: fiecare înregistrare, ordinea lor, capătul.

    Fără --head se vede orice schimbare dinăuntru; că nu lipsește nimic de la sfârșit se vede numai față de o amprentă
    dată mai demult (pe PDF, într-un mail).

    Cod de ieșire: 0 întreg, 1 rupt (se spune care înregistrare), 2 nu este un fișier JSON.

    \b
        punte dossier verify dosar-DI-0188.json
        punte dossier verify dosar-DI-0188.json --against 5001131297.zip --head 9f86d081…
    """
    from punte.web.proof import verifying

    content = sys.stdin.buffer.read(verifying.LARGEST) if str(file) == "-" else file.read_bytes()[: verifying.LARGEST]
    try:
        read = json.loads(content)
        signers = [bytes.fromhex(one.replace(":", "")) for one in signer]
    except (ValueError, RecursionError) as broken:
        click.echo(f"{file}: nu se poate citi: {broken}", err=True)
        raise SystemExit(2) from None
    found = verifying.check(read, head=head or "", package=against.read_bytes() if against else None, signers=signers)
    if as_json:
        faults = [{"record": one.number, "what": one.said()} for one in found.faults]
        summary = {"whole": not faults, "records": found.records, "head": found.head, "faults": faults}
        click.echo(json.dumps(summary | {"told": [one.said() for one in found.told]}, ensure_ascii=False))
    else:
        for fault in found.faults:
            where = "Dosarul" if fault.number is None else f"Înregistrarea {fault.number}"
            click.echo(f"{where}: {fault.said()}.")
        for said in (one.said() for one in found.told):
            click.echo(said[0].upper() + said[1:] + ".")
        if not found.faults:
            click.echo(f"Lanț întreg: {found.records} înregistrări, capătul {found.head}")
    raise SystemExit(1 if found.faults else 0)
