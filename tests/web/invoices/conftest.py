"""Invoices to work on, made as the product makes them, and the editor's form as a browser sends it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from punte.web.firms.models import Firm
from punte.web.invoices import document, numbering
from punte.web.invoices.keeping import keep
from punte.web.invoices.models import Client, Invoice, Line, Series, Stage

TODAY = timezone.localdate()


@pytest.fixture
def bakery(firm: Firm) -> Client:
    """A company in Bucharest, registered for VAT."""
    return buyer(firm)


def buyer(firm: Firm, **fields: Any) -> Client:
    usual = {"name": "Brutăria Trei Spice SRL", "cui": "33174208", "vat_registered": True, "street": "Str. Morii 2"}
    return Client.objects.create(firm=firm, **usual | {"city": "SECTOR3", "county": "RO-B"} | fields)


def row(name: str = "Fotografie de produs", quantity: str = "1", price: str = "100", rate: str | None = "21") -> Line:
    return Line(
        name=name,
        quantity=Decimal(quantity),
        price=Decimal(price),
        vat_category="S" if rate else "O",
        vat_rate=Decimal(rate) if rate else None,
    )


def draft_of(client: Client, *rows: Line, issued: date = TODAY, **fields: Any) -> Invoice:
    """A saved draft."""
    firm = client.firm
    series, _ = Series.objects.get_or_create(firm=firm, prefix="DI")
    due = fields.pop("due_date", issued + timedelta(days=15))
    invoice = Invoice(firm=firm, client=client, series=series, issue_date=issued, due_date=due, **fields)
    author = firm.members.order_by("pk").get(memberships__role="owner")
    with transaction.atomic():
        keep(invoice, rows or [row()], author)
    return invoice


def sent(invoice: Invoice, stage: Stage = Stage.ACCEPTED, *, archived: bool = True) -> Invoice:
    """`invoice` as it stands after „Trimite”, at `stage`, by the rows that delivery writes."""
    now = timezone.now()
    with transaction.atomic():
        numbering.give(invoice)
        Invoice.objects.filter(pk=invoice.pk).update(stage=stage)
        package = None
        if stage == Stage.ACCEPTED and archived:
            package = invoice.firm.packages.create(
                download_id=f"9{invoice.pk}", upload_index=f"5{invoice.pk}", content=b"PK", seal="valid", stored_at=now
            )
        submission = invoice.submissions.create(
            firm=invoice.firm,
            state=stage,
            document=document.ubl(invoice),
            sha256="9f" * 32,
            package=package,
            created_by=invoice.created_by,
            created_at=now,
            changed_at=now,
        )
        submission.events.create(at=now, kind="queued", state="queued", text=invoice.label)
        if stage in {Stage.ACCEPTED, Stage.REJECTED, Stage.REFUSED}:
            submission.events.create(at=now, kind=str(stage), state=stage)
    invoice.refresh_from_db()
    return invoice


@pytest.fixture
def draft(bakery: Client) -> Invoice:
    return draft_of(bakery)


def typed(**fields: str) -> dict[str, str]:
    """The editor's form filled as one would for the bakery; `fields` with `__` for `-` change it."""
    usual = {
        "client-name": "Brutăria Trei Spice SRL",
        "client-cui": "RO 33174208",
        "client-vat_registered": "on",
        "client-street": "Str. Morii 2",
        "client-county": "RO-B",
        "client-city": "SECTOR3",
        "factura-series": "AS",
        "factura-first_number": "1",
        "factura-issue_date": TODAY.isoformat(),
        "factura-due_date": (TODAY + timedelta(days=15)).isoformat(),
        "rand-0-name": "Fotografie de produs",
        "rand-0-quantity": "8",
        "rand-0-unit": "H87",
        "rand-0-price": "1.234,50",
        "rand-0-vat": "standard",
        "action": "save",
    }
    return usual | {name.replace("__", "-"): value for name, value in fields.items()}
