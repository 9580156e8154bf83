"""`punte worker`: the steps of deliveries and renewals, without the web server."""

from __future__ import annotations

import signal
import threading

import click

from . import product


@click.command()
def worker() -> None:
    """Run a worker alone, until SIGTERM or Ctrl+C.

    \b
        punte worker
    """
    product.set_up()
    from punte.web.work import loop

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    loop.run(stop)
