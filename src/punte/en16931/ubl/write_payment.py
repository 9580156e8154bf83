"""Payment instructions and terms in UBL."""

from __future__ import annotations

from ..model import CreditTransfer, Invoice, Kind, PaymentInstructions
from .elements import Aggregate

NOT_DEFINED = "1"  # UNTDID 4461: instrument not defined
NOT_GIVEN = "NA"  # UBL requires the network of a card (NetworkID); EN 16931 has no term for it


def write_payment(document: Aggregate, invoice: Invoice) -> None:
    """One PaymentMeans for each credit transfer, since UBL allows one account in each.

    A credit note has its due date (BT-9) there too: without payment instructions it stands beside code 1.
    """
    payment = invoice.payment
    due_date = invoice.due_date if invoice.kind == Kind.CREDIT_NOTE else None
    if payment is None and due_date is not None:
        payment = PaymentInstructions(means_code=NOT_DEFINED)
    if payment is not None:
        for index, transfer in enumerate(payment.credit_transfers or (None,)):
            means = document.child("cac:PaymentMeans")
            means.text("cbc:PaymentMeansCode", payment.means_code, name=payment.means_text)
            means.date("cbc:PaymentDueDate", due_date)
            means.text("cbc:PaymentID", payment.remittance_information)
            if index == 0:
                _write_card(means, payment)
            _write_account(means, transfer)
            if index == 0:
                _write_mandate(means, payment)
    document.child("cac:PaymentTerms").text("cbc:Note", invoice.payment_terms)


def _write_card(means: Aggregate, payment: PaymentInstructions) -> None:
    if payment.card is not None and (payment.card.account_number or payment.card.holder_name):
        card = means.child("cac:CardAccount")
        card.text("cbc:PrimaryAccountNumberID", payment.card.account_number)
        card.text("cbc:NetworkID", NOT_GIVEN)
        card.text("cbc:HolderName", payment.card.holder_name)


def _write_account(means: Aggregate, transfer: CreditTransfer | None) -> None:
    if transfer is not None:
        account = means.child("cac:PayeeFinancialAccount")
        account.text("cbc:ID", transfer.account)
        account.text("cbc:Name", transfer.account_name)
        account.child("cac:FinancialInstitutionBranch").text("cbc:ID", transfer.service_provider)


def _write_mandate(means: Aggregate, payment: PaymentInstructions) -> None:
    if payment.direct_debit is not None:
        mandate = means.child("cac:PaymentMandate")
        mandate.text("cbc:ID", payment.direct_debit.mandate_reference)
        mandate.child("cac:PayerFinancialAccount").text("cbc:ID", payment.direct_debit.debited_account)
