"""The files of a document: what the client, the accountant and ANAF are given of it."""

from __future__ import annotations

from punte import en16931
from punte.en16931 import model as en
from punte.render import LogoNotUsable
from punte.render import pdf as render_pdf

from . import document
from .models import Frozen, Invoice, Stage


def frozen(invoice: Invoice) -> bytes | None:
    """The bytes that went to ANAF, go there now, or were issued without; None while the document may change."""
    if invoice.is_editable:
        return None
    if invoice.stage == Stage.NOT_SENT:
        return next((bytes(kept.document) for kept in Frozen.objects.filter(invoice=invoice)), None)
    submission = invoice.submissions.order_by("pk").last()
    return bytes(submission.document) if submission else None


def shown_document(invoice: Invoice) -> en.Invoice:
    sent = frozen(invoice)
    return en16931.read_ubl(sent) if sent else document.build(invoice)


def pdf(invoice: Invoice, language: str = "ro") -> bytes:
    """The human copy, with the XML in it once it cannot change; the firm's logo is on it."""
    shown, sent = shown_document(invoice), frozen(invoice)
    logo = bytes(invoice.firm.logo) if invoice.firm.logo else None
    try:
        return render_pdf(shown, xml=sent, logo=logo, language=language)
    except LogoNotUsable:  # kept for the page; the paper does without
        return render_pdf(shown, xml=sent, language=language)


def xml(invoice: Invoice) -> bytes:
    """The UBL as it was sent; of a draft as it would be."""
    return frozen(invoice) or document.ubl(invoice)


def stem(invoice: Invoice) -> str:
    """The name of a file: `DI-0188`; a draft says that it is one."""
    label = "".join(c if c.isascii() and c.isalnum() else "-" for c in invoice.label)
    if invoice.is_editable and invoice.stage != Stage.ISSUED:
        return f"CIORNA-{label or invoice.pk}"
    return label
