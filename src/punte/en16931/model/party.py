"""Who takes part: seller (BG-4), buyer (BG-7), payee (BG-10), tax representative (BG-11), and where they live."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier and its list (`scheme`: ISO 6523 ICD, EAS … as the term says; None where unstated)."""

    value: str
    scheme: str | None = None
    scheme_version: str | None = None  # BT-158-2 alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address: BG-5, BG-8, BG-12 or BG-15; the terms named are the seller's."""

    line_1: Annotated[str | None, "BT-35"] = None
    line_2: Annotated[str | None, "BT-36"] = None
    line_3: Annotated[str | None, "BT-162"] = None
    city: Annotated[str | None, "BT-37"] = None
    post_code: Annotated[str | None, "BT-38"] = None
    subdivision: Annotated[str | None, "BT-39"] = None  # Romania: ISO 3166-2, `RO-CJ`
    country: Annotated[str | None, "BT-40"] = None  # ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Seller contact (BG-6) or buyer contact (BG-9)."""

    point: Annotated[str | None, "BT-41"] = None
    telephone: Annotated[str | None, "BT-42"] = None
    email: Annotated[str | None, "BT-43"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Seller (BG-4)."""

    name: Annotated[str | None, "BT-27"] = None
    trading_name: Annotated[str | None, "BT-28"] = None
    identifiers: Annotated[tuple[Identifier, ...], "BT-29"] = ()
    legal_registration_identifier: Annotated[Identifier | None, "BT-30"] = None
    vat_identifier: Annotated[str | None, "BT-31"] = None  # with its country: `RO12345674`
    tax_registration_identifier: Annotated[str | None, "BT-32"] = None  # without: `12345674`
    additional_legal_information: Annotated[str | None, "BT-33"] = None
    electronic_address: Annotated[Identifier | None, "BT-34"] = None
    address: Annotated[Address, "BG-5"] = field(default_factory=Address)
    contact: Annotated[Contact | None, "BG-6"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Buyer (BG-7)."""

    name: Annotated[str | None, "BT-44"] = None
    trading_name: Annotated[str | None, "BT-45"] = None
    identifier: Annotated[Identifier | None, "BT-46"] = None
    legal_registration_identifier: Annotated[Identifier | None, "BT-47"] = None
    vat_identifier: Annotated[str | None, "BT-48"] = None
    electronic_address: Annotated[Identifier | None, "BT-49"] = None
    address: Annotated[Address, "BG-8"] = field(default_factory=Address)
    contact: Annotated[Contact | None, "BG-9"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Payee (BG-10), when it is not the seller."""

    name: Annotated[str | None, "BT-59"] = None
    identifier: Annotated[Identifier | None, "BT-60"] = None
    legal_registration_identifier: Annotated[Identifier | None, "BT-61"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRepresentative:
    """Seller tax representative party (BG-11)."""

    name: Annotated[str | None, "BT-62"] = None
    vat_identifier: Annotated[str | None, "BT-63"] = None
    address: Annotated[Address, "BG-12"] = field(default_factory=Address)
