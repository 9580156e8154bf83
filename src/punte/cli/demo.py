"""`punte demo`: the product, its worker and a simulated ANAF on this machine; or the whole road walked once."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from . import product
from .supervision import Supervisor

EMAIL, PASSWORD = "demo@punte.example", "puntea-peste-ape"
PACE = 0.05  # the simulator's minutes: what takes 30 s with ANAF takes 1.5 s here


@click.command()
@click.option("--once", is_flag=True, help="Walk the whole road unattended and say how it went.")
@click.option("--json", "as_json", is_flag=True, help="With --once: one JSON object for machines.")
@click.option("--port", default=8000, show_default=True, help="Port of the product; a free one is taken when busy.")
@click.option(
    "--dir", "directory", type=click.Path(path_type=Path, file_okay=False), help="Where the demo keeps its data."
)
def demo(once: bool, as_json: bool, port: int, directory: Path | None) -> None:
    """Show the whole road on this machine, against a simulated ANAF. Nothing leaves it.

    With --once the exit status is 0 only when the invoice was validated, its sealed ZIP filed, and found in SPV.

    \b
        punte demo
        punte demo --once --json
    """
    if not once:
        live(port, directory or product.data_directory("punte-demo"))
        return
    with tempfile.TemporaryDirectory(prefix="punte-demo-") as temporary:
        ok = walk_once(directory or Path(temporary), as_json)
    sys.exit(0 if ok else 1)


def live(port: int, directory: Path) -> None:
    """Run until Ctrl+C."""
    from punte.anafsim import Simulator

    directory.mkdir(parents=True, exist_ok=True)
    held = alone(directory)  # noqa: F841 - held as long as we live
    if (aside := set_aside(directory / "data")) is not None:
        click.echo(
            f"Datele de data trecută sunt ale unei versiuni cu alte tabele. Au rămas în {aside}; începem cu altele."
        )
    port = free_port(port)
    base = f"http://localhost:{port}"
    try:
        simulator = Simulator(directory / "anafsim", 8440, processing=6.0, callbacks=[callback(base)])
    except OSError:
        simulator = Simulator(directory / "anafsim", 0, processing=6.0, callbacks=[callback(base)])
    with simulator:
        os.environ.update(settings(base, directory) | anaf_settings(simulator.describe(), door=True))
        os.environ.update(certificate_port_settings(directory / "anafsim" / "server.pem"))
        product.set_up()
        product.prepare()
        if fresh := furnish():
            simulator.stock()  # once: the mailboxes begin anew with each simulator, what we keep of them does not
        commands = {"web": product.web_command("127.0.0.1", port), "worker": product.worker_command()}
        commands |= product.certport_command()
        supervisor = Supervisor(commands, ready=lambda: click.echo(welcome(base, simulator, fresh)), port=port)
        supervisor.run()


def set_aside(data: Path) -> Path | None:
    """Where the data of a demo went whose migrations are not among today's; None when today's go on from them."""
    mark, today = data / "migrations.json", migrations()
    aside = None
    if (data / "punte.sqlite3").exists() and not (
        mark.exists() and json.loads(mark.read_text()).items() <= today.items()
    ):
        aside = data.with_name(f"data-{time.strftime('%Y%m%d-%H%M%S')}")
        data.rename(aside)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.write_text(json.dumps(today))
    return aside


def migrations() -> dict[str, str]:
    """Each migration and the digest of its text."""
    web = Path(__file__).parents[1] / "web"
    return {
        str(path.relative_to(web)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(web.glob("*/migrations/0*.py"))
    }


def walk_once(directory: Path, as_json: bool) -> bool:
    """Everything in processes of its own, as on a server; the walk speaks to them over HTTP and TLS alone."""
    from punte.anafsim import Simulator

    from .walk import Stumbled, Walk

    began = time.monotonic()
    port = free_port(0)
    base = f"http://localhost:{port}"
    done: list[dict[str, Any]] = []
    problem = ""
    os.environ.update(settings(base, directory) | {"PUNTE_DELIVERY_PACE": str(PACE / 2)})
    preparing = subprocess.Popen(product.prepare_command())  # noqa: S603 - our own; beside the simulator
    with Simulator(directory / "anafsim", 0, processing=0.5, listing_lag=0.2, callbacks=[callback(base)]) as simulator:
        os.environ.update(anaf_settings(simulator.describe(), door=False))
        product.set_up()  # now, while nothing else can be done: the last step asks the product's own connection
        if preparing.wait():
            raise click.ClickException("Baza de date nu a putut fi pregătită; motivul este mai sus.")
        commands = {"web": product.web_command("127.0.0.1", port), "worker": product.worker_command()}
        with Supervisor(commands, port=port):
            try:
                for step in Walk(base, simulator):
                    done.append({"step": step.name, "seconds": round(step.seconds, 2), "detail": step.detail})
                    if not as_json:
                        click.echo(f"  {step.seconds:6.2f} s  {step.name:<34} {step.detail}")
            except Stumbled as exc:
                problem = str(exc)
    total = round(time.monotonic() - began, 2)
    if as_json:
        click.echo(json.dumps({"ok": not problem, "seconds": total, "steps": done, "problem": problem or None}))
    elif problem:
        click.echo(f"Drumul s-a oprit: {problem}", err=True)
    else:
        click.echo(f"Factura a trecut puntea în {total:.1f} s: validată, arhivată, regăsită în SPV.")
    return not problem


def callback(base: str) -> str:
    return f"{base}/integrari/anaf/intoarcere/"


def settings(base: str, directory: Path) -> dict[str, str]:
    """The product's own settings, in a demonstration."""
    return {
        "PUNTE_DATA_DIR": str(directory / "data"),
        "PUNTE_BASE_URL": base,
        "PUNTE_EMAIL_VERIFICATION": "none",
        "PUNTE_DELIVERY_PACE": str(PACE),
        "PUNTE_LOG": "warning",
    }


def anaf_settings(anaf: dict[str, Any], *, door: bool) -> dict[str, str]:
    """The product's settings against the simulator that describes itself so.

    door  send the browser to the simulator's plain-HTTP page, where a certificate is chosen from a list: a newcomer's
          browser neither trusts the simulator's authority nor holds its certificates
    """
    return {
        "PUNTE_ANAF": "simulator",
        "PUNTE_ANAF_LOGIN": anaf["login"],
        "PUNTE_ANAF_AUTHORIZE": anaf["door"] if door else "",
        "PUNTE_ANAF_API": anaf["api"],
        "PUNTE_ANAF_PUBLIC": anaf["public"],
        "PUNTE_ANAF_CA_FILE": anaf["ca_file"],
        "PUNTE_ANAF_SEALS": anaf["seal_fingerprint"],
        "PUNTE_ANAF_CLOCK_MARGIN": "1",  # one machine, one clock
        "PUNTE_ANAF_CLIENT_ID": anaf["client_id"],
        "PUNTE_ANAF_CLIENT_SECRET": anaf["client_secret"],
    }


def certificate_port_settings(pem: Path) -> dict[str, str]:
    """The port of „Verifică certificatul”, with the simulator's own server certificate and key."""
    port = free_port(8450)
    return {
        "PUNTE_CERT_LISTEN": f"127.0.0.1:{port}",
        "PUNTE_CERT_URL": f"https://localhost:{port}",
        "PUNTE_CERT_TLS_CERT": str(pem),
        "PUNTE_CERT_TLS_KEY": str(pem),
    }


def furnish() -> bool:
    """A ready account with nothing in it but the person; True when it was made now."""
    from punte.web.accounts.models import User

    if User.objects.filter(email=EMAIL).exists():
        return False
    User.objects.create_user(EMAIL, PASSWORD, name="Ilinca")
    return True


def alone(directory: Path) -> socket.socket | None:
    """One demonstration a directory: two workers on one database, each with an ANAF of its own, would be a muddle."""
    if not hasattr(socket, "AF_UNIX") or sys.platform != "linux":
        return None
    held = socket.socket(socket.AF_UNIX)
    try:
        held.bind(f"\0punte-demo-{directory.resolve()}")  # a name of the kernel's, gone with the process
    except OSError as exc:
        raise click.ClickException(
            f"Demonstrația din {directory} rulează deja. Alt loc: punte demo --dir ALTUL"
        ) from exc
    return held


def free_port(wanted: int) -> int:
    """`wanted` when it is free, else any."""
    for port in (wanted, 0):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(sock.getsockname()[1])
    raise click.ClickException("Nu există niciun port liber pe acest calculator.")


def welcome(base: str, simulator: Any, fresh: bool) -> str:
    first = simulator.certificates[0]
    return f"""
  Punte este pornită:  {base}
  cont                 {EMAIL}
  parolă               {PASSWORD}

  De încercat{"" if fresh else " (datele de data trecută s-au păstrat)"}:
    1. Intrați în cont și faceți firma din CUI: {first.cifs[0]} (PFA, neplătitor de TVA) sau {first.cifs[1]} (SRL).
    2. Integrări → „Conectează e-Factura” → pe pagina simulatorului alegeți certificatul
       „{first.common_name}”, PIN {first.password}. Celelalte certificate arată refuzurile.
    3. Venituri → Factură nouă → clientul după CUI: 33451201 → „Trimite” → priviți puntea până la Validată.
    4. Cheltuieli: furnizorii din simulator v-au trimis câteva facturi; vin singure după conectare.
    5. Integrări → Ghidul de conectare → „Verificați certificatul”: portul are certificatul simulatorului, deci
       browserul avertizează întâi (Avansat → Continuați). Fără token arată ce vede cineva fără certificat.

  ANAF-ul de aici este simulat ({simulator.door}); nimic nu pleacă de pe acest calculator.
  Cu un certificat adevărat prin TLS, fără browser:  punte demo --once
  Opriți cu Ctrl+C.
"""
