"""Who takes part, as lines of an address block: Romanian identifiers by their names, counties and sectors in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from punte.en16931.codelists import entries
from punte.en16931.model import Address, Buyer, Contact, Identifier, Invoice, Payee, Seller, TaxRepresentative
from punte.romania.identity import CONSUMER_WITHOUT_CNP

from .wording import Wording

Block = dict[str, str | list[str]]

# J12/884/2019, and since 26 July 2024 J2019000884123. The form alone: a copy shows a wrong number too.
TRADE_REGISTER = re.compile(r"[JFC]\s?\d{1,2}/\d+/\d{4}|[JFC]\d{13}", re.I)

PERSONAL_CODE = re.compile(r"[1-9]\d{12}")  # CNP, or the NIF of a foreigner


def blocks(invoice: Invoice, words: Wording) -> list[Block]:
    """Seller and buyer, then the payee, tax representative and place of delivery where the document has them."""
    found = [_party("seller", invoice.seller, words), _party("buyer", invoice.buyer, words)]
    if invoice.payee:
        found.append(_party("payee", invoice.payee, words))
    if invoice.tax_representative:
        found.append(_party("tax_representative", invoice.tax_representative, words))
    if (delivery := invoice.delivery) and (delivery.address or delivery.name or delivery.location):
        lines = list(address_lines(delivery.address, words)) if delivery.address else []
        if delivery.location:
            lines.append(f"{words.label('identifier')} {delivery.location.value}")
        found.append({"role": words.label("delivery"), "name": delivery.name or "", "lines": lines})
    return found


def _party(role: str, party: Seller | Buyer | Payee | TaxRepresentative, words: Wording) -> Block:
    lines = [" · ".join(dict.fromkeys(_identifiers(party, words)))]
    if isinstance(party, Seller | Buyer) and party.trading_name and party.trading_name != party.name:
        lines.insert(0, party.trading_name)
    if isinstance(party, Seller) and party.additional_legal_information:
        lines.append(party.additional_legal_information)
    if not isinstance(party, Payee):
        lines += address_lines(party.address, words)
    if isinstance(party, Seller | Buyer) and party.contact:
        lines += _contact(party.contact, words)
    return {"role": words.label(role), "name": party.name or "", "lines": [line for line in lines if line]}


def _identifiers(party: Seller | Buyer | Payee | TaxRepresentative, words: Wording) -> Iterator[str]:
    """Each identifier once: `CUI RO 41287658`, `Reg. com. F12/884/2019`, `CNP …`."""
    vat = None if isinstance(party, Payee) else party.vat_identifier
    if vat:
        yield _fiscal_code(vat, words)
    code = party.tax_registration_identifier if isinstance(party, Seller) else None
    if code and code != (vat or "")[2:]:
        yield _fiscal_code(code, words)
    legal = None if isinstance(party, TaxRepresentative) else party.legal_registration_identifier
    if legal and legal.value not in (vat, (vat or "")[2:], code) and not _is_buyers_personal(party, legal):
        yield _legal(legal.value.strip(), words)
    for other in _others(party):
        if other.value.strip() != CONSUMER_WITHOUT_CNP and (legal is None or other.value != legal.value):
            yield f"{words.label('identifier')} {other.value}"


def _is_buyers_personal(party: Seller | Buyer | Payee | TaxRepresentative, legal: Identifier) -> bool:
    """A private buyer's CNP goes to ANAF and on no paper; thirteen zeros are no code of anybody."""
    value = legal.value.strip()
    return value == CONSUMER_WITHOUT_CNP or (isinstance(party, Buyer) and PERSONAL_CODE.fullmatch(value) is not None)


def _others(party: Seller | Buyer | Payee | TaxRepresentative) -> tuple[Identifier, ...]:
    if isinstance(party, Seller):
        return party.identifiers
    single = None if isinstance(party, TaxRepresentative) else party.identifier
    return (single,) if single else ()


def _fiscal_code(code: str, words: Wording) -> str:
    code = code.strip()
    if PERSONAL_CODE.fullmatch(code):
        return f"{words.label('personal_code')} {code}"
    if code.isdigit():
        return f"{words.label('fiscal_code')} {code}"
    if code.upper().startswith("RO") and code[2:].strip().isdigit():
        return f"{words.label('fiscal_code')} RO {code[2:].strip()}"
    return f"{words.label('vat_code')} {code}"


def _legal(code: str, words: Wording) -> str:
    if TRADE_REGISTER.fullmatch(code):
        return f"{words.label('trade_register')} {code}"
    if code.isdigit() and len(code) == 13:
        return f"{words.label('personal_code')} {code}"
    if code.removeprefix("RO").strip().isdigit() and len(code) <= 12:
        return _fiscal_code(code, words)
    return f"{words.label('registration')} {code}"


def _contact(contact: Contact, words: Wording) -> Iterator[str]:
    if contact.point:
        yield contact.point
    reach = [f"{words.label('telephone')} {contact.telephone}"] if contact.telephone else []
    if line := " · ".join([*reach, *([contact.email] if contact.email else [])]):
        yield line


def address_lines(address: Address, words: Wording) -> Iterator[str]:
    """Street, then `400001 Cluj-Napoca, jud. Cluj`, then the country unless it is Romania."""
    yield from filter(None, (address.line_1, address.line_2, address.line_3))
    romanian = address.country == "RO"
    city, region = address.city, address.subdivision
    if romanian and region == "RO-B":
        city, region = entries("ro-sectors").get(city or "", {}).get("label_ro", city), None
        if city and "București" not in city:
            city = f"{city}, București"
    elif romanian and region:
        region = words.label("county", county=entries("ro-counties").get(region, {}).get("name_en", region))
    place = " ".join(filter(None, (address.post_code, city)))
    yield from filter(None, (", ".join(filter(None, (place, region if region != city else None))),))
    if address.country and not romanian:
        yield words.country(address.country)
