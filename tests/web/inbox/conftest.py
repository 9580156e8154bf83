"""Suppliers who file invoices for the connected firm, and documents written without ANAF for the pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from punte.web.inbox.models import Document
from punte.web.inbox.reading import key_of
from punte.web.spv.models import Message

from ..delivery.conftest import connected, spv  # noqa: F401 - fixtures
from ..spv.conftest import OTHER, SUPPLIER, bill, clock, supplier, time, work  # noqa: F401 - fixtures


def received(firm, number: str = "FCT 1", **facts) -> Document:
    """A document as `reading` leaves it, of 121 lei from the bakery, issued today."""
    now = timezone.now()
    index = f"7{Document.objects.count() + 1:06}"
    message = Message.objects.create(
        firm=firm, upload_index=index, download_id=index, kind="FACTURA PRIMITA", created_at=now, listed_at=now
    )
    usual = {
        "seller_name": "Brutăria din Colț SRL", "seller_cif": SUPPLIER, "number": number, "type_code": "380",
        "currency": "RON", "net": Decimal(100), "vat": Decimal(21), "payable": Decimal(121), "effect": Decimal(121),
        "day": timezone.localdate(), "due_date": timezone.localdate() + timedelta(days=14),
    }  # fmt: skip
    one = Document(firm=firm, message=message, upload_index=index, arrived_at=now, changed_at=now, **usual | facts)
    one.supplier_key = one.supplier_key or one.seller_cif
    one.number_key = key_of(one.number)
    one.retell()
    one.save()
    return one


@pytest.fixture
def today() -> date:
    return timezone.localdate()
