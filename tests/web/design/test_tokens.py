"""The colours keep their contrast in both themes: 4.5 for text, 3 for the parts of controls.

Source: WCAG 2.2, 1.4.3 and 1.4.11.
"""

import re

import pytest

from punte.web.design.sheet import CSS

from .contrast import Oklch, ratio

_COLOUR = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
_TOKEN = re.compile(rf"--([\w-]+): (?:light-dark\({_COLOUR}, {_COLOUR}\)|{_COLOUR});")


def palettes() -> dict[str, dict[str, Oklch]]:
    light, dark = {}, {}
    for match in _TOKEN.finditer((CSS / "tokens.css").read_text("utf-8")):
        name, *numbers = match.groups()
        both = [tuple(map(float, numbers[i : i + 3])) for i in (0, 3, 6) if numbers[i]]
        for theme, (lightness, chroma, hue) in zip((light, dark), (both[0], both[-1]), strict=True):
            theme[name] = (lightness / 100, chroma, hue)
    return {"light": light, "dark": dark}


PALETTES = palettes()

TEXT = [
    *((ink, paper) for ink in ("ink", "ink-2") for paper in ("stone", "sheet", "block")),
    *(("ink-2", f"{wash}-wash") for wash in ("fir", "minium", "ochre", "water")),
    *(
        (colour, paper)
        for colour in ("fir", "water", "ochre", "minium")
        for paper in ("stone", "sheet", f"{colour}-wash")
    ),
    *((colour, "block") for colour in ("water", "fir", "ochre", "minium", "plum")),
    ("plum", "stone"),
    ("plum", "sheet"),
    ("on-solid", "fir"),
    ("on-solid", "fir-deep"),
    ("on-solid", "minium"),
    ("on-spine", "spine"),
    ("on-spine", "spine-2"),
    ("on-spine-2", "spine"),
]
PARTS = [("rail", "sheet"), ("rail", "stone"), ("gold", "spine"), ("water", "stone"), ("water", "sheet")]


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(theme: str, text: str, ground: str) -> None:
    assert ratio(PALETTES[theme][text], PALETTES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_borders_and_focus_stand_out_from_their_ground(theme: str, part: str, ground: str) -> None:
    assert ratio(PALETTES[theme][part], PALETTES[theme][ground]) >= 3


@pytest.mark.parametrize(
    ("theme", "one", "other", "published"),
    [
        ("light", "ink", "stone", 15.17),
        ("dark", "ink", "stone", 15.35),
        ("light", "fir", "sheet", 8.85),
        ("dark", "minium", "minium-wash", 6.59),
        ("light", "rail", "stone", 3.94),
    ],
)
def test_the_computation_agrees_with_the_ratios_published_with_the_palette(
    theme: str, one: str, other: str, published: float
) -> None:
    assert ratio(PALETTES[theme][one], PALETTES[theme][other]) == pytest.approx(published, abs=0.03)


def test_components_name_meanings_and_no_colour_of_their_own() -> None:
    """What is drawn by night at the gate, and what lies over any page, are the only exceptions."""
    allowed = {"gate.css", "dialog.css", "toast.css", "print.css"}
    literal = re.compile(r"oklch\(\d|#[0-9a-f]{3,8}\b|rgb", re.IGNORECASE)
    strays = [
        path.name
        for path in CSS.rglob("*.css")
        if path.name not in allowed | {"tokens.css"} and literal.search(re.sub(r"url\([^)]*\)", "", path.read_text()))
    ]
    assert strays == []
