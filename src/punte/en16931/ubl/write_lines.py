"""Invoice lines, items, prices, allowances and charges in UBL."""

from __future__ import annotations

from ..model import AllowanceCharge, Item, Kind, Line, Price
from .elements import Aggregate

QUANTITY = {Kind.INVOICE: "cbc:InvoicedQuantity", Kind.CREDIT_NOTE: "cbc:CreditedQuantity"}
OBJECT = "130"  # UNTDID 1001: an invoiced object (BT-18, BT-128)


def write_line(document: Aggregate, given: Line, kind: Kind) -> None:
    line = document.child(f"cac:{kind}Line")
    line.text("cbc:ID", given.identifier)
    line.text("cbc:Note", given.note)
    line.number(QUANTITY[kind], given.quantity, unitCode=given.unit)
    line.amount("cbc:LineExtensionAmount", given.net_amount)
    line.text("cbc:AccountingCost", given.buyer_accounting_reference)
    if given.period is not None:
        period = line.child("cac:InvoicePeriod")
        period.date("cbc:StartDate", given.period.start)
        period.date("cbc:EndDate", given.period.end)
    line.child("cac:OrderLineReference").text("cbc:LineID", given.order_line_reference)
    if given.object_identifier is not None:
        reference = line.child("cac:DocumentReference")
        reference.identifier("cbc:ID", given.object_identifier)
        reference.text("cbc:DocumentTypeCode", OBJECT)
    for allowance in given.allowances:
        write_allowance_charge(line, allowance, charge=False)
    for charge in given.charges:
        write_allowance_charge(line, charge, charge=True)
    _write_item(line.child("cac:Item"), given)
    _write_price(line.child("cac:Price"), given.price)


def write_allowance_charge(parent: Aggregate, given: AllowanceCharge, *, charge: bool) -> None:
    element = parent.child("cac:AllowanceCharge")
    element.text("cbc:ChargeIndicator", "true" if charge else "false")
    element.text("cbc:AllowanceChargeReasonCode", given.reason_code)
    element.text("cbc:AllowanceChargeReason", given.reason)
    element.number("cbc:MultiplierFactorNumeric", given.percentage)
    element.amount("cbc:Amount", given.amount)
    element.amount("cbc:BaseAmount", given.base_amount)
    if given.vat_category is not None or given.vat_rate is not None:
        category = element.child("cac:TaxCategory")
        category.text("cbc:ID", given.vat_category)
        category.number("cbc:Percent", given.vat_rate)
        category.tax_scheme()


def _write_item(element: Aggregate, line: Line) -> None:
    item: Item = line.item
    element.text("cbc:Description", item.description)
    element.text("cbc:Name", item.name)
    element.child("cac:BuyersItemIdentification").text("cbc:ID", item.buyers_identifier)
    element.child("cac:SellersItemIdentification").text("cbc:ID", item.sellers_identifier)
    element.child("cac:StandardItemIdentification").identifier("cbc:ID", item.standard_identifier)
    element.child("cac:OriginCountry").text("cbc:IdentificationCode", item.country_of_origin)
    for given in item.classifications:
        element.child("cac:CommodityClassification").text(
            "cbc:ItemClassificationCode", given.value, listID=given.scheme, listVersionID=given.scheme_version
        )
    category = element.child("cac:ClassifiedTaxCategory")
    category.text("cbc:ID", line.vat_category)
    category.number("cbc:Percent", line.vat_rate)
    category.tax_scheme()
    for attribute in item.attributes:
        property_ = element.child("cac:AdditionalItemProperty")
        property_.text("cbc:Name", attribute.name)
        property_.text("cbc:Value", attribute.value)


def _write_price(element: Aggregate, price: Price) -> None:
    element.amount("cbc:PriceAmount", price.net)
    element.number("cbc:BaseQuantity", price.base_quantity, unitCode=price.base_quantity_unit)
    if price.discount is not None or price.gross is not None:
        allowance = element.child("cac:AllowanceCharge")
        allowance.text("cbc:ChargeIndicator", "false")
        # UBL requires the amount: where only the gross price is given, the discount is what it lacks to the net one.
        discount = price.discount if price.discount is not None or price.gross is None else price.gross - price.net
        allowance.amount("cbc:Amount", discount)
        allowance.amount("cbc:BaseAmount", price.gross)
