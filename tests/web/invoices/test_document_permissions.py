"""Who gets what at the addresses of documents, mail, receipts, recurrences and series."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from punte.web.invoices import copies, payments, recurring
from punte.web.invoices.models import Invoice, Kind, Letter, Means, Purpose, Recurrence, Series
from punte.web.invoices.numbering import series_for

from .conftest import TODAY, draft_of, sent

#: What is asked for at an address: of the accepted invoice, the draft, the proforma … see `world`.
OF = {
    "storno": "accepted",
    "storno-lines": "accepted",
    "credit-note": "accepted",
    "corrected": "accepted",
    "to-proforma": "draft",
    "issue": "proforma",
    "to-invoice": "proforma",
    "template": "accepted",
    "from-template": "template",
    "schedule": "draft",
    "stop": "draft",
    "mail": "accepted",
    "remind": "accepted",
    "wording": "",
    "receipts": "",
    "receipt": "payment",
    "receipt-mail": "payment",
    "payment-cancel": "payment",
    "recurring": "",
    "recurring-new": "template",
    "recurrence": "recurrence",
    "recurrence-pause": "recurrence",
    "recurrence-end": "recurrence",
    "series": "",
    "series-change": "series",
    "series-archive": "series",
    "series-gaps": "series",
    "series-gaps-text": "series",
}
NAMES = OF.keys()
READS = {"wording", "receipts", "receipt", "recurring", "recurrence", "series", "series-gaps", "series-gaps-text"}
FORMS = {"storno-lines", "credit-note", "mail", "remind", "recurring-new", "series-change"}  # shown to who may write
WRITES = NAMES - {"receipts", "receipt", "recurring", "series-gaps-text"}


@pytest.fixture
def world(bakery, ana) -> dict[str, Any]:
    bakery.email = "contabilitate@trei-spice.example"
    bakery.save()
    accepted = sent(draft_of(bakery))
    proforma = draft_of(bakery, kind=Kind.PROFORMA)
    Invoice.objects.filter(pk=proforma.pk).update(series=series_for(bakery.firm, Purpose.PROFORMA))
    repeated = copies.template_from(accepted, ana, "Lunar")
    receipts = series_for(bakery.firm, Purpose.RECEIPT)
    return {
        "accepted": accepted,
        "draft": draft_of(bakery),
        "proforma": proforma,
        "template": copies.template_from(accepted, ana, "Chirie"),
        "payment": payments.receive(accepted, Decimal(21), TODAY, Means.CASH, ana, receipt_series=receipts),
        "recurrence": recurring.start(repeated, ana, TODAY + timedelta(days=3)),
        "series": Series.objects.get(prefix="DI"),
    }


def address(name: str, world: dict[str, Any]) -> str:
    return reverse(f"invoices:{name}", args=[world[OF[name]].pk] if OF[name] else [])


def written() -> list[int]:
    return [model.objects.count() for model in (Invoice, Letter, Recurrence, Series)]


@pytest.mark.parametrize("name", sorted(READS | FORMS))
def test_who_may_look(people, world, name):
    shown = 200 if name in READS else 403
    elsewhere = 404 if OF[name] else 200  # Carmen sees her own firm's
    for who, status in (("ana", 200), ("bogdan", shown), ("carmen", elsewhere), ("nobody", 302)):
        assert people[who].get(address(name, world)).status_code == status, who


@pytest.mark.parametrize("name", sorted(WRITES))
def test_who_may_write(people, world, name):
    before = written()
    elsewhere = {404} if OF[name] else {200, 302}  # Carmen writes in her own firm
    for who, statuses in (("bogdan", {403}), ("carmen", elsewhere), ("nobody", {302})):
        assert people[who].post(address(name, world), {"reason": "-"}).status_code in statuses, who
    assert written() == before
    assert people["ana"].post(address(name, world), {"reason": "-"}).status_code in {200, 302}


@pytest.mark.parametrize("name", sorted(WRITES - READS - FORMS))
def test_nothing_is_done_by_following_a_link(people, world, name):
    assert people["ana"].get(address(name, world)).status_code == 405
