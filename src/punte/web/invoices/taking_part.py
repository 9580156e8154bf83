"""Who sells and who buys, as the document names them (BG-4, BG-7).

In a self-billed invoice they change places: the client sells, and the firm, which writes it, buys. Where every line is
outside VAT (category O) neither side may carry a VAT identifier (BR-O-02 to BR-O-04): the bare code stands in BT-32
and BT-47.
"""

from __future__ import annotations

from punte.en16931 import model as en
from punte.romania import vat
from punte.romania.identity import CONSUMER_WITHOUT_CNP
from punte.web.firms.models import Firm, PostalAddress

from .models import Client, Invoice


def seller(invoice: Invoice, *, outside: bool) -> en.Seller:
    """BG-4. `outside`: every line is of category O."""
    of = invoice.client if invoice.self_billed else invoice.firm
    code = _own_code(of)
    registered = of.vat_registered and not outside
    capital = of.share_capital if isinstance(of, Firm) else ""
    return en.Seller(
        name=of.name or None,
        # Without a VAT identifier and a number in the register, the code is both (BR-CO-26).
        legal_registration_identifier=_identifier(of.trade_register_number or ("" if registered else code)),
        vat_identifier=f"RO{code}" if registered and code else None,
        tax_registration_identifier=None if registered else code or None,
        additional_legal_information=f"Capital social: {capital}" if capital else None,
        address=address(of),
        contact=_contact(of),
    )


def buyer(invoice: Invoice, *, outside: bool, intra_community: bool) -> en.Buyer:
    """BG-7. `intra_community`: goods go to another member state, so its VAT identifier is the one that counts."""
    if invoice.self_billed:
        vat_identifier, legal = _romanian(invoice.firm, outside, seller_registered=invoice.client.vat_registered)
        of: Firm | Client = invoice.firm
    else:
        of = invoice.client
        if of.private:
            vat_identifier, legal = "", of.cnp or CONSUMER_WITHOUT_CNP
        elif of.is_foreign and (intra_community or not (of.cui and of.vat_registered)):
            vat_identifier, legal = _foreign(of, outside)
        else:
            vat_identifier, legal = _romanian(of, outside, seller_registered=invoice.firm.vat_registered)
    return en.Buyer(
        name=of.name or None,
        legal_registration_identifier=_identifier(legal),
        vat_identifier=vat_identifier or None,
        address=address(of),
        contact=_contact(of),
    )


def address(of: PostalAddress) -> en.Address:
    return en.Address(
        line_1=of.street or None,
        city=of.city or None,
        post_code=of.post_code or None,
        subdivision=of.county or None,
        country=of.country or None,
    )


def _own_code(of: Firm | Client) -> str:
    """CUI, or the CNP of who sells as a person."""
    return of.cui or (of.cnp if isinstance(of, Client) else "")


def _romanian(of: Firm | Client, outside: bool, *, seller_registered: bool) -> tuple[str, str]:
    """BT-48 only between two who are registered for VAT; else the bare code in BT-47."""
    both = seller_registered and of.vat_registered and bool(of.cui) and not outside
    return (f"RO{of.cui}", of.trade_register_number) if both else ("", of.cui)


def _foreign(of: Client, outside: bool) -> tuple[str, str]:
    """The VAT identifier of a member state in BT-48; any other code in BT-47."""
    european = vat.in_union(of.country) and bool(of.foreign_vat) and not outside
    return (of.foreign_vat, of.foreign_identifier) if european else ("", of.foreign_identifier or of.foreign_vat)


def _identifier(value: str) -> en.Identifier | None:
    return en.Identifier(value) if value else None


def _contact(of: Firm | Client) -> en.Contact | None:
    point = of.contact if isinstance(of, Client) else ""
    if not (point or of.phone or of.email):
        return None
    return en.Contact(point=point or None, telephone=of.phone or None, email=of.email or None)
