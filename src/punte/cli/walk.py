"""The main job, walked as a person walks it: page by page, over HTTP, and over TLS with a client certificate at ANAF.

A step is true only when the page says so; the last two are asked of ANAF and of the archive.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from .browser import Browser, Page

QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
CROSSES_WITHIN = 12.0  # seconds for the worker and the simulator together
CLIENT_CUI = "33451201"
EMAIL, PASSWORD = "drum@punte.example", "peste-ape-la-spv-1"


class Stumbled(Exception):
    """A step did not come true; the text says which, and what the page said instead."""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    seconds: float
    detail: str


class Walk:
    """Iterate to walk; each step yields when it has come true. Raises Stumbled at the first that does not."""

    def __init__(self, base: str, simulator: Any) -> None:
        self.base, self.simulator = base, simulator
        self.certificate = simulator.certificates[0]
        self.cui = self.certificate.cifs[0]
        self.page: Page
        self.invoice_url = ""
        self.back = ""

    def __iter__(self) -> Iterator[Step]:
        ca = str(self.simulator.ca_file)
        with Browser(ca) as self.product, Browser(ca, self.certificate.p12, self.certificate.password) as self.anaf:
            for name, take in self._steps().items():
                began = time.monotonic()
                try:
                    detail = take()
                except Stumbled as exc:
                    raise Stumbled(f"{name}: {exc}") from exc
                except (LookupError, OSError, ValueError) as exc:
                    raise Stumbled(f"{name}: {type(exc).__name__}: {exc}") from exc
                yield Step(name, time.monotonic() - began, detail)

    def _steps(self) -> dict[str, Callable[[], str]]:
        return {
            "Cont și intrare": self.sign_in,
            "Firma, din CUI": self.make_firm,
            "Certificatul": self.look_at_certificate,
            "Acordul": self.consent,
            "Autorizarea la ANAF, prin TLS": self.authorise,
            "Întoarcerea": self.come_back,
            "Drepturile în SPV": self.rights,
            "Ciornă": self.draft,
            "Trimite": self.send,
            "În prelucrare": lambda: self.wait_for("În prelucrare", "Validată"),  # what is further on has been there
            "Validată": lambda: self.wait_for("Validată"),
            "ZIP-ul sigilat, arhivat": self.archive,
            "Regăsită în lista SPV": self.find_in_spv,
        }

    def sign_in(self) -> str:
        page = self.product.open(f"{self.base}/cont/signup/")
        page = self.product.submit(page, page.form(field="email"), {"email": EMAIL, "password1": PASSWORD})
        page = self.product.open(f"{self.base}/cont/logout/")
        self.product.submit(page, page.form("logout"))
        page = self.product.open(f"{self.base}/cont/login/")
        self.page = self.product.submit(page, page.form(field="login"), {"login": EMAIL, "password": PASSWORD})
        return self.expect(self.page, "Care este firma", EMAIL)

    def make_firm(self) -> str:
        page = self.product.open(f"{self.base}/firme/noua/")
        page = self.product.submit(page, page.form(field="cui"), {"cui": f"RO {self.cui}"})
        page = self.product.submit(page, page.form(field="street"), {"iban": "RO49AAAA1B31007593840000"})
        name = page.tree.xpath("string(//*[contains(@class, 'firm')]//span[1])").split("CUI")[0].strip()
        return self.expect(page, f"CUI {self.cui}", f"{name}, CUI {self.cui}")

    def look_at_certificate(self) -> str:
        _, certificate, _ = pkcs12.load_key_and_certificates(
            self.certificate.p12.read_bytes(), self.certificate.password.encode()
        )
        if certificate is None:
            raise Stumbled("fișierul .p12 nu are certificat")
        certificate.extensions.get_extension_for_oid(QC_STATEMENTS)  # raises a ValueError's cousin when not qualified
        name = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        return f"{name!s}, calificat, până la {certificate.not_valid_after_utc:%d.%m.%Y}"

    def consent(self) -> str:
        page = self.product.open(f"{self.base}/integrari/")
        self.expect(page, "Conectează e-Factura")
        page = self.product.open(f"{self.base}/integrari/conectare/")
        form = page.form("conectare")
        boxes = {box.name: box.get("value", "on") for box in form.xpath(".//input[@type='checkbox']")}
        self.page = self.product.submit(page, form, boxes, until=self.simulator.login)
        if not self.page.url.startswith(self.simulator.login):
            raise Stumbled(self.page.text[:200])
        return "spre pagina ANAF, în aceeași fereastră"

    def authorise(self) -> str:
        page = self.anaf.open(self.page.url, until=self.base)
        if not page.url.startswith(self.base) or "code=" not in page.url:
            raise Stumbled(page.text[:200])
        self.back = page.url
        return "certificatul a fost cerut și recunoscut"

    def come_back(self) -> str:
        self.page = self.product.open(self.back)
        return self.expect(self.page, "Sunteți deja conectat la ANAF", "Sunteți deja conectat la ANAF")

    def rights(self) -> str:
        row = self.page.tree.xpath(f"//tr[contains(., '{self.cui}')]")
        if not row or "Da" not in row[0].text_content().split():
            raise Stumbled("matricea drepturilor nu arată „Da” pentru firmă")
        return f"Da pentru {self.cui}"

    def draft(self) -> str:
        page = self.product.open(f"{self.base}/venituri/factura/noua/")
        form = page.form(field="client-name")
        page = self.product.submit(page, form, {"client-name": CLIENT_CUI, "action": "find"})
        form = page.form(field="client-name")
        line = {"name": "Servicii de proiectare", "quantity": "2", "price": "1.250,00"}
        data = {self._line_field(form, name): value for name, value in line.items()}
        page = self.product.submit(page, form, data | {"action": "save"})
        if not page.url.endswith("/editare/"):
            raise Stumbled(f"ciorna nu a fost salvată: {page.text[:300]}")
        self.invoice_url = page.url.removesuffix("editare/")
        page = self.product.open(self.invoice_url)
        if (shown := self._state(page)) != "Ciornă":
            raise Stumbled(f"pagina spune „{shown}”")
        return self.expect(page, "2.500,00", "2.500,00 lei, neplătitor de TVA")

    def send(self) -> str:
        page = self.product.open(self.invoice_url)
        page = self.product.submit(page, page.form("trimite"))
        if self._state(page) == "Ciornă":
            raise Stumbled(page.text[:300])
        return str(page.tree.xpath("string(//h1)")).strip()

    def wait_for(self, *words: str) -> str:
        """Look again until the page shows one of these states."""
        until = time.monotonic() + CROSSES_WITHIN
        while time.monotonic() < until:
            shown = self._state(self.product.open(self.invoice_url))
            if shown.startswith(words):
                return shown
            time.sleep(0.1)
        raise Stumbled(f"pagina spune „{shown}” după {CROSSES_WITHIN:.0f} s")

    def archive(self) -> str:
        until = time.monotonic() + CROSSES_WITHIN
        while time.monotonic() < until:
            page = self.product.open(f"{self.invoice_url}arhiva.zip")
            if page.status == 200:
                break
            time.sleep(0.1)
        with zipfile.ZipFile(io.BytesIO(page.content)) as archive:
            names = sorted(archive.namelist())
        page = self.product.open(self.invoice_url)
        self.expect(page, "Sigiliu valid")
        return f"{' + '.join(names)}, sigiliu valid"

    def find_in_spv(self) -> str:
        from punte.web.connection.client import efactura_for
        from punte.web.delivery.models import Submission

        submission = Submission.objects.select_related("firm").get()
        until = time.monotonic() + CROSSES_WITHIN
        with efactura_for(submission.firm, datetime.now(UTC)) as efactura:
            while time.monotonic() < until:
                now = datetime.now(UTC)
                page = efactura.messages_page(submission.firm.cui, now - timedelta(days=1), now - timedelta(seconds=1))
                for message in page.messages:
                    if message.upload_index == submission.upload_index:
                        return f"{message.kind_text}, index {message.upload_index}"
                time.sleep(0.2)
        raise Stumbled("lista SPV nu arată factura")

    @staticmethod
    def expect(page: Page, text: str, detail: str = "") -> str:
        if text not in page.text:
            raise Stumbled(f"pagina {page.url} ({page.status}) nu spune „{text}”: {page.text[:300]}")
        return detail

    @staticmethod
    def _state(page: Page) -> str:
        """The state beside the title."""
        return str(page.tree.xpath("string((//*[contains(@class, 'state filled')])[1])")).strip()

    @staticmethod
    def _line_field(form: Any, name: str) -> str:
        return str(next(key for key in form.fields if key.endswith(f"-{name}") and not key.startswith("client")))
