"""Invoice lines, items, prices, allowances and charges from UBL."""

from __future__ import annotations

from ..model import AllowanceCharge, Identifier, Item, ItemAttribute, Kind, Line, Period, Price
from .received import ABSENT, Received
from .write_lines import OBJECT, QUANTITY


def read_line(line: Received, kind: Kind, currency: str) -> Line:
    quantity = line.needed_number(QUANTITY[kind])
    item = line.one("cac:Item")
    category = tax_category(item, "cac:ClassifiedTaxCategory")
    return Line(
        identifier=line.text("cbc:ID") or "",
        note=line.text("cbc:Note"),
        object_identifier=_object_identifier(line),
        quantity=quantity,
        unit=line.see(QUANTITY[kind]).attribute("unitCode") or "",
        net_amount=line.needed_amount("cbc:LineExtensionAmount", currency),
        order_line_reference=line.text("cac:OrderLineReference", "cbc:LineID"),
        buyer_accounting_reference=line.text("cbc:AccountingCost"),
        period=read_period(line),
        allowances=read_allowances_charges(line, currency, charge=False),
        charges=read_allowances_charges(line, currency, charge=True),
        price=_price(line, currency),
        vat_category=category.text("cbc:ID") or "",
        vat_rate=category.number("cbc:Percent"),
        item=_item(item),
    )


def read_period(parent: Received) -> Period | None:
    element = parent.one("cac:InvoicePeriod")
    period = Period(start=element.date("cbc:StartDate"), end=element.date("cbc:EndDate"))
    return None if period == Period() else period


def read_allowances_charges(parent: Received, currency: str, *, charge: bool) -> tuple[AllowanceCharge, ...]:
    return tuple(
        _allowance_charge(element.take(), currency, of_line=parent.element.tag.endswith("Line"))
        for element in parent.each("cac:AllowanceCharge")
        if element.indicator("cbc:ChargeIndicator") is charge
    )


def tax_category(parent: Received, name: str) -> Received:
    """The first category that speaks of VAT, or the first there is; taken."""
    category = next((each for each in parent.each(name) if each.has_vat_scheme()), parent.see(name))
    category.take().take_tax_scheme()
    return category


def _allowance_charge(element: Received, currency: str, *, of_line: bool) -> AllowanceCharge:
    category = ABSENT if of_line else tax_category(element, "cac:TaxCategory")
    return AllowanceCharge(
        amount=element.needed_amount("cbc:Amount", currency),
        base_amount=element.amount("cbc:BaseAmount", currency),
        percentage=element.number("cbc:MultiplierFactorNumeric"),
        vat_category=category.text("cbc:ID"),
        vat_rate=category.number("cbc:Percent"),
        reason=element.text("cbc:AllowanceChargeReason"),
        reason_code=element.text("cbc:AllowanceChargeReasonCode"),
    )


def _object_identifier(line: Received) -> Identifier | None:
    for reference in line.each("cac:DocumentReference"):
        if reference.holds("cbc:DocumentTypeCode", OBJECT):
            return reference.take().identifier("cbc:ID")
    return None


def _item(item: Received) -> Item:
    return Item(
        name=item.text("cbc:Name"),
        description=item.text("cbc:Description"),
        sellers_identifier=item.text("cac:SellersItemIdentification", "cbc:ID"),
        buyers_identifier=item.text("cac:BuyersItemIdentification", "cbc:ID"),
        standard_identifier=item.identifier("cac:StandardItemIdentification", "cbc:ID"),
        classifications=tuple(
            Identifier(value, code.attribute("listID"), code.attribute("listVersionID"))
            for classification in item.each("cac:CommodityClassification")
            if (code := classification.take().one("cbc:ItemClassificationCode")) and (value := code.content())
        ),
        country_of_origin=item.text("cac:OriginCountry", "cbc:IdentificationCode"),
        attributes=tuple(
            ItemAttribute(name=each.take().text("cbc:Name") or "", value=each.text("cbc:Value") or "")
            for each in item.each("cac:AdditionalItemProperty")
            if each.content()
        ),
    )


def _price(line: Received, currency: str) -> Price:
    price = line.one("cac:Price")
    allowance = price.see("cac:AllowanceCharge")
    if allowance and not allowance.indicator("cbc:ChargeIndicator"):
        allowance.take()
    return Price(
        net=price.needed_amount("cbc:PriceAmount", currency),
        discount=allowance.amount("cbc:Amount", currency),
        gross=allowance.amount("cbc:BaseAmount", currency),
        base_quantity=price.number("cbc:BaseQuantity"),
        base_quantity_unit=price.see("cbc:BaseQuantity").attribute("unitCode"),
    )
