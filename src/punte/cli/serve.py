"""`punte serve`: the whole product on one machine."""

from __future__ import annotations

import click

from . import product
from .supervision import Supervisor


@click.command()
@click.option("--host", help="Address to listen on; 127.0.0.1 unless given.")
@click.option("--port", type=int, help="Port to listen on; the one of PUNTE_BASE_URL unless given.")
def serve(host: str | None, port: int | None) -> None:
    """Run web server and worker, start again what dies, stop cleanly on SIGTERM.

    \b
        PUNTE_BASE_URL=https://facturi.example.ro PUNTE_ANAF=prod punte serve
    """
    product.set_up()
    product.prepare()
    address, default_port = product.default_address()
    host, port = host or address, port or default_port
    commands = {"web": product.web_command(host, port), "worker": product.worker_command()}
    commands |= product.certport_command()
    Supervisor(commands, port=port, ready=lambda: click.echo(f"Punte listens on http://{host}:{port}", err=True)).run()
