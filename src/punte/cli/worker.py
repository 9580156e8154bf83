"""`punte worker`: the steps of deliveries and renewals, without the web server."""

from __future__ import annotations

import signal
from importlib import import_module

import click

from . import product


@click.command()
def worker() -> None:
    """Run a worker alone, until SIGTERM or Ctrl+C. On PostgreSQL any number of them, on any host.

    \b
        punte worker
        DATABASE_URL=postgres://punte@db/punte PUNTE_WORKER_LANES=16 punte worker
    """
    product.set_up()
    from django.conf import settings
    from django.db import connection

    from punte.web.work import pulse

    engine = import_module(f"punte.web.work.{'jobs' if connection.vendor == 'postgresql' else 'loop'}")

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: pulse.stopping.set())
    with pulse.beating(settings.WORKER_LANES):
        engine.run(pulse.stopping)
