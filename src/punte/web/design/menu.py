"""The menu: its places in order, shown only where a page stands behind them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Place:
    word: str
    icon: str
    url_name: str
    on_bar: bool = False  # one of the five at the bottom of a phone


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the menu as one request sees it."""

    word: str
    icon: str
    url: str
    current: bool
    on_bar: bool


PLACES = (
    Place("Acasă", "acasa", "home", on_bar=True),
    Place("Venituri", "venituri", "invoices:list", on_bar=True),
    Place("Cheltuieli", "cheltuieli", "inbox:list", on_bar=True),
    Place("Clienți", "clienti", "invoices:buyers"),
    Place("Produse", "produse", "invoices:products"),
    Place("Integrări", "integrari", "connection:integrations", on_bar=True),
    Place("Setări", "setari", "accounts:profile"),
    Place("Ajutor", "ajutor", "support:help"),
)


def url_of(name: str) -> str:
    """The address of a page, or "" while nobody has built it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def menu(request: HttpRequest) -> list[Entry]:
    """The places that exist; the current one is the longest address that begins the request's."""
    found = [(place, url) for place in PLACES if (url := url_of(place.url_name))]
    here = max((url for _, url in found if _within(request.path, url)), key=len, default="")
    return [Entry(place.word, place.icon, url, url == here, place.on_bar) for place, url in found]


def _within(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
