"""What a line may be, by who sells, who buys and the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from punte.romania import vat
from punte.web.firms.models import Firm
from punte.web.invoices import regimes
from punte.web.invoices.models import Client, Line

from .conftest import draft_of, row

DAY = date(2026, 11, 22)
PAYER, SMALL = Firm(cui="19283749", vat_registered=True), Firm(cui="45678900")
BAKERY = Client(cui="33174208", vat_registered=True)
SHOP = Client(cui="33174208")
PERSON = Client(private=True)
BERLIN = Client(country="DE", foreign_vat="DE123456789")
LONDON = Client(country="GB", foreign_identifier="GB1234")


def slugs(firm: Firm, client: Client, on: date = DAY, **more: object) -> list[str]:
    return [case.slug for case in regimes.offered(firm, client, on, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("firm", "client", "may", "may_not"),
    [
        (PAYER, BAKERY, ["standard", "reduced", "reverse_charge:waste", "sgr"], ["small_business", "export"]),
        (PAYER, SHOP, ["standard", "without_credit:health"], ["reverse_charge:waste"]),  # not registered for VAT
        (PAYER, PERSON, ["standard", "margin:second_hand"], ["reverse_charge:wood", "intra_community"]),
        (PAYER, BERLIN, ["standard", "intra_community", "services_eu"], ["export", "reverse_charge:waste"]),
        (PAYER, LONDON, ["standard", "export", "services_outside_eu"], ["intra_community", "services_eu"]),
        (PAYER, Client(country="US", private=True), ["export"], ["services_outside_eu"]),
        (PAYER, Client(country="DE"), ["standard"], ["intra_community", "services_eu", "export"]),  # gave no VAT code
        (SMALL, BAKERY, ["small_business"], ["standard", "reverse_charge:waste", "sgr"]),
        (SMALL, BERLIN, ["small_business"], ["intra_community"]),
    ],
)
def test_what_is_offered_follows_from_who_sells_and_who_buys(firm, client, may, may_not):
    found = slugs(firm, client)
    assert set(may) <= set(found)
    assert not set(may_not) & set(found)


def test_reverse_charge_ends_where_the_law_ends_it():
    last, after = date(2026, 12, 31), date(2027, 1, 1)
    assert "reverse_charge:phones" in slugs(PAYER, BAKERY, last)
    kept = {slug for slug in slugs(PAYER, BAKERY, after) if slug.startswith("reverse_charge")}
    assert kept == {f"reverse_charge:{kind}" for kind in ("waste", "wood", "buildings", "gold")}
    assert regimes.case("reverse_charge:phones", last).ends == last


@pytest.mark.parametrize("client", [BAKERY, SHOP, PERSON, BERLIN, LONDON])
def test_nothing_but_the_standard_rate_is_chosen_for_anybody(client):
    assert (regimes.usual(PAYER, client, DAY).slug, regimes.usual(PAYER, client, DAY).rate) == ("standard", 21)
    assert regimes.usual(SMALL, client, DAY).slug == "small_business"


def test_the_usual_case_is_that_of_who_sells():
    assert regimes.usual(SMALL, BAKERY, DAY, self_billed=True).slug == "standard"
    assert regimes.usual(PAYER, SHOP, DAY, self_billed=True).slug == "small_business"
    assert "reverse_charge:waste" in slugs(PAYER, BAKERY, self_billed=True)


def test_rates_of_the_past_are_for_corrections_alone(bakery):
    first = draft_of(bakery, row(rate="19"), row(rate="9"), issued=date(2025, 6, 30))
    assert not [slug for slug in slugs(bakery.firm, bakery) if slug.startswith("historic")]
    found = regimes.offered(bakery.firm, bakery, DAY, correcting=first)
    # Of the day 19, 9 and 5; the present ones stay.
    assert [(one.slug, one.rate) for one in found if one.slug.startswith("historic")] == [
        ("historic:19", 19), ("historic:9", 9), ("historic:5", 5),
    ]  # fmt: skip
    assert {one.rate for one in found if one.slug in {"standard", "reduced"}} == {21, 11}


def test_a_case_of_what_is_corrected_may_be_used_again(bakery):
    phones = row(rate="0")
    regimes.put(phones, regimes.case("reverse_charge:phones", DAY))
    first = draft_of(bakery, phones, issued=date(2026, 12, 30))
    assert "reverse_charge:phones" in slugs(bakery.firm, bakery, date(2027, 1, 5), correcting=first)


def test_every_case_can_be_put_on_a_line_and_read_back():
    for slug in vat.all_cases():
        case, line = regimes.case(slug, DAY), Line()
        regimes.put(line, case)
        assert regimes.of_line(line, DAY) == case
        assert (line.vat_rate is None) == (line.vat_category == "O")
        assert case.category == "S" or case.code or case.reason  # BR-E-10, BR-AE-10 and their like
        assert len(case.slug) <= Line._meta.get_field("vat_case").max_length


@pytest.mark.parametrize(
    ("slug", "category", "rate", "code"),
    [
        ("expert:AE", "AE", 0, "VATEX-EU-AE"),
        ("expert:S:5", "S", 5, ""),
        ("expert:E:VATEX-EU-132-1B", "E", 0, "VATEX-EU-132-1B"),
        ("expert:O", "O", None, "VATEX-EU-O"),
    ],
)
def test_an_expert_chooses_category_rate_and_code(slug, category, rate, code):
    case = regimes.case(slug)
    assert (case.category, case.rate, case.code) == (category, rate, code)
    assert regimes.expert(category, rate=Decimal(rate) if category == "S" else None, code=code).category == category


@pytest.mark.parametrize("slug", ["expert:B", "expert:E:VATEX-EU-NONSENSE", "reverse_charge:bricks"])
def test_a_case_that_there_never_was_is_refused(slug):
    with pytest.raises(KeyError):
        regimes.case(slug)


def test_the_question_is_asked_in_the_language_of_the_page():
    with translation.override("en"):
        assert regimes.case("export", DAY).question == "Do the goods leave the European Union?"
    assert regimes.case("standard", DAY).label == "Cota standard 21\xa0%"
