"""The product's processes as the commands start them: prepared database and files, web server, worker."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CORES = os.cpu_count() or 1


def set_up() -> None:
    """Load Django with the settings of the environment. A wrong setting ends the command with its own words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "punte.web.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as exc:
        sys.exit(f"punte: {exc}")
    from punte.web.config import logs
    from punte.web.work import tallies

    logs.configure(tallies.logged)


def prepare() -> None:
    """Bring the database and the collected static files to this version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def web_command(host: str, port: int) -> list[str]:
    """The web server as a process of its own."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", str(2 * CORES), "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", "8", "punte.web.config.wsgi:application",
    ]  # fmt: skip


def prepare_command() -> list[str]:
    return [sys.executable, "-m", "punte", "prepare"]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "punte", "worker"]


def certport_command() -> dict[str, list[str]]:
    """The certificate port as a process of its own; nothing when it is off, or a proxy asks instead."""
    from django.conf import settings

    port = settings.CERT_PORT
    return {"certport": [sys.executable, "-m", "punte", "certport"]} if port and port.port else {}


def default_address() -> tuple[str, int]:
    """Where `PUNTE_BASE_URL` says we are, on this machine's loopback."""
    from urllib.parse import urlsplit

    from django.conf import settings

    return "127.0.0.1", urlsplit(settings.BASE_URL).port or 8000


def data_directory(name: str) -> Path:
    base = Path(os.environ.get("XDG_DATA_HOME", "~/.local/share")).expanduser()
    return base / name
