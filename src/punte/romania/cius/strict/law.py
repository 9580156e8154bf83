"""What the law and the registers know of a value: VAT rates of the day, fiscal codes, bank accounts."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from punte.en16931.rules.arithmetic import amount
from punte.en16931.rules.categories import is_vat
from punte.en16931.rules.family import Family
from punte.en16931.rules.nodes import Document, Node
from punte.en16931.rules.values import trim

from ... import vat
from ...identity import BadIdentity, cui, iban

#: the day of the chargeable event, by what is there: tax point (BT-7), delivery (BT-72), end of period (BT-74), issue
DAYS: Final = (
    ("cbc:TaxPointDate",),
    ("cac:Delivery", "cbc:ActualDeliveryDate"),
    ("cac:InvoicePeriod", "cbc:EndDate"),
    ("cbc:IssueDate",),
)
SELLER: Final = ("cac:AccountingSupplierParty", "cac:Party", "cac:PartyTaxScheme")
REPRESENTATIVE: Final = ("cac:TaxRepresentativeParty", "cac:PartyTaxScheme")
BUYER_COUNTRY: Final = (
    "cac:AccountingCustomerParty", "cac:Party", "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode",
)  # fmt: skip
DELIVERY_COUNTRY: Final = (
    "cac:Delivery", "cac:DeliveryLocation", "cac:Address", "cac:Country", "cbc:IdentificationCode",
)  # fmt: skip

family = Family()


def _romanian_rates(document: Document) -> tuple[vat.Rate, ...]:
    """The rates of the day for a supply in Romania by somebody registered there; () when this is not known to be one.

    A sale to a consumer abroad may bear the rate of his country (one stop shop).
    """
    root = document.root
    registrations = (*root.select(*SELLER), *root.select(*REPRESENTATIVE))
    romanian = any(is_vat(item) and trim(item.text_of("cbc:CompanyID")).startswith("RO") for item in registrations)
    abroad = {trim(node.text) for path in (BUYER_COUNTRY, DELIVERY_COUNTRY) for node in root.select(*path)} - {"RO"}
    if not romanian or abroad:
        return ()
    for path in DAYS:
        if day := root.select(*path):
            try:
                return vat.rates(date.fromisoformat(trim(day[0].text)))
            except ValueError:
                return ()  # BR-RO-DT says so
    return ()


def _corrects(document: Document) -> bool:
    """A document that corrects, or names, an older one keeps the rate of the older supply."""
    root = document.root
    return document.is_credit_note or root.has("cac:BillingReference") or root.text_of("cbc:InvoiceTypeCode") == "384"


@family.rule("PUNTE-VAT-RATE", term="BT-119", field="cbc:Percent")
def rate_is_a_romanian_one(category: Node, document: Document) -> bool:
    """The rate of category S was in force in Romania some day."""
    rate = amount(category, "cbc:Percent")
    return rate is None or not _romanian_rates(document) or vat.is_known_rate(rate)


@family.rule("PUNTE-VAT-RATE-DAY", term="BT-119", field="cbc:Percent", warning=True)
def rate_is_of_the_day(category: Node, document: Document) -> bool:
    """The rate is in force on the day of the chargeable event. A warning: an advance may keep the rate of its day."""
    rate, of_the_day = amount(category, "cbc:Percent"), _romanian_rates(document)
    if rate is None or not of_the_day or not vat.is_known_rate(rate) or _corrects(document):
        return True
    return any(rate == known.percent for known in of_the_day)


def _is_cui(text: str) -> bool:
    try:
        cui(text)
    except BadIdentity:
        return False
    return True


def _romanian_vat_identifier(registration: Node, _: Document) -> bool:
    """What begins with RO goes on as a fiscal code, its check digit right."""
    identifiers = (trim(node.text) for node in registration.select("cbc:CompanyID"))
    return all(_is_cui(text) for text in identifiers if text.startswith("RO"))


def _fiscal_code_if_it_looks_like_one(identity: Node, _: Document) -> bool:
    """In Romania 2 to 10 digits are a fiscal code. A number of the trade register (J40/1/2020), or a CNP, is not."""
    party = identity.parent or identity
    country = {trim(node.text) for node in party.select("cac:PostalAddress", "cac:Country", "cbc:IdentificationCode")}
    identifiers = (trim(node.text) for node in identity.select("cbc:CompanyID"))
    return country != {"RO"} or all(_is_cui(text) for text in identifiers if re.fullmatch("(RO ?)?[0-9]{2,10}", text))


for term in ("BT-31", "BT-48", "BT-63"):
    family.add(f"PUNTE-CUI-{term}", term, _romanian_vat_identifier, "cbc:CompanyID")
for term in ("BT-30", "BT-32", "BT-47"):
    family.add(f"PUNTE-CUI-{term}", term, _fiscal_code_if_it_looks_like_one, "cbc:CompanyID")


def _iban_if_it_looks_like_one(account: Node, _: Document) -> bool:
    """Two letters, two digits and eleven signs or more are an IBAN, its check digits right; other accounts pass."""
    text = re.sub(r"\s", "", account.text).upper()
    if not re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,}", text):
        return True
    try:
        iban(text)
    except BadIdentity:
        return False
    return True


family.add("PUNTE-IBAN-BT-84", "BT-84", _iban_if_it_looks_like_one)
family.add("PUNTE-IBAN-BT-91", "BT-91", _iban_if_it_looks_like_one)
