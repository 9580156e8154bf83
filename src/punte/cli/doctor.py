"""`punte doctor`: does the installation stand? One line a thing, with a cure where it does not."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import click

from . import product

if TYPE_CHECKING:
    from punte.anaf.knock import Answer

CLOCKS_MAY_DIFFER = timedelta(seconds=30)
VERIFIED_WITHIN = timedelta(days=31)
BACKED_UP_WITHIN = timedelta(days=2)
ROOM_LEFT = 2**30, 0.05  # bytes; share of the disk


class Outcome(StrEnum):
    OK = "ok"
    NOTE = "note"  # it works; somebody should know
    WRONG = "wrong"
    SKIPPED = "skipped"  # could not be looked at


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    outcome: Outcome
    said: str
    cure: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def doctor(as_json: bool) -> None:
    """Look at configuration, database, keys, clock, ANAF, connections, worker, archive, backups, disk.

    Asks ANAF's login page whether it answers; sends nothing else. Exit status: 0 nothing is wrong, 1 something is.

    \b
        punte doctor
        punte doctor --json
    """
    product.set_up()  # a wrong setting has ended us with its name by now
    lines: list[Line] = []
    for look in LOOKS:
        for line in _looked(look):
            lines.append(line)
            if not as_json:
                cure = f"; do: {line.cure}" if line.cure else ""
                click.echo(f"{line.outcome:<8}{line.name:<14}{line.said}{cure}")
    ok = all(line.outcome is not Outcome.WRONG for line in lines)
    if as_json:
        click.echo(json.dumps({"ok": ok, "lines": [asdict(line) for line in lines]}, ensure_ascii=False))
    sys.exit(0 if ok else 1)


def _looked(look: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    """What a look finds; a look that itself fails is a finding, and the others go on."""
    try:
        yield from look()
    except Exception as exc:
        name = look.__name__.strip("_").replace("_", " ")
        yield Line(name, Outcome.WRONG, f"could not be looked at: {type(exc).__name__}: {exc}"[:300])


def _configuration() -> Iterator[Line]:
    from django.conf import settings

    said = f"PUNTE_ANAF={settings.ANAF}, {settings.BASE_URL}, data in {settings.DATA_DIR}"
    if settings.ANAF in {"test", "prod"} and not settings.SECURE:
        cure = "set PUNTE_BASE_URL to the https address: ANAF takes no other callback"
        yield Line("configuration", Outcome.WRONG, said, cure)
    elif not (settings.ANAF_CLIENT_ID and settings.ANAF_CLIENT_SECRET):
        cure = "set PUNTE_ANAF_CLIENT_ID and PUNTE_ANAF_CLIENT_SECRET, or let each firm give its own in Integrări"
        yield Line("configuration", Outcome.NOTE, f"{said}, no application of ANAF's", cure)
    else:
        yield Line("configuration", Outcome.OK, said)
    if settings.DEBUG:
        yield Line("configuration", Outcome.WRONG, "PUNTE_DEBUG is on", "leave it out where people use Punte")


def _database() -> Iterator[Line]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        connection.ensure_connection()
    except DatabaseError as exc:
        cure = "start the database, and look at DATABASE_URL"
        yield Line("database", Outcome.WRONG, f"does not answer: {exc}".strip(), cure)
        return
    said = f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            checked = cursor.fetchone()[0]
        if checked != "ok":
            yield Line("database", Outcome.WRONG, f"{said}, damaged: {checked}", "punte restore, from the last backup")
            return
    yield Line("database", Outcome.OK, said)
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Line("migrations", Outcome.WRONG, f"{len(plan)} are not applied", "punte prepare")
    elif newer := sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)):
        known = {app for app, _ in executor.loader.disk_migrations}
        named = [f"{app}.{name}" for app, name in newer if app in known]
        said = f"the tables are of a newer version: {', '.join(named[:3])}" if named else "all applied"
        yield Line("migrations", Outcome.NOTE if named else Outcome.OK, said)
    else:
        yield Line("migrations", Outcome.OK, "all applied")


def _keys() -> Iterator[Line]:
    from punte.web.connection.secrets import count

    found = count()
    if found.unreadable:
        cure = "add the key they were written with to PUNTE_FERNET_KEYS; without it their firms connect anew"
        yield Line("keys", Outcome.WRONG, f"{found.unreadable} secrets open with none of the keys", cure)
    elif found.rotated:
        said = f"{found.rotated} secrets are under an older key, {found.already} under the first"
        yield Line("keys", Outcome.NOTE, said, "punte rotate-keys")
    else:
        yield Line("keys", Outcome.OK, f"{found.already} secrets, all under the first key")


@cache
def _knocked() -> Answer:
    from django.conf import settings

    from punte.anaf.knock import knock
    from punte.web.config.anaf import hosts
    from punte.web.connection.crossing import redirect_uri
    from punte.web.connection.rights import PATIENCE

    return knock(hosts(), client_id=settings.ANAF_CLIENT_ID, redirect_uri=redirect_uri(), timeouts=PATIENCE)


def _anaf() -> Iterator[Line]:
    from punte.anaf.errors import AnafError

    try:
        answer = _knocked()
    except AnafError as exc:
        cure = "look at this machine's network, proxy and DNS; when ANAF itself is down, invoices wait and leave later"
        yield Line("anaf", Outcome.WRONG, f"the login page does not answer as it should: {exc}"[:300], cure)
        yield Line("clock", Outcome.SKIPPED, "ANAF's hour is not known")
        return
    if answer.refused:
        yield Line("anaf", Outcome.WRONG, f"stops the walk: {answer.refused}"[:300], "docs/operare/configurare.md")
    else:
        yield Line("anaf", Outcome.OK, "the login page answers")
    if answer.ahead is None:
        yield Line("clock", Outcome.SKIPPED, "ANAF did not say its hour")
        return
    seconds = round(answer.ahead.total_seconds())
    said = f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} ANAF's" if seconds else "as ANAF's"
    far = abs(answer.ahead) > CLOCKS_MAY_DIFFER
    cure = "set the clock (systemd-timesyncd, chrony): ANAF refuses lists that end in its future" if far else ""
    yield Line("clock", Outcome.WRONG if far else Outcome.OK, said, cure)


def _connections() -> Iterator[Line]:
    from django.utils import timezone

    from punte.web.connection.models import Authorization, Problem

    living = Authorization.objects.live().defer("access_token", "refresh_token", "previous_refresh_token")
    total = living.count()
    dead = living.filter(problem=Problem.DEAD).count()
    ours = living.filter(problem=Problem.OPERATOR).count()
    soon = living.exclude(problem=Problem.DEAD).filter(renewal_due_at__lte=timezone.now() + timedelta(days=14)).count()
    if ours:
        cure = "look at PUNTE_ANAF_CLIENT_ID and _SECRET, and at the application's page at ANAF"
        yield Line("connections", Outcome.WRONG, f"ANAF does not know our application, for {ours} of {total}", cure)
    if dead:
        cure = "their holders connect anew, with the certificate: they were told by mail"
        yield Line("connections", Outcome.NOTE, f"{dead} of {total} no longer accepted by ANAF", cure)
    if soon:
        yield Line("connections", Outcome.NOTE, f"{soon} of {total} need certificate and PIN within 14 days")
    if not (ours or dead or soon):
        yield Line("connections", Outcome.OK, f"{total} authorizations")


def _worker() -> Iterator[Line]:
    from punte.web.archive.models import Resumption
    from punte.web.limits.clock import now as clock
    from punte.web.work import health

    now = clock()  # the workers' own
    alive, silent, _ = health.workers(now)
    waits = timedelta(seconds=health.oldest_due(now) or 0)
    if not alive:
        yield Line("worker", Outcome.WRONG, "none beats: nothing is sent", "start `punte serve`, or `punte worker`")
    elif silent:
        said = f"{alive} beat; {silent} fell silent within the hour without saying that they end"
        yield Line("worker", Outcome.NOTE, said, "look at its log, and start it anew where its host did not")
    else:
        yield Line("worker", Outcome.OK, f"{alive} beat")
    if waits > health.LATE:
        cure = "start another `punte worker`; then the log" if alive else "start `punte serve`, or `punte worker`"
        yield Line("queue", Outcome.WRONG, f"the oldest due delivery has waited for {_age(waits)}", cure)
    else:
        yield Line("queue", Outcome.OK, "nothing is overdue")
    if held := Resumption.objects.filter(settled_at=None).count():
        said = f"{held} firms give no new number until SPV's list was read"
        yield Line("restore", Outcome.NOTE, said, "wait an hour; a firm that is not connected must connect anew")
    if strangers := sum(len(one.found) for one in Resumption.objects.exclude(found=[])):
        said = f"{strangers} documents in SPV, sent after the backup, match nothing here"
        yield Line("restore", Outcome.NOTE, said, "their firms see them in Setări → Date, and import them from there")


def _archive() -> Iterator[Line]:
    from django.utils import timezone

    from punte.web.archive.models import SealedPackage, Verification
    from punte.web.archive.store import Missing, Unreachable, store

    place = store()
    last = SealedPackage.objects.filter(held=b"", removed_at=None).order_by("-pk").first()
    where = place.describe() if place else "in the database"
    try:
        if last is not None:
            _ = last.content
        elif place is not None:
            next(place.everything(), None)
    except (Missing, Unreachable) as exc:
        yield Line("archive", Outcome.WRONG, str(exc)[:300], "look at PUNTE_ARCHIVE; then punte archive verify")
        return
    yield Line("archive", Outcome.OK, f"{SealedPackage.objects.count()} packages, {where}")
    now = timezone.now()
    whole = Verification.objects.filter(firm=None, since=None).exclude(ended_at=None).order_by("-started_at").first()
    if whole is None or now - whole.started_at > VERIFIED_WITHIN:
        said = f"verified {_age(now - whole.started_at)} ago" if whole else "never verified"
        yield Line("verification", Outcome.NOTE, said, "punte archive verify, once a month")
    elif whole.faults:
        yield Line(
            "verification", Outcome.WRONG, f"{whole.faults} faults", "punte archive verify names each, and cures"
        )
    else:
        yield Line("verification", Outcome.OK, f"{whole.packages} packages, {_age(now - whole.started_at)} ago")


def _backup() -> Iterator[Line]:
    from django.utils import timezone

    from punte.web.archive.models import Backup

    now = timezone.now()
    last = Backup.objects.order_by("-started_at").first()
    if last is None:
        yield Line("backup", Outcome.NOTE, "none yet", "punte backup DIRECTORY, every day, to another disk")
        return
    said = f"{_age(now - last.started_at)} ago, in {last.place}"
    if last.faults:
        cure = "punte archive verify"
        yield Line("backup", Outcome.WRONG, f"{said}, without {last.faults} damaged packages", cure)
    elif now - last.started_at > BACKED_UP_WITHIN:
        yield Line("backup", Outcome.NOTE, said, "punte backup DIRECTORY, every day")
    else:
        yield Line("backup", Outcome.OK, said)


def _disk() -> Iterator[Line]:
    from django.conf import settings

    usage = shutil.disk_usage(settings.DATA_DIR)
    said = f"{usage.free / 2**30:.1f} GiB free of {usage.total / 2**30:.1f} in {settings.DATA_DIR}"
    short = usage.free < ROOM_LEFT[0] or usage.free < ROOM_LEFT[1] * usage.total
    yield Line("disk", Outcome.WRONG if short else Outcome.OK, said, "make room before it is full" if short else "")


def _age(span: timedelta) -> str:
    """
    >>> _age(timedelta(hours=50)), _age(timedelta(minutes=7))
    ('2 days', '7 min')
    """
    minutes = int(span.total_seconds() // 60)
    return (
        f"{minutes // 1440} days" if minutes >= 2880 else f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"
    )


LOOKS: tuple[Callable[[], Iterator[Line]], ...] = (
    _configuration, _database, _keys, _anaf, _connections, _worker, _archive, _backup, _disk,
)  # fmt: skip
