"""Invoices built by hand, as the tests and the eye want them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from punte.en16931.model import (
    Address,
    AllowanceCharge,
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
    TaxRepresentative,
    Totals,
    VatBreakdown,
)

CIUS_RO = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1"
IBAN = PaymentInstructions(means_code="30", credit_transfers=(CreditTransfer(account="RO49AAAA1B31007593840000"),))

DOBRE = Seller(
    name="Dobre Design SRL",
    vat_identifier="RO41287658",
    legal_registration_identifier=Identifier("J12/884/2019"),
    address=Address(line_1="Str. Podului nr. 14, ap. 3", city="Cluj-Napoca", subdivision="RO-CJ", country="RO"),
    contact=Contact(point="Ilinca Dobre", telephone="+40 740 000 000", email="ilinca@dobre.example"),
)
CLINICA = Buyer(
    name="Clinica Dentară Albă SRL",
    vat_identifier="RO19283749",
    legal_registration_identifier=Identifier("J01/212/2014"),
    address=Address(line_1="Bd. Horea nr. 9", city="Alba Iulia", subdivision="RO-AB", country="RO"),
)


def line(name: str, quantity: str, unit: str, price: str, rate: str | None = "21", **more: object) -> Line:
    """A line of category S at `rate`, or of category O without one; its amount is quantity × price."""
    return Line(
        identifier="1",
        quantity=Decimal(quantity),
        unit=unit,
        net_amount=(Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01")),
        price=Price(net=Decimal(price)),
        vat_category="S" if rate else "O",
        vat_rate=Decimal(rate) if rate else None,
        item=Item(name=name, description=more.pop("description", None)),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def invoice(lines: tuple[Line, ...], **more: object) -> Invoice:
    """The invoice of `lines`, its breakdown and totals computed."""
    groups: dict[tuple[str, Decimal | None], Decimal] = {}
    for one in lines:
        key = (one.vat_category, one.vat_rate)
        groups[key] = groups.get(key, Decimal(0)) + one.net_amount
    breakdown = tuple(
        VatBreakdown(
            taxable_amount=base,
            tax_amount=(base * (rate or 0) / 100).quantize(Decimal("0.01")),
            category=category,
            rate=rate,
            exemption_reason_code="VATEX-EU-O" if category == "O" else None,
        )
        for (category, rate), base in groups.items()
    )
    net = sum((one.net_amount for one in lines), Decimal(0))
    vat = sum((one.tax_amount for one in breakdown), Decimal(0))
    plain = Invoice(
        number="DI 0188",
        issue_date=date(2026, 11, 22),
        due_date=date(2026, 12, 7),
        specification=CIUS_RO,
        seller=DOBRE,
        buyer=CLINICA,
        payment=IBAN,
        vat_breakdown=breakdown,
        totals=Totals(line_net_amount=net, without_vat=net, vat=vat, with_vat=net + vat, due_for_payment=net + vat),
        lines=lines,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


VAT_PAYER = invoice(
    (
        line("Identitate vizuală", "1", "H87", "3200.00", description="Siglă, culori, manual de utilizare"),
        line("Machete pentru tipar", "6", "H87", "150.00", description="Fișe de pacient, format A5"),
        line("Consultanță", "4", "HUR", "100.00", description="Ședințe din 12 și 19 noiembrie"),
        line("Manual „Culoare și țesut”, ediție tipărită", "10", "H87", "45.50", "11"),
    )
)

PFA = invoice(
    (line("Servicii de consultanță IT", "10", "HUR", "150.00", None, description="Ore lucrate în noiembrie 2026"),),
    number="PFA-2026-7",
    seller=Seller(
        name="Popescu Ana PFA",
        tax_registration_identifier="45678900",
        legal_registration_identifier=Identifier("F32/123/2021"),
        address=Address(line_1="Str. Livezii nr. 7", city="Sibiu", subdivision="RO-SB", country="RO"),
    ),
    buyer=Buyer(
        name="Ionescu Maria",
        legal_registration_identifier=Identifier("0000000000000"),
        address=Address(line_1="Bd. Unirii nr. 2", city="SECTOR3", subdivision="RO-B", country="RO"),
    ),
)

STORNO = invoice(
    (line("Machete pentru tipar", "-2", "H87", "150.00", description="Retur convenit la 20 noiembrie"),),
    number="DI 0189",
    due_date=None,
    preceding_invoices=(PrecedingInvoice("DI 0188", date(2026, 11, 22)),),
    notes=(Note("Storno parțial."),),
)

CREDIT_NOTE = invoice(
    (line("Rabat pentru volum, trimestrul III", "1", "H87", "500.00"),),
    kind=Kind.CREDIT_NOTE,
    type_code="381",
    number="NC 0003",
    due_date=None,
    preceding_invoices=(PrecedingInvoice("DI 0150"),),
)

EURO = replace(
    invoice((line("Aplicație de programări, licență anuală", "1", "ANN", "1200.00"),)),
    currency="EUR",
    vat_accounting_currency="RON",
    totals=Totals(
        line_net_amount=Decimal("1200.00"),
        without_vat=Decimal("1200.00"),
        vat=Decimal("252.00"),
        vat_in_accounting_currency=Decimal("1283.69"),  # 252,00 EUR at 5,0940
        with_vat=Decimal("1452.00"),
        due_for_payment=Decimal("1452.00"),
    ),
    notes=(Note("Curs BNR din 20 noiembrie 2026: 1 EUR = 5,0940 lei."),),
)

LONG = invoice(tuple(line(f"Articolul {n} din catalog", str(n), "H87", "12.35") for n in range(1, 121)))

WORDY = invoice(
    (
        line(
            "Servicii de proiectare, avizare și asistență tehnică pe durata execuției lucrărilor de reabilitare a "
            "podului peste Someșul Mic, inclusiv deplasări",
            "1250.755",
            "HUR",
            "1234.5678",
            description="Conform caietului de sarcini și a graficului anexat. " * 8,
            note="Etapa a II-a\nPredare: 30 noiembrie 2026",
        ),
        line("SKU-" + "A1B2C3D4E5" * 12, "1000000", "XYZ", "99999.99"),
    ),
    number="FACTURA-2026/CLUJ/DEPARTAMENT-PROIECTARE-000000000000123456",
    buyer=replace(CLINICA, name="Compania Națională de Administrare a Infrastructurii Rutiere Transilvania " * 3),
    contract_reference="Contract-cadru nr. 4471/2025, act adițional nr. 3",
    purchase_order_reference="PO-2026-001188",
    payment_terms="30 de zile de la recepția fără obiecțiuni, consemnată în proces-verbal semnat de ambele părți",
    notes=(Note("Penalități de 0,1 % pe zi de întârziere, conform art. 12 din contract. " * 6),),
)

COMPLETE = replace(
    VAT_PAYER,
    contract_reference="C-12",
    period=Period(start=date(2026, 10, 15), end=date(2026, 11, 14)),
    vat_point_date=date(2026, 11, 25),
    payee=Payee(name="Factoring IFN SA", identifier=Identifier("FI-7")),
    tax_representative=TaxRepresentative(
        name="Steuervertretung GmbH", vat_identifier="ATU12345678", address=Address(city="Wien", country="AT")
    ),
    delivery=Delivery(
        name="Depozit Alba",
        location=Identifier("5940000000004", "0088"),
        actual_date=date(2026, 11, 20),
        address=Address(line_1="Calea Moților 80", city="Alba Iulia", subdivision="RO-AB", country="RO"),
    ),
    payment=PaymentInstructions(
        means_code="30",
        remittance_information="DI 0188",
        credit_transfers=(
            CreditTransfer(
                account="RO49AAAA1B31007593840000", account_name="Ilinca Dobre", service_provider="BTRLRO22"
            ),
            CreditTransfer(account="12345-6", service_provider="Banca veche"),
        ),
        card=PaymentCard(account_number="XXXX1234", holder_name="Clinica"),
        direct_debit=DirectDebit(mandate_reference="M-1", debited_account="RO49BBBB1B31007593840000"),
    ),
    charges=(AllowanceCharge(amount=Decimal("12.50"), reason="Transport"),),
    lines=(
        replace(
            VAT_PAYER.lines[0],
            period=Period(end=date(2026, 11, 30)),
            object_identifier=Identifier("OB-1"),
            order_line_reference="7",
            allowances=(AllowanceCharge(amount=Decimal(5), reason="promoție"),),
            price=Price(net=Decimal(15), gross=Decimal(20), discount=Decimal(5), base_quantity=Decimal(100)),
            item=Item(
                name="Identitate vizuală",
                sellers_identifier="AB-12",
                buyers_identifier="CL-3",
                standard_identifier=Identifier("5941234567899", "0160"),
                classifications=(Identifier("79822500-7", "STI"),),
                country_of_origin="DE",
                attributes=(ItemAttribute("Culoare", "verde"),),
            ),
        ),
    ),
)
