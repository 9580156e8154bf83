"""Every regime, from what is typed to what ANAF says: the folders under golden/, remade and compared."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from punte.anaf.efactura import State
from punte.romania import check
from punte.web.accounts.models import User
from punte.web.connection import client as connection
from punte.web.invoices import document, duty
from punte.web.invoices.judge import judge

from ..delivery.conftest import connected, spv  # noqa: F401 - fixtures
from .forms_of_golden import DAY, GOLDEN, form, made, regimes_written, upcoming, write

REMAKE = bool(os.environ.get("PUNTE_REMAKE_GOLDEN"))
#: Nobody in the simulator's register has a CNP: it knows companies alone.
NOT_IN_THE_REGISTER = {"seller_with_cnp"}


@pytest.mark.parametrize("regime", regimes_written())
def test_the_golden_invoice_is_made_again_and_the_rules_find_nothing(regime, ana):
    invoice = write(form(regime), ana)
    files = made(invoice)
    report = check(files["invoice.xml"])
    assert (report.findings, report.structure) == ((), ())
    assert judge(invoice, today=DAY).problems == ()
    for name, content in files.items():
        path = GOLDEN / regime / name
        if REMAKE:
            path.write_bytes(content)
        assert content.decode() == path.read_text("utf-8"), f"{path.name} differs; if it should, remake it and read it"


def test_anaf_takes_every_golden_invoice(anaf, spv, connected, firm):  # noqa: F811 - fixtures
    """Over HTTP, by the door that the invoice asks for: `uploadb2c`, `extern`, `autofactura`, CN."""
    author = User.objects.create_user("editor@arcada.example", "peste-punte-2026")
    taken: dict[str, str] = {}
    with connection.efactura_for(firm, datetime.now(UTC)) as efactura:
        for number, regime in enumerate(regimes_written(), 1):
            if regime in NOT_IN_THE_REGISTER:
                continue
            invoice = write(form(regime), author)
            door = duty.channel(invoice)
            receipt = efactura.upload(
                document.ubl(invoice, f"{upcoming(invoice)}-{number}"),  # a number of its own: these are no duplicates
                cif=invoice.firm.cui,
                standard=door.standard,
                b2c=door.b2c,
                extern=door.extern,
                autofactura=door.autofactura,
            )
            assert receipt.refusals == (), regime
            taken[regime] = receipt.upload_index or ""
        found = {regime: efactura.state(index).state for regime, index in taken.items()}
    assert found == dict.fromkeys(taken, State.OK)
