"""What others file: a supplier's invoice, a buyer's message, a self-billed invoice, by programs that are not ours."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

from punte.en16931 import model as en
from punte.en16931 import totals, write_ubl

from .companies import Company
from .document import NotValid, read_document
from .spv import Upload

if TYPE_CHECKING:
    from .world import World

LONGEST_AGO = 100 * 24 * 3600.0


def deliver(
    world: World,
    *,
    xml: bytes,
    cif: str,
    environment: str = "test",
    standard: str = "UBL",
    self_billed: bool = False,
    ago: float = 0.0,
    processing: float = 0.0,
) -> Upload:
    """File `xml` on behalf of `cif`, as if it had been uploaded `ago` seconds before, and judge it.

    processing  seconds from the upload to its verdict, and so to the listing; with `ago` above 60 days and this large
                enough, a message is listed that ANAF gives out no more
    Raises ValueError for a document that the door would not take, or an environment there is not.
    """
    spv = world.environments.get(environment)
    if spv is None or not 0 <= ago <= LONGEST_AGO or not 0 <= processing <= LONGEST_AGO:
        raise ValueError(f"environment is one of: {', '.join(world.environments)}; ago, processing: up to 100 days")
    try:
        document = read_document(xml, standard)
    except (NotValid, KeyError) as reason:
        raise ValueError(str(reason)) from None
    upload = spv.register(
        cif=cif,
        serial="",
        standard=standard,
        external=False,
        self_billed=self_billed,
        xml=xml,
        document=document,
        now=world.clock.now() - timedelta(seconds=ago),
        processing=timedelta(seconds=processing),
    )
    world.settle()
    return upload


# --- what the companies of the demonstration have sold ---

CIUS = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1"
DAY = 24 * 3600.0


def stock(world: World, buyers: Iterable[str]) -> int:
    """Have the demonstration's suppliers bill each of `buyers`, over the last weeks, in every environment; how many."""
    filed = 0
    today = world.clock.now().date()
    for buyer in buyers:
        for seller, age, xml in bills(world.companies, buyer, today):
            for environment in world.environments:
                deliver(world, xml=xml, cif=seller, environment=environment, ago=age * DAY + 3600)
                filed += 1
    return filed


def bills(companies: dict[str, Company], buyer: str, today: date) -> Iterator[tuple[str, int, bytes]]:
    """Seller, age in days and UBL of every line of `demo/bills.tsv`, billed to `buyer`; to nobody by itself."""
    with (resources.files(__package__) / "demo" / "bills.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["seller"] != buyer:
                age = int(row["days_ago"])
                yield row["seller"], age, write_ubl(_bill(row, companies, buyer, today - timedelta(days=age)))


def _bill(row: dict[str, str], companies: dict[str, Company], buyer: str, issued: date) -> en.Invoice:
    quantity, price, rate = Decimal(row["quantity"]), Decimal(row["price"]), Decimal(row["rate"])
    line = en.Line(
        identifier="1",
        quantity=quantity,
        unit=row["unit"],
        net_amount=totals.line_net_amount(quantity, price),
        price=en.Price(net=price),
        vat_category="S",
        vat_rate=rate,
        item=en.Item(name=row["item"]),
    )
    summed, breakdown = totals.compute([line])
    seller, client = companies[row["seller"]], companies[buyer]
    return en.Invoice(
        kind=en.Kind.CREDIT_NOTE if row["type"] == "381" else en.Kind.INVOICE,
        number=row["number"],
        issue_date=issued,
        type_code=row["type"],
        due_date=issued + timedelta(days=int(row["term"])),
        specification=CIUS,
        preceding_invoices=(en.PrecedingInvoice(number=row["corrects"]),) if row["corrects"] else (),
        seller=en.Seller(
            name=_legible(seller.name),
            vat_identifier=f"RO{seller.cui}",
            legal_registration_identifier=en.Identifier(seller.trade_register),
            address=_address(seller),
        ),
        buyer=en.Buyer(
            name=_legible(client.name),
            vat_identifier=f"RO{client.cui}" if client.vat_from else None,
            legal_registration_identifier=en.Identifier(client.cui),
            address=_address(client),
        ),
        totals=summed,
        vat_breakdown=breakdown,
        lines=(line,),
    )


def _address(of: Company) -> en.Address:
    city = of.locality.removeprefix("Mun. ")
    if of.plate == "B":
        city = f"SECTOR{of.locality_code}"
    street = _legible(f"{of.street} {of.number}")
    return en.Address(
        line_1=street, city=_legible(city), post_code=of.postcode, subdivision=f"RO-{of.plate}", country="RO"
    )


def _legible(text: str) -> str:
    """The registers' cedillas as commas, as people write."""
    return text.translate(str.maketrans("ŞşŢţ", "ȘșȚț"))
