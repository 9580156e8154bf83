"""Where the National Bank publishes its rates: itself, or whoever answers in its place (a simulator, a mirror)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from punte.anaf.exchange_rates import Bnr


def bnr() -> Bnr | None:
    """BNR's addresses by `PUNTE_BNR`; with another ANAF than the real one, that one's; None where neither is given."""
    real = settings.ANAF in {"test", "prod"}
    base = settings.BNR or ("" if real else settings.ANAF_PUBLIC)
    if not base:
        return Bnr() if real else None
    own = Path(settings.ANAF_CA_FILE) if settings.ANAF_CA_FILE else None
    return Bnr(
        latest=f"{base.rstrip('/')}/nbrfxrates.xml",
        archive=f"{base.rstrip('/')}/files/xml/years/nbrfxrates{{year}}.xml",
        ca_file=own,
    )
