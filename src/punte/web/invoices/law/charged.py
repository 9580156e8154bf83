"""Which VAT may be charged, or left out: the rates of the day, reverse charge, borders."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.romania import vat
from punte.web.design import formats

from .. import regimes
from ..amounts import writes_vat
from ..findings import Verdict
from .draft import Draft, bad, field_of, warn


def lawful_rates(draft: Draft) -> Iterator[Verdict]:
    registered = writes_vat(draft.invoice)
    lawful = regimes.lawful_rates(draft.day, draft.invoice.preceding)
    for row in draft.rows:
        if not registered:
            continue
        title, target = _("TVA, rândul %(row)s") % {"row": row.position}, field_of(row, "vat")
        if row.vat_category == en.VatCategory.OUTSIDE:
            if row.vat_case in {"", regimes.SMALL_BUSINESS} and draft.invoice.preceding is None:
                yield bad(title, _("Firma este acum plătitoare de TVA. Alegeți cota rândului."), target)
        elif row.vat_category == en.VatCategory.STANDARD:
            also = regimes.lawful_rates(row.advance.issue_date) if row.advance else ()
            if row.vat_rate not in (*lawful, *also):
                yield bad(
                    title,
                    _("Cota de %(rate)s %% nu este în vigoare la %(day)s. Alegeți cota rândului.")
                    % {"rate": formats.number(row.vat_rate or 0), "day": f"{draft.day:%d.%m.%Y}"},
                    target,
                )
    kept = {(row.vat_category, row.vat_rate) for row in draft.rows}
    for change in (*draft.built.allowances, *draft.built.charges):
        known = (change.vat_category, change.vat_rate) in kept or change.vat_category != en.VatCategory.STANDARD
        if not known and change.vat_rate not in lawful:
            yield bad(
                change.reason or _("Reducerea pe document"),
                _("Cota de %(rate)s %% nu este în vigoare la %(day)s. Alegeți cota rândului.")
                % {"rate": formats.number(change.vat_rate or 0), "day": f"{draft.day:%d.%m.%Y}"},
            )


def reverse_charge(draft: Draft) -> Iterator[Verdict]:
    """Art. 331 Cod fiscal; a correction follows what it corrects, whatever has changed since."""
    invoice, client = draft.invoice, draft.invoice.client
    mine = [row for row in draft.rows if row.vat_case.startswith("reverse_charge:")]
    by_hand = [row for row in draft.rows if row.vat_case == "expert:AE" and not client.is_foreign]
    if not (mine or by_hand) or invoice.preceding is not None:
        return
    both = invoice.firm.vat_registered and client.vat_registered and not client.private
    for row in (*mine, *by_hand):
        title, target = _("Taxare inversă, rândul %(row)s") % {"row": row.position}, field_of(row, "vat")
        if not both:
            yield bad(
                title,
                _(
                    "Taxarea inversă cere ca și vânzătorul, și cumpărătorul să fie plătitori de TVA în România. "
                    "Verificați clientul la ANAF sau alegeți cota obișnuită."
                ),
                target,
            )
    for row in mine:
        law = vat.all_cases().get(row.vat_case)
        title, target = _("Taxare inversă, rândul %(row)s") % {"row": row.position}, field_of(row, "vat")
        if law and law.end and draft.day > law.end:
            yield bad(
                title,
                _("Taxarea inversă pentru aceste bunuri s-a încheiat la %(day)s. Alegeți cota obișnuită.")
                % {"day": f"{law.end:%d.%m.%Y}"},
                target,
            )
    yield from _threshold(draft)
    if both and client.looked_up_at is None:
        yield warn(
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
        yield bad(
            _("Taxare inversă sub prag"),
            _("Aceste bunuri sunt în taxare inversă de la %(limit)s fără TVA pe factură, iar aici sunt %(worth)s. "
              "Alegeți cota obișnuită.")
            % {"limit": formats.money(limit.lei), "worth": formats.money(worth)},
            field_of(goods[0][0], "vat"),
        )  # fmt: skip


def across_borders(draft: Draft) -> Iterator[Verdict]:
    invoice, client = draft.invoice, draft.invoice.client
    if invoice.self_billed or not writes_vat(invoice):
        return
    for row in draft.rows:
        title, target = _("TVA, rândul %(row)s") % {"row": row.position}, field_of(row, "vat")
        european = row.vat_category == en.VatCategory.INTRA_COMMUNITY or row.vat_case == "services_eu"
        if european and not vat.in_union(client.country):
            yield bad(
                title, _("Clientul nu e din alt stat al Uniunii Europene. Verificați țara sau alegeți cota."), target
            )
        elif european and not regimes.is_eu_business(client):
            yield bad(
                _("Codul de TVA în UE al clientului"),
                _("Fără codul de TVA al clientului, valabil în VIES, operațiunea se facturează cu TVA."),
                "id_client-foreign_vat",
            )
        if row.vat_case == "services_outside_eu" and (
            client.private or client.country == "RO" or vat.in_union(client.country)
        ):
            yield bad(
                title, _("Clientul nu e firmă din afara Uniunii Europene. Verificați țara sau alegeți cota."), target
            )
        if row.vat_category == en.VatCategory.EXPORT and (client.country == "RO" or vat.in_union(client.country)):
            yield warn(
                title,
                _("Export înseamnă că bunurile pleacă din Uniunea Europeană, cu declarație vamală. Clientul e din UE."),
                target,
            )
    if regimes.is_eu_business(client) and any(row.vat_case in {"", "standard", "reduced"} for row in draft.rows):
        yield warn(
            _("Client firmă din UE"),
            _("De obicei nu se pune TVA românească: alegeți „Bunuri” sau „Servicii către o firmă din UE”."),
            field_of(draft.rows[0], "vat"),
        )
