"""Acasă stands whatever waits there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from punte.web.delivery.showing import SLUGS
from punte.web.delivery.words import WORDS
from punte.web.design.icons import icons
from punte.web.design.states import STATES
from punte.web.invoices import numbering
from punte.web.invoices.models import Invoice, Kind, Stage

from ..invoices.conftest import TODAY, bakery, draft_of  # noqa: F401 - a fixture

PAGES = ("/", "/venituri/")


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.PROFORMA])
def test_an_invoice_of_any_stage_may_wait_there(people, bakery, stage, kind):  # noqa: F811
    invoice = draft_of(bakery, issued=TODAY - timedelta(days=4), kind=kind)
    if stage != Stage.DRAFT:
        with transaction.atomic():
            numbering.give(invoice)
    Invoice.objects.filter(pk=invoice.pk).update(stage=stage)
    for page in (*PAGES, f"/venituri/{invoice.pk}/"):
        assert people["ana"].get(page).status_code == 200, page


def test_every_state_and_every_line_of_a_history_has_its_icon():
    assert {state.icon for state in STATES.values()} <= set(icons())
    assert {word.icon for word in WORDS.values()} <= set(icons())
    assert set(SLUGS.values()) <= set(STATES)
