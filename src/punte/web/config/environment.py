"""Settings come from the environment alone; a wrong one stops the start and names itself.

Each variable stands in docs/operare/configurare.md. A secret may come from a file named by `…_FILE`.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """True or false; anything else but 1, true, yes, da, 0, false, no, nu is refused."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "da"}:
        return True
    if value in {"0", "false", "no", "nu"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: accepted values are 1, true, yes, da, 0, false, no, nu")


def choice(name: str, accepted: tuple[str, ...], default: str) -> str:
    value = text(name) or default
    if value not in accepted:
        raise ImproperlyConfigured(f"{name}={value!r}: accepted values are {', '.join(accepted)}")
    return value


def checked(name: str, check: Callable[[str], str]) -> str:
    """The value of `name` in the form that `check` gives it; what it refuses with ValueError stops the start."""
    value = text(name)
    try:
        return check(value) if value else ""
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name}={value!r}: {exc}") from exc


def address(name: str) -> str:
    """A web address, or nothing."""
    value = text(name)
    if value and not value.startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"{name}={value!r}: give the whole address, as https://chat.example.ro")
    return value


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses or networks, separated by commas."""
    try:
        return tuple(ip_network(one.strip()) for one in text(name).split(",") if one.strip())
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name}={text(name)!r}: {exc}; give addresses as 10.0.0.7 or 10.0.0.0/24") from exc


def secret(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file that `name`_FILE points at."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name, default)
    try:
        return Path(path).read_text().strip()
    except OSError as exc:
        raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {exc.strerror}") from exc


def kept_secret(name: str, directory: Path, make: Callable[[], str]) -> str:
    """The secret `name`; where none is given, one made at the first start and kept in the data directory.

    One laptop needs no key management; a cluster gives the variable, since its hosts share no directory.
    """
    given = secret(name)
    if given:
        return given
    path = directory / f"{name.removeprefix('PUNTE_').lower()}.secret"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=directory, suffix=".secret-new") as file:  # 0600 by itself
            file.write(make())
            file.flush()
            with contextlib.suppress(FileExistsError):  # a sibling process was first: its secret is the secret
                os.link(file.name, path)
    return path.read_text().strip()
