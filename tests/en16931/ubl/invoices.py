"""Any invoice of EN 16931 as a hypothesis strategy: every business term, present or absent.

Left out is what UBL cannot say: an empty group, a text with blanks at its ends, a note that looks like one with a
subject code, a unit without its quantity, `SEPA` as the scheme of a seller's own identifier.
"""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from punte.en16931 import (
    Address,
    AllowanceCharge,
    Attachment,
    Buyer,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Kind,
    Line,
    Note,
    Payee,
    PaymentCard,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
    Seller,
    SupportingDocument,
    TaxRepresentative,
    Totals,
    VatBreakdown,
)  # fmt: skip

texts = st.text(st.sampled_from("aZ0 ș„<&>\"'\n#é€𝄞"), min_size=1, max_size=12).map(str.strip).filter(bool)
codes = st.text(st.sampled_from("ABC019"), min_size=1, max_size=4)
dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=4) | st.sampled_from(
    [Decimal("1E+3"), Decimal("21.00"), Decimal(0), Decimal("-0.5")]
)


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def group(model: type, **fields: st.SearchStrategy) -> st.SearchStrategy:
    """A group with at least one term in it."""
    return st.builds(model, **fields).filter(lambda built: built != model())


def several(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=2).map(tuple)


identifiers = st.builds(Identifier, texts, maybe(codes))
addresses = st.builds(
    Address, line_1=maybe(texts), line_2=maybe(texts), line_3=maybe(texts), city=maybe(texts), post_code=maybe(texts),
    subdivision=maybe(codes), country=maybe(codes),
)  # fmt: skip
contacts = group(Contact, point=maybe(texts), telephone=maybe(texts), email=maybe(texts))
periods = group(Period, start=maybe(dates), end=maybe(dates))
notes = st.builds(Note, texts.filter(lambda text: not text.startswith("#")), maybe(st.sampled_from(["AAI", "REG"])))


def allowances_charges(**fields: st.SearchStrategy) -> st.SearchStrategy:
    return several(
        st.builds(
            AllowanceCharge,
            amount=amounts,
            base_amount=maybe(amounts),
            percentage=maybe(numbers),
            reason=maybe(texts),
            reason_code=maybe(codes),
            **fields,
        )
    )


@st.composite
def prices(draw: st.DrawFn) -> Price:
    discount = draw(maybe(numbers))
    base_quantity = draw(maybe(numbers))
    return Price(
        net=draw(numbers), discount=discount, gross=None if discount is None else draw(maybe(numbers)),
        base_quantity=base_quantity, base_quantity_unit=None if base_quantity is None else draw(maybe(codes)),
    )  # fmt: skip


items = st.builds(
    Item, name=maybe(texts), description=maybe(texts), sellers_identifier=maybe(texts), buyers_identifier=maybe(texts),
    standard_identifier=maybe(identifiers), country_of_origin=maybe(codes),
    classifications=several(st.builds(Identifier, texts, maybe(codes), maybe(codes))),
    attributes=several(st.builds(ItemAttribute, texts, texts)),
)  # fmt: skip
lines = st.builds(
    Line, identifier=texts, note=maybe(texts), object_identifier=maybe(identifiers), quantity=numbers, unit=codes,
    net_amount=amounts, order_line_reference=maybe(texts), buyer_accounting_reference=maybe(texts),
    period=maybe(periods), allowances=allowances_charges(), charges=allowances_charges(), price=prices(),
    vat_category=codes, vat_rate=maybe(numbers), item=items,
)  # fmt: skip
sellers = st.builds(
    Seller, name=maybe(texts), trading_name=maybe(texts), identifiers=several(identifiers),
    legal_registration_identifier=maybe(identifiers), vat_identifier=maybe(texts),
    tax_registration_identifier=maybe(texts), additional_legal_information=maybe(texts),
    electronic_address=maybe(identifiers), address=addresses, contact=maybe(contacts),
)  # fmt: skip
buyers = st.builds(
    Buyer, name=maybe(texts), trading_name=maybe(texts), identifier=maybe(identifiers),
    legal_registration_identifier=maybe(identifiers), vat_identifier=maybe(texts),
    electronic_address=maybe(identifiers), address=addresses, contact=maybe(contacts),
)  # fmt: skip
payments = st.builds(
    PaymentInstructions, means_code=st.sampled_from(["10", "30", "48", "59"]), means_text=maybe(texts),
    remittance_information=maybe(texts),
    credit_transfers=several(
        st.builds(CreditTransfer, account=texts, account_name=maybe(texts), service_provider=maybe(texts))
    ),
    card=maybe(st.builds(PaymentCard, account_number=codes, holder_name=maybe(texts))),
    direct_debit=maybe(
        group(
            DirectDebit, mandate_reference=maybe(texts), creditor_identifier=maybe(texts), debited_account=maybe(texts)
        )
    ),
)  # fmt: skip
totals = st.builds(
    Totals, line_net_amount=amounts, allowances=maybe(amounts), charges=maybe(amounts), without_vat=amounts,
    vat=maybe(amounts), with_vat=amounts, paid=maybe(amounts), rounding=maybe(amounts), due_for_payment=amounts,
    vat_in_accounting_currency=maybe(amounts),
)  # fmt: skip
supporting_documents = st.builds(
    SupportingDocument, reference=texts, description=maybe(texts), location=maybe(texts),
    attachment=maybe(st.builds(Attachment, content=st.binary(min_size=1), mime_code=codes, filename=texts)),
)  # fmt: skip
breakdowns = st.builds(
    VatBreakdown, taxable_amount=amounts, tax_amount=amounts, category=codes, rate=maybe(numbers),
    exemption_reason=maybe(texts), exemption_reason_code=maybe(codes),
)  # fmt: skip

invoices = st.builds(
    Invoice, kind=st.sampled_from(Kind), number=texts, issue_date=dates, type_code=codes,
    currency=st.sampled_from(["RON", "EUR"]), vat_accounting_currency=st.just("USD"), vat_point_date=maybe(dates),
    vat_point_date_code=maybe(codes), due_date=maybe(dates), buyer_reference=maybe(texts),
    project_reference=maybe(texts), contract_reference=maybe(texts), purchase_order_reference=maybe(texts),
    sales_order_reference=maybe(texts), receiving_advice_reference=maybe(texts), despatch_advice_reference=maybe(texts),
    tender_or_lot_reference=maybe(texts), object_identifier=maybe(identifiers), buyer_accounting_reference=maybe(texts),
    payment_terms=maybe(texts), notes=several(notes), business_process=maybe(texts), specification=texts,
    preceding_invoices=several(st.builds(PrecedingInvoice, texts, maybe(dates))), seller=sellers, buyer=buyers,
    payee=maybe(
        group(Payee, name=maybe(texts), identifier=maybe(identifiers), legal_registration_identifier=maybe(identifiers))
    ),
    tax_representative=maybe(
        group(TaxRepresentative, name=maybe(texts), vat_identifier=maybe(texts), address=addresses)
    ),
    delivery=maybe(
        group(
            Delivery, name=maybe(texts), location=maybe(identifiers), actual_date=maybe(dates),
            address=maybe(addresses.filter(lambda address: address != Address())),
        )
    ),
    period=maybe(periods), payment=maybe(payments), allowances=allowances_charges(
        vat_category=maybe(codes), vat_rate=maybe(numbers)
    ), charges=allowances_charges(vat_category=codes, vat_rate=maybe(numbers)), totals=totals,
    vat_breakdown=several(breakdowns), supporting_documents=several(supporting_documents),
    lines=several(lines),
)  # fmt: skip
