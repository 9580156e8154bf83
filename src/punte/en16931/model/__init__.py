"""The semantic model of EN 16931-1:2017: values by the norm's own names, each field with its business term."""

from .amounts import AllowanceCharge, Totals
from .invoice import Invoice, InvoiceType, Kind
from .invoice_parts import Attachment, Delivery, Note, Period, PrecedingInvoice, SupportingDocument
from .line import Item, ItemAttribute, Line, Price
from .party import Address, Buyer, Contact, Identifier, Payee, Seller, TaxRepresentative
from .payment import CreditTransfer, DirectDebit, PaymentCard, PaymentInstructions
from .vat import VatBreakdown, VatCategory

__all__ = [
    "Address", "AllowanceCharge", "Attachment", "Buyer", "Contact", "CreditTransfer", "Delivery", "DirectDebit",
    "Identifier", "Invoice", "InvoiceType", "Item", "ItemAttribute", "Kind", "Line", "Note", "Payee", "PaymentCard",
    "PaymentInstructions", "Period", "PrecedingInvoice", "Price", "Seller", "SupportingDocument", "TaxRepresentative",
    "Totals", "VatBreakdown", "VatCategory",
]  # fmt: skip
