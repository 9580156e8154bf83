"""`punte plan`: what the operator of plans does. The rules are in `punte.web.plans`."""

from __future__ import annotations

import getpass
import re
from datetime import datetime
from typing import TYPE_CHECKING

import click

from . import product

if TYPE_CHECKING:
    from punte.web.firms.models import Firm


@click.group()
def plan() -> None:
    """Give firms their plans. FIRM is a CUI, or `#` and the number that `punte plan show` prints."""
    product.set_up()


@plan.command()
@click.argument("firm")
@click.argument("key", metavar="PLAN")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day, included: 2027-12-31.")
def activate(firm: str, key: str, until: datetime) -> None:
    """Activate PLAN for FIRM from today on. The latest activation is the one in force.

    \b
        punte plan activate RO19283749 pro --until 2027-12-31
    """
    from django.utils import timezone

    from punte.web.plans import catalog, ordering

    found = firm_named(firm)
    try:
        ordering.activate(found, key, until.date(), timezone.now(), who())
    except ordering.NoSuchPlan as exc:
        offered = ", ".join(one.key for one in catalog.catalog().offered(timezone.localdate()))
        raise click.ClickException(f"no plan {key!r} is offered today; there are: {offered}") from exc
    click.echo(f"{found.name} (#{found.pk}): {key} until {until:%Y-%m-%d}")


@plan.command()
@click.argument("proforma")
def paid(proforma: str) -> None:
    """The money for PROFORMA (`PF 0012`) has come: activate what it ordered.

    \b
        punte plan paid "PF 0012"
    """
    from django.utils import timezone

    from punte.web.plans import ordering
    from punte.web.plans.models import Order

    number = re.fullmatch(r"(?:PF[ -]?)?0*(\d{1,9})", proforma.strip(), re.IGNORECASE)
    order = Order.objects.filter(pk=int(number[1])).select_related("firm").first() if number else None
    if order is None:
        raise click.ClickException(f"no proforma {proforma!r}; `punte plan orders` lists them")
    try:
        subscription = ordering.settle(order, timezone.now(), who())
    except ordering.AlreadySettled as exc:
        raise click.ClickException(f"{order.label} was settled before; nothing was changed") from exc
    except ordering.NoSuchPlan as exc:
        raise click.ClickException(f"{order.plan!r} is no longer offered; use `punte plan activate`") from exc
    click.echo(f"{order.label}: {order.firm.name} (#{order.firm_id}): {order.plan} until {subscription.until}")


@plan.command()
def orders() -> None:
    """The proformas that wait for their money, oldest first."""
    from punte.web.plans.models import Order

    for order in Order.objects.filter(paid_at=None).select_related("firm").order_by("pk"):
        click.echo(
            f"{order.label}\t{order.issued_on}\t{order.total} lei\t{order.plan} {order.period}\t"
            f"{order.firm.name} (#{order.firm_id}, CUI {order.firm.cui})\t{order.email}"
        )


@plan.command()
@click.argument("firm")
def show(firm: str) -> None:
    """How FIRM stands, and every activation it ever had."""
    from django.utils import timezone

    from punte.web.plans.standing import standing

    found = firm_named(firm)
    stands = standing(found)
    state = "active" if stands.is_active(timezone.localdate()) else "over"
    kind = "trial of " if stands.trial else ""
    now = f"{kind}{stands.plan.key}, {stands.since} to {stands.until}, {state}" if stands.plan else "no plan"
    click.echo(f"{found.name} (#{found.pk}, CUI {found.cui}): {now}")
    for one in found.subscriptions.select_related("order").order_by("activated_at", "pk"):
        told = f"  {_minute(one.activated_at)}  {one.plan} until {one.until}, by {one.by}"
        click.echo(told + (f", {one.order.label}" if one.order else ""))


def firm_named(text: str) -> Firm:
    """The firm of that CUI, or `#`number where several accounts keep the same company."""
    from punte.web.firms.models import Firm

    if text.startswith("#") and text[1:].isdecimal():
        found = list(Firm.objects.filter(pk=int(text[1:])))
    else:
        found = list(Firm.objects.filter(cui=text.upper().removeprefix("RO").strip()).order_by("pk"))
    if not found:
        raise click.ClickException(f"no firm {text!r} here")
    if len(found) > 1:
        listed = "\n".join(f"  '#{firm.pk}'  {firm.name}, since {firm.created_at:%Y-%m-%d}" for firm in found)
        raise click.ClickException(f"{text} is kept in {len(found)} accounts; name one by its number:\n{listed}")
    return found[0]


def who() -> str:
    """Who acts, for the history: the name on this machine."""
    try:
        return getpass.getuser()[:150]
    except (KeyError, OSError):  # a container without a name for its user
        return "punte plan"


def _minute(moment: datetime) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
