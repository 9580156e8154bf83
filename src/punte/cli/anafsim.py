"""`punte anafsim`: the simulator alone, for tests, for training, for whoever wants to try without a certificate."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

import click

from punte.anafsim import Simulator

from .scenario import read_scenario, scenario

BUSY = (
    "Porturile de la {port} la {last} nu sunt toate libere. Alegeți altul cu --port, sau --port 0 pentru unele libere."
)


def default_directory() -> Path:
    """Where the simulator keeps its certificates: the user's data directory (XDG)."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "punte" / "anafsim"


@click.group(invoke_without_command=True)
@click.option("--port", default=8440, show_default=True, help="First of five consecutive ports; 0 takes free ones.")
@click.option("--json", "as_json", is_flag=True, help="When ready, print one line of JSON and nothing else.")
@click.option(
    "--dir", "directory", type=click.Path(path_type=Path, file_okay=False), help="Where certificates are kept."
)
@click.option("--processing", default=2.0, show_default=True, help="Seconds from upload to ok or nok.")
@click.option("--listing-lag", default=1.0, show_default=True, help="Seconds from there to the listings.")
@click.option("--keep", is_flag=True, help="Keep documents, mailboxes, tokens, rights and clock in --dir too.")
@click.option("--callback", "callbacks", multiple=True, metavar="URI", help="Register a redirect URI; repeatable.")
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME[:KEY=VALUE,…]", help="Start with a bad day on; repeatable."
)
@click.pass_context
def anafsim(
    context: click.Context,
    port: int,
    as_json: bool,
    directory: Path | None,
    processing: float,
    listing_lag: float,
    keep: bool,
    callbacks: tuple[str, ...],
    scenarios: tuple[str, ...],
) -> None:
    """Run an ANAF on this machine: sign-in, e-Factura, SPV, the public register. It is not ANAF.

    \b
        punte anafsim --callback http://localhost:8000/anaf/callback
        punte anafsim --port 0 --json
        punte anafsim --keep --dir ./sim
        punte anafsim --scenario maintenance --scenario slow:seconds=5
        punte anafsim scenario list
    """
    if context.invoked_subcommand:
        return
    if processing < 0 or listing_lag < 0:
        raise click.BadParameter("--processing și --listing-lag sunt secunde, cel puțin 0.")
    if not (port == 0 or 1024 <= port <= 65531):
        raise click.BadParameter("--port este 0 sau între 1024 și 65531.")
    try:
        folder = directory or default_directory()
        simulator = Simulator(folder, port, processing, listing_lag, callbacks=callbacks, keep=keep)
        for text in scenarios:
            name, dials = read_scenario(text)
            simulator.scenario(name, **dials)
    except ValueError as reason:
        raise click.BadParameter(str(reason)) from reason
    except OSError as reason:
        if reason.filename is not None:
            raise
        raise click.ClickException(BUSY.format(port=port, last=port + 4)) from reason
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with simulator:
        click.echo(json.dumps(simulator.describe(), ensure_ascii=False) if as_json else summary(simulator))
        sys.stdout.flush()
        over.wait()


anafsim.add_command(scenario)


def summary(simulator: Simulator) -> str:
    """What a person needs in order to begin."""
    people = "\n".join(f"  {one.common_name}\n    {one.p12}\n    {one.says}" for one in simulator.certificates)
    return f"""\
Simulatorul ANAF este pornit pe acest calculator. Nu este ANAF și nimic de aici nu ajunge la ANAF.

  autorizare   {simulator.login}   (fără certificat importat în browser: {simulator.door})
  e-Factura    {simulator.api}
  registru     {simulator.public}
  comenzi      {simulator.control}   (deschisă în browser: panoul cu zilele proaste)

  client_id      {simulator.client_id}
  client_secret  {simulator.client_secret}
  autoritate     {simulator.ca_file}

Certificate de probă, cu parola și PIN-ul {simulator.certificates[0].password}:
{people}

Opriți cu Ctrl+C."""
