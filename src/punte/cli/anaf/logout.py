"""`punte anaf logout`: the keys leave this machine."""

from __future__ import annotations

import click

from .telling import as_json_option, telling
from .vault import vault


@click.command()
@as_json_option
def command(as_json: bool) -> None:
    """Șterge de aici cheile date de ANAF.

    ANAF nu are un serviciu de revocare: o copie a cheii de acces ar mai fi bună până la expirare. Numai „Renunțare
    Oauth”, în pagina ANAF unde ați înregistrat aplicația, o oprește de tot.
    """
    with telling(as_json) as teller:
        existed = vault().forget()
        teller.say({"forgotten": existed}, "Cheile au fost șterse." if existed else "Nu era nicio cheie de șters.")
