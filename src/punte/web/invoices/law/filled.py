"""What must stand on the form, and what is lawful there but unlikely."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.romania import vat
from punte.romania.calendar import latest_issue_date
from punte.web.design import formats

from .. import rates
from ..findings import SELLER, Verdict
from .draft import Draft, bad, field_of, warn

TREASURY = "TREZ"  # in an IBAN, the bank's place


def client(draft: Draft) -> Iterator[Verdict]:
    client = draft.invoice.client
    if draft.invoice.self_billed:
        if not (client.cui or client.cnp or client.is_foreign):
            yield bad(_("Codul furnizorului"), _("Scrieți CUI-ul sau CNP-ul celui care vinde."), "id_client-cui")
    elif client.private:
        return
    elif client.is_foreign:
        if not (client.foreign_vat or client.foreign_identifier or client.cui):
            yield bad(
                _("Codul fiscal al clientului"),
                _("Scrieți codul de TVA în UE al clientului sau codul fiscal din țara sa."),
                "id_client-foreign_identifier",
            )
    elif not client.cui:
        yield bad(_("CUI-ul clientului"), _("Scrieți CUI-ul clientului sau bifați „persoană fizică”."), "id_client-cui")


def references(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if invoice.type_code in {en.InvoiceType.CREDIT_NOTE, en.InvoiceType.CORRECTED} and invoice.preceding is None:
        yield bad(
            _("Factura la care se referă"),
            _("Nota de creditare și factura corectată spun ce factură schimbă. Porniți de la pagina acelei facturi."),
        )


def currency(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if invoice.currency == "RON":
        return
    if not invoice.exchange_rate:
        yield bad(
            _("Cursul de schimb"),
            _("TVA se scrie și în lei. Luați cursul BNR din ziua dinainte sau scrieți cursul de mână."),
            "id_factura-exchange_rate",
        )
    elif invoice.exchange_rate_day and invoice.preceding is None:
        wanted = rates.published_before(draft.day)
        if invoice.exchange_rate_day != wanted:
            yield warn(
                _("Cursul e din altă zi"),
                _("Pentru %(day)s se aplică cursul BNR publicat pe %(wanted)s, iar cel scris e din %(has)s.")
                % {
                    "day": f"{draft.day:%d.%m.%Y}",
                    "wanted": f"{wanted:%d.%m.%Y}",
                    "has": f"{invoice.exchange_rate_day:%d.%m.%Y}",
                },
                "id_factura-exchange_rate",
            )


def discounts(draft: Draft) -> Iterator[Verdict]:
    for row, line in draft.pairs:
        if line.allowances and line.net_amount * row.quantity < 0:
            yield bad(
                _("Reducerea, rândul %(row)s") % {"row": row.position},
                _("Reducerea e mai mare decât valoarea rândului. Micșorați-o."),
                field_of(row, "discount"),
            )


def deposits(draft: Draft) -> Iterator[Verdict]:
    deposit = vat.limit("sgr_deposit", draft.day)
    for row in draft.rows:
        if deposit and row.vat_case == "sgr" and row.price != deposit.lei:
            yield warn(
                _("Garanția SGR, rândul %(row)s") % {"row": row.position},
                _("Garanția este de %(lei)s pentru un ambalaj.") % {"lei": formats.money(deposit.lei)},
                field_of(row, "price"),
            )


def payment(draft: Draft) -> Iterator[Verdict]:
    invoice, due = draft.invoice, draft.built.totals.due_for_payment
    if due == 0:
        yield warn(_("Totalul este zero"), _("Verificați cantitățile și prețurile."))
    if draft.built.payment is None and due > 0:
        if not invoice.self_billed and invoice.type_code != en.InvoiceType.CREDIT_NOTE:
            yield warn(
                _("Contul bancar lipsește"), _("ANAF o acceptă, dar clientul nu vede unde să plătească."), SELLER
            )
    elif invoice.client.public_authority and draft.built.payment:
        account = draft.built.payment.credit_transfers[0].account
        if account[4:8] != TREASURY:
            yield warn(
                _("Contul de Trezorerie"),
                _("Instituțiile publice plătesc într-un cont de Trezorerie. Adăugați-l în Setări și alegeți-l aici."),
                "id_factura-bank_account",
            )


def days(draft: Draft) -> Iterator[Verdict]:
    invoice = draft.invoice
    if invoice.issue_date > draft.today:
        yield warn(
            _("Data emiterii e în viitor"),
            _("O factură se emite cel mai târziu azi; verificați ziua."),
            "id_factura-issue_date",
        )
    elif invoice.supply_date and invoice.issue_date > latest_issue_date(invoice.supply_date):
        yield warn(
            _("Factura e emisă târziu"),
            _("Factura se emite până pe 15 ale lunii de după livrare, adică %(day)s (art. 319 alin. (16) Cod fiscal).")
            % {"day": f"{latest_issue_date(invoice.supply_date):%d.%m.%Y}"},
            "id_factura-issue_date",
        )
