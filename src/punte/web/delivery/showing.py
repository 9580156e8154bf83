"""A delivery as a page shows it: which state, how far on the bridge, what happened, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from punte.web.archive.models import SealVerdict
from punte.web.design import formats
from punte.web.design.bridge import Bridge
from punte.web.invoices import duty
from punte.web.invoices.copies import is_taken_back
from punte.web.invoices.models import Invoice, Kind, Stage
from punte.web.invoices.undecided import DECIDABLE

from .models import Event, Submission
from .steps import PROVED_ABSENT
from .words import WORDS, Word, word

SLUGS = {
    Stage.DRAFT: "ciorna",
    Stage.SCHEDULED: "programata",
    Stage.ISSUED: "emisa",
    Stage.NOT_SENT: "nu-se-transmite",
    Stage.QUEUED: "in-asteptare",
    Stage.SENDING: "se-trimite",
    Stage.UNCERTAIN: "incerta",
    Stage.PROCESSING: "in-prelucrare",
    Stage.ACCEPTED: "validata",
    Stage.REJECTED: "respinsa",
    Stage.REFUSED: "nepreluata",
}
WITH_INDEX = {"sent", "found", "believed", "told-found", "adopted", "duplicate", "other-duplicate"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history, newest on top."""

    at: datetime
    word: Word
    detail: str = ""  # an attempt's number, ANAF's words
    index: str = ""  # an upload index, to be copied
    who: str = ""


def latest(invoice: Invoice) -> Submission | None:
    """The newest submission; taken from the prefetched ones where a list prefetched them."""
    return max(invoice.submissions.all(), key=lambda submission: submission.pk, default=None)


def slug(invoice: Invoice) -> str:
    """The state's name in the design: `punte.web.design.states`."""
    if invoice.kind == Kind.PROFORMA and invoice.stage == Stage.ISSUED:
        return "facturata" if invoice.invoices_made.all() else "emisa"
    if is_taken_back(invoice):
        return "stornata"
    if invoice.stage == Stage.ACCEPTED:
        submission = latest(invoice)
        return "arhivata" if submission and submission.package_id else "validata"
    return SLUGS[Stage(invoice.stage)]


def reason(invoice: Invoice) -> str:
    """The second line of a row: why it stands where it stands, in a few words; may be empty."""
    match Stage(invoice.stage):
        case Stage.SCHEDULED if invoice.send_at:
            return _("Pleacă la %(moment)s") % {"moment": formats.moment(invoice.send_at)}
        case Stage.ISSUED if invoice.kind == Kind.PROFORMA:
            return _("Nu este factură și nu se transmite")
        case Stage.ISSUED:
            return _("Trimiterea a fost oprită")
        case Stage.NOT_SENT:
            return _("Importată din alt program") if invoice.not_sent_because == "imported" else duty.of(invoice).text
    submission = latest(invoice)
    if submission is None or invoice.stage == Stage.DRAFT:
        return _("Salvată %(moment)s") % {"moment": formats.moment(invoice.changed_at)}
    if submission.waiting_for:
        title = word(submission.waiting_for).title
        if submission.due_at is None:
            return title
        return _("%(what)s; din nou la %(hour)s") % {"what": title, "hour": formats.clock(submission.due_at)}
    match Stage(invoice.stage):
        case Stage.QUEUED:
            return _("Pleacă în câteva secunde")
        case Stage.UNCERTAIN:
            return doubt_times(submission)
        case Stage.PROCESSING:
            return _("La ANAF de la %(hour)s") % {"hour": formats.clock(submission.changed_at)}
        case Stage.REJECTED | Stage.REFUSED:
            return formats.plural(len(submission.findings) or 1, _("problemă"), _("probleme"))
        case Stage.ACCEPTED if not submission.package_id:
            return _("Se arhivează")
    return ""


def known_by(submission: Submission) -> datetime | None:
    """When a doubt will be settled at the latest, if ANAF answers; None when that depends on something else."""
    if submission.uncertain_since is None or submission.waiting_for or submission.due_at is None:
        return None
    return max(submission.uncertain_since + PROVED_ABSENT * settings.DELIVERY_PACE, submission.due_at)


def doubt_times(submission: Submission) -> str:
    """Of a doubt, in a few words: do not send again, the next look, and when it will be known."""
    last = known_by(submission)
    if submission.due_at is None or last is None:
        return _("Nu retrimiteți; o căutăm în SPV")
    times = {"hour": formats.clock(submission.due_at), "last": formats.clock(last)}
    if times["hour"] == times["last"]:
        return _("Nu retrimiteți; aflăm la %(last)s") % times
    return _("Nu retrimiteți; căutăm la %(hour)s, știm cel târziu la %(last)s") % times


def doubt_word(submission: Submission) -> Word:
    """The banner of a doubt: why we wait, when we look next, when it will be known."""
    if submission.waiting_for in DECIDABLE:
        return word(submission.waiting_for)
    said = word("uncertain")
    if submission.duplicate_of:
        return replace(said, why=_("Întrebăm ANAF de indexul pe care ni l-ați dat."))
    if submission.waiting_for in WORDS:
        waits = word(submission.waiting_for)
        return replace(
            said, why=f"{said.why} {waits.title}: {waits.why}", now=waits.now if waits.code[:1] in "CT" else said.now
        )
    if (last := known_by(submission)) is None or submission.due_at is None:
        return said
    lag = _("Listele ANAF rămân în urmă cu până la un sfert de oră, de aceea nu ne grăbim.")
    times = _("Ne uităm în SPV la %(hour)s; știm cel târziu la %(last)s, dacă ANAF răspunde.") % {
        "hour": formats.clock(submission.due_at),
        "last": formats.clock(last),
    }
    return replace(said, why=f"{said.why} {lag} {times}")


def crosses(invoice: Invoice) -> bool:
    """Whether it has a way to ANAF at all: a proforma and what need not be sent have none."""
    return invoice.kind == Kind.INVOICE and invoice.stage != Stage.NOT_SENT


def bridge(invoice: Invoice) -> Bridge | None:
    """The large bridge: under each pier the time when it was reached, or what is to be expected; None: no way to go."""
    if not crosses(invoice):
        return None
    submission = latest(invoice)
    if invoice.stage == Stage.SCHEDULED and invoice.send_at:
        leaves = _("pleacă la %(moment)s") % {"moment": formats.moment(invoice.send_at)}
        return Bridge(slug(invoice), (formats.moment(invoice.created_at), leaves, "", ""))
    if submission is None:
        return Bridge(slug(invoice), (formats.moment(invoice.created_at), _("apăsați „Trimite”"), "", ""))
    reached = {event.kind: formats.moment(event.at) for event in submission.events.all()}
    sent = reached.get("sent") or reached.get("found") or reached.get("believed")
    over = reached.get("accepted") or reached.get("adopted")
    notes = (
        reached.get("queued", ""),
        sent or reached.get("uncertain", ""),
        sent or "",
        over or reached.get("rejected") or reached.get("other-duplicate") or _("de obicei în câteva minute"),
    )
    if invoice.stage == Stage.REFUSED:
        notes = (notes[0], reached.get("refused", ""), "", "")
    return Bridge(slug(invoice), notes)


def history(invoice: Invoice) -> list[Entry]:
    """Everything that happened, of all submissions of the invoice; nothing is ever taken out."""
    entries = [Entry(invoice.created_at, Word(_("Ciornă creată"), "ciorna"), who=str(invoice.created_by))]
    for submission in invoice.submissions.all():
        for event in submission.events.all():
            said = word(event.kind)
            who = str(event.by or "") or (str(submission.created_by) if event.kind == "queued" else "")
            if event.kind in WITH_INDEX:
                entries.append(Entry(event.at, said, index=event.text, who=who))
            else:
                entries.append(Entry(event.at, said, _detail(event), who=who))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _detail(event: Event) -> str:
    if event.kind == "sending":
        return _("Încercarea %(number)s") % {"number": event.text}
    return str(SealVerdict(event.text).label) if event.kind == "archived" else event.text


def banner(invoice: Invoice) -> Word | None:
    """What the person must know or do now; None when all goes its way."""
    submission = latest(invoice)
    if submission is None or invoice.stage in {Stage.DRAFT, Stage.ISSUED, Stage.SCHEDULED, Stage.ACCEPTED}:
        return None
    if invoice.stage in {Stage.REJECTED, Stage.REFUSED}:
        last = max(submission.events.all(), key=lambda event: event.pk)
        return word(last.kind)
    if invoice.stage == Stage.UNCERTAIN:
        return doubt_word(submission)
    return word(submission.waiting_for) if submission.waiting_for in WORDS else None
