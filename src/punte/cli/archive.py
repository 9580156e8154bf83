"""`punte archive`: verify what is kept, move it to its store, say what the law lets go of."""

from __future__ import annotations

import json
import sys
from datetime import datetime

import click

from . import product


@click.group()
def archive() -> None:
    """The sealed archive: verify it, move it to its store, see what the law lets go of."""
    product.set_up()


@archive.command()
@click.option("--firm", metavar="CUI", help="One firm's packages alone.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only packages stored from this day on.")
@click.option("--sweep", is_flag=True, help="Take away files that no row has named for 7 days.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def verify(firm: str | None, since: datetime | None, sweep: bool, as_json: bool) -> None:
    """Read every package again: is it there, whole, sealed, and the one that was filed?

    Exit status: 0 all is well, 1 something is wrong, 2 the store could not be read.

    \b
        punte archive verify
        punte archive verify --firm 19283749 --since 2026-01-01 --json
    """
    from django.utils import timezone

    from punte.web.archive import orphans, verifying
    from punte.web.archive.store import Unreachable, store
    from punte.web.delivery.expecting import expected
    from punte.web.firms.models import Firm

    from .plan import firm_named

    chosen = firm_named(firm) if firm else None
    firms = [chosen] if chosen else Firm.objects.order_by("pk").iterator()  # also one whose every row is gone

    def told(done: int, fault: verifying.Fault | None) -> None:
        if fault is not None and not as_json:
            click.echo(line_of(fault))
        elif sys.stderr.isatty() and done % 100 == 0:
            click.echo(f"\r{done} packages", nl=False, err=True)

    try:
        row = verifying.verify(
            firms,
            timezone.now(),
            expecting=expected,
            firm=chosen,
            since=since.date() if since else None,
            clock=timezone.now,
            told=told,
        )
        place = store()
        lost = list(orphans.orphans(place)) if place else []
        swept = orphans.sweep(place, timezone.now()) if place and sweep else []
    except Unreachable as exc:
        click.echo(f"punte: the archive cannot be read: {exc}. Nothing is known about its packages.", err=True)
        sys.exit(2)
    if as_json:
        said = {
            "ok": not row.faults,
            "packages": row.packages,
            "faults": row.found,
            "faults_total": row.faults,
            "orphans": [one.name for one in lost],
            "swept": [one.name for one in swept],
        }
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        for one in lost:
            click.echo(f"orphan: {one.name}, {one.size} bytes, of {one.written_at:%Y-%m-%d}: no row names it")
        swept_too = f", {len(swept)} taken away" if sweep else ""
        click.echo(f"{row.packages} packages, {row.faults} faults, {len(lost)} files without a row{swept_too}")
    sys.exit(1 if row.faults else 0)


def line_of(fault: object) -> str:
    """`wrong: Exemplu SRL (CUI …), invoice …, upload index …: what; do: …`."""
    from punte.web.archive.verifying import Fault

    assert isinstance(fault, Fault)
    invoice = f", invoice {fault.label}" if fault.label else ""
    index = f", upload index {fault.upload_index}" if fault.upload_index else ""
    return f"wrong: {fault.firm} (CUI {fault.cui}){invoice}{index}: {fault.said}; do: {fault.cure}"


@archive.command()
def move() -> None:
    """Bring the packages that the database still holds to the store of PUNTE_ARCHIVE.

    May be broken off and begun again, beside running processes of this version. Older versions read the database
    alone: end them first.

    \b
        PUNTE_ARCHIVE=s3://facturi/arhiva punte archive move
    """
    from punte.web.archive import moving
    from punte.web.archive.store import Unreachable, store

    place = store()
    if place is None:
        raise click.ClickException("PUNTE_ARCHIVE names no store: give a folder or s3://bucket/prefix")
    total, moved, left = moving.waiting(), 0, 0
    try:
        for package, went in moving.move(place):
            moved, left = moved + went, left + (not went)
            if not went:
                click.echo(f"left: upload index {package.upload_index} is not as it was filed; see verify", err=True)
            elif moved % 100 == 0:
                click.echo(f"{moved} of {total}", err=True)
    except Unreachable as exc:
        raise click.ClickException(f"{exc}; {moved} were moved, run it again for the rest") from exc
    click.echo(f"{moved} packages moved to {place.describe()}, {left} left in the database")
    sys.exit(1 if left else 0)


@archive.command()
@click.option("--firm", metavar="CUI", required=True)
@click.option("--until-year", type=int, help="Remove what was stored up to the end of this year. Without it: only say.")
@click.option("--confirm", metavar="CUI", help="The CUI once more: removing cannot be undone.")
def remove(firm: str, until_year: int | None, confirm: str | None) -> None:
    """Say which packages the law no longer asks to be kept; with --until-year and --confirm, remove those.

    Nothing is ever removed otherwise. The row stays, and says when the bytes were taken away; backups have them still.

    \b
        punte archive remove --firm 19283749
        punte archive remove --firm 19283749 --until-year 2024 --confirm 19283749
    """
    from django.utils import timezone

    from punte.romania import retention as law
    from punte.web.archive import retention

    from .plan import firm_named

    chosen, today = firm_named(firm), timezone.localdate()
    if until_year is None:
        year = law.newest_offered(today)
        click.echo(f"{law.rule('law', today).text_en} ({law.rule('law', today).act})")
        click.echo(
            f"{retention.offered(chosen, today).count()} packages of {chosen.name}, up to {year}, may be removed"
        )
        return
    if confirm != chosen.cui:
        raise click.ClickException(f"removing cannot be undone: add --confirm {chosen.cui}")
    try:
        removed = retention.remove(chosen, until_year, timezone.now())
    except retention.StillKept as kept:
        raise click.ClickException(str(kept)) from kept
    click.echo(f"{removed} packages of {chosen.name}, up to {until_year}, removed")
