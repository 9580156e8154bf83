"""Whether an invoice goes to ANAF, and by which door."""

from __future__ import annotations

from datetime import date

import pytest

from punte.web.firms.models import Firm
from punte.web.invoices import duty
from punte.web.invoices.models import Client, Invoice, Kind

DAY = date(2026, 11, 22)
FIRM = Firm(cui="19283749", vat_registered=True)
COMPANY = Client(cui="33451201")
PERSON = Client(private=True)
BERLIN = Client(country="DE", foreign_vat="DE136695976")
VIENNA = Client(country="AT", cui="33174208", vat_registered=True)


def invoice(client: Client, on: date = DAY, firm: Firm = FIRM, **fields: object) -> Invoice:
    return Invoice(firm=firm, client=client, issue_date=on, **fields)


@pytest.mark.parametrize(
    ("of", "kind", "key"),
    [
        (invoice(COMPANY), "must", "business"),
        (invoice(Client(cui="33174208", public_authority=True)), "must", "authority"),
        (invoice(PERSON), "must", "consumer"),
        (invoice(PERSON, date(2024, 12, 31)), "may", "consumer"),
        (invoice(PERSON, date(2024, 6, 30)), "not", "consumer"),  # before there was a law of it
        (invoice(BERLIN), "not", "abroad"),
        (invoice(BERLIN, firm=Firm(sends_abroad=True)), "may", "abroad"),
        (invoice(VIENNA), "must", "registered_abroad"),
        (invoice(VIENNA, date(2025, 12, 31)), "may", "registered_abroad"),
        (invoice(COMPANY, firm=Firm(identified_by_cnp=True)), "may", "personal_code"),
        (invoice(COMPANY, date(2026, 1, 20), firm=Firm(identified_by_cnp=True)), "must", "personal_code"),
        (invoice(COMPANY, self_billed=True), "must", "self_billed"),
        (invoice(BERLIN, self_billed=True), "not", "self_billed_abroad"),
        (invoice(COMPANY, kind=Kind.PROFORMA), "not", "proforma"),
    ],
)
def test_the_duty_follows_from_who_buys_and_the_day(of, kind, key):
    found = duty.of(of)
    assert (found.kind, found.key) == (kind, key)
    assert found.text or found.kind == "not"


@pytest.mark.parametrize(
    ("of", "channel"),
    [
        (invoice(COMPANY), (False, False, False, "UBL")),
        (invoice(PERSON), (True, False, False, "UBL")),
        (invoice(BERLIN), (False, True, False, "UBL")),
        (invoice(VIENNA), (False, False, False, "UBL")),
        (invoice(COMPANY, self_billed=True), (False, False, True, "UBL")),
        (invoice(PERSON, self_billed=True), (False, False, True, "UBL")),
        (invoice(COMPANY, type_code="381"), (False, False, False, "CN")),
    ],
)
def test_the_door_follows_from_the_invoice(of, channel):
    found = duty.channel(of)
    assert (found.b2c, found.extern, found.autofactura, found.standard) == channel
