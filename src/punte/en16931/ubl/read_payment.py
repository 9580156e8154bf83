"""Payment instructions, terms and due date from UBL."""

from __future__ import annotations

from datetime import date

from ..model import CreditTransfer, DirectDebit, PaymentCard, PaymentInstructions
from .received import Received
from .write_payment import NOT_DEFINED, NOT_GIVEN


def read_due_date_of_credit_note(document: Received) -> date | None:
    """BT-9, which a credit note repeats in each PaymentMeans: taken wherever it is the same."""
    due_date: date | None = None
    for means in document.each("cac:PaymentMeans"):
        if due_date is None:
            due_date = means.date("cbc:PaymentDueDate")
        else:
            means.holds("cbc:PaymentDueDate", due_date.isoformat())
    return due_date


def read_payment(document: Received, creditor_identifier: str | None) -> PaymentInstructions | None:
    """One set of instructions (BG-16) from all PaymentMeans; a second, different code stays unmodelled."""
    all_means = [means.take() for means in document.each("cac:PaymentMeans")]
    if not all_means:
        return None
    first, *others = all_means
    code = first.one("cbc:PaymentMeansCode")
    instructions = PaymentInstructions(
        means_code=code.content() or "",
        means_text=code.attribute("name") if code.content() else None,
        remittance_information=first.text("cbc:PaymentID"),
        credit_transfers=tuple(transfer for means in all_means if (transfer := _credit_transfer(means))),
        card=next((card for means in all_means if (card := _card(means))), None),
        direct_debit=_direct_debit(all_means, creditor_identifier),
    )
    for means in others:
        repeated = means.see("cbc:PaymentMeansCode")
        if means.holds("cbc:PaymentMeansCode", code.content()) and repeated.said("name") == code.said("name"):
            repeated.attribute("name")
        means.holds("cbc:PaymentID", instructions.remittance_information)
    if instructions == PaymentInstructions(means_code=""):
        return None
    # Code 1 beside nothing is how a credit note carries a due date without instructions.
    if instructions == PaymentInstructions(means_code=NOT_DEFINED) and first.text("cbc:PaymentDueDate"):
        return None
    return instructions


def _credit_transfer(means: Received) -> CreditTransfer | None:
    account = means.one("cac:PayeeFinancialAccount")
    transfer = CreditTransfer(
        account=account.text("cbc:ID") or "",
        account_name=account.text("cbc:Name"),
        service_provider=account.text("cac:FinancialInstitutionBranch", "cbc:ID"),
    )
    return None if transfer == CreditTransfer(account="") else transfer


def _card(means: Received) -> PaymentCard | None:
    card = means.one("cac:CardAccount")
    card.holds("cbc:NetworkID", NOT_GIVEN)
    number, holder = card.text("cbc:PrimaryAccountNumberID"), card.text("cbc:HolderName")
    return PaymentCard(account_number=number or "", holder_name=holder) if number or holder else None


def _direct_debit(all_means: list[Received], creditor_identifier: str | None) -> DirectDebit | None:
    having_one = (means for means in all_means if means.see("cac:PaymentMandate"))
    mandate = next(having_one, all_means[0]).one("cac:PaymentMandate")
    debit = DirectDebit(
        mandate_reference=mandate.text("cbc:ID"),
        creditor_identifier=creditor_identifier,
        debited_account=mandate.text("cac:PayerFinancialAccount", "cbc:ID"),
    )
    return None if debit == DirectDebit() else debit
