"""The journal: who, what, when; per firm; no secrets; a CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

import pytest

from punte.web.connection import journal
from punte.web.connection.models import Authorization, Event


@pytest.fixture
def lived(traveller, guest, link, second, people) -> list[str]:
    """A life in the journal; the kinds of its lines, oldest first."""
    traveller.cross("neinrolat")
    traveller.cross("ilinca")
    guest.cross_by(link(), second)
    people["ana"].post(f"/integrari/{Authorization.objects.order_by('pk')[0].pk}/deconectare/")
    return [event.kind for event in Event.objects.order_by("pk")]


def test_the_life_of_a_connection_is_written_down(lived):
    assert lived == ["failed", "connected", "invited", "connected", "disconnected"]


def test_people_read_who_and_what(lived, people):
    page = people["ana"].get("/integrari/jurnal/").content.decode()
    for words in ("Conectare neizbutită", "Maria Contabil (prin link)", "Link pentru contabil făcut", "Ana Moldovan"):
        assert words in page
    stranger = people["carmen"].get("/integrari/jurnal/").content.decode()
    assert "Maria" not in stranger
    assert "Nimic încă" in stranger


def test_no_secret_is_in_it(lived, people):
    held = Authorization.objects.live().get()
    text = people["ana"].get("/integrari/jurnal.csv").content.decode()
    assert held.access_token not in text
    assert held.refresh_token not in text


def test_the_csv_holds_every_line_and_no_formula(lived, people, firm, now):
    journal.note(firm, journal.Kind.FAILED, now, '=HYPERLINK("http://rau.example")', "@SUM(A1)")
    answer = people["ana"].get("/integrari/jurnal.csv")
    assert "jurnal-anaf-19283749.csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["moment_utc", "cod", "ce", "cine", "detalii"]
    assert len(rows) == 1 + len(lived) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
