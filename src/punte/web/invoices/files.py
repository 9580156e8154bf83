"""The document of an invoice as a file: what was sent, or what it is now; and under which name."""

from __future__ import annotations

from punte import en16931
from punte.en16931 import model as en

from . import document
from .models import Invoice, Stage


def sent_bytes(invoice: Invoice) -> bytes | None:
    """The bytes that went to ANAF, or go there now; None while the invoice may still be changed, or never left."""
    if invoice.is_editable:
        return None
    submission = max(invoice.submissions.all(), key=lambda one: one.pk, default=None)
    return bytes(submission.document) if submission else None


def shown_document(invoice: Invoice) -> en.Invoice:
    sent = sent_bytes(invoice)
    return en16931.read_ubl(sent) if sent else document.build(invoice)


def file_stem(invoice: Invoice) -> str:
    """`DI-0188`; a draft says that it is one."""
    label = "".join(c if c.isascii() and c.isalnum() else "-" for c in invoice.label)
    if invoice.is_editable and invoice.stage != Stage.ISSUED:
        return f"CIORNA-{label or invoice.pk}"
    return label
