"""What stands in a mail to a client: our words, or the firm's with a few names in braces that we fill in.

The client's language decides (`Client.language`); for `ro-en` the English stands under the Romanian.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punte.en16931.model import InvoiceType
from punte.web.design import formats

from . import payments
from .models import Invoice, Kind, Letter, Payment

#: What the firm may write in braces in its own text, and what stands there then.
NAMES = {
    "document": gettext_lazy("documentul, de exemplu „factura DI 0188”"),
    "client": gettext_lazy("denumirea clientului"),
    "firma": gettext_lazy("denumirea firmei"),
    "suma": gettext_lazy("suma de plată"),
    "scadenta": gettext_lazy("scadența"),
}
_NAME = re.compile(r"\{([^{}]*)\}")
RULE = "\n\n– – –\n\n"  # between two languages


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


def text_of(invoice: Invoice, kind: Letter.Kind, payment: Payment | None = None) -> Text:
    """The mail of that kind about `invoice`; `payment`: whose receipt it brings."""
    firm = invoice.firm
    first, *more = invoice.client.language.split("-")
    with translation.override(first):
        text = _ours(invoice, kind, payment)
        if kind == Letter.Kind.DOCUMENT:
            names = _values(invoice)
            subject, body = filled(firm.mail_subject, names), filled(firm.mail_body, names)
            text = Text(subject[:1].upper() + subject[1:] or text.subject, body or text.body)
            if body:
                return text
    for language in more:
        with translation.override(language):
            text = Text(text.subject, text.body + RULE + _ours(invoice, kind, payment).body)
    return text


def filled(text: str, names: dict[str, str]) -> str:
    """`text` with what is in braces replaced, where it is one of `names`."""
    return _NAME.sub(lambda found: names.get(found[1].strip(), found[0]), text)


def unknown_names(text: str) -> list[str]:
    return [found for found in _NAME.findall(text) if found.strip() not in NAMES]


def noun(invoice: Invoice) -> str:
    """`factura DI 0188`, in the language that is on."""
    label = {"label": invoice.label}
    if invoice.kind == Kind.PROFORMA:
        return _("proforma %(label)s") % label
    if invoice.type_code == InvoiceType.CREDIT_NOTE:
        return _("nota de creditare %(label)s") % label
    if invoice.type_code == InvoiceType.CORRECTED:
        return _("factura corectată %(label)s") % label
    if invoice.is_storno:
        return _("factura de storno %(label)s") % label
    return _("factura %(label)s") % label


def _values(invoice: Invoice) -> dict[str, str]:
    return {
        "document": noun(invoice),
        "client": invoice.client.name,
        "firma": invoice.firm.name,
        "suma": formats.money(invoice.payable, invoice.currency),
        "scadenta": formats.long_date(invoice.due_date) if invoice.due_date else "–",
    }


def _ours(invoice: Invoice, kind: Letter.Kind, payment: Payment | None) -> Text:
    facts = _values(invoice) | {"day": formats.long_date(invoice.issue_date)}
    hello, goodbye = _("Bună ziua,"), _("Cu stimă,\n%(firma)s") % facts
    match kind:
        case Letter.Kind.REMINDER:
            facts["left"] = formats.money(payments.left(invoice), invoice.currency)
            subject = _("Amintire de plată: %(document)s") % facts
            said = (
                _(
                    "Vă amintim că %(document)s din %(day)s a avut scadența pe %(scadenta)s. După evidența noastră mai "
                    "sunt de plătit %(left)s."
                )
                % facts
            )
            more = _("Dacă ați plătit între timp, vă mulțumim și vă rugăm să nu țineți seama de acest mesaj.")
            if invoice.firm.iban:
                said += " " + _("Contul nostru: %(iban)s.") % {"iban": invoice.firm.iban}
        case Letter.Kind.RECEIPT if payment:
            received = {
                "label": payment.label,
                "amount": formats.money(payment.amount, invoice.currency),
                "document": facts["document"],
                "firma": facts["firma"],
            }
            subject = _("Chitanța %(label)s de la %(firma)s") % received
            said = _("Vă trimitem chitanța %(label)s, pentru %(amount)s primiți pentru %(document)s.") % received
            more = _("Găsiți alăturat PDF-ul.")
        case _ if invoice.kind == Kind.PROFORMA:
            subject = _("%(document)s de la %(firma)s") % facts
            said = _("Vă trimitem %(document)s din %(day)s, în valoare de %(suma)s.") % facts
            more = _("Proforma nu este factură: factura o primiți după plată. Găsiți alăturat PDF-ul.")
        case _:
            subject = _("%(document)s de la %(firma)s") % facts
            said = _("Vă trimitem %(document)s din %(day)s, în valoare de %(suma)s.") % facts
            if invoice.due_date and invoice.payable > 0:
                said += " " + _("Scadența este pe %(scadenta)s.") % facts
            more = _("Găsiți alăturat PDF-ul și fișierul XML.")
    return Text(subject[:1].upper() + subject[1:], f"{hello}\n\n{said}\n{more}\n\n{goodbye}\n")
