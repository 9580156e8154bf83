"""Where browsers are asked for their certificate: by a TLS port of ours, by a reverse proxy, or nowhere."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import environment as env

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePort:
    """
    url               as browsers reach it, without a slash at the end
    host, port        to listen on; 0 behind a proxy
    certificate, key  of the port's own TLS, PEM; None behind a proxy
    proxies           from which the header `X-SSL-Client-Cert` is believed; none with a port of ours
    """

    url: str
    host: str = ""
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[Network, ...] = ()

    @property
    def hostname(self) -> str:
        return urlsplit(self.url).hostname or ""

    def trusts(self, address: str) -> bool:
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.proxies)


def configured(hostname: str) -> CertificatePort | None:
    """What PUNTE_CERT_… say; None when the check is off. `hostname` is the product's own.

    Raises ImproperlyConfigured, naming the variable.
    """
    listen, proxies = env.text("PUNTE_CERT_LISTEN"), env.text("PUNTE_CERT_PROXIES")
    if listen and proxies:
        raise ImproperlyConfigured("PUNTE_CERT_LISTEN and PUNTE_CERT_PROXIES: give one, the port or the proxy")
    if proxies:
        return CertificatePort(url=_url(""), proxies=tuple(_network(one) for one in proxies.split(",") if one.strip()))
    if not listen:
        return None
    host, port = _address(listen)
    certificate = _file("PUNTE_CERT_TLS_CERT", "")
    return CertificatePort(
        url=_url(f"https://{hostname}:{port}"),
        host=host,
        port=port,
        certificate=certificate,
        key=_file("PUNTE_CERT_TLS_KEY", str(certificate)),
    )


def _url(default: str) -> str:
    value = env.text("PUNTE_CERT_URL", default).rstrip("/")
    if not value.startswith("https://") or not urlsplit(value).hostname:
        raise ImproperlyConfigured(f"PUNTE_CERT_URL={value!r}: give the whole address, as https://cert.example.ro:8443")
    return value


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"PUNTE_CERT_LISTEN={text!r}: give host:port, as 0.0.0.0:8443")
    return host.strip("[]"), int(port)


def _file(name: str, default: str) -> Path:
    given = env.text(name, default)
    path = Path(given).expanduser()
    if not path.is_file():
        raise ImproperlyConfigured(f"{name}={given!r}: give a PEM file; the certificate port cannot start without")
    return path


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError as exc:
        raise ImproperlyConfigured(f"PUNTE_CERT_PROXIES: {exc}; give addresses, as 127.0.0.1,10.0.0.0/8") from exc
