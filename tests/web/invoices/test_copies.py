"""What is made from a document: storno, credit note, correction, invoice of a proforma, template."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from punte import en16931
from punte.romania import check
from punte.web.invoices import copies, document, issuing, payments
from punte.web.invoices.models import Adjustment, Invoice, Kind, Line, Purpose, Stage
from punte.web.invoices.numbering import series_for
from punte.web.invoices.signals import AlreadySent

from .conftest import TODAY, draft_of, row, sent


@pytest.fixture
def invoice(bakery) -> Invoice:
    """Three rows: 8 × 100 at 21 % less 10 %, 3 × 0.333333 at 21 %, 2 × 50 at 11 %; and 30 lei off the whole."""
    photos, paper, book = row("Fotografii", "8"), row("Hârtie", "3", "0.333333"), row("Carte", "2", "50", rate="11")
    photos.discount_percent = Decimal(10)
    draft = draft_of(bakery, photos, paper, book)
    Adjustment.objects.create(invoice=draft, position=1, reason="Client vechi", amount=Decimal(30))
    from django.db import transaction

    from punte.web.invoices.keeping import keep

    with transaction.atomic():
        keep(draft, draft.lines.all(), draft.created_by)
    return sent(draft)


def fatal(draft: Invoice) -> list[str]:
    return [finding.rule for finding in check(document.ubl(draft)).fatal]


def line(of: Invoice, name: str) -> Line:
    return of.lines.get(name=name)


def accepted(draft: Invoice) -> Invoice:
    return sent(Invoice.objects.get(pk=draft.pk))


@pytest.mark.parametrize("credit_note", [False, True])
def test_a_whole_storno_mirrors_its_invoice_to_the_cent_and_anaf_would_take_it(invoice, ana, credit_note):
    storno = copies.storno_of(invoice, ana, TODAY, credit_note=credit_note)
    sign = 1 if credit_note else -1
    assert (storno.type_code, storno.payable) == ("381" if credit_note else "380", sign * invoice.payable)
    assert copies.effect(storno) == -invoice.payable
    written = en16931.read_ubl(document.ubl(storno))
    assert [(one.number, one.issue_date) for one in written.preceding_invoices] == [(invoice.label, TODAY)]
    assert all(one.price.net >= 0 for one in written.lines)
    assert fatal(storno) == []


def test_what_is_left_to_take_back_is_known_line_by_line(invoice, ana):
    photos = line(invoice, "Fotografii")
    copies.storno_of(invoice, ana, TODAY, lines={photos.pk: Decimal(3)})
    credit = copies.storno_of(invoice, ana, TODAY, lines={photos.pk: Decimal(1)}, credit_note=True)
    assert copies.left_to_take_back(invoice)[photos.pk] == 4  # 8 - 3 - 1
    assert fatal(credit) == []
    with pytest.raises(ValueError, match="left"):
        copies.storno_of(invoice, ana, TODAY, lines={photos.pk: Decimal(5)})
    rest = copies.storno_of(invoice, ana, TODAY)
    assert [(one.name, one.quantity) for one in rest.lines.all()] == [("Fotografii", -4), ("Hârtie", -3), ("Carte", -2)]
    with pytest.raises(copies.NothingLeft):
        copies.storno_of(invoice, ana, TODAY)
    rest.delete()  # a draft thrown away gives back what it held
    assert copies.left_to_take_back(invoice)[photos.pk] == 4


def test_an_invoice_is_taken_back_when_its_stornos_are_accepted_and_not_before(invoice, ana):
    part = copies.storno_of(invoice, ana, TODAY, lines={line(invoice, "Carte").pk: Decimal(2)})
    rest = copies.storno_of(invoice, ana, TODAY)
    accepted(part)
    assert not copies.is_taken_back(invoice)
    accepted(rest)
    assert part.payable + rest.payable == -invoice.payable  # in two parts, and not a cent has drifted
    assert copies.is_taken_back(invoice)
    assert payments.left(invoice) == 0


def test_a_rebate_lowers_each_rate_and_takes_no_goods_back(invoice, ana):
    rebate = copies.rebate_of(invoice, ana, TODAY, Decimal("5"))
    # 21 %: (720 + 1.00) × 5 % = 36.05; 11 %: 100 × 5 % = 5.00
    assert [(one.vat_rate, one.quantity, one.price) for one in rebate.lines.all()] == [
        (Decimal(21), 1, Decimal("36.05")),
        (Decimal(11), 1, Decimal(5)),
    ]
    assert rebate.type_code == "381"
    assert fatal(rebate) == []
    assert copies.left_to_take_back(invoice)[line(invoice, "Carte").pk] == 2
    assert payments.left(invoice) == invoice.payable  # a draft changes nothing yet
    assert payments.left(invoice) - rebate.payable == (accepted(rebate), payments.left(invoice))[1]


def test_a_corrected_invoice_has_the_rows_with_a_minus_and_again_to_be_put_right(invoice, ana):
    draft = copies.corrected_of(invoice, ana, TODAY)
    assert draft.type_code == "384"
    assert [one.quantity for one in draft.lines.all()] == [-8, -3, -2, 8, 3, 2]
    assert (draft.net, draft.payable) == (0, 0)
    assert [one.corrects_id is not None for one in draft.lines.all()] == [True] * 3 + [False] * 3
    with pytest.raises(copies.NothingLeft):
        copies.corrected_of(invoice, ana, TODAY)


def test_a_storno_of_a_storno_is_positive(invoice, ana):
    storno = accepted(copies.storno_of(invoice, ana, TODAY))
    again = copies.storno_of(storno, ana, TODAY)
    assert again.payable == invoice.payable
    assert fatal(again) == []


def test_a_storno_has_the_series_kept_for_it_or_that_of_the_invoice(invoice, ana, firm):
    assert copies.storno_of(invoice, ana, TODAY, lines={line(invoice, "Carte").pk: Decimal(1)}).series.prefix == "DI"
    firm.series.create(prefix="DI-S", purpose=Purpose.STORNO)
    assert copies.storno_of(invoice, ana, TODAY).series.prefix == "DI-S"


def test_a_proforma_has_its_own_series_and_becomes_an_invoice_once(bakery, ana):
    proforma = draft_of(bakery)
    issuing.to_proforma(proforma)
    issuing.issue(proforma, timezone.now())
    assert (proforma.label, proforma.stage) == ("AS-P 0001", Stage.ISSUED)
    with pytest.raises(AlreadySent):
        issuing.issue(proforma, timezone.now())
    made = copies.invoice_from(proforma, ana, TODAY)
    assert (made.kind, made.type_code, made.number) == (Kind.INVOICE, "380", None)
    assert made.payable == proforma.payable
    with pytest.raises(copies.AlreadyInvoiced) as before:
        copies.invoice_from(proforma, ana, TODAY)
    assert before.value.invoice == made
    assert document.build(proforma).type_code == "325"


def test_only_a_draft_without_a_number_becomes_a_proforma(bakery):
    with pytest.raises(issuing.NotADraft):
        issuing.to_proforma(sent(draft_of(bakery)))


def test_a_template_is_never_numbered_and_gives_drafts_of_the_day(invoice, ana):
    template = copies.template_from(invoice, ana, "Ședințe foto")
    assert (template.kind, template.number) == (Kind.TEMPLATE, None)
    draft = copies.draft_from(template, ana, TODAY)
    assert (draft.kind, draft.payable, draft.issue_date) == (Kind.INVOICE, invoice.payable, TODAY)
    assert draft.due_date == TODAY + (invoice.due_date - invoice.issue_date)


# --- the pages ---


def test_the_page_of_a_storno_by_lines_proposes_what_is_left_and_says_what_is_too_much(people, invoice):
    book = line(invoice, "Carte")
    page = people["ana"].get(f"/venituri/{invoice.pk}/stornare/randuri/").content.decode()
    assert f'name="rand-{book.pk}" value="2"' in page
    refused = people["ana"].post(f"/venituri/{invoice.pk}/stornare/randuri/", {f"rand-{book.pk}": "3", "form": "380"})
    assert "Au mai rămas 2 de stornat. Scrieți cel mult atât." in refused.content.decode()
    nothing = people["ana"].post(f"/venituri/{invoice.pk}/stornare/randuri/", {"form": "380"})
    assert "Nu ați ales nimic" in nothing.content.decode()
    made = people["ana"].post(f"/venituri/{invoice.pk}/stornare/randuri/", {f"rand-{book.pk}": "1", "form": "381"})
    draft = Invoice.objects.get(preceding=invoice)
    assert made["Location"] == f"/venituri/{draft.pk}/editare/"
    assert (draft.type_code, draft.net) == ("381", Decimal("48.17"))  # 50 less its share of 30 off 821: 1.83


def test_only_what_was_issued_is_taken_back(people, bakery):
    draft = draft_of(bakery)
    answer = people["ana"].post(f"/venituri/{draft.pk}/stornare/", follow=True)
    assert "Se stornează numai o factură emisă" in answer.content.decode()
    assert Invoice.objects.count() == 1


def test_one_press_makes_the_invoice_of_a_proforma_and_the_second_shows_it(people, bakery):
    proforma = draft_of(bakery)
    people["ana"].post(f"/venituri/{proforma.pk}/in-proforma/")
    people["ana"].post(f"/venituri/{proforma.pk}/emitere/")
    first = people["ana"].post(f"/venituri/{proforma.pk}/in-factura/")["Location"]
    made = proforma.invoices_made.get()
    assert first == f"/venituri/{made.pk}/editare/"
    assert people["ana"].post(f"/venituri/{proforma.pk}/in-factura/")["Location"] == f"/venituri/{made.pk}/"


def test_the_rooms_that_are_not_there_are_made(firm):
    assert series_for(firm, Purpose.RECEIPT).prefix == "AS-CH"
    assert series_for(firm, Purpose.STORNO).prefix == "AS"
