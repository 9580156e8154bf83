"""The dossier of an invoice: what its chain of records says, for a page, for paper and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from punte import __version__
from punte.web.archive.models import SealVerdict
from punte.web.delivery import records
from punte.web.delivery.models import Outage, Record, Submission
from punte.web.delivery.words import WORDS, Word, word
from punte.web.design import formats
from punte.web.invoices.models import Invoice

from .verifying import FORM, Verdict, check

WORKED = {"accepted", "adopted"}
SENT = {"sent", "found", "adopted"}
#: Steps after which something is asked again.
WAITS = {"anaf-down", "not-connected", "reauthorise", "no-right", "limited", "strange-answer", "uncertain"}


ANSWERS = {
    "Receipt": gettext_lazy("recipisă sau refuz la primire"),
    "MessageState": gettext_lazy("starea mesajului"),
    "Listed": gettext_lazy("lista de mesaje"),
    "NotListed": gettext_lazy("lista de mesaje, fără ea"),
    "Searched": gettext_lazy("căutare în lista de mesaje"),
    "Filed": gettext_lazy("arhiva cu sigiliu"),
    "Rejected": gettext_lazy("fișierul de erori"),
    "Earlier": gettext_lazy("documentul trimis mai devreme"),
    "Died": gettext_lazy("niciunul: procesul nostru s-a oprit"),
    "NotSent": gettext_lazy("niciunul: nimic nu a plecat de aici"),
    "ReplyLost": gettext_lazy("pierdut: documentul poate a ajuns"),
    "Unwell": gettext_lazy("nefolosibil: ANAF nu este în regulă"),
    "Blocked": gettext_lazy("nefolosibil: firewall-ul ANAF"),
    "RateLimited": gettext_lazy("limita de întrebări"),
    "AccessDenied": gettext_lazy("fără drept pe această firmă"),
    "Reauthorise": gettext_lazy("autorizarea nu mai este valabilă"),
    "Misconfigured": gettext_lazy("aplicația nu este recunoscută"),
    "NotFound": gettext_lazy("ANAF nu cunoaște indexul"),
    "Expired": gettext_lazy("ANAF nu mai dă documentul"),
    "Declined": gettext_lazy("alt răspuns al ANAF"),
    "BadPackage": gettext_lazy("un ZIP care nu se poate deschide"),
    "StoodBack": gettext_lazy("certificatul a fost refuzat; trece rezerva"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record, as a person reads it. `details`: name and value; `quote`: ANAF's own words."""

    number: int
    at: datetime
    word: Word
    details: tuple[tuple[str, str], ...]
    quote: str
    digest: str

    @property
    def short(self) -> str:
        return self.digest[:16]

    @property
    def second(self) -> str:
        """`22.11.2026 11:40:07`: seconds matter here."""
        return f"{timezone.localtime(self.at):%d.%m.%Y %H:%M:%S}"


class Dossier:
    """Of an invoice that was sent at least once."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.submissions = list(Submission.objects.filter(invoice=invoice).select_related("package").order_by("pk"))
        for submission in self.submissions:
            records.bring_in(submission)  # first use: history of a version without the chain
        self.rows = list(Record.objects.filter(invoice=invoice).order_by("number"))
        self.said: list[dict[str, Any]] = [json.loads(row.content) for row in self.rows]

    @cached_property
    def outages(self) -> list[Outage]:
        """Every one of the hosts we asked while it was on its way, also as met by other firms' invoices."""
        if not self.submissions:
            return []
        hosts = {one["host"] for one in self.said if one.get("host")}
        last = max(submission.changed_at for submission in self.submissions)
        first = self.submissions[0].created_at
        return [outage for host in sorted(hosts) for outage in records.outages(host, first, last)]

    @property
    def head(self) -> str:
        return self.rows[-1].digest if self.rows else ""

    @cached_property
    def verdict(self) -> Verdict:
        """The chain reckoned anew, now."""
        return check(self.as_json())

    @cached_property
    def deadline(self) -> date | None:
        """The last lawful day, as it stood when the invoice was frozen."""
        said = next((one["deadline"] for one in reversed(self.said) if one.get("deadline")), None)
        return date.fromisoformat(said) if said else None

    @cached_property
    def accepted_at(self) -> datetime | None:
        return _first(self.said, WORKED)

    @cached_property
    def sent_at(self) -> datetime | None:
        """When ANAF first gave an index, or was found to hold the document."""
        return _first(self.said, SENT)

    @property
    def in_time(self) -> bool | None:
        """Accepted by the last day; None where that is not decided or there is no last day."""
        if self.deadline is None or self.accepted_at is None:
            return None
        return timezone.localdate(self.accepted_at) <= self.deadline

    @cached_property
    def attempts(self) -> int:
        before: int = sum(len(one.get("attempts", ())) for one in self.said)  # brought in
        return before + len([one for one in self.said if one["kind"] == "sending"])

    @property
    def chained_from(self) -> bool:
        """Whether some of the history was written without the chain."""
        return any(one["kind"] == "brought-in" for one in self.said)

    @cached_property
    def lines(self) -> list[Line]:
        return [_line(row, said) for row, said in zip(self.rows, self.said, strict=True)]

    def as_json(self) -> dict[str, Any]:
        """The file that `punte dossier verify` reads. What stands beside `records` and `head` is told, not proven."""
        return {
            "punte-dossier": FORM,
            "made_by": f"punte {__version__}",
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "invoice": self.invoice.label,
            "firm": {"cui": self.invoice.firm.cui, "name": self.invoice.firm.name},
            "head": {"number": len(self.rows), "digest": self.head},
            "records": [{"digest": row.digest, "record": said} for row, said in zip(self.rows, self.said, strict=True)],
            "outages": [
                {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}
                for told in (outage.told() for outage in self.outages)
            ],
        }

    def as_bytes(self) -> bytes:
        return json.dumps(self.as_json(), ensure_ascii=False, indent=1).encode()


def _first(said: list[dict[str, Any]], kinds: set[str]) -> datetime | None:
    for one in said:
        for told in (one, *one.get("events", ())):
            if told["kind"] in kinds:
                return datetime.fromisoformat(told["at"])
    return None


def _line(row: Record, said: dict[str, Any]) -> Line:
    kind = said["kind"]
    return Line(
        number=row.number,
        at=datetime.fromisoformat(said["at"]),
        word=_word(kind),
        details=tuple((name, value) for name, value in _details(kind, said) if value),
        quote=said.get("words", "") or (said.get("text", "") if kind in {"rejected", "refused", "anaf-down"} else ""),
        digest=row.digest,
    )


def _word(kind: str) -> Word:
    if kind == "brought-in":
        return Word(_("Istoric scris înainte de dosar"), "info", "warn")
    if kind == "deadline-mail":
        return Word(_("Mail despre termenul care se apropie"), "email", "info")
    return word(kind) if kind in WORDS else Word(kind, "info")


def _details(kind: str, said: dict[str, Any]) -> list[tuple[str, str]]:
    package = said.get("package", {})
    found: list[tuple[str, str]] = []
    if "document" in said and kind != "brought-in":  # the first record of a sending
        found += [
            (_("Cine a apăsat „Trimite”"), said.get("sent_by", "")),
            (_("Numărul"), said.get("invoice", "")),
            (_("Ciornă din"), _second(said.get("drafted_at"))),
            (_("Programată pentru"), _second(said.get("scheduled_for"))),
            (_("Avertizați de termen la"), _second(said.get("warned_at"))),
            (_("Amprenta documentului"), said.get("document", "")),
        ]
    if kind == "sending":
        found.append((_("Încercarea"), said.get("text", "")))
    if kind == "brought-in":
        found += [
            (_second(one["at"]), " ".join(filter(None, (_word(one["kind"]).title, one.get("text", "")))))
            for one in said["events"]
        ]
    found += [
        (_("Cine a hotărât"), said.get("by", "")),
        (_("Serverul"), said.get("host", "")),
        (_("Întrebat la"), _second(said.get("asked_at"))),
        (_("Răspuns la"), _second(said.get("answered_at"))),
        (_("Felul răspunsului"), _answer(said.get("answer", ""))),
        (_("Index SPV"), said.get("upload_index", "") or said.get("duplicate_of", "")),
        (_("Constatări"), "; ".join(one["text"] for one in said.get("findings", ()))),
        (_("Reîncercare la"), _second(said.get("due_at")) if kind in WAITS else ""),
        (_("Pene ANAF întâlnite"), str(len(said.get("outages", ())) or "")),
        (_("Amprenta arhivei"), package.get("sha256", "")),
        (_("Sigiliul"), str(SealVerdict(package["seal"]).label) if package.get("seal") else ""),
    ]
    return found


def _answer(kind: str) -> str:
    """`answer` of a record, the class of what came back, in words; one we have no words for as it stands."""
    return str(ANSWERS.get(kind, kind))


def _second(at: str | None) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(at)):%d.%m.%Y %H:%M:%S}" if at else ""


def long(day: date | datetime | None) -> str:
    """For a sentence: the day, and the hour of an instant."""
    if isinstance(day, datetime):
        return f"{formats.long_date(timezone.localdate(day))}, {formats.clock(day)}"
    return formats.long_date(day) if day else "–"
