"""What the law asks of an invoice and the official rules do not look at: each fault with its field.

The official set knows arithmetic and codes. It does not know the rates in force, who may use reverse charge, what was
deducted before, or the ceiling of art. 310; ANAF or an inspector does (docs/anaf/document.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.romania import vat
from punte.romania.calendar import latest_issue_date
from punte.web.design import formats

from . import rates, regimes, turnover
from .amounts import reckon, writes_vat
from .findings import SELLER, Verdict
from .models import Invoice, Kind, Line

TREASURY = "TREZ"


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice as it stands on the table: its rows, saved or not, and the document made of them."""

    invoice: Invoice
    rows: Sequence[Line]
    built: en.Invoice
    today: date

    @property
    def day(self) -> date:
        """Of the chargeable event: its rates hold."""
        return self.invoice.supply_date or self.invoice.issue_date

    @property
    def pairs(self) -> list[tuple[Line, en.Line]]:
        return list(zip(self.rows, self.built.lines, strict=True))

    def lei(self, amount: Decimal) -> Decimal:
        return amount if self.invoice.currency == "RON" else amount * (self.invoice.exchange_rate or Decimal(0))


def faults(draft: Draft) -> Iterator[Verdict]:
    """Everything there is to say; nothing of the rows while there are none."""
    yield from _client(draft)
    yield from _references(draft)
    if not draft.rows:
        return
    for check in (
        _rates,
        _reverse_charge,
        _across_borders,
        _currency,
        _discounts,
        _deposits,
        _advances,
        _taken_back,
        _small_business,
        _on_collection,
        _payment,
        _days,
    ):
        yield from check(draft)


def _client(draft: Draft) -> Iterator[Verdict]:
    client = draft.invoice.client
    if draft.invoice.self_billed:
        if not (client.cui or client.cnp or client.is_foreign):
            yield _bad(_("Codul furnizorului"), _("Scrieți CUI-ul sau CNP-ul celui care vinde."), "id_client-cui")
    elif client.private:
        return
    elif client.is_foreign:
        if not (client.foreign_vat or client.foreign_identifier or client.cui):
            yield _bad(
                _("Codul fiscal al clientului"),
                _("Scrieți codul de TVA în UE al clientului sau codul fiscal din țara sa."),
                "id_client-foreign_identifier",
            )
    elif not client.cui:
        yield _bad(
            _("CUI-ul clientului"), _("Scrieți CUI-ul clientului sau bifați „persoană fizică”."), "id_client-cui"
        )


def _references(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if invoice.type_code in {en.InvoiceType.CREDIT_NOTE, en.InvoiceType.CORRECTED} and invoice.preceding is None:
        yield _bad(
            _("Factura la care se referă"),
            _("Nota de creditare și factura corectată spun ce factură schimbă. Porniți de la pagina acelei facturi."),
        )


def _rates(draft: Draft) -> Iterator[Verdict]:
    registered = writes_vat(draft.invoice)
    lawful = regimes.lawful_rates(draft.day, draft.invoice.preceding)
    for row in draft.rows:
        if not registered:
            continue
        title, target = _("TVA, rândul %(row)s") % {"row": row.position}, _row(row, "vat")
        if row.vat_category == en.VatCategory.OUTSIDE:
            if row.vat_case in {"", regimes.SMALL_BUSINESS} and draft.invoice.preceding is None:
                yield _bad(title, _("Firma este acum plătitoare de TVA. Alegeți cota rândului."), target)
        elif row.vat_category == en.VatCategory.STANDARD:
            also = regimes.lawful_rates(row.advance.issue_date) if row.advance else ()
            if row.vat_rate not in (*lawful, *also):
                yield _bad(
                    title,
                    _("Cota de %(rate)s %% nu este în vigoare la %(day)s. Alegeți cota rândului.")
                    % {"rate": formats.number(row.vat_rate or 0), "day": f"{draft.day:%d.%m.%Y}"},
                    target,
                )


def _reverse_charge(draft: Draft) -> Iterator[Verdict]:
    """Art. 331 Cod fiscal; a correction follows what it corrects, whatever has changed since."""
    invoice, client = draft.invoice, draft.invoice.client
    mine = [row for row in draft.rows if row.vat_case.startswith("reverse_charge:")]
    by_hand = [row for row in draft.rows if row.vat_case == "expert:AE" and not client.is_foreign]
    if not (mine or by_hand) or invoice.preceding is not None:
        return
    both = invoice.firm.vat_registered and client.vat_registered and not client.private
    for row in (*mine, *by_hand):
        title, target = _("Taxare inversă, rândul %(row)s") % {"row": row.position}, _row(row, "vat")
        if not both:
            yield _bad(
                title,
                _(
                    "Taxarea inversă cere ca și vânzătorul, și cumpărătorul să fie plătitori de TVA în România. "
                    "Verificați clientul la ANAF sau alegeți cota obișnuită."
                ),
                target,
            )
    for row in mine:
        law = vat.all_cases().get(row.vat_case)
        title, target = _("Taxare inversă, rândul %(row)s") % {"row": row.position}, _row(row, "vat")
        if law and law.end and draft.day > law.end:
            yield _bad(
                title,
                _("Taxarea inversă pentru aceste bunuri s-a încheiat la %(day)s. Alegeți cota obișnuită.")
                % {"day": f"{law.end:%d.%m.%Y}"},
                target,
            )
    yield from _threshold(draft)
    if both and client.looked_up_at is None:
        yield _warn(
            _("Taxare inversă: clientul nu e verificat"),
            _("Căutați clientul la ANAF înainte: dacă nu e plătitor de TVA, taxa o datorați dumneavoastră."),
            "id_client-cui",
        )


def _threshold(draft: Draft) -> Iterator[Verdict]:
    """Phones, chips, laptops: only where the goods on the invoice reach the threshold (art. 331 (7))."""
    cases = vat.all_cases()
    goods = [(r, line) for r, line in draft.pairs if (law := cases.get(r.vat_case)) and law.minimum]
    if not goods:
        return
    limit = vat.limit(cases[goods[0][0].vat_case].minimum, draft.day)
    worth = draft.lei(sum((line.net_amount for _row_, line in goods), Decimal(0)))
    if limit and worth < limit.lei:
        yield _bad(
            _("Taxare inversă sub prag"),
            _("Aceste bunuri sunt în taxare inversă de la %(limit)s fără TVA pe factură, iar aici sunt %(worth)s. "
              "Alegeți cota obișnuită.")
            % {"limit": formats.money(limit.lei), "worth": formats.money(worth)},
            _row(goods[0][0], "vat"),
        )  # fmt: skip


def _across_borders(draft: Draft) -> Iterator[Verdict]:
    invoice, client = draft.invoice, draft.invoice.client
    if invoice.self_billed or not writes_vat(invoice):
        return
    for row in draft.rows:
        title, target = _("TVA, rândul %(row)s") % {"row": row.position}, _row(row, "vat")
        european = row.vat_category == en.VatCategory.INTRA_COMMUNITY or row.vat_case == "services_eu"
        if european and not vat.in_union(client.country):
            yield _bad(
                title, _("Clientul nu e din alt stat al Uniunii Europene. Verificați țara sau alegeți cota."), target
            )
        elif european and not regimes.is_eu_business(client):
            yield _bad(
                _("Codul de TVA în UE al clientului"),
                _("Fără codul de TVA al clientului, valabil în VIES, operațiunea se facturează cu TVA."),
                "id_client-foreign_vat",
            )
        if row.vat_case == "services_outside_eu" and (
            client.private or client.country == "RO" or vat.in_union(client.country)
        ):
            yield _bad(
                title, _("Clientul nu e firmă din afara Uniunii Europene. Verificați țara sau alegeți cota."), target
            )
        if row.vat_category == en.VatCategory.EXPORT and (client.country == "RO" or vat.in_union(client.country)):
            yield _warn(
                title,
                _("Export înseamnă că bunurile pleacă din Uniunea Europeană, cu declarație vamală. Clientul e din UE."),
                target,
            )
    if regimes.is_eu_business(client) and any(row.vat_case in {"", "standard", "reduced"} for row in draft.rows):
        yield _warn(
            _("Client firmă din UE"),
            _("De obicei nu se pune TVA românească: alegeți „Bunuri” sau „Servicii către o firmă din UE”."),
            _row(draft.rows[0], "vat"),
        )


def _currency(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if invoice.currency == "RON":
        return
    if not invoice.exchange_rate:
        yield _bad(
            _("Cursul de schimb"),
            _("TVA se scrie și în lei. Luați cursul BNR din ziua dinainte sau scrieți cursul de mână."),
            "id_factura-exchange_rate",
        )
    elif invoice.exchange_rate_day and invoice.preceding is None:
        wanted = rates.published_before(draft.day)
        if invoice.exchange_rate_day != wanted:
            yield _warn(
                _("Cursul e din altă zi"),
                _("Pentru %(day)s se aplică cursul BNR publicat pe %(wanted)s, iar cel scris e din %(has)s.")
                % {
                    "day": f"{draft.day:%d.%m.%Y}",
                    "wanted": f"{wanted:%d.%m.%Y}",
                    "has": f"{invoice.exchange_rate_day:%d.%m.%Y}",
                },
                "id_factura-exchange_rate",
            )


def _discounts(draft: Draft) -> Iterator[Verdict]:
    for row, line in draft.pairs:
        if line.allowances and line.net_amount * row.quantity < 0:
            yield _bad(
                _("Reducerea, rândul %(row)s") % {"row": row.position},
                _("Reducerea e mai mare decât valoarea rândului. Micșorați-o."),
                _row(row, "discount"),
            )


def _deposits(draft: Draft) -> Iterator[Verdict]:
    deposit = vat.limit("sgr_deposit", draft.day)
    for row in draft.rows:
        if deposit and row.vat_case == "sgr" and row.price != deposit.lei:
            yield _warn(
                _("Garanția SGR, rândul %(row)s") % {"row": row.position},
                _("Garanția este de %(lei)s pentru un ambalaj.") % {"lei": formats.money(deposit.lei)},
                _row(row, "price"),
            )


def _advances(draft: Draft) -> Iterator[Verdict]:
    """What is deducted of an advance, here and elsewhere, is never more than it was."""
    here: dict[Invoice, Decimal] = {}
    first: dict[Invoice, Line] = {}
    for row, line in draft.pairs:
        if row.advance is not None:
            here[row.advance] = here.get(row.advance, Decimal(0)) - line.net_amount
            first.setdefault(row.advance, row)
    for advance, deducted in here.items():
        title, target = _("Avansul %(advance)s") % {"advance": advance}, _row(first[advance], "price")
        if (advance.client_id, advance.currency) != (draft.invoice.client_id, draft.invoice.currency):
            yield _bad(title, _("Avansul e al altui client sau în altă monedă. Ștergeți rândul."), target)
            continue
        elsewhere = -_net(Line.objects.filter(advance=advance), but=draft.invoice)
        left = advance.net + _corrections(advance) - elsewhere
        if deducted > left:
            yield _bad(
                title,
                _("Ați scăzut %(deducted)s, dar din avans au mai rămas %(left)s. Scădeți cel mult atât.")
                % {
                    "deducted": formats.money(deducted, draft.invoice.currency),
                    "left": formats.money(max(left, Decimal(0)), draft.invoice.currency),
                },
                target,
            )


def _taken_back(draft: Draft) -> Iterator[Verdict]:
    """A storno or a credit note takes back no more than was sold: of each line, and of the whole."""
    invoice, first = draft.invoice, draft.invoice.preceding
    if first is None:
        return
    sign = -1 if invoice.type_code == en.InvoiceType.CREDIT_NOTE else 1
    for row in draft.rows:
        if row.corrects is None:
            continue
        others = Line.objects.filter(corrects=row.corrects).exclude(invoice=invoice.pk).select_related("invoice")
        taken = sum((_signed(other.invoice) * other.quantity for other in others), Decimal(0))
        left = row.corrects.quantity + taken
        if (left + sign * row.quantity) * row.corrects.quantity < 0:
            yield _bad(
                _("Cantitatea, rândul %(row)s") % {"row": row.position},
                _("Luați înapoi mai mult decât a rămas din rândul facturii %(invoice)s: cel mult %(left)s.")
                % {"invoice": first, "left": formats.number(abs(left) if left * row.corrects.quantity > 0 else 0)},
                _row(row, "quantity"),
            )
    if invoice.type_code != en.InvoiceType.CORRECTED:
        change = sign * draft.built.totals.without_vat
        left = first.net + _corrections(first, but=invoice)
        if change * first.net < 0 and (left + change) * first.net < 0:
            yield _bad(
                _("Storno peste factură"),
                _("Din factura %(invoice)s mai sunt de luat înapoi %(left)s fără TVA. Micșorați cantitățile.")
                % {"invoice": first, "left": formats.money(abs(left), invoice.currency)},
            )


def _small_business(draft: Draft) -> Iterator[Verdict]:
    """Art. 310 (6) Cod fiscal: registration is asked for at the latest on the day of crossing, and the very invoice
    that crosses carries VAT."""
    invoice, firm = draft.invoice, draft.invoice.firm
    if firm.vat_registered or invoice.self_billed or invoice.kind != Kind.INVOICE or invoice.preceding is not None:
        return
    stands = turnover.with_invoice(invoice, draft.lei(draft.built.totals.without_vat), invoice.issue_date)
    figures = {"total": formats.money(stands.total), "ceiling": formats.money(stands.ceiling)}
    if stands.crosses:
        yield _bad(
            _("Plafonul de TVA"),
            _(
                "Cu această factură ajungeți la %(total)s, peste plafonul de %(ceiling)s al scutirii (art. 310 Cod "
                "fiscal). Cereți înregistrarea în scopuri de TVA cel târziu azi, cu formularul 700 din SPV; factura "
                "care depășește plafonul se emite cu TVA. Apoi schimbați firma în plătitoare în Setări."
            )
            % figures,
            SELLER,
        )
    elif stands.is_near:
        yield _warn(
            _("Aproape de plafonul de TVA"),
            _("Cu această factură ajungeți la %(total)s din plafonul de %(ceiling)s. Vorbiți cu contabilul din timp.")
            % figures,
            SELLER,
        )


def _on_collection(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if draft.built.vat_point_date_code is None or invoice.preceding is not None:
        return
    net = draft.lei(draft.built.totals.without_vat)
    stands = turnover.with_invoice(invoice, net, invoice.issue_date, ceiling="on_collection")
    if stands.crosses:
        yield _warn(
            _("Plafonul TVA la încasare"),
            _(
                "Cifra de afaceri trece de %(ceiling)s. Ieșiți din sistemul TVA la încasare prin notificare la ANAF "
                "(formularul 097) până pe 20 ale lunii următoare."
            )
            % {"ceiling": formats.money(stands.ceiling)},
            SELLER,
        )


def _payment(draft: Draft) -> Iterator[Verdict]:
    invoice, due = draft.invoice, draft.built.totals.due_for_payment
    if due == 0:
        yield _warn(_("Totalul este zero"), _("Verificați cantitățile și prețurile."))
    if draft.built.payment is None and due > 0:
        if not invoice.self_billed and invoice.type_code != en.InvoiceType.CREDIT_NOTE:
            yield _warn(
                _("Contul bancar lipsește"), _("ANAF o acceptă, dar clientul nu vede unde să plătească."), SELLER
            )
    elif invoice.client.public_authority and draft.built.payment:
        account = draft.built.payment.credit_transfers[0].account
        if account[4:8] != TREASURY:
            yield _warn(
                _("Contul de Trezorerie"),
                _("Instituțiile publice plătesc într-un cont de Trezorerie. Adăugați-l în Setări și alegeți-l aici."),
                "id_factura-bank_account",
            )


def _days(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if invoice.issue_date > draft.today:
        yield _warn(
            _("Data emiterii e în viitor"),
            _("O factură se emite cel mai târziu azi; verificați ziua."),
            "id_factura-issue_date",
        )
    elif invoice.supply_date and invoice.issue_date > latest_issue_date(invoice.supply_date):
        yield _warn(
            _("Factura e emisă târziu"),
            _("Factura se emite până pe 15 ale lunii de după livrare, adică %(day)s (art. 319 alin. (16) Cod fiscal).")
            % {"day": f"{latest_issue_date(invoice.supply_date):%d.%m.%Y}"},
            "id_factura-issue_date",
        )


def _net(rows: QuerySet[Line], *, but: Invoice) -> Decimal:
    """What lines of other documents come to, credit notes with a minus."""
    found = rows.exclude(invoice=but.pk).select_related("invoice")
    return sum(
        (_signed(row.invoice) * line.net_amount for row in found for line in reckon([row], registered=True)[0]),
        Decimal(0),
    )


def _corrections(of: Invoice, *, but: Invoice | None = None) -> Decimal:
    """What the corrections of a document changed in its net amount; drafts count, so that two do not take it twice."""
    others = of.corrections.exclude(pk=but.pk) if but is not None and but.pk else of.corrections.all()
    return sum((_signed(one) * one.net for one in others), Decimal(0))


def _signed(invoice: Invoice) -> int:
    return -1 if invoice.type_code == en.InvoiceType.CREDIT_NOTE else 1


def _row(row: Line, field: str) -> str:
    return f"id_rand-{row.position - 1}-{field}"


def _bad(title: str, text: str, target: str = "") -> Verdict:
    return Verdict(tone="bad", title=title, text=text, target=target)


def _warn(title: str, text: str, target: str = "") -> Verdict:
    return Verdict(tone="warn", title=title, text=text, target=target)
