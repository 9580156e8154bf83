"""The Markdown that our own guide is written in, as HTML of our components. Raw HTML in it is ours too, and stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

Link = Callable[[str], str]
_READER = MarkdownIt("commonmark", {"html": True}).enable("table")


def title(text: str) -> str:
    """Of the page: its first line, without the mark."""
    return text.partition("\n")[0].lstrip("# ").strip()


def html(text: str, *, link: Link) -> SafeString:
    """`link` turns the target of a link into an address; "" leaves the words without a link."""
    tokens = _READER.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        match token.type:
            case "heading_open" if following:  # the page has its one h1
                token.tag = "h2" if token.tag == "h1" else token.tag
                token.attrSet("id", slugify(following.content))
            case "heading_close":
                token.tag = "h2" if token.tag == "h1" else token.tag
            case "inline":
                token.children = list(_linked(token.children or [], link))
            case "table_open":
                token.attrSet("class", "table")
            case "th_open":
                token.attrSet("scope", "col")
    _name_rows(tokens)
    told: str = _READER.renderer.render(tokens, _READER.options, {})
    framed = told.replace('<table class="table">', '<div class="table-frame"><table class="table">')
    return mark_safe(framed.replace("</table>", "</table></div>"))  # noqa: S308 - the pages are ours


def _linked(tokens: Iterable[Token], link: Link) -> Iterable[Token]:
    """Links lead where they lead here; pictures are their words."""
    dropped: list[bool] = []
    for token in tokens:
        if token.type == "image":
            yield Token("text", "", 0, content=token.content)
        elif token.type == "link_open":
            address = link(str(token.attrGet("href")))
            dropped.append(not address)
            token.attrSet("href", address)
            if address:
                yield token
        elif token.type == "link_close":
            if not dropped.pop():
                yield token
        else:
            yield token


def _name_rows(tokens: list[Token]) -> None:
    """The first cell of a row names it."""
    first = False
    for n, token in enumerate(tokens):
        if token.type == "tr_open":
            first = True
        elif token.type == "td_open" and first:
            token.tag = tokens[n + 2].tag = "th"
            token.attrSet("scope", "row")
            first = False
