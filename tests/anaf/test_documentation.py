"""docs/anaf is the home of every fact: what the code and the pages point at exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "anaf"


def _anchor(heading: str) -> str:
    """As GitHub makes one of a heading.

    >>> _anchor("Companies and VAT (PlatitorTvaRest v9)")
    'companies-and-vat-platitortvarest-v9'
    """
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


HEADINGS = {
    page.name: re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE) for page in sorted(DOCS.glob("*.md"))
}


def test_what_the_code_links_to_exists():
    """`docs/anaf/limits.md, "Waiting"`: a page, and a heading of it."""
    links = []
    for source in (path for path in (ROOT / "src" / "punte").rglob("*") if path.suffix in (".py", ".tsv", ".toml")):
        text = re.sub(r"\s*\n\s*#?\s*", " ", source.read_text("utf-8"))
        for page, named in re.findall(r'docs/anaf/([\w-]+\.md)((?:(?:,| and) "[^"]+")*)', text):
            links += [(source.name, page, heading) for heading in re.findall(r'"([^"]+)"', named) or [None]]
    assert len(links) > 25
    assert [link for link in links if link[1] not in HEADINGS] == []
    assert [link for link in links if link[2] and link[2] not in HEADINGS[link[1]]] == []
    assert {page for _, page, _ in links} >= set(HEADINGS) - {"document.md"}  # no page that nothing stands on


def test_what_the_pages_link_to_exists():
    broken = []
    for page in DOCS.glob("*.md"):
        for target, anchor in re.findall(r"\]\(([\w./-]*\.md)?(?:#([\w-]+))?\)", page.read_text("utf-8")):
            name = target or page.name
            if name not in HEADINGS or (anchor and anchor not in map(_anchor, HEADINGS[name])):
                broken.append((page.name, target, anchor))
    assert broken == []


def test_every_module_of_the_client_says_where_its_facts_are():
    silent = {"__init__", "claims"}  # claims names its page by another form of words
    for module in (ROOT / "src" / "punte" / "anaf").glob("*.py"):
        if module.stem not in silent:
            assert "docs/anaf/" in module.read_text("utf-8"), module.name


def test_the_front_page_names_every_page():
    front = (DOCS / "README.md").read_text("utf-8")
    assert [name for name in HEADINGS if name != "README.md" and f"({name})" not in front] == []
