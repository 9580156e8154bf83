"""What the firm says on every invoice, and the accounts it is paid into."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from punte.romania import identity
from punte.web.firms.models import Firm

from ..currencies import currencies
from ..fields import NumberField, TextField

LARGEST_LOGO = 300_000  # bytes; it travels in every PDF
#: How a file of the kind begins and ends.
PICTURES = ((b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"), (b"\xff\xd8\xff", b"\xff\xd9"))


class OnInvoicesForm(forms.Form):
    """The firm's own words on its invoices."""

    share_capital = TextField(
        label=_("Capital social"), max_length=40, required=False, help_text=_("Ca la Registrul Comerțului: 200 lei.")
    )
    term_days = forms.IntegerField(label=_("Termen de plată obișnuit, zile"), min_value=0, max_value=3650)
    logo = forms.FileField(
        label=_("Sigla, pentru PDF"),
        required=False,
        help_text=_("PNG sau JPEG, cel mult 300 kB."),
        allow_empty_file=True,
    )
    sends_abroad = forms.BooleanField(
        label=_("Trimiteți în SPV și facturile către clienți din străinătate"),
        required=False,
        help_text=_(
            "Nu este obligatoriu. Fără bifă rămân la dumneavoastră, cu număr, și le trimiteți doar clientului."
        ),
    )
    turnover_elsewhere = NumberField(
        label=_("Facturat anul acesta în afara programului, lei fără TVA"),
        help_text=_("Pentru plafonul de TVA. Facturile aduse prin import se numără singure: nu le treceți și aici."),
        what=_("Suma facturată în altă parte"),
        places=2,
        digits=13,
        example="12.500,00",
        shown=2,
        required=False,
    )
    without_logo = forms.BooleanField(label=_("Scoateți sigla de acum"), required=False)

    def clean_logo(self) -> bytes | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if not file:
            return None
        if (file.size or 0) > LARGEST_LOGO:
            raise ValidationError(gettext("Fișierul are peste 300 kB. Alegeți o siglă mai mică."))
        content = bytes(file.read())
        if not any(
            content.startswith(begins) and content.rstrip(b"\0\r\n").endswith(ends) for begins, ends in PICTURES
        ):
            raise ValidationError(gettext("Fișierul nu este o imagine PNG sau JPEG întreagă. Alegeți altul."))
        return content

    def clean_turnover_elsewhere(self) -> Decimal:
        lei: Decimal = self.cleaned_data["turnover_elsewhere"] or Decimal(0)
        if lei < 0:
            raise ValidationError(gettext("Suma nu poate fi sub zero. Scrieți cât ați facturat în altă parte, sau 0."))
        return lei

    def put(self, firm: Firm, year: int) -> None:
        """year: the present one, of which `turnover_elsewhere` speaks."""
        data: dict[str, Any] = self.cleaned_data
        firm.share_capital, firm.term_days = data["share_capital"], data["term_days"]
        firm.sends_abroad = data["sends_abroad"]
        if data["turnover_elsewhere"] or firm.turnover_year == year:  # what was said of another year stays until then
            firm.turnover_elsewhere, firm.turnover_year = data["turnover_elsewhere"], year
        if data["logo"] or data["without_logo"]:
            firm.logo = data["logo"]
        kept = ["share_capital", "term_days", "logo", "sends_abroad", "turnover_elsewhere", "turnover_year"]
        firm.save(update_fields=kept)


class AccountForm(forms.Form):
    """A further account: in another currency, or at the Treasury."""

    prefix = "cont"
    iban = TextField(label="IBAN", max_length=50, error_messages={"required": _("Scrieți contul.")})
    bank = TextField(label=_("Banca"), max_length=100, required=False)
    currency = forms.ChoiceField(label=_("Moneda"), initial="RON")

    def __init__(self, *args: Any, firm: Firm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firm = firm
        self.fields["currency"].choices = currencies()  # type: ignore[attr-defined]

    def clean_iban(self) -> str:
        try:
            iban = identity.iban(str(self.cleaned_data["iban"]))
        except identity.BadIdentity as bad:
            raise ValidationError(str(bad)) from bad
        if iban == self.firm.iban or self.firm.bank_accounts.filter(iban=iban).exists():
            raise ValidationError(gettext("Contul acesta este deja al firmei."))
        return iban
