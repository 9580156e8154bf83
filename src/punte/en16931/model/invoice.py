"""The document: an invoice or a credit note of EN 16931, whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from .amounts import AllowanceCharge, Totals
from .invoice_parts import Delivery, Note, Period, PrecedingInvoice, SupportingDocument
from .line import Line
from .party import Buyer, Identifier, Payee, Seller, TaxRepresentative
from .payment import PaymentInstructions
from .vat import VatBreakdown


class Kind(StrEnum):
    """The two documents of the syntax; the value is the name of the UBL root."""

    INVOICE = "Invoice"
    CREDIT_NOTE = "CreditNote"


class InvoiceType(StrEnum):
    """Invoice type codes (BT-3, UNTDID 1001) met most often; the field stays `str`."""

    INVOICE = "380"
    CREDIT_NOTE = "381"
    CORRECTED = "384"
    SELF_BILLED = "389"
    FOR_ACCOUNTING = "751"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice or credit note by EN 16931-1:2017, each field with its business term or group.

    Amounts are `Decimal` in `currency` (BT-5), dates `date`, codes `str` as received, absence None or ().
    Nothing is validated here: a received document may be wrong, and `punte.romania.check` says how.
    """

    kind: Kind = Kind.INVOICE
    number: Annotated[str, "BT-1"]
    issue_date: Annotated[date, "BT-2"]
    type_code: Annotated[str, "BT-3"] = InvoiceType.INVOICE
    currency: Annotated[str, "BT-5"] = "RON"
    vat_accounting_currency: Annotated[str | None, "BT-6"] = None
    vat_point_date: Annotated[date | None, "BT-7"] = None
    vat_point_date_code: Annotated[str | None, "BT-8"] = None
    due_date: Annotated[date | None, "BT-9"] = None
    buyer_reference: Annotated[str | None, "BT-10"] = None
    project_reference: Annotated[str | None, "BT-11"] = None
    contract_reference: Annotated[str | None, "BT-12"] = None
    purchase_order_reference: Annotated[str | None, "BT-13"] = None
    sales_order_reference: Annotated[str | None, "BT-14"] = None
    receiving_advice_reference: Annotated[str | None, "BT-15"] = None
    despatch_advice_reference: Annotated[str | None, "BT-16"] = None
    tender_or_lot_reference: Annotated[str | None, "BT-17"] = None
    object_identifier: Annotated[Identifier | None, "BT-18"] = None
    buyer_accounting_reference: Annotated[str | None, "BT-19"] = None
    payment_terms: Annotated[str | None, "BT-20"] = None
    notes: Annotated[tuple[Note, ...], "BG-1"] = ()
    business_process: Annotated[str | None, "BT-23"] = None
    specification: Annotated[str, "BT-24"]
    preceding_invoices: Annotated[tuple[PrecedingInvoice, ...], "BG-3"] = ()
    seller: Annotated[Seller, "BG-4"]
    buyer: Annotated[Buyer, "BG-7"]
    payee: Annotated[Payee | None, "BG-10"] = None
    tax_representative: Annotated[TaxRepresentative | None, "BG-11"] = None
    delivery: Annotated[Delivery | None, "BG-13"] = None
    period: Annotated[Period | None, "BG-14"] = None
    payment: Annotated[PaymentInstructions | None, "BG-16"] = None
    allowances: Annotated[tuple[AllowanceCharge, ...], "BG-20"] = ()
    charges: Annotated[tuple[AllowanceCharge, ...], "BG-21"] = ()
    totals: Annotated[Totals, "BG-22"]
    vat_breakdown: Annotated[tuple[VatBreakdown, ...], "BG-23"] = ()
    supporting_documents: Annotated[tuple[SupportingDocument, ...], "BG-24"] = ()
    lines: Annotated[tuple[Line, ...], "BG-25"] = ()
