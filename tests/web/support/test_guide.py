"""Ghid: the pages of docs/ghid in the product, for everyone; the Markdown they are written in."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from punte.web.support import guide
from punte.web.support.markdown import html, title


def shown(text: str) -> str:
    return str(html(text, link=lambda target: target if target.startswith("https:") else "")).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un rând\nși altul.", "<p>Un rând\nși altul.</p>"),
        ("## Înainte", '<h2 id="inainte">Înainte</h2>'),
        ("# Titlu", '<h2 id="titlu">Titlu</h2>'),  # the page has its one h1
        ("**gras** și *aplecat*", "<p><strong>gras</strong> și <em>aplecat</em></p>"),
        ("`2 * 3 * 4`, a_b_c", "<p><code>2 * 3 * 4</code>, a_b_c</p>"),
        ("[aici](https://anaf.ro)", '<p><a href="https://anaf.ro">aici</a></p>'),
        ("[aici](../x.md)", "<p>aici</p>"),
        ("a<br>b & c < d", "<p>a<br>b &amp; c &lt; d</p>"),
        ("- unu\n  mai departe\n- doi", "<ul>\n<li>unu\nmai departe</li>\n<li>doi</li>\n</ul>"),
        ("1. unu\n2. doi", "<ol>\n<li>unu</li>\n<li>doi</li>\n</ol>"),
        ("3. trei", '<ol start="3">\n<li>trei</li>\n</ol>'),
        (
            "1. unu\n   - a\n   - b\n2. doi",
            "<ol>\n<li>unu\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</li>\n<li>doi</li>\n</ol>",
        ),
        ("> spus", "<blockquote>\n<p>spus</p>\n</blockquote>"),
        ("```\na <b>\n  c\n```", "<pre><code>a &lt;b&gt;\n  c\n</code></pre>"),
        ("![o poză](p.png)", "<p>o poză</p>"),
    ],
)
def test_markdown_becomes_html(text, expected):
    assert shown(text) == expected


def test_a_table_has_headings_of_columns_and_rows():
    told = shown("| a | b |\n|---|---|\n| c | **d** |").replace("\n", "")
    assert '<th scope="col">a</th><th scope="col">b</th>' in told
    assert '<tr><th scope="row">c</th><td><strong>d</strong></td></tr>' in told


def test_every_page_of_the_guide_is_read_by_everyone_and_leaves_no_mark_of_markdown(db):
    assert guide.pages()
    assert guide.pages()[0].slug == "prima-factura"
    for page in guide.pages():
        answer = Client().get(f"/ajutor/ghid/{page.slug}/")
        assert answer.status_code == 200
        assert page.title == title(page.path.read_text("utf-8"))
        body = re.sub(r"<(pre|code)[^>]*>.*?</\1>", "", str(guide.body(page)), flags=re.DOTALL)
        assert not re.search(r"\*\*|\]\(|^\||^#|&lt;", body, re.MULTILINE), page.slug
    assert Client().get("/ajutor/ghid/nu-este/").status_code == 404


def test_help_stands_in_the_menu_and_at_the_foot_of_a_page(people, firm):
    page = people["ana"].get("/").content.decode()
    assert page.count('href="/ajutor/"') == 3  # the band, the menu of a phone, the foot
    assert 'href="/ajutor/"' in Client().get("/ajutor/intrebari/").content.decode()


def test_links_to_mail_and_chat_come_from_the_settings(people, firm, settings):
    settings.SUPPORT_EMAIL, settings.SUPPORT_CHAT = "ajutor@punte.example", "https://chat.punte.example"
    page = people["ana"].get("/ajutor/").content.decode()
    assert 'href="mailto:ajutor@punte.example"' in page
    assert 'href="https://chat.punte.example"' in page
    settings.SUPPORT_EMAIL = settings.SUPPORT_CHAT = ""
    page = people["ana"].get("/ajutor/").content.decode()
    assert "mailto:" not in page
