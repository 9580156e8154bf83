"""Seller, buyer, payee, tax representative and addresses from UBL."""

from __future__ import annotations

from ..model import Address, Buyer, Contact, Payee, Seller, TaxRepresentative
from .received import Received
from .write_parties import FISCAL, SEPA


def read_seller(document: Received) -> Seller:
    party = document.one("cac:AccountingSupplierParty", "cac:Party")
    return Seller(
        name=party.text("cac:PartyLegalEntity", "cbc:RegistrationName"),
        trading_name=party.text("cac:PartyName", "cbc:Name"),
        identifiers=tuple(
            identifier
            for identification in _identifications(party)
            if (identifier := identification.take().identifier("cbc:ID")) is not None
        ),
        legal_registration_identifier=party.identifier("cac:PartyLegalEntity", "cbc:CompanyID"),
        vat_identifier=_vat_identifier(party),
        tax_registration_identifier=_tax_registration_identifier(party),
        additional_legal_information=party.text("cac:PartyLegalEntity", "cbc:CompanyLegalForm"),
        electronic_address=party.identifier("cbc:EndpointID"),
        address=read_address(party.one("cac:PostalAddress")) or Address(),
        contact=_contact(party),
    )


def read_buyer(document: Received) -> Buyer:
    party = document.one("cac:AccountingCustomerParty", "cac:Party")
    return Buyer(
        name=party.text("cac:PartyLegalEntity", "cbc:RegistrationName"),
        trading_name=party.text("cac:PartyName", "cbc:Name"),
        identifier=party.identifier("cac:PartyIdentification", "cbc:ID"),
        legal_registration_identifier=party.identifier("cac:PartyLegalEntity", "cbc:CompanyID"),
        vat_identifier=_vat_identifier(party),
        electronic_address=party.identifier("cbc:EndpointID"),
        address=read_address(party.one("cac:PostalAddress")) or Address(),
        contact=_contact(party),
    )


def read_payee(document: Received) -> Payee | None:
    party = document.one("cac:PayeeParty")
    payee = Payee(
        name=party.text("cac:PartyName", "cbc:Name"),
        identifier=next((each.take().identifier("cbc:ID") for each in _identifications(party)), None),
        legal_registration_identifier=party.identifier("cac:PartyLegalEntity", "cbc:CompanyID"),
    )
    return None if payee == Payee() else payee


def read_creditor_identifier(document: Received) -> str | None:
    """BT-90: UBL keeps it among the identifiers of the seller, or of the payee, under the scheme SEPA."""
    for party in (document.see("cac:AccountingSupplierParty", "cac:Party"), document.see("cac:PayeeParty")):
        for identification in party.each("cac:PartyIdentification"):
            if _scheme(identification) == SEPA:
                creditor = identification.take().identifier("cbc:ID")
                return None if creditor is None else creditor.value
    return None


def read_tax_representative(document: Received) -> TaxRepresentative | None:
    party = document.one("cac:TaxRepresentativeParty")
    representative = TaxRepresentative(
        name=party.text("cac:PartyName", "cbc:Name"),
        vat_identifier=_vat_identifier(party),
        address=read_address(party.one("cac:PostalAddress")) or Address(),
    )
    return None if representative == TaxRepresentative() else representative


def read_address(element: Received) -> Address | None:
    address = Address(
        line_1=element.text("cbc:StreetName"),
        line_2=element.text("cbc:AdditionalStreetName"),
        line_3=element.text("cac:AddressLine", "cbc:Line"),
        city=element.text("cbc:CityName"),
        post_code=element.text("cbc:PostalZone"),
        subdivision=element.text("cbc:CountrySubentity"),
        country=element.text("cac:Country", "cbc:IdentificationCode"),
    )
    return None if address == Address() else address


def _identifications(party: Received) -> list[Received]:
    """The party's own identifiers: not the creditor identifier of a direct debit."""
    return [each for each in party.each("cac:PartyIdentification") if _scheme(each) != SEPA]


def _scheme(identification: Received) -> str | None:
    return identification.see("cbc:ID").said("schemeID")


def _vat_identifier(party: Received) -> str | None:
    for tax in party.each("cac:PartyTaxScheme"):
        if tax.has_vat_scheme():
            tax.take().take_tax_scheme()
            return tax.text("cbc:CompanyID")
    return None


def _tax_registration_identifier(party: Received) -> str | None:
    for tax in party.each("cac:PartyTaxScheme"):
        if not tax.has_vat_scheme():
            tax.take().take_tax_scheme(FISCAL)
            return tax.text("cbc:CompanyID")
    return None


def _contact(party: Received) -> Contact | None:
    element = party.one("cac:Contact")
    contact = Contact(
        point=element.text("cbc:Name"),
        telephone=element.text("cbc:Telephone"),
        email=element.text("cbc:ElectronicMail"),
    )
    return None if contact == Contact() else contact
