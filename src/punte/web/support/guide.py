"""Ghid: the pages of docs/ghid, read in the product. In an installed package they lie beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse
from django.utils.safestring import SafeString

from .markdown import html, title

HERE = Path(__file__).parent
ROAD = ("prima-factura", "conectarea", "dupa-conectare", "documente")
FOLDERS = (HERE / "ghid", HERE.parents[3] / "docs" / "ghid")  # installed; a checkout


@dataclass(frozen=True, slots=True)
class Page:
    slug: str
    title: str
    path: Path


@cache
def pages() -> tuple[Page, ...]:
    """Every page: first those of the road, in its order, then the others by their titles."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    found = [Page(path.stem, title(path.read_text("utf-8")), path) for path in folder.glob("*.md")] if folder else []
    return tuple(
        sorted(found, key=lambda page: (ROAD.index(page.slug) if page.slug in ROAD else len(ROAD), page.title))
    )


@cache
def body(page: Page) -> SafeString:
    """Without its title, which the page prints itself; links between pages lead to each other here."""
    _, _, text = page.path.read_text("utf-8").partition("\n")
    return html(text, link=_link)


def _link(target: str) -> str:
    """`conectarea.md#pin` → `/ajutor/ghid/conectarea/#pin`; "" for a file that is no page of the guide."""
    if target.startswith(("https://", "http://", "#", "mailto:")):
        return target
    name, _, anchor = target.partition("#")
    page = next((page for page in pages() if page.path.name == name), None)
    return reverse("support:guide_page", args=[page.slug]) + (f"#{anchor}" if anchor else "") if page else ""
