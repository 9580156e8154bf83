"""Seller, buyer, payee, tax representative and addresses in UBL."""

from __future__ import annotations

from ..model import Address, Buyer, Contact, Identifier, Invoice, Payee, TaxRepresentative
from .elements import Aggregate

SEPA = "SEPA"  # the scheme under which UBL keeps the creditor identifier (BT-90) among the seller's identifiers
FISCAL = "FISCAL"  # scheme of a tax number that is no VAT number (BT-32); EN 16931 asks only that it is not VAT


def write_seller(document: Aggregate, invoice: Invoice) -> None:
    seller = invoice.seller
    party = document.child("cac:AccountingSupplierParty").child("cac:Party")
    party.identifier("cbc:EndpointID", seller.electronic_address)
    for identifier in seller.identifiers:
        party.child("cac:PartyIdentification").identifier("cbc:ID", identifier)
    debit = invoice.payment and invoice.payment.direct_debit
    if debit and debit.creditor_identifier:
        creditor = Identifier(debit.creditor_identifier, SEPA)
        party.child("cac:PartyIdentification").identifier("cbc:ID", creditor)
    party.child("cac:PartyName").text("cbc:Name", seller.trading_name)
    write_address(party.child("cac:PostalAddress"), seller.address)
    _write_tax_identifier(party, seller.vat_identifier, "VAT")
    _write_tax_identifier(party, seller.tax_registration_identifier, FISCAL)
    legal = party.child("cac:PartyLegalEntity")
    legal.text("cbc:RegistrationName", seller.name)
    legal.identifier("cbc:CompanyID", seller.legal_registration_identifier)
    legal.text("cbc:CompanyLegalForm", seller.additional_legal_information)
    _write_contact(party, seller.contact)


def write_buyer(document: Aggregate, buyer: Buyer) -> None:
    party = document.child("cac:AccountingCustomerParty").child("cac:Party")
    party.identifier("cbc:EndpointID", buyer.electronic_address)
    party.child("cac:PartyIdentification").identifier("cbc:ID", buyer.identifier)
    party.child("cac:PartyName").text("cbc:Name", buyer.trading_name)
    write_address(party.child("cac:PostalAddress"), buyer.address)
    _write_tax_identifier(party, buyer.vat_identifier, "VAT")
    legal = party.child("cac:PartyLegalEntity")
    legal.text("cbc:RegistrationName", buyer.name)
    legal.identifier("cbc:CompanyID", buyer.legal_registration_identifier)
    _write_contact(party, buyer.contact)


def write_payee(document: Aggregate, payee: Payee | None) -> None:
    if payee is None:
        return
    party = document.child("cac:PayeeParty")
    party.child("cac:PartyIdentification").identifier("cbc:ID", payee.identifier)
    party.child("cac:PartyName").text("cbc:Name", payee.name)
    party.child("cac:PartyLegalEntity").identifier("cbc:CompanyID", payee.legal_registration_identifier)


def write_tax_representative(document: Aggregate, representative: TaxRepresentative | None) -> None:
    if representative is None:
        return
    party = document.child("cac:TaxRepresentativeParty")
    party.child("cac:PartyName").text("cbc:Name", representative.name)
    write_address(party.child("cac:PostalAddress"), representative.address)
    _write_tax_identifier(party, representative.vat_identifier, "VAT")


def write_address(element: Aggregate, address: Address) -> None:
    element.text("cbc:StreetName", address.line_1)
    element.text("cbc:AdditionalStreetName", address.line_2)
    element.text("cbc:CityName", address.city)
    element.text("cbc:PostalZone", address.post_code)
    element.text("cbc:CountrySubentity", address.subdivision)
    element.child("cac:AddressLine").text("cbc:Line", address.line_3)
    element.child("cac:Country").text("cbc:IdentificationCode", address.country)


def _write_tax_identifier(party: Aggregate, identifier: str | None, scheme: str) -> None:
    if identifier:
        tax_scheme = party.child("cac:PartyTaxScheme")
        tax_scheme.text("cbc:CompanyID", identifier)
        tax_scheme.tax_scheme(scheme)


def _write_contact(party: Aggregate, given: Contact | None) -> None:
    if given is not None:
        contact = party.child("cac:Contact")
        contact.text("cbc:Name", given.point)
        contact.text("cbc:Telephone", given.telephone)
        contact.text("cbc:ElectronicMail", given.email)
