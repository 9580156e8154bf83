"""Which ANAF we talk to: the real one, its test environment, or another by its addresses (a simulator, a proxy)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from punte.anaf.hosts import Hosts


@cache
def hosts() -> Hosts:
    """The addresses of `PUNTE_ANAF`. Raises ImproperlyConfigured when `custom` or `simulator` lacks one."""
    if settings.ANAF == "test":
        return Hosts.named("test")
    if settings.ANAF == "prod":
        return Hosts.named("prod")
    given = {
        "PUNTE_ANAF_LOGIN": settings.ANAF_LOGIN,
        "PUNTE_ANAF_API": settings.ANAF_API,
        "PUNTE_ANAF_PUBLIC": settings.ANAF_PUBLIC,
    }
    if missing := [name for name, value in given.items() if not value]:
        raise ImproperlyConfigured(f"PUNTE_ANAF={settings.ANAF}: {', '.join(missing)} must give the base address")
    return Hosts(
        login=settings.ANAF_LOGIN,
        api=settings.ANAF_API,
        public=settings.ANAF_PUBLIC,
        environment=settings.ANAF_ENVIRONMENT,
        ca_file=Path(settings.ANAF_CA_FILE) if settings.ANAF_CA_FILE else None,
        authorize=settings.ANAF_AUTHORIZE or None,
    )
