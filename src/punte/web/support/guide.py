"""Ghid: the pages of docs/ghid, read in the product. In an installed package they lie beside this file.

A page's English, where it has one, is the file of the same name in `en/`; the others are read in Romanian.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from .markdown import html, title

HERE = Path(__file__).parent
PLANS = "abonament"
ROAD = ("prima-factura", "conectarea", "dupa-conectare", "documente")
FOLDERS = (HERE / "ghid", HERE.parents[3] / "docs" / "ghid")  # installed; a checkout


@dataclass(frozen=True, slots=True)
class Page:
    slug: str
    title: str
    path: Path
    language: str  # in which it is written


def pages(language: str = "ro") -> tuple[Page, ...]:
    """Every page for a reader of `language`: first those of the road, in its order, then the others by their titles.
    Of plans, when there are."""
    return tuple(page for page in _all(language) if settings.PLANS or page.slug != PLANS)


@cache
def _all(language: str) -> tuple[Page, ...]:
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    found = [_page(path, language) for path in folder.glob("*.md")] if folder else []
    return tuple(
        sorted(found, key=lambda page: (ROAD.index(page.slug) if page.slug in ROAD else len(ROAD), page.title))
    )


def _page(path: Path, language: str) -> Page:
    translated = path.parent / language / path.name
    if language == "ro" or not translated.exists():
        return Page(path.stem, title(path.read_text("utf-8")), path, "ro")
    return Page(path.stem, title(translated.read_text("utf-8")), translated, language)


def body(page: Page) -> SafeString:
    """Without its title, which the page prints itself; links between pages lead to each other here."""
    return _body(page, with_plans=settings.PLANS)


@cache
def _body(page: Page, *, with_plans: bool) -> SafeString:
    _, _, text = page.path.read_text("utf-8").partition("\n")
    return html(text, link=_link)


def _link(target: str) -> str:
    """`conectarea.md#pin` → `/ajutor/ghid/conectarea/#pin`; "" for a file that is no page of the guide."""
    if target.startswith(("https://", "http://", "#", "mailto:")):
        return target
    name, _, anchor = target.partition("#")
    page = next((page for page in pages() if page.path.name == name), None)
    return reverse("support:guide_page", args=[page.slug]) + (f"#{anchor}" if anchor else "") if page else ""
