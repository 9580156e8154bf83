"""Who buys, what is sold, and the accounts it is paid into."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.utils.translation import gettext_lazy as _

from punte.romania.counties import BUCHAREST
from punte.web.firms.models import Firm, PostalAddress

SEAM = "\n"  # in `Invoice.search_text`, between its number and its client


def folded(text: str) -> str:
    """`text` as people search it: lower case, without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


class Client(PostalAddress):
    """Who buys; for a self-billed invoice, who sells."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="clients")
    name = models.CharField(_("denumirea"), max_length=200)
    search_name = models.CharField(max_length=200, editable=False)  # `name`, folded
    private = models.BooleanField(_("persoană fizică"), default=False)
    public_authority = models.BooleanField(_("instituție publică"), default=False)  # B2G
    cui = models.CharField("CUI", max_length=13, blank=True)  # digits; empty for a private person and abroad
    cnp = models.CharField("CNP", max_length=13, blank=True)  # only where the person wants it on the invoice
    foreign_identifier = models.CharField(_("cod fiscal în țara sa"), max_length=30, blank=True)  # BT-47, abroad
    foreign_vat = models.CharField(_("cod de TVA în UE"), max_length=20, blank=True)  # BT-48 with prefix: DE123456789
    trade_register_number = models.CharField(_("nr. Registrul Comerțului"), max_length=30, blank=True)
    vat_registered = models.BooleanField(_("plătitor de TVA"), default=False)  # in Romania
    email = models.EmailField(_("e-mail"), max_length=100, blank=True)
    phone = models.CharField(_("telefon"), max_length=100, blank=True)
    contact = models.CharField(_("persoana de contact"), max_length=100, blank=True)
    language = models.CharField(_("limba facturii"), max_length=5, default="ro")  # ro, en, ro-en: `render.wording`
    currency = models.CharField(_("moneda"), max_length=3, default="RON")
    term_days = models.PositiveSmallIntegerField(_("termen de plată"), null=True, blank=True)  # None: the firm's usual
    wants_mail = models.BooleanField(_("trimite facturile pe e-mail"), default=False)
    notes = models.TextField(_("notițe"), max_length=1000, blank=True)  # for the firm alone
    archived = models.BooleanField(default=False)  # not offered any more
    looked_up_at = models.DateTimeField(null=True, blank=True)
    imported_by = models.CharField(max_length=36, blank=True)  # the import that brought it: `punte.web.transfer`

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "cui"], condition=~models.Q(cui=""), name="one_client_per_firm_and_cui"
            )
        ]
        indexes = [models.Index(fields=["firm", "search_name"], name="clients_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_foreign(self) -> bool:
        return self.country != "RO"

    @property
    def place(self) -> str:
        """Where the client is, in one word: `Sibiu`; for a sector of Bucharest the city."""
        return "București" if self.county == BUCHAREST else self.city

    @property
    def search_text(self) -> str:
        """What an invoice of theirs is found by, beside its number: the name and the codes, folded."""
        codes = (self.cui, self.foreign_identifier, self.foreign_vat)
        return folded(" ".join(part for part in (self.name, *codes) if part))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it; under another name or code its invoices are found by the new one."""
        self.search_name = folded(self.name)
        before = Client.objects.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        if before and before.search_text != self.search_text:
            number = Substr("search_text", 1, StrIndex("search_text", Value(SEAM)))
            self.invoices.update(search_text=Concat(number, Value(self.search_text)))


class Product(models.Model):
    """What is sold again and again: a row of the editor, ready."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="products")
    name = models.CharField(_("denumirea"), max_length=100)  # BT-153
    search_name = models.CharField(max_length=100, editable=False)  # `name`, folded
    description = models.CharField(_("descrierea"), max_length=200, blank=True)  # BT-154
    code = models.CharField(_("codul"), max_length=50, blank=True)  # BT-155, the firm's own
    unit = models.CharField(_("unitatea"), max_length=3, default="H87")
    price = models.DecimalField(_("prețul"), max_digits=18, decimal_places=6, default=0)  # without VAT
    currency = models.CharField(_("moneda"), max_length=3, default="RON")
    vat_case = models.CharField(_("TVA"), max_length=40, blank=True)  # `invoices.regimes`; empty: the usual one
    nc_code = models.CharField(_("cod NC"), max_length=10, blank=True)  # BT-158 with scheme HS
    cpv_code = models.CharField(_("cod CPV"), max_length=10, blank=True)  # BT-158 with scheme STI, for authorities
    deposit = models.BooleanField(_("cu garanție SGR"), default=False)  # each unit adds the deposit
    archived = models.BooleanField(default=False)
    imported_by = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "code"], condition=~models.Q(code=""), name="one_product_per_firm_and_code"
            )
        ]
        indexes = [models.Index(fields=["firm", "search_name"], name="products_by_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = folded(self.name)
        super().save(*args, **kwargs)


class BankAccount(models.Model):
    """A further account of the firm; the usual one is `Firm.iban`. The Treasury's is for public authorities."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="bank_accounts")
    iban = models.CharField("IBAN", max_length=34)
    bank = models.CharField(_("banca"), max_length=100, blank=True)
    currency = models.CharField(_("moneda"), max_length=3, default="RON")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "iban"], name="one_account_per_firm_and_iban")]

    def __str__(self) -> str:
        return self.iban

    @property
    def is_treasury(self) -> bool:
        return self.iban[4:8] == "TREZ"
