"""Which ANAF, in whose name, and where its keys are kept: from the environment alone (docs/operare/configurare.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from django.core.exceptions import ImproperlyConfigured

from punte.anaf.errors import ReplyLost, Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.messages import CLOCK_MARGIN
from punte.anaf.oauth import OAuth, TokenPair
from punte.web.config import environment

ADDRESSES = {"login": "PUNTE_ANAF_LOGIN", "api": "PUNTE_ANAF_API", "public": "PUNTE_ANAF_PUBLIC"}


@dataclass(frozen=True, slots=True)
class Application:
    """Ours, as ANAF registered it."""

    client_id: str
    oauth: OAuth


def name() -> str:
    """`test`, `prod`, `simulator` or `custom`."""
    value = environment.text("PUNTE_ANAF") or "test"
    if value not in ("test", "prod", "simulator", "custom"):
        raise click.UsageError(f"PUNTE_ANAF este „{value}”; poate fi test, prod, simulator sau custom.")
    return value


def hosts() -> Hosts:
    """The addresses. A wrong or missing one ends the command and says its name."""
    kind = name()
    if kind in ("test", "prod"):
        return Hosts.named("prod" if kind == "prod" else "test")
    given = {part: environment.text(variable) for part, variable in ADDRESSES.items()}
    if missing := [ADDRESSES[part] for part, value in given.items() if not value]:
        raise click.UsageError(f"Cu PUNTE_ANAF={kind} trebuie date și adresele: {', '.join(missing)}.")
    ca_file = environment.text("PUNTE_ANAF_CA_FILE")
    if ca_file and not Path(ca_file).is_file():
        raise click.UsageError(f"PUNTE_ANAF_CA_FILE: fișierul {ca_file} nu există.")
    try:
        return Hosts(
            **given,
            environment=environment.text("PUNTE_ANAF_ENVIRONMENT") or "prod",
            ca_file=Path(ca_file) if ca_file else None,
            authorize=environment.text("PUNTE_ANAF_AUTHORIZE") or None,
        )
    except ValueError as reason:
        raise click.UsageError(f"O adresă PUNTE_ANAF_… nu este bună: {reason}.") from None


def application() -> Application:
    """Client id and secret. Without them nothing can be asked in somebody's name."""
    client_id, client_secret = environment.text("PUNTE_ANAF_CLIENT_ID"), secret("PUNTE_ANAF_CLIENT_SECRET")
    if not (client_id and client_secret):
        raise click.UsageError(
            "Lipsesc PUNTE_ANAF_CLIENT_ID și PUNTE_ANAF_CLIENT_SECRET (sau PUNTE_ANAF_CLIENT_SECRET_FILE): le dă ANAF "
            "la înregistrarea aplicației, în pagina „Înregistrare utilizatori API”."
        )
    return Application(client_id, _OAuth(hosts(), client_id, client_secret))


def secret(variable: str) -> str:
    try:
        return environment.secret(variable)
    except ImproperlyConfigured:
        raise click.UsageError(f"{variable}_FILE arată spre un fișier care nu poate fi citit.") from None


def directory() -> Path:
    """The data directory, made when missing, for its owner alone."""
    path = Path(environment.text("PUNTE_DATA_DIR", "~/.local/share/punte")).expanduser()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def clock() -> datetime:
    """Now, so that lists end as long before the present as PUNTE_ANAF_CLOCK_MARGIN says (seconds)."""
    try:
        margin = timedelta(seconds=float(environment.text("PUNTE_ANAF_CLOCK_MARGIN") or CLOCK_MARGIN.total_seconds()))
    except ValueError:
        raise click.UsageError("PUNTE_ANAF_CLOCK_MARGIN este un număr de secunde.") from None
    return datetime.now(UTC) + CLOCK_MARGIN - margin


class _OAuth(OAuth):
    """A lost reply means: later. The next command tries the same refresh token, then the one before it."""

    def refresh(self, refresh_token: str) -> TokenPair:
        try:
            return super().refresh(refresh_token)
        except ReplyLost as lost:
            raise Unwell(lost.text) from lost
