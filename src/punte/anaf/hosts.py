"""Where ANAF is. Source: docs/anaf/README.md, "Hosts"."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Hosts:
    """Base addresses, without trailing slash.

    login        identity provider: authorize, token
    api          gateway with bearer tokens: e-Factura, TestOauth
    public       services without authentication: registers of companies, validare, transformare, validate/signature
    environment  path segment of e-Factura: `test` or `prod`
    ca_file      PEM of the only certificate authorities to trust; None trusts the system's
    authorize    the identity provider as people's browsers reach it, when not by `login` (containers, demo)

    Raises ValueError for an address without https (http is taken on loopback alone: tokens travel here)
    and for another environment.
    """

    login: str
    api: str
    public: str
    environment: str
    ca_file: Path | None = None
    authorize: str | None = None

    def __post_init__(self) -> None:
        if self.environment not in ("test", "prod"):
            raise ValueError(f"environment is {self.environment!r}; accepted: 'test', 'prod'")
        for name in ("login", "api", "public", "authorize"):
            address: str | None = getattr(self, name)
            if address is None and name == "authorize":
                continue
            parts = urlsplit(address or "")
            if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
                raise ValueError(f"{name} is {address!r}; accepted: an https:// address (http:// on loopback)")
            if str(address).endswith("/"):
                raise ValueError(f"{name} is {address!r}; write it without the trailing slash")

    @classmethod
    def named(cls, environment: Literal["test", "prod"]) -> Self:
        """The real ANAF. Both environments share the hosts; only the path segment differs."""
        return cls(
            login="https://logincert.anaf.ro",
            api="https://api.anaf.ro",
            public="https://webservicesp.anaf.ro",
            environment=environment,
        )

    @property
    def efactura(self) -> str:
        """Base address of the e-Factura operations."""
        return f"{self.api}/{self.environment}/FCTEL/rest"
