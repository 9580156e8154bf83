"""Each invoice leaves by the door that it asks for, with the flags that were frozen with its bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from punte.web.delivery.models import State
from punte.web.delivery.sending import send
from punte.web.invoices.models import Client, Invoice

from ..invoices.conftest import draft_of, row
from .conftest import run

pytestmark = pytest.mark.django_db


def uploads(spv: Any) -> list[tuple[str, dict[str, str]]]:
    """(operation, query) of what came to the doors for documents."""
    calls = httpx2.get(f"{spv.simulator.control}/ledger").json()["calls"]
    return [(one["operation"], one["query"]) for one in calls if one["operation"].startswith("upload")]


def invoice_for(client: Client, **fields: Any) -> Invoice:
    return draft_of(client, row(), issued=date.today(), **fields)  # noqa: DTZ011 - the day of the machine


def test_a_private_persons_invoice_is_reported_by_the_door_for_consumers(spv, connected, firm, ana):
    person = Client.objects.create(
        firm=firm, name="Popa Andrei", private=True, street="Str. Morii 2", city="Turda", county="RO-CJ"
    )
    submission = send(invoice_for(person), ana, datetime.now(UTC))
    assert submission.b2c
    person.private = False  # what is on its way does not change with the client
    person.save()
    run(submission, until=State.ACCEPTED)
    ((operation, query),) = uploads(spv)
    assert operation == "uploadb2c"
    assert "extern" not in query


def test_a_self_billed_invoice_leaves_in_the_sellers_name(spv, connected, firm, ana):
    seller = Client.objects.create(
        firm=firm,
        name="Brutăria din Colț SRL",
        cui="33451201",
        vat_registered=True,
        street="Str. Morarilor 21",
        city="SECTOR3",
        county="RO-B",
    )
    submission = send(invoice_for(seller, self_billed=True, type_code="389"), ana, datetime.now(UTC))
    run(submission, until=State.ACCEPTED)
    ((operation, query),) = uploads(spv)
    assert (operation, query["autofactura"], query["cif"]) == ("upload", "DA", firm.cui)
