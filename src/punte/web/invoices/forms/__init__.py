"""The parts of the editor as forms: the client, the document, its rows, what is taken off or added to the whole."""

from .adjustment import AdjustmentForm, ChargeForm, DiscountForm
from .client import ClientForm, ClientPageForm, countries, looks_like_cui
from .head import REFERENCES, HeadForm
from .line import LineForm
from .part import Part
from .product import ProductForm

__all__ = [
    "REFERENCES",
    "AdjustmentForm",
    "ChargeForm",
    "ClientForm",
    "ClientPageForm",
    "DiscountForm",
    "HeadForm",
    "LineForm",
    "Part",
    "ProductForm",
    "countries",
    "looks_like_cui",
]
