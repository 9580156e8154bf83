"""What is done about a difference: one press, carried out by the worker whose matter it is, and looked after here."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from punte.anaf.package import open_package
from punte.web.accounts.models import User
from punte.web.delivery.models import State as Sending
from punte.web.delivery.models import Submission
from punte.web.invoices.models import Frozen
from punte.web.spv.models import Keeping, Message
from punte.web.transfer import imports, undoing
from punte.web.transfer.models import Import
from punte.web.transfer.models import Kind as ImportKind
from punte.web.transfer.models import State as ImportState

from .models import Check, Cure, Difference, Kind

SUBMISSIONS = (Kind.STATE, Kind.PACKAGE)  # asked for anew by `delivery`
MESSAGES = (Kind.UNKNOWN, Kind.UNKNOWN_ERROR, Kind.RECEIVED)  # fetched by `spv.fetching`
CURABLE = (*SUBMISSIONS, *MESSAGES)
TOGETHER = 100  # documents of one import


def begin(check: Check, differences: QuerySet[Difference], user: User, now: datetime) -> int:
    """Start the cure of those that have one and are open, or had failed; how many there were."""
    with transaction.atomic():
        Check.objects.select_for_update(of=("self",)).get(pk=check.pk)
        wanted = differences.filter(check_of=check, kind__in=CURABLE, cure__in=[Cure.OPEN, Cure.FAILED])
        keys = list(wanted.values_list("pk", flat=True))
        chosen = Difference.objects.filter(pk__in=keys)
        _ask_anew(chosen, now)
        _fetch(chosen, now)
        chosen.update(cure=Cure.UNDER_WAY, cured_by=user, cured_at=now, import_of=None)
        if keys:
            Check.objects.filter(pk=check.pk).update(due_at=now)
    return len(keys)


def _ask_anew(chosen: QuerySet[Difference], now: datetime) -> None:
    theirs = Submission.objects.filter(pk__in=chosen.filter(kind__in=SUBMISSIONS).values("submission"))
    theirs.filter(state__in=[Sending.PROCESSING, Sending.ACCEPTED]).update(due_at=now, waiting_for="", tries=0)


def _fetch(chosen: QuerySet[Difference], now: datetime) -> None:
    theirs = Message.objects.filter(pk__in=chosen.filter(kind__in=MESSAGES).values("message"))
    theirs.exclude(keeping__in=[Keeping.FILED, Keeping.EXPIRED]).update(keeping=Keeping.DUE, due_at=now, tries=0)


def undo(difference: Difference) -> bool:
    """Let the worker take back what can be: history that was brought in, and that nobody has used since. The package
    that came with it stays in the archive."""
    one = difference.import_of
    if difference.kind != Kind.UNKNOWN or one is None or one.state != ImportState.DONE:
        return False
    gone = {"import_of": None, "invoice": None, "cured_by": None, "cured_at": None}
    with transaction.atomic():
        undoing.start(one)
        Difference.objects.filter(import_of=one).update(cure=Cure.OPEN, **gone)
    return True


# --- how they stand ---


def follow(check: Check, now: datetime) -> None:
    """Write down which cures are over; bring in as history what has been fetched for it."""
    under_way = check.differences.filter(cure=Cure.UNDER_WAY)
    rows = under_way.select_related("submission", "message__package", "import_of", "cured_by")
    for one in rows.filter(kind__in=SUBMISSIONS):
        assert one.submission is not None
        if one.submission.waiting_for == "no-package":
            _end(one, Cure.FAILED, text=one.submission.anaf_text)
        elif one.submission.due_at is None:
            _end(one, Cure.DONE)
    fetched = []
    for one in rows.filter(kind__in=MESSAGES):
        assert one.message is not None
        if one.message.keeping in {Keeping.EXPIRED, Keeping.STRANGE}:
            _end(one, Cure.FAILED, text=one.message.anaf_text)
        elif one.message.keeping != Keeping.FILED:
            continue
        elif one.kind != Kind.UNKNOWN:
            _end(one, Cure.DONE)
        elif one.import_of_id is None:
            fetched.append(one)
        else:
            _follow_import(one)
    if fetched:
        _bring_in(check, fetched[:TOGETHER])


def _bring_in(check: Check, fetched: list[Difference]) -> None:
    """One import of the documents, each named by its upload index, as SPV's own files are."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in fetched:
            assert one.message is not None
            assert one.message.package is not None
            archive.writestr(f"{one.upload_index}.xml", open_package(bytes(one.message.package.content)).document)
    user = fetched[0].cured_by
    assert user is not None
    with transaction.atomic():
        made = imports.start(check.firm, user, ImportKind.UBL, f"SPV {check.first} {check.last}.zip", held.getvalue())
        Difference.objects.filter(pk__in=[one.pk for one in fetched]).update(import_of=made)


def _follow_import(one: Difference) -> None:
    made = one.import_of
    assert made is not None
    if made.state == ImportState.CHECKED and made.total:
        imports.go(made)
    elif made.state in {ImportState.DONE, ImportState.CHECKED}:
        kept = Frozen.objects.filter(invoice__imported_by=str(made.key), upload_index=one.upload_index).first()
        if kept:
            _end(one, Cure.DONE, invoice=kept.invoice)
        else:
            _end(one, Cure.FAILED, text=_refusal(made, one.upload_index))


def _refusal(made: Import, index: str) -> str:
    """Why the document did not become history, in the words of the import; "" where its number is ours already."""
    rows = Import.objects.filter(pk=made.pk).values_list("refused", flat=True).get()
    return next((str(row["why"]) for row in rows if row.get("cells", [""])[0].startswith(index)), "")


def _end(one: Difference, cure: Cure, **facts: Any) -> None:
    if cure is Cure.FAILED and one.kind == Kind.UNKNOWN and not facts.get("text"):
        facts["kind"] = Kind.NUMBER  # fetched and read: its number is that of another document of ours
    Difference.objects.filter(pk=one.pk, cure=Cure.UNDER_WAY).update(cure=cure, **facts)
