"""In the product's own processes: its firms, its invoices through `sending.send`, its tables for the comparison.

python -m chaos.furnish firms COUNT
python -m chaos.furnish feed COUNT SECONDS SEED
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from chaos import plan
from punte.cli import product
from punte.cli.walk import EMAIL

T = TypeVar("T")


def furnish(count: int) -> None:
    """As if the person who walked had `count` firms more, on all of which her certificate has the right."""
    from django.utils import timezone

    from punte.web.accounts.models import User
    from punte.web.connection.models import Authorization, Right, RightState
    from punte.web.firms.models import Firm, Role
    from punte.web.invoices.models import Client, Series

    person, now = User.objects.get(email=EMAIL), timezone.now()
    authorization = Authorization.objects.get()
    for number, cui in enumerate(plan.firms(count), 1):
        firm = Firm.objects.create(
            cui=cui,
            name=f"Firma de probă {number} SRL",
            street="Str. Podului 12",
            city="Cluj-Napoca",
            county="RO-CJ",
            vat_registered=True,
            iban="RO49AAAA1B31007593840000",
        )
        firm.memberships.create(user=person, role=Role.OWNER)
        Right.objects.create(
            authorization=authorization, firm=firm, state=RightState.GRANTED, checked_at=now, granted_at=now
        )
        Client.objects.create(
            firm=firm, name="Cafeneaua Râul SRL", cui="33451201", street="Str. Morii 2", city="SECTOR3", county="RO-B"
        )
        Series.objects.create(firm=firm, prefix=f"H{number}")


def feed(count: int, seconds: float, seed: int) -> None:
    """`count` invoices, one after another, spread over `seconds`; the first firm has half of them."""
    from django.utils import timezone

    from punte.web.accounts.models import User
    from punte.web.delivery import sending
    from punte.web.firms.models import Firm
    from punte.web.invoices.keeping import keep
    from punte.web.invoices.models import Invoice, Line, Stage
    from punte.web.invoices.signals import AlreadySent

    person = User.objects.get(email=EMAIL)
    firms = list(Firm.objects.filter(name__startswith="Firma de probă").order_by("pk"))
    clients = [firm.clients.get() for firm in firms]
    series = [firm.series.get() for firm in firms]
    chance, began, today = random.Random(seed), time.monotonic(), timezone.localdate()
    for number in range(count):
        which = 0 if chance.random() < 0.5 else chance.randrange(len(firms))
        name = f"Cafea boabe {number} {plan.road(chance)}".strip()

        def draft(which: int = which, name: str = name) -> Invoice:
            if found := Invoice.objects.filter(firm=firms[which], lines__name=name).first():
                return found
            invoice = Invoice(firm=firms[which], client=clients[which], series=series[which])
            invoice.issue_date, invoice.due_date = today, today + timedelta(days=15)
            row = Line(name=name, quantity=Decimal(2), price=Decimal("45.50"), vat_category="S", vat_rate=Decimal(21))
            with _transaction():
                keep(invoice, [row], person)
            return invoice

        invoice = again(draft)

        def press(invoice: Invoice = invoice) -> None:
            invoice.refresh_from_db()
            if invoice.stage == Stage.DRAFT:  # else the connection was cut after the commit
                try:
                    sending.send(invoice, person, timezone.now())
                except AlreadySent:
                    return

        again(press)
        time.sleep(max(0.0, (number + 1) / count * seconds - (time.monotonic() - began)))


def again(do: Callable[[], T]) -> T:
    """Until the database takes it: what a person does who is told that it failed."""
    from django.db import Error, connection

    while True:
        try:
            return do()
        except (Error, OSError) as exc:
            print(f"again: {type(exc).__name__} {exc}".splitlines()[0], file=sys.stderr)
            connection.close()
            time.sleep(0.3)


def _transaction():
    from django.db import transaction

    return transaction.atomic()


if __name__ == "__main__":
    product.set_up()
    match sys.argv[1:]:
        case ["firms", count]:
            furnish(int(count))
        case ["feed", count, seconds, seed]:
            feed(int(count), float(seconds), int(seed))
