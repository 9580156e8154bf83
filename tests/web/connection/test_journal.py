"""The journal: who, what, when; per firm; no secrets; a CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.translation import override

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


def test_the_same_lines_read_in_english(lived, firm, now):
    """What is kept are facts: the words are made when somebody reads."""
    journal.note(firm, journal.Kind.ROTATED, now, journal.Actor.OPERATOR)
    journal.note(firm, journal.Kind.DENIED, now, None, holder="Ana", serial="22 10", anaf="Nu aveti drept")
    journal.note(firm, journal.Kind.CERTIFICATE, now, None, holder="Ana", until="2027-03-14")
    romanian = [(event.get_kind_display(), event.actor, event.text) for event in Event.objects.order_by("pk")]
    with override("en"):
        english = [(event.get_kind_display(), event.actor, event.text) for event in Event.objects.order_by("pk")]
    assert english[0][0] == "Connecting failed"
    assert english[2] == ("Link for the accountant made", "Ana Moldovan", "Valid for 24 hours, once.")
    assert english[3][1] == "Maria Contabil (by link)"
    assert english[5][1] == "The program's administrator"
    assert english[6][2] == "The certificate of Ana, serial 22 10. ANAF: “Nu aveti drept”"
    assert english[7][2].startswith("The certificate of Ana: until 14")
    assert romanian[6][2] == "Certificatul lui Ana, seria 22 10. ANAF: „Nu aveti drept”"
    assert not [line for line in romanian if line in english]


@pytest.mark.parametrize("kind", journal.Kind)
def test_a_line_says_what_it_knows_and_breaks_on_nothing(firm, now, kind):
    journal.note(firm, kind, now, None, serial="")
    journal.note(firm, kind, now, None, holder="Ana", until="2027-03-14", notice="pin", diagnosis="link-inchis")
    for event in Event.objects.all():
        assert "%" not in event.text
        assert "seria" not in event.text


def test_no_secret_is_in_it(lived, people):
    held = Authorization.objects.live().get()
    text = people["ana"].get("/integrari/jurnal.csv").content.decode()
    assert held.access_token not in text
    assert held.refresh_token not in text


def test_the_csv_holds_every_line_and_no_formula(lived, people, firm, now):
    journal.note(firm, journal.Kind.FAILED, now, journal.Guest('=HYPERLINK("http://rau.example")'))
    answer = people["ana"].get("/integrari/jurnal.csv")
    assert "jurnal-anaf-19283749.csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["moment_utc", "cod", "ce", "cine", "detalii"]
    assert len(rows) == 1 + len(lived) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
