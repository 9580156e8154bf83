"""`punte …`: one file a command, each loaded only when it is called, so that `punte check` starts at once."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from punte import __version__

COMMANDS = {  # name: the line of help in the list
    "demo": "Show the whole road on this machine, against a simulated ANAF.",
    "serve": "Run the product: web server and worker.",
    "worker": "Run a worker alone.",
    "plan": "Give firms their plans: orders, payments, activation, history.",
    "staff": "Say who answers the support tickets.",
    "mail": "Read what came back of the mail to clients.",
    "certport": "Run the certificate port alone.",
    "doctor": "Look whether the installation stands: one line a thing, with a cure.",
    "prepare": "Bring the database and the static files to this version.",
    "archive": "Verify the sealed archive, move it to its store.",
    "backup": "Copy database and archive to a folder, while everything runs.",
    "restore": "Put a backup back on a fresh machine; nothing is sent twice.",
    "rotate-keys": "Encrypt every stored secret with the first of PUNTE_FERNET_KEYS.",
    "anafsim": "Run the ANAF simulator alone.",
    "anaf": "Talk to ANAF by hand or from scripts: upload, status, list, download.",
    "check": "Check an invoice against EN 16931 and RO_CIUS, offline.",
    "show": "Show a UBL invoice in the terminal.",
    "pdf": "Make the human copy of a UBL invoice.",
    "dossier": "Check the due-diligence file of an invoice, offline.",
}


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = name.replace("-", "_")
        command: Any = getattr(import_module(f"punte.cli.{module}"), module)
        return command  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="punte")
def main() -> None:
    """Punte: the bridge between your invoices and ANAF's SPV."""
