"""The invoice that carries the year's turnover over a ceiling of the VAT law."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from punte.web.design import formats

from .. import turnover
from ..findings import SELLER, Verdict
from ..models import Kind
from .draft import Draft, bad, warn


def small_business(draft: Draft) -> Iterator[Verdict]:
    """Art. 310 (6) Cod fiscal: registration is asked for at the latest on the day of crossing, and the very invoice
    that crosses carries VAT."""
    invoice, firm = draft.invoice, draft.invoice.firm
    if firm.vat_registered or invoice.self_billed or invoice.kind != Kind.INVOICE or invoice.preceding is not None:
        return
    stands = turnover.with_invoice(invoice, draft.lei(draft.built.totals.without_vat), invoice.issue_date)
    figures = {"total": formats.money(stands.total), "ceiling": formats.money(stands.ceiling)}
    if stands.crosses:
        yield bad(
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
        yield warn(
            _("Aproape de plafonul de TVA"),
            _("Cu această factură ajungeți la %(total)s din plafonul de %(ceiling)s. Vorbiți cu contabilul din timp.")
            % figures,
            SELLER,
        )


def on_collection(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if draft.built.vat_point_date_code is None or invoice.preceding is not None:
        return
    net = draft.lei(draft.built.totals.without_vat)
    stands = turnover.with_invoice(invoice, net, invoice.issue_date, ceiling="on_collection")
    if stands.crosses:
        yield warn(
            _("Plafonul TVA la încasare"),
            _(
                "Cifra de afaceri trece de %(ceiling)s. Ieșiți din sistemul TVA la încasare prin notificare la ANAF "
                "(formularul 097) până pe 20 ale lunii următoare."
            )
            % {"ceiling": formats.money(stands.ceiling)},
            SELLER,
        )
