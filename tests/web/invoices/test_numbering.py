"""Numbers: in order, without gaps, once."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from punte.web.invoices.models import Counter
from punte.web.invoices.numbering import give, usual_prefix

from .conftest import draft_of


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Dobre Ilinca PFA", "DI"),
        ("Brutăria Trei Spice S.R.L.", "BTS"),
        ("Școala de Șofat Viraj SRL", "SDSV"),
        ("S.C. Țiglari S.A.", "T"),
        ("SRL", "F"),  # nothing left: F of „factură”
    ],
)
def test_a_new_firm_gets_its_initials_as_series(name, prefix):
    assert usual_prefix(name) == prefix


def test_numbers_follow_each_other_and_an_invoice_keeps_its_own(bakery):
    first, second = draft_of(bakery), draft_of(bakery)
    with transaction.atomic():
        assert [give(first), give(second), give(first)] == ["DI 0001", "DI 0002", "DI 0001"]
    assert Counter.objects.get().next_number == 3


def test_what_is_rolled_back_leaves_no_gap(bakery):
    first, second = draft_of(bakery), draft_of(bakery)
    with transaction.atomic():
        give(first)
        transaction.set_rollback(True)
    with transaction.atomic():
        assert give(second) == "DI 0001"


@pytest.mark.django_db(transaction=True)
def test_a_number_is_not_given_outside_a_transaction(bakery):
    with pytest.raises(TransactionManagementError):
        give(draft_of(bakery))
