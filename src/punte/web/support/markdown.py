"""The Markdown that our own guide is written in, as HTML: headings, paragraphs, lists, tables, quotes, code, emphasis
and links. All text is escaped; raw HTML is shown as text. What is not in this list does not belong in the guide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

Link = Callable[[str], str]
ITEM = re.compile(r"( *)(?:([-*+])|(\d+)[.)]) +(.*)")
HEADING = re.compile(r"(#{1,6}) +(.*?) *#*$")
INLINE = re.compile(
    r"`([^`]+)`|!\[([^\]]*)\]\([^)]*\)|\[([^\]]+)\]\(([^)\s]+)\)|\*\*(.+?)\*\*|(?<!\w)[*_]([^*_]+)[*_](?!\w)"
)


def title(text: str) -> str:
    """Of the page: its first line, without the mark."""
    return text.partition("\n")[0].lstrip("# ").strip()


def html(text: str, *, link: Link) -> SafeString:
    """`link` turns the target of a link into an address; "" leaves the words without a link."""
    return mark_safe("\n".join(_blocks(text.splitlines(), link)))  # noqa: S308 - every text in it was escaped


def _blocks(lines: list[str], link: Link) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if not line.strip():
            pass
        elif heading := HEADING.match(line):
            level = max(2, len(heading[1]))
            yield f'<h{level} id="{slugify(heading[2])}">{_inline(heading[2], link)}</h{level}>'
        elif line.startswith("```"):
            end = _until(lines, end, lambda one: one.startswith("```"))
            yield f"<pre><code>{escape(chr(10).join(lines[at + 1 : end]))}</code></pre>"
            end += 1
        elif line.startswith("|"):
            end = _until(lines, end, lambda one: not one.startswith("|"))
            yield from _table(lines[at:end], link)
        elif line.startswith(">"):
            end = _until(lines, end, lambda one: not one.startswith(">"))
            quoted = [re.sub(r"^> ?", "", one) for one in lines[at:end]]
            yield f"<blockquote>{''.join(_blocks(quoted, link))}</blockquote>"
        elif ITEM.match(line):
            end = _end_of_list(lines, at)
            yield from _list(lines[at:end], link)
        else:
            end = _until(lines, end, _begins_a_block)
            yield f"<p>{_inline(' '.join(one.strip() for one in lines[at:end]), link)}</p>"
        at = end


def _begins_a_block(line: str) -> bool:
    return not line.strip() or line.startswith(("|", ">", "```", "#")) or bool(ITEM.match(line))


def _until(lines: list[str], start: int, stop: Callable[[str], bool]) -> int:
    return next((n for n in range(start, len(lines)) if stop(lines[n])), len(lines))


def _end_of_list(lines: list[str], at: int) -> int:
    """A list goes on over blank lines, as long as what follows is an item or indented."""
    last = at
    for n in range(at, len(lines)):
        if ITEM.match(lines[n]) or (lines[n].startswith("  ") and lines[n].strip()):
            last = n
        elif lines[n].strip():
            break
    return last + 1


def _list(lines: list[str], link: Link) -> Iterator[str]:
    """Items at the indentation of the first; what is indented more belongs to the item above."""
    first = ITEM.match(lines[0])
    assert first
    indent, ordered = len(first[1]), bool(first[3])
    items: list[list[str]] = []
    for line in lines:
        item = ITEM.match(line)
        if item and len(item[1]) <= indent:
            items.append([item[4]])
        else:
            items[-1].append(line)
    tag = "ol" if ordered else "ul"
    start = f' start="{first[3]}"' if ordered and first[3] != "1" else ""
    yield f"<{tag}{start}>" + "".join(f"<li>{_item(item, link)}</li>" for item in items) + f"</{tag}>"


def _item(lines: list[str], link: Link) -> str:
    end = _until(lines, 1, lambda one: not one.strip() or bool(ITEM.match(one)))
    head = _inline(" ".join(one.strip() for one in lines[:end]), link)
    rest = lines[end:]
    depth = min((len(one) - len(one.lstrip()) for one in rest if one.strip()), default=0)
    return head + "".join(_blocks([one[depth:] for one in rest], link))


def _table(lines: list[str], link: Link) -> Iterator[str]:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head, body = rows[0], [row for row in rows[1:] if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    yield '<div class="table-frame"><table class="table"><thead><tr>'
    yield "".join(f'<th scope="col">{_inline(cell, link)}</th>' for cell in head)
    yield "</tr></thead><tbody>"
    for row in body:
        cells = "".join(f"<td>{_inline(cell, link)}</td>" for cell in row[1:])
        yield f'<tr><th scope="row">{_inline(row[0], link)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _inline(text: str, link: Link) -> str:
    parts: list[str] = []
    at = 0
    for match in INLINE.finditer(text):
        parts.append(escape(text[at : match.start()]))
        parts.append(_span(match, link))
        at = match.end()
    parts.append(escape(text[at:]))
    return "".join(parts)


def _span(match: re.Match[str], link: Link) -> str:
    code, picture, words, target, strong, emphasis = match.groups()
    if code is not None:
        return f"<code>{escape(code)}</code>"
    if picture is not None:
        return escape(picture)
    if words is not None:
        address = link(target)
        return f'<a href="{escape(address)}">{_inline(words, link)}</a>' if address else _inline(words, link)
    if strong is not None:
        return f"<b>{_inline(strong, link)}</b>"
    return f"<em>{_inline(emphasis, link)}</em>"
