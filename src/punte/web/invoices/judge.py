"""„Ce ar spune ANAF acum”: the official rules on the document as it stands, and what only we can know.

The official rules do not look at check digits, at lawful VAT rates, or at the code of a client when the seller is
not registered for VAT; ANAF or the law does (docs/anaf/document.md), so we do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from punte import en16931
from punte.en16931 import model as en
from punte.romania import check
from punte.romania.vat import rates

from . import document
from .findings import SELLER, Verdict, verdict_of
from .models import Invoice, Line


@dataclass(frozen=True, slots=True)
class Judgement:
    """The document and what there is to say of it; `document` is None while the form cannot be read."""

    verdicts: tuple[Verdict, ...]
    document: en.Invoice | None = None

    @property
    def problems(self) -> tuple[Verdict, ...]:
        """What ANAF would refuse."""
        return tuple(verdict for verdict in self.verdicts if verdict.tone == "bad")

    @property
    def tone(self) -> str:
        """The worst of it, as the class of the panel."""
        return "" if self.problems else "warn" if self.verdicts else "clean"


def judge(invoice: Invoice, lines: Iterable[Line] | None = None, *, today: date) -> Judgement:
    """The judgement of `invoice`; `lines` instead of the saved ones while it is being typed."""
    rows = list(invoice.lines.all()) if lines is None else list(lines)
    built = document.build(invoice, lines=rows)
    report = check(en16931.write_ubl(built))
    positions = [row.position for row in rows]
    found = [verdict_of(finding, positions) for finding in report.findings]
    return Judgement(_once_each([*found, *_ours(invoice, rows, today, built)]), built)


def lawful_rates(invoice: Invoice) -> list[Decimal]:
    """The rates in force on the day of issue, highest first; a correction may keep those of what it corrects.

    Source: art. 291 Cod fiscal, paragraphs 4 and 6 for corrections.
    """
    days = [invoice.issue_date, *([invoice.preceding.issue_date] if invoice.preceding else [])]
    return list(dict.fromkeys(rate.percent for day in days for rate in rates(day)))


def _once_each(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """One sentence a field, what is bad first. Of two rules the later is kept: it knows more (sector after city)."""
    told: dict[str, Verdict] = {}
    for verdict in sorted(verdicts, key=lambda verdict: verdict.tone, reverse=True):  # "warn", then "bad" over it
        told[verdict.target if verdict.target and not verdict.is_sellers else verdict.title + verdict.text] = verdict
    return tuple(sorted(told.values(), key=lambda verdict: verdict.tone))


def _ours(invoice: Invoice, rows: Sequence[Line], today: date, built: en.Invoice) -> Iterable[Verdict]:
    client, firm = invoice.client, invoice.firm
    if not client.private and not client.cui:
        yield Verdict(
            tone="bad",
            title="CUI-ul clientului",
            text="Scrieți CUI-ul clientului sau bifați „persoană fizică”.",
            target="id_client-cui",
        )
    if not rows:
        return
    lawful = lawful_rates(invoice)
    for row in rows:
        if firm.vat_registered and row.vat_rate not in lawful:
            missing = "Firma este acum plătitoare de TVA."
            gone = (
                f"Cota de {row.vat_rate.normalize():f} % nu este în vigoare la data emiterii."
                if row.vat_rate
                else missing
            )
            yield Verdict(
                tone="bad",
                title=f"TVA, rândul {row.position}",
                text=f"{gone} Alegeți cota rândului.",
                target=f"id_rand-{row.position - 1}-vat",
            )
    if built.totals.due_for_payment == Decimal(0):
        yield Verdict(tone="warn", title="Totalul este zero", text="Verificați cantitățile și prețurile.")
    if not firm.iban and built.totals.due_for_payment > 0:
        yield Verdict(
            tone="warn",
            title="Contul bancar lipsește",
            text="ANAF o acceptă, dar clientul nu vede unde să plătească.",
            target=SELLER,
        )
    if invoice.issue_date > today:
        yield Verdict(
            tone="warn",
            title="Data emiterii e în viitor",
            text="O factură se emite cel mai târziu azi; verificați ziua.",
            target="id_factura-issue_date",
        )
