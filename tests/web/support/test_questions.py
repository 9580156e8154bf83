"""Întrebări frecvente: the data, the search, the page without and with htmx."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from punte.web.support.questions import LANGUAGES, found, questions


def test_there_are_at_least_25_each_whole_in_both_languages():
    romanian, english = (questions(language) for language in LANGUAGES)
    assert len(romanian) >= 25
    assert [one.slug for one in romanian] == [one.slug for one in english]
    assert len({one.slug for one in romanian}) == len(romanian)
    for one in (*romanian, *english):
        assert one.title.endswith("?")
        assert all(one.answer)
        assert not set("şţŞŢ") & set(one.title + "".join(one.answer))
    for one, other in zip(romanian, english, strict=True):
        assert len(one.answer) == len(other.answer), one.slug


# What people type, and the answer that must be among the found.
@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("respinsa", "respinsa"),
        ("RESPINSĂ", "respinsa"),
        ("respinşa", "respinsa"),  # the old letter with cedilla
        ("stornez factura gresita", None),  # no such form of the word
        ("storno", "sterg"),
        ("bucuresti", "bucuresti"),
        ("cnp pfa", "pfa-cnp"),
        ("access_denied", "nu-cere-certificatul"),
        ("Nu aveti drept in SPV pentru CIF=123", None),
        ("nu aveti drept in spv", "fara-drept"),
        ("5 zile lucratoare", "termen"),
        ("15%", "amenda"),
        ("iphone", "telefon"),
        ("dublu", "de-doua-ori"),
        ("abonam", "abonament-expirat"),
    ],
)
def test_the_search_forgives_diacritics_case_and_half_words(typed, slug):
    slugs = [one.slug for one in found(typed)]
    assert (slug in slugs) if slug else slugs == []


def test_a_title_comes_before_an_answer():
    titles = ["PIN" in one.title for one in found("pin")]
    assert titles == sorted(titles, reverse=True)
    assert titles.count(True) == 2 < len(titles)


def test_english_is_asked_in_english():
    with translation.override("en"):
        assert "What fine do I risk when I am late?" in [one.title for one in found("deadline")]


def test_without_javascript_the_page_finds_and_shows_what_was_typed(db):
    page = Client().get("/ajutor/intrebari/", {"q": "pin blocat"}).content.decode()
    assert 'value="pin blocat"' in page
    assert page.count("<details id=") == 1
    assert '<details id="pin-blocat" open>' in page


def test_what_is_typed_is_shown_as_text(db):
    page = Client().get("/ajutor/intrebari/", {"q": "<script>x</script>"}).content.decode()
    assert "<script>x" not in page
    assert "Niciun răspuns" in page


def test_htmx_gets_the_answers_alone(db):
    part = Client().get("/ajutor/intrebari/", {"q": "storno"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="sterg"' in part


@pytest.fixture
def page(chromium: Browser, live_server, transactional_db) -> Iterator[Page]:
    context = chromium.new_context(base_url=live_server.url, locale="ro-RO")
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_answers_come_while_one_types_and_the_address_can_be_shared(page):
    page.goto("/ajutor/intrebari/")
    page.get_by_role("searchbox").press_sequentially("respinsa")
    expect(page.locator("#respinsa summary")).to_be_visible()
    expect(page.locator("#telefon")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="răspuns")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=respinsa$"))
    page.reload()
    expect(page.locator("#respinsa summary")).to_be_visible()
