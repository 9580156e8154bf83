"""How the invoice is to be paid: payment instructions (BG-16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransfer:
    """Credit transfer (BG-17)."""

    account: Annotated[str, "BT-84"]  # IBAN without spaces, or the national form
    account_name: Annotated[str | None, "BT-85"] = None
    service_provider: Annotated[str | None, "BT-86"] = None  # BIC


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCard:
    """Payment card information (BG-18); the number never whole."""

    account_number: Annotated[str, "BT-87"]
    holder_name: Annotated[str | None, "BT-88"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit:
    """Direct debit (BG-19)."""

    mandate_reference: Annotated[str | None, "BT-89"] = None
    creditor_identifier: Annotated[str | None, "BT-90"] = None
    debited_account: Annotated[str | None, "BT-91"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInstructions:
    """Payment instructions (BG-16)."""

    means_code: Annotated[str, "BT-81"]  # UNTDID 4461: 30 credit transfer, 10 cash, 48 card
    means_text: Annotated[str | None, "BT-82"] = None
    remittance_information: Annotated[str | None, "BT-83"] = None
    credit_transfers: Annotated[tuple[CreditTransfer, ...], "BG-17"] = ()
    card: Annotated[PaymentCard | None, "BG-18"] = None
    direct_debit: Annotated[DirectDebit | None, "BG-19"] = None
