"""`punte certport`: the TLS port at which „Verifică certificatul” sees the browser's certificate."""

from __future__ import annotations

import signal
import sys

import click

from . import product


@click.command()
def certport() -> None:
    """Run the certificate port alone, until SIGTERM or Ctrl+C; `punte serve` runs it when it is configured.

    \b
        PUNTE_CERT_LISTEN=0.0.0.0:8443 PUNTE_CERT_TLS_CERT=fullchain.pem PUNTE_CERT_TLS_KEY=privkey.pem punte certport
    """
    product.set_up()
    from django.conf import settings
    from django.db import connections

    from punte.web.connection.certificate_views import way_back
    from punte.web.connection.port.server import Door
    from punte.web.connection.port.tls import Context

    port = settings.CERT_PORT
    if port is None or port.certificate is None or port.key is None:
        sys.exit("punte: PUNTE_CERT_LISTEN is not set; it gives the address to listen on, as 0.0.0.0:8443")
    try:
        door = Door((port.host, port.port), Context(port.certificate, port.key), way_back, finish=connections.close_all)
    except (ValueError, OSError) as exc:
        sys.exit(f"punte: the certificate port cannot start: {exc}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: door.stop())
    door.serve()
