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


def uploads(spv: Any) -> list[str]:
    """The last part of the address of each upload that came to the doors."""
    calls = httpx2.get(f"{spv.simulator.control}/ledger").json()["calls"]
    return [one["path"].rpartition("/")[2] for one in calls if "/upload" in one["path"]]


def registered(spv: Any) -> Any:
    """The one document that ANAF registered, with the flags that came with it."""
    (one,) = spv.simulator.world.environments["test"].uploads.values()
    return one


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
    assert uploads(spv) == ["uploadb2c"]
    assert not registered(spv).external


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
    assert uploads(spv) == ["upload"]
    assert (registered(spv).self_billed, registered(spv).cif) == (True, firm.cui)
