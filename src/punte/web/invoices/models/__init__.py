"""What the firm sells, to whom, and the documents it writes.

    Client, Product, BankAccount      who and what
    Series, Counter, Gap              how documents are numbered
    Invoice, Line, Adjustment         the document and what it is made of
    Frozen                            an issued document that does not go to ANAF, as it was issued
    Payment                           money received, with its receipt (chitanță) where one was written
    Recurrence                        what is written by itself, from a template
    Letter                            what goes to the client by mail
    Batch                             one press for many documents
    ExchangeRate                      what BNR published, for all firms

Money in the invoice currency, 2 decimals; quantities and unit prices up to 6. The arithmetic is `en16931.totals`'.
"""

from .batch import Batch
from .exchange import ExchangeRate
from .frozen import Frozen
from .invoice import (
    EDITABLE,
    UNDER_WAY,
    Adjustment,
    Invoice,
    Kind,
    Line,
    Stage,
)
from .letter import Letter
from .numbering import Counter, Gap, Purpose, Series
from .parties import BankAccount, Client, Product, folded
from .payment import Means, Payment
from .recurrence import Recurrence

__all__ = [
    "EDITABLE",
    "UNDER_WAY",
    "Adjustment",
    "BankAccount",
    "Batch",
    "Client",
    "Counter",
    "ExchangeRate",
    "Frozen",
    "Gap",
    "Invoice",
    "Kind",
    "Letter",
    "Line",
    "Means",
    "Payment",
    "Product",
    "Purpose",
    "Recurrence",
    "Series",
    "Stage",
    "folded",
]
