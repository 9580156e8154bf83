"""Setări → Serii: names, years, and numbers that are missing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from punte.web.invoices import gaps, numbering
from punte.web.invoices.models import Counter, Gap, Invoice, Series

from .conftest import TODAY, draft_of, sent


@pytest.fixture
def used(bakery) -> Series:
    """DI, with 1, 2 and 5 of seven carried: 3–4 and 6–7 are missing."""
    invoices = [sent(draft_of(bakery)) for _ in range(3)]
    Invoice.objects.filter(pk=invoices[2].pk).update(number=5, label="DI 0005")
    Counter.objects.update(next_number=8)
    return Series.objects.get()


def found(series: Series) -> list[tuple[str, str]]:
    return [(str(one), one.gap.reason if one.gap else "") for one in gaps.gaps(series)]


def test_a_series_in_order_lacks_nothing(bakery):
    sent(draft_of(bakery))
    assert gaps.gaps(Series.objects.get()) == []


def test_what_was_numbered_elsewhere_is_no_gap(bakery):
    Series.objects.create(firm=bakery.firm, prefix="DI", first_number=188)
    assert sent(draft_of(bakery)).label == "DI 0188"
    assert gaps.gaps(Series.objects.get()) == []


def test_missing_numbers_are_found_and_a_reason_covers_what_it_is_given_for(used, ana):
    assert found(used) == [("DI 0003 – DI 0004", ""), ("DI 0006 – DI 0007", "")]
    gaps.explain(used, 0, 4, 4, "Tipărită greșit", ana)
    assert found(used) == [("DI 0003", ""), ("DI 0004", "Tipărită greșit"), ("DI 0006 – DI 0007", "")]


@pytest.mark.parametrize(("year", "first", "last"), [(0, 1, 1), (0, 4, 5), (0, 8, 9), (2026, 3, 4), (0, 4, 3)])
def test_what_is_not_missing_is_not_explained(used, ana, year, first, last):
    with pytest.raises(gaps.NotMissing):
        gaps.explain(used, year, first, last, "-", ana)
    assert not Gap.objects.exists()


def test_a_series_moves_forward_with_a_reason_and_never_back(bakery, ana):
    sent(draft_of(bakery))
    series = Series.objects.get()
    gaps.skip(series, 10, "Date în programul vechi", ana, TODAY)
    assert found(series) == [("DI 0002 – DI 0009", "Date în programul vechi")]
    assert sent(draft_of(bakery)).label == "DI 0010"
    with pytest.raises(gaps.NotForward):
        gaps.skip(series, 11, "-", ana, TODAY)


def test_a_yearly_series_begins_anew_and_december_is_finished_in_january(bakery):
    Series.objects.create(firm=bakery.firm, prefix="DI", yearly=True, first_number=40)
    days = [date(2026, 12, 30), date(2027, 1, 2), date(2026, 12, 31), date(2027, 1, 3)]
    drafts = [draft_of(bakery, issued=day) for day in days]
    with transaction.atomic():
        labels = [numbering.give(draft) for draft in drafts]
    assert labels == ["DI 2026-0040", "DI 2027-0001", "DI 2026-0041", "DI 2027-0002"]
    assert gaps.gaps(Series.objects.get()) == []


def test_the_report_for_an_inspector(used, ana):
    gaps.explain(used, 0, 3, 4, "Tipărite greșit", ana)
    said = gaps.report(used, date(2026, 11, 22))
    assert "Numere date: de la DI 0001 la DI 0007" in said
    assert "DI 0003 – DI 0004: Tipărite greșit (scris de Ana Moldovan" in said
    assert "DI 0006 – DI 0007: fără explicație" in said


def test_the_pages_of_series(people, used):
    page = people["ana"].get("/venituri/serii/").content.decode()
    assert "DI 0008" in page
    assert "2 de explicat" in page
    people["ana"].post("/venituri/serii/", {"purpose": "receipt", "prefix": "ch", "first_number": "5", "yearly": "on"})
    made = Series.objects.get(prefix="ch")
    assert numbering.upcoming_label(made, TODAY) == f"ch {TODAY.year}-0005"
    twice = people["ana"].post("/venituri/serii/", {"purpose": "storno", "prefix": "CH", "first_number": "1"})
    assert "Firma are deja seria CH" in twice.content.decode()
    people["ana"].post(f"/venituri/serii/{made.pk}/", {"purpose": "receipt", "prefix": "CHIT", "first_number": "6"})
    made.refresh_from_db()
    assert (made.prefix, made.first_number, made.yearly) == ("CHIT", 6, False)


def test_a_series_in_use_is_not_renamed_but_moved(people, used):
    address = f"/venituri/serii/{used.pk}/"
    people["ana"].post(address, {"purpose": "invoice", "prefix": "X", "first_number": "1"})
    back = people["ana"].post(address, {"to": "8", "reason": "-"}).content.decode()
    assert "Seria merge numai înainte" in back
    people["ana"].post(address, {"to": "20", "reason": "Carnet vechi"})
    used.refresh_from_db()
    assert used.prefix == "DI"
    assert ("DI 0008 – DI 0019", "Carnet vechi") in found(used)


def test_a_gap_is_explained_on_its_page_and_goes_into_the_text(people, used):
    address = f"/venituri/serii/{used.pk}/lipsa/"
    empty = people["ana"].post(address, {"year": "0", "first": "3", "last": "4", "reason": " "}).content.decode()
    assert "Scrieți motivul: un inspector îl va cere." in empty
    people["ana"].post(address, {"year": "0", "first": "3", "last": "4", "reason": "Tipărite greșit"})
    assert "Tipărite greșit" in people["bogdan"].get(address).content.decode()
    text = people["bogdan"].get(f"/venituri/serii/{used.pk}/lipsa.txt")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "Tipărite greșit" in text.content.decode()


def test_an_archived_series_is_not_offered(people, used, firm):
    people["ana"].post(f"/venituri/serii/{used.pk}/arhivare/")
    assert [series.prefix for series in numbering.series_of(firm)] == ["AS"]
    people["ana"].post(f"/venituri/serii/{used.pk}/arhivare/")
    assert [series.prefix for series in numbering.series_of(firm)] == ["DI"]
