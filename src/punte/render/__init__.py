"""The human copy of an invoice. The legal original is the XML with the Ministry's seal; this is for reading."""

from .receipt import Receipt, receipt_pdf
from .typesetting import LogoNotUsable, pdf
from .wording import LANGUAGES

__all__ = ["LANGUAGES", "LogoNotUsable", "Receipt", "pdf", "receipt_pdf"]
