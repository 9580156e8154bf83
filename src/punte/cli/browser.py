"""A person's browser, as far as a walk needs one: cookies, redirects, forms, and a client certificate for TLS."""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from lxml import html


class Page:
    """What the last answer was."""

    def __init__(self, response: httpx2.Response) -> None:
        self.url = str(response.url)
        self.status = response.status_code
        self.content = response.content
        is_html = "html" in response.headers.get("content-type", "") and response.content
        self.tree: Any = html.fromstring(response.text) if is_html else html.fromstring("<html></html>")

    @property
    def text(self) -> str:
        return " ".join(self.tree.text_content().split())

    def form(self, action: str = "", field: str = "") -> Any:
        """The first form whose action contains `action` and that has the field `field`. Raises LookupError."""
        for form in self.tree.forms:
            if action in (form.action or self.url) and (not field or field in form.fields):
                return form
        raise LookupError(f"no form to {action or 'submit'} {field} on {urlsplit(self.url).path}: {self.text[:200]}")


class Browser:
    """`certificate`: a .p12 and its password, shown to whoever asks for one by TLS. A context manager."""

    def __init__(self, ca_file: str, certificate: Path | None = None, password: str = "") -> None:
        context = ssl.create_default_context(cafile=ca_file)
        if certificate is not None:
            load_p12(context, certificate, password)
        self.http = httpx2.Client(verify=context, follow_redirects=False, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def open(self, url: str, until: str = "") -> Page:
        """Follow redirects; stop before the first address that starts with `until`, and return where we stand."""
        return self._follow(self.http.get(url), until)

    def submit(self, page: Page, form: Any, data: dict[str, str] | None = None, until: str = "") -> Page:
        """Send `form` as filled on `page`, with `data` over it."""
        values = dict(form.form_values()) | (data or {})
        action = urljoin(page.url, form.action or page.url)
        if form.method.upper() == "GET":
            return self._follow(self.http.get(action, params=values), until)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        headers = {"Referer": page.url, "Origin": origin}
        return self._follow(self.http.post(action, data=values, headers=headers), until)

    def _follow(self, response: httpx2.Response, until: str) -> Page:
        for _ in range(20):
            if not response.is_redirect:
                return Page(response)
            target = urljoin(str(response.url), response.headers["location"])
            if until and target.startswith(until):
                page = Page(response)
                page.url = target
                return page
            response = self.http.get(target)
        raise LookupError(f"the redirects from {response.url} do not end")


def load_p12(context: ssl.SSLContext, path: Path, password: str) -> None:
    """Give `context` the certificate and key of a .p12. The key touches the disk for an instant, readable by us alone.

    Raises ValueError when the password is wrong.
    """
    key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode())
    if key is None or certificate is None:
        raise ValueError(f"{path.name} holds no certificate with its key")
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in [certificate, *chain])
    with tempfile.NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
