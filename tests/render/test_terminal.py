"""An invoice in the terminal, as lines of text."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from punte.en16931.model import Invoice, Note
from punte.render.terminal import show
from render.invoices import COMPLETE, CREDIT_NOTE, EURO, LONG, PFA, STORNO, VAT_PAYER, WORDY

AMOUNT = re.compile(r"−?\d{1,3}(?:\.\d{3})*,\d{2,}")


def test_columns_stand_under_their_heads() -> None:
    lines = show(VAT_PAYER, width=80).splitlines()
    (head,) = [at for at, text in enumerate(lines) if text.startswith("Nr.")]
    assert lines[head].split() == ["Nr.", "Produs", "sau", "serviciu", "Cant.", "Preț", "TVA", "Valoare"]
    assert lines[head + 2].split() == ["1", "Identitate", "vizuală", "1", "buc", "3.200,00", "21", "%", "3.200,00"]
    assert len(lines[head]) == len(lines[head + 2]) == 80  # sums end where the page ends
    (due,) = [text for text in lines if "Total de plată" in text]
    assert due.endswith("5.950,05\u00a0lei")
    assert len(due) == 80


@pytest.mark.parametrize("width", [60, 72, 80, 100, 120])
@pytest.mark.parametrize("document", [VAT_PAYER, PFA, STORNO, CREDIT_NOTE, EURO, LONG, WORDY, COMPLETE])
def test_no_line_is_too_wide_and_no_number_is_cut(document: Invoice, width: int) -> None:
    text = show(document, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert not text.endswith("\n\n")
    shown, wide = AMOUNT.findall(text), AMOUNT.findall(show(document, width=400))
    assert sorted(shown) == sorted(wide)


def test_quantity_and_price_go_beneath_the_name_where_columns_would_crush_it() -> None:
    narrow = show(WORDY, width=60)
    assert re.search(r"Nr\. +Produs sau serviciu +Valoare", narrow)
    assert "1.250,755\u00a0ore × 1.234,5678 ·" in narrow
    assert re.search(r"Cant\. +Preț +TVA +Valoare", show(WORDY, width=120))


def test_colour_is_asked_for() -> None:
    assert "\x1b" not in show(VAT_PAYER)
    coloured = show(VAT_PAYER, color=True)
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).split() == show(VAT_PAYER).split()


def test_a_document_cannot_steer_the_terminal_nor_be_taken_for_markup() -> None:
    text = show(replace(VAT_PAYER, notes=(Note("\x1b]0;titlu\x07[red]roșu[/red] :smile: \u202e00,001 北京"),)))
    assert "]0;titlu[red]roșu[/red] :smile: 00,001 北京" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", text)


def test_a_number_too_long_for_its_column_is_folded_and_whole() -> None:
    endless = replace(VAT_PAYER.lines[0], net_amount=Decimal("9" * 40 + ".99"))
    text = show(replace(VAT_PAYER, lines=(endless,)), width=60)
    assert "9" * 40 in re.sub(r"\D", "", text)
    assert max(map(len, text.splitlines())) <= 60


def test_in_english_and_not_in_two_languages_at_once() -> None:
    text = show(EURO, language="en")
    for said in ("Issue date", "22 November 2026", "1,200.00", "Amount due"):
        assert said in text
    with pytest.raises(ValueError, match="'ro-en'"):
        show(EURO, language="ro-en")
