"""The bridge says the state by its form; the words beside it say the same."""

import re

import pytest
from django.template import Context, Template

from punte.web.design.bridge import LARGE, PROGRESS, SMALL, Bridge, paths
from punte.web.design.states import STATES


def drawn(state: str) -> set[str]:
    return {css.removeprefix("br-") for css, _ in paths(state, SMALL)}


@pytest.mark.parametrize(
    ("state", "piers", "parts"),
    [
        ("ciorna", 1, {"todo", "built"}),
        ("programata", 1, {"todo", "built", "mark"}),
        ("in-asteptare", 1, {"todo", "built", "mark"}),
        ("se-trimite", 1, {"todo", "built", "live", "front"}),  # span 1 hatched
        ("incerta", 1, {"todo", "built", "unsure", "mark"}),  # span 1 dashed
        ("trimisa", 2, {"todo", "built"}),
        ("in-prelucrare", 3, {"todo", "built", "live", "front"}),  # span 3 hatched
        ("validata", 4, {"built"}),
        ("arhivata", 4, {"built"}),
        ("respinsa", 3, {"todo", "built", "fail", "mark"}),  # span 3 broken
        ("nepreluata", 1, {"todo", "built", "fail", "mark"}),  # span 1 broken
        ("stornata", 4, {"built"}),
    ],
)
def test_each_state_has_its_form(state: str, piers: int, parts: set[str]) -> None:
    assert PROGRESS[state].piers == piers
    assert drawn(state) == parts


def test_no_two_states_in_progress_look_alike_without_colour() -> None:
    finished = {"validata", "arhivata", "stornata", "flow"}  # whole; the word and the icon tell them apart
    forms = [paths(state, SMALL) for state in PROGRESS if state not in finished]
    assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("state", PROGRESS)
def test_nothing_is_drawn_outside_the_frame(state: str, size) -> None:
    for _, path in paths(state, size):
        for command, numbers in re.findall(r"([MLHVQ])([-\d. ]+)", path):
            values = [float(number) for number in numbers.split()]
            xs = values if command == "H" else [] if command == "V" else values[::2]
            ys = values if command == "V" else [] if command == "H" else values[1::2]
            assert all(0 <= x <= size.width for x in xs), path
            assert all(0 <= y <= size.height for y in ys), path


def test_the_drawing_has_the_proportions_it_was_designed_with() -> None:
    built = dict(paths("ciorna", SMALL))["br-built"]
    assert built == "M0 3.5H10.75V6.25H0ZM5.25 8H10.75V18.5L11.65 22H4.35L5.25 18.5Z"
    broken = dict(paths("respinsa", LARGE))["br-fail"]
    assert broken == "M461 6H506V13H461ZM461 18L503.3 18L495.2 25L499.7 28L489.8 36Q466.4 52 461 80Z"


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_small_bridge_with_a_spoken_name_or_a_dash(state: str) -> None:
    html = Template("{% bridge_small state %}").render(Context({"state": state}))
    if state in {"nu-se-transmite", "facturata"}:
        assert "<svg" in html
        assert "bridge-s" not in html
    else:
        assert f'aria-label="Puntea: pilonul {PROGRESS[state].piers} din 4"' in html
        assert 'role="img"' in html


@pytest.mark.parametrize(
    ("state", "statuses", "current"),
    [
        ("ciorna", ["now", "next", "next", "next"], "Ciornă"),
        ("se-trimite", ["now", "next", "next", "next"], "Ciornă"),
        ("incerta", ["done", "end", "next", "next"], "Incertă"),
        ("trimisa", ["done", "now", "next", "next"], "Trimisă"),
        ("in-prelucrare", ["done", "done", "now", "next"], "În prelucrare"),
        ("respinsa", ["done", "done", "done", "end"], "Respinsă"),
        ("nepreluata", ["done", "end", "next", "next"], "Nepreluată"),
        ("arhivata", ["done", "done", "done", "done"], "Validată"),
    ],
)
def test_the_steps_say_where_the_invoice_stands(state: str, statuses: list[str], current: str) -> None:
    steps = Bridge(state).steps
    assert [step.status for step in steps] == statuses
    assert [step.label for step in steps if step.current] == [current]


def test_the_large_bridge_hides_the_drawing_and_speaks_the_steps() -> None:
    html = Template("{% bridge b %}").render(Context({"b": Bridge("in-prelucrare", ("11:24", "11:27", "<4>", ""))}))
    assert html.count('aria-current="step"') == 1
    assert re.search(r'<svg class="bridge-draw"[^>]*aria-hidden="true"', html)
    assert "(aici este acum)" in html
    assert "&lt;4&gt;" in html  # notes are text
