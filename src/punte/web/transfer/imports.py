"""An import from its file to its rows. The steps that take long are the worker's: `advance`, under a lease."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import checking, fields, invoice_rows, reading, ubl_files, undoing, writing
from .models import AT_WORK, Import, Kind, State

log = structlog.get_logger("punte.transfer")
LEASE = timedelta(minutes=3)
PART = {Kind.CLIENTS: 1000, Kind.PRODUCTS: 1000, Kind.INVOICES: 250, Kind.UBL: 100}  # items of one step
KEPT = timedelta(days=30)  # rows that were refused may be downloaded for so long; a file never imported goes then


class Lost(Exception):
    """Another worker took the import over; nothing was written."""


def start(firm: Firm, user: User, kind: str, file_name: str, content: bytes) -> Import:
    """Keep the file; a table with its columns matched, a UBL file straight on to the check. Raises Unreadable."""
    one = Import(firm=firm, created_by=user, kind=kind, file_name=file_name[:200], content=content)
    if kind == Kind.UBL:
        if not sum(1 for _document in ubl_files.documents(content)):  # all of it: what is too much is said now
            raise reading.Unreadable(_("În fișier nu este niciun XML."))
        one.state = State.CHECKING
    else:
        source = reading.source(content)
        one.content, one.encoding = source.content, source.encoding
        one.separator, one.decimal = source.separator, source.decimal
        head = reading.table(source.content, source.encoding, source.separator).head
        one.preset, one.columns = fields.guessed(kind, head)
    one.save()
    return one


def table(one: Import) -> reading.Table:
    return reading.table(bytes(one.content), one.encoding, one.separator)


def check(one: Import) -> None:
    """Hand it to the worker, with the columns as they are."""
    Import.objects.filter(pk=one.pk, state__in=[State.READING, State.CHECKED]).update(
        state=State.CHECKING, encoding=one.encoding, separator=one.separator, decimal=one.decimal,
        columns=one.columns, preset=one.preset, known=one.known, series=one.series, trouble="",
    )  # fmt: skip


def go(one: Import) -> None:
    """The good rows may be written."""
    Import.objects.filter(pk=one.pk, state=State.CHECKED, total__gt=0).update(state=State.IMPORTING)


# --- the worker ---


def advance(now: datetime) -> bool:
    """Take one import one step; False when nothing waits."""
    one = claim(now)
    if one is None:
        return False
    try:
        with override(one.created_by.language):
            if one.state == State.CHECKING:
                _check(one)
            elif one.state == State.UNDOING:
                with transaction.atomic():
                    _write(one, **undoing.step(one, now))
            else:
                _write_part(one, now)
    except Lost:
        log.warning("another worker took over", import_=one.pk)
    except Exception:
        # the lease keeps it quiet until it is tried again; the page says so meanwhile
        with override(one.created_by.language):
            trouble = _(
                "Un pas nu a reușit din vina noastră. Se încearcă din nou peste câteva minute; nimic nu s-a pierdut."
            )
        Import.objects.filter(pk=one.pk, lease=one.lease).update(trouble=trouble)
        raise
    return True


def claim(now: datetime) -> Import | None:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    while found := Import.objects.filter(free, state__in=AT_WORK).order_by("pk").first():
        same = Import.objects.filter(pk=found.pk, lease=found.lease)
        if same.update(lease=found.lease + 1, leased_until=now + LEASE) == 1:
            return Import.objects.select_related("firm", "created_by").defer(None).get(pk=found.pk)
    return None


def _write(one: Import, **facts: Any) -> None:
    """Fenced by our lease, which is given back."""
    mine = Import.objects.filter(pk=one.pk, lease=one.lease, state=one.state)
    if mine.update(leased_until=None, **({"trouble": ""} | facts)) != 1:
        raise Lost


def _check(one: Import) -> None:
    try:
        report, head = _report(one)
    except reading.Unreadable as fault:
        back = State.CHECKED if one.kind == Kind.UBL else State.READING
        _write(one, state=back, trouble=str(fault)[:300], total=0, items=[], refused=[], bad=0)
        return
    refused = [{"head": head}, *report.refused] if report.refused else []
    _write(one, state=State.CHECKED, items=report.items, total=len(report.items), done=0,
           refused=refused, bad=len(report.refused))  # fmt: skip
    log.info("import checked", import_=one.pk, good=len(report.items), bad=len(report.refused))


def _report(one: Import) -> tuple[checking.Report, list[str]]:
    if one.kind == Kind.UBL:
        return ubl_files.invoices(one.firm, bytes(one.content), one.series), [_("Fișierul")]
    rows = table(one)
    columns: dict[str, int] = one.columns
    match one.kind:
        case Kind.CLIENTS:
            return checking.clients(one.firm, rows.rows, columns, one.decimal), rows.head
        case Kind.PRODUCTS:
            return checking.products(one.firm, rows.rows, columns, one.decimal), rows.head
    return invoice_rows.invoices(one.firm, rows.rows, columns, one.decimal, one.series), rows.head


def _write_part(one: Import, now: datetime) -> None:
    part = one.items[one.done : one.done + PART[Kind(one.kind)]]
    with transaction.atomic():
        Firm.objects.select_for_update().get(pk=one.firm_id)  # two imports at once must not make one client twice
        tally = writing.write(one, part)
        facts: dict[str, Any] = {
            "done": one.done + len(part),
            "made": one.made + tally.made,
            "updated": one.updated + tally.updated,
            "skipped": one.skipped + tally.skipped,
            "traces": one.traces,
        }
        if facts["done"] >= one.total:
            facts |= {"state": State.DONE, "ended_at": now, "items": [], "content": b""}
        _write(one, **facts)


def forget(now: datetime) -> None:
    """Let go of files and rows nobody came back for: they hold people's names."""
    old = Import.objects.filter(created_at__lt=now - KEPT)
    old.filter(state__in=[State.READING, State.CHECKED]).delete()
    old.exclude(bad=0).filter(state__in=[State.DONE, State.UNDONE]).update(refused=[])


def discard(one: Import) -> None:
    """Given up before anything was written."""
    Import.objects.filter(pk=one.pk, state__in=[State.READING, State.CHECKED]).delete()


def recent(firm: Firm) -> models.QuerySet[Import]:
    return firm.imports.select_related("created_by").order_by("-pk")
