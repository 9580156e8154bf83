"""The golden invoices: `golden/<regime>/form.toml` is what a person would type; the other files are made from it.

    invoice.xml   the document for ANAF
    verdict.txt   what we say of it while it is a draft, whether it must be sent, and by which door
    page.txt      the text of the PDF

The folders are reviewed by eye. To make them anew after a change that is meant:

    PUNTE_REMAKE_GOLDEN=1 python -m pytest tests/web/invoices/test_golden.py
"""

from __future__ import annotations

import io
import re
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from pypdf import PdfReader

from punte.en16931 import read_ubl
from punte.render import pdf
from punte.web.accounts.models import User
from punte.web.firms.models import Firm
from punte.web.invoices import copies, document, duty, numbering, regimes
from punte.web.invoices.judge import Judgement, judge
from punte.web.invoices.keeping import keep
from punte.web.invoices.models import Adjustment, Client, Invoice, Line, Stage

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2026, 11, 22)
SELLER = {
    "cui": "19283749",
    "name": "Arcada Studio SRL",
    "trade_register_number": "J12/2210/2006",
    "street": "Str. Podului 12",
    "city": "Cluj-Napoca",
    "county": "RO-CJ",
    "post_code": "400098",
    "iban": "RO49AAAA1B31007593840000",
    "email": "facturi@arcada.example",
}
SMALL = SELLER | {"cui": "41287658", "name": "Dobre Ilinca PFA", "trade_register_number": "F12/418/2019"}
FIRMS: dict[str, dict[str, Any]] = {
    "payer": SELLER | {"vat_registered": True, "share_capital": "200 lei"},
    "on_collection": SELLER | {"vat_registered": True, "vat_on_collection": True},
    "small": SMALL,
    "person": SMALL
    | {"cui": "1800101221144", "identified_by_cnp": True, "name": "Dobre Ilinca", "trade_register_number": ""},
}
ROMANIAN = {"street": "Str. Morarilor 21", "city": "SECTOR3", "county": "RO-B"}
CLIENTS: dict[str, dict[str, Any]] = {
    "bakery": ROMANIAN
    | {
        "name": "Brutăria din Colț SRL",
        "cui": "33451201",
        "vat_registered": True,
        "trade_register_number": "J40/9121/2014",
        "looked_up": True,
    },
    "person": ROMANIAN | {"name": "Popa Andrei Mihai", "private": True},
    "person_with_cnp": ROMANIAN | {"name": "Popa Andrei Mihai", "private": True, "cnp": "1800101221144"},
    "authority": ROMANIAN | {"name": "Școala Gimnazială nr. 3", "cui": "33174208", "public_authority": True},
    "berlin": {
        "name": "Brückenbau GmbH",
        "country": "DE",
        "city": "Berlin",
        "post_code": "10115",
        "street": "Chausseestraße 1",
        "foreign_vat": "DE136695976",
    },
    "vienna": {
        "name": "Donau Bau GmbH",
        "country": "AT",
        "city": "Wien",
        "street": "Handelskai 5",
        "cui": "33174208",
        "vat_registered": True,
    },
    "london": {
        "name": "Bridge Ltd",
        "country": "GB",
        "city": "London",
        "street": "1 Tower Bridge Road",
        "foreign_identifier": "GB980780684",
    },
}


def regimes_written() -> list[str]:
    return sorted(path.parent.name for path in GOLDEN.glob("*/form.toml"))


def form(regime: str) -> dict[str, Any]:
    return tomllib.loads((GOLDEN / regime / "form.toml").read_text("utf-8"))


def write(typed: dict[str, Any], author: User) -> Invoice:
    """The draft that the form describes, saved, with the accepted document before it where it has one."""
    firm = Firm.objects.create(**FIRMS[typed.get("firm", "payer")])
    firm.memberships.create(user=author, role="owner")
    client = client_of(firm, typed.get("client", "bakery"))
    before = None
    if "before" in typed:
        before = accepted(_draft(firm, client, typed["before"], author))
    how = typed.get("how", "")
    if how == "storno" and before:
        return copies.storno_of(before, author, DAY)
    if how == "credit_note" and before:
        return copies.storno_of(before, author, DAY, credit_note=True)
    if how == "rebate" and before:
        return copies.rebate_of(before, author, DAY, Decimal(5))
    if how == "corrected" and before:
        draft = copies.corrected_of(before, author, DAY)
        rows = list(draft.lines.all())
        rows[typed["change"]["row"] - 1].price = Decimal(typed["change"]["price"])
        with transaction.atomic():
            keep(draft, rows, author)
        return draft
    return _draft(firm, client, typed, author, advance=before)


def client_of(firm: Firm, name: str) -> Client:
    fields = dict(CLIENTS[name])
    checked = fields.pop("looked_up", False)
    client = Client.objects.create(firm=firm, **fields)
    if checked:
        client.looked_up_at = firm.created_at
        client.save()
    return client


def line_of(typed: dict[str, Any], on: date, usual: regimes.Case, advance: Invoice | None = None) -> Line:
    row = Line(
        name=typed["name"],
        description=typed.get("description", ""),
        code=typed.get("code", ""),
        nc_code=typed.get("nc_code", ""),
        cpv_code=typed.get("cpv_code", ""),
        quantity=Decimal(typed["quantity"]),
        unit=typed.get("unit", "H87"),
        price=Decimal(typed["price"]),
        discount_percent=Decimal(typed["discount_percent"]) if "discount_percent" in typed else None,
        discount=Decimal(typed.get("discount", "0")),
        advance=advance if typed.get("deducts") else None,
    )
    regimes.put(row, regimes.case(typed["case"], on) if "case" in typed else usual)
    return row


def _draft(
    firm: Firm, client: Client, typed: dict[str, Any], author: User, *, advance: Invoice | None = None
) -> Invoice:
    fields = dict(typed.get("invoice", {}))
    if "exchange_rate" in fields:
        fields["exchange_rate"] = Decimal(fields["exchange_rate"])
    on = fields.setdefault("issue_date", DAY)
    (series,) = numbering.series_of(firm)
    numbering.keep_series(series)
    invoice = Invoice(firm=firm, client=client, series=series, due_date=on + timedelta(days=15), **fields)
    if "account" in typed:
        invoice.bank_account = firm.bank_accounts.create(iban=typed["account"], bank="Trezoreria")
    usual = regimes.usual(firm, client, on, self_billed=invoice.self_billed)
    rows = [line_of(row, on, usual, advance) for row in typed["lines"]]
    changes = [
        Adjustment(
            position=n,
            **{name: Decimal(v) if name in {"percent", "amount", "vat_rate"} else v for name, v in change.items()},
        )
        for n, change in enumerate(typed.get("adjustments", ()), 1)
    ]
    with transaction.atomic():
        keep(invoice, rows, author)
        for change in changes:
            change.invoice = invoice
            change.save()
        document.settle(invoice, rows, changes)
        invoice.save()
    return invoice


def accepted(invoice: Invoice) -> Invoice:
    """Numbered and taken over by ANAF."""
    with transaction.atomic():
        numbering.give(invoice)
        Invoice.objects.filter(pk=invoice.pk).update(stage=Stage.ACCEPTED)
    return Invoice.objects.get(pk=invoice.pk)


def made(invoice: Invoice) -> dict[str, bytes]:
    """The files of the folder, by name."""
    xml = document.ubl(invoice, upcoming(invoice))
    return {
        "invoice.xml": xml,
        "verdict.txt": verdict(invoice, judge(invoice, today=DAY)).encode(),
        "page.txt": page(xml).encode(),
    }


def upcoming(invoice: Invoice) -> str:
    return numbering.upcoming_label(invoice.series, invoice.issue_date)


def verdict(invoice: Invoice, judgement: Judgement) -> str:
    owed, door = duty.of(invoice), duty.channel(invoice)
    flags = [name for name in ("b2c", "extern", "autofactura") if getattr(door, name)]
    lines = [f"{one.tone}: {one.title}. {one.text} → {one.target or '–'}" for one in judgement.verdicts]
    lines = lines or ["nimic de spus"]
    return "\n".join([*lines, f"{owed.kind}: {owed.text}", f"{door.standard} {' '.join(flags)}".strip(), ""])


def page(xml: bytes) -> str:
    """The text of the PDF, a line for each of the page's; runs of blanks are one."""
    reader = PdfReader(io.BytesIO(pdf(read_ubl(xml), xml=None)))
    text = "\n".join(one.extract_text() for one in reader.pages)
    return "\n".join(re.sub(r"[ \u00a0\u202f]+", " ", line).strip() for line in text.splitlines()) + "\n"
