"""The human copy of an invoice. The legal original is the XML with the Ministry's seal; this is for reading."""

from .dossier import DossierPaper, Entry, Section, dossier_pdf
from .receipt import Receipt, receipt_pdf
from .typesetting import LogoNotUsable, pdf
from .wording import LANGUAGES

__all__ = [
    "LANGUAGES",
    "DossierPaper",
    "Entry",
    "LogoNotUsable",
    "Receipt",
    "Section",
    "dossier_pdf",
    "pdf",
    "receipt_pdf",
]
