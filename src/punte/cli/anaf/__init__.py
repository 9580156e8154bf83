"""`punte anaf …`: the client of ANAF by hand and for scripts, one file a command."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from .exits import table

COMMANDS = {  # name: the file it stands in, the line of help in the list
    "login": ("login", "Autorizează cu certificatul și păstrează cheile, criptate."),
    "logout": ("logout", "Șterge cheile păstrate aici."),
    "whoami": ("whoami", "Arată certificatul, până când este bun și firmele pentru care răspunde ANAF."),
    "upload": ("upload", "Trimite un document, după verificarea locală."),
    "status": ("status", "Arată ce s-a întâmplat cu un document trimis."),
    "list": ("listing", "Listează mesajele unei firme."),
    "download": ("download", "Descarcă un mesaj: arhiva, XML-ul, PDF-ul."),
    "lookup": ("lookup", "Caută firme după CUI în registrul public."),
    "validate": ("validate", "Validează un document fără să-l trimită, aici sau la ANAF."),
}


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module: Any = import_module(f"punte.cli.anaf.{COMMANDS[name][0]}")
        return module.command  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Comenzi"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
        with formatter.section("Coduri de ieșire, după ce aveți de făcut"):
            formatter.write_dl(table())


@click.command(cls=Lazy)
def anaf() -> None:
    """Vorbește cu ANAF din linia de comandă: e-Factura, SPV, registrul public.

    Adresele vin din mediu: PUNTE_ANAF este test (implicit), prod sau custom, cel din urmă cu PUNTE_ANAF_LOGIN,
    PUNTE_ANAF_API, PUNTE_ANAF_PUBLIC, PUNTE_ANAF_CA_FILE, PUNTE_ANAF_ENVIRONMENT. Aplicația înregistrată la ANAF:
    PUNTE_ANAF_CLIENT_ID și PUNTE_ANAF_CLIENT_SECRET (sau PUNTE_ANAF_CLIENT_SECRET_FILE). Niciun secret nu se dă ca
    argument și niciunul nu este afișat.

    Cheile primite de la ANAF stau criptate (Fernet) în PUNTE_DATA_DIR/anaf/ (implicit ~/.local/share/punte/anaf/),
    câte una pentru fiecare aplicație și ANAF. Le descuie PUNTE_FERNET_KEYS (sau PUNTE_FERNET_KEYS_FILE); fără ea,
    fișierul PUNTE_DATA_DIR/fernet_keys.secret, făcut la prima folosire, cu drepturile 0600. Pentru alt certificat
    folosiți alt PUNTE_DATA_DIR.

    Cu --json, fiecare comandă scrie la ieșirea standard numai obiecte JSON, câte unul pe linie; o neizbândă este
    {"error": …, "exit": …, "what": …, "now": …, "text": …}.
    """
