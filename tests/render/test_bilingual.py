"""English for buyers abroad: alone, or beside the Romanian."""

from __future__ import annotations

import io
import re
import tomllib
from dataclasses import replace
from importlib import resources

import pytest
from pypdf import PdfReader

from punte.en16931.model import Invoice, Note
from punte.render import pdf
from punte.render.bilingual import beside
from render.invoices import COMPLETE, CREDIT_NOTE, EURO, LONG, PFA, STORNO, WORDY


def pages(invoice: Invoice, language: str) -> list[str]:
    reader = PdfReader(io.BytesIO(pdf(invoice, language=language)))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def test_in_english_no_label_stays_romanian() -> None:
    (page,) = pages(EURO, "en")
    for said in (
        "Invoice Series DI, no. 0188", "Issue date 22 November 2026", "EUR (euro)", "Tax ID RO 41287658",
        "1 year 1,200.00 21% 1,200.00", "VAT 21% of 1,200.00 252.00 EUR", "VAT in RON 1,283.69 RON", "Amount due",
    ):  # fmt: skip
        assert said in page
    romanian = ("Factură", "Vânz", "Cump", "Preț", "TVA", "Plata", "Datele", "Copie", "Pagina", "lei ")
    assert not [word for word in romanian if word in page.replace("lei.", "")]  # the seller's own note has „lei.”


def test_in_two_languages_romanian_leads_and_what_both_write_alike_stands_once() -> None:
    (page,) = pages(EURO, "ro-en")
    for said in (
        "Factură Invoice", "Vânzător Seller", "CUI / Tax ID RO 41287658", "Data emiterii Issue date 22.11.2026",
        "Total de plată Amount due", "1 an year", "Transfer bancar Bank transfer", "Not a payment code",
    ):  # fmt: skip
        assert said in page
    assert page.count("1.452,00 EUR") == 1
    assert page.count("Dobre Design SRL") == 1


def test_legends_of_the_law_are_said_in_both() -> None:
    (page,) = pages(PFA, "ro-en")
    assert "art. 310 Cod fiscal" in page
    assert "art. 310 of the Romanian Fiscal Code" in page


def test_a_legend_the_seller_wrote_in_romanian_alone_is_not_lost() -> None:
    by_code = replace(COMPLETE.vat_breakdown[0], category="E", exemption_reason_code="VATEX-EU-132")
    own = replace(COMPLETE, vat_breakdown=(by_code,), notes=(Note("Scutit de TVA (VATEX-EU-132)"), Note("Altceva")))
    page = " ".join(pages(own, "ro-en"))
    assert "Scutit de TVA (VATEX-EU-132)" in page
    assert "Exempt from VAT (VATEX-EU-132)" in page
    assert page.count("Altceva") == 1


@pytest.mark.parametrize("language", ["en", "ro-en"])
@pytest.mark.parametrize(
    ("invoice", "at_most"), [(COMPLETE, 2), (CREDIT_NOTE, 1), (STORNO, 1), (WORDY, 2), (LONG, 4), (EURO, 1)]
)
def test_it_still_fits(invoice: Invoice, at_most: int, language: str) -> None:
    assert len(pages(invoice, language)) <= at_most


def words(language: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(resources.files("punte.render").joinpath("words", f"{language}.toml").read_text("utf-8"))


def test_each_word_of_one_language_exists_in_the_other() -> None:
    romanian, english = words("ro"), words("en")
    assert romanian.keys() == english.keys()
    for table, entries in romanian.items():
        assert entries.keys() == english[table].keys(), table
    for key, text in romanian["label"].items():
        places = re.compile(r"\{\w+\}")
        assert sorted(places.findall(str(text))) == sorted(places.findall(str(english["label"][key]))), key


@pytest.mark.parametrize(
    ("romanian", "english", "both"),
    [
        ("CUI RO 1", "Tax ID RO 1", "CUI / Tax ID RO 1"),
        ("Cod A1 · Culoare: verde", "Code A1 · Culoare: verde", "Cod / Code A1 · Culoare: verde"),
        ("Țara Germania", "Country Germany", "Țara Germania / Country Germany"),
        ("Preț 20, cu 5", "List 20, less 5", "Preț 20, cu 5 / List 20, less 5"),  # the sums stay with their words
        ("Str. Podului 14", "Str. Podului 14", "Str. Podului 14"),
    ],
)
def test_dense_text_says_a_value_once(romanian: str, english: str, both: str) -> None:
    assert beside({"details": [romanian]}, {"details": [english]}) == {"details": [both]}
