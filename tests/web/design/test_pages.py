"""The pages of the design: what is in them, what must not be, and that they hold without JavaScript."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import page_not_found, permission_denied, server_error

from punte.web.design import sheet
from punte.web.design.icons import icons
from punte.web.design.states import STATES


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.found if attribute in attrs]

    def count(self, tag: str) -> int:
        return sum(tag == found for found, _ in self.found)


@pytest.fixture
def specimens(settings, client: Client) -> str:
    settings.DEBUG = True
    response = client.get("/design/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_specimens_shows_every_state_and_every_icon(specimens: str) -> None:
    assert all(f'class="state" data-state="{slug}"' in specimens for slug in STATES)
    assert all(f"<span>{name}</span>" in specimens for name in icons())


def test_specimens_are_for_those_who_build_pages(settings, client: Client) -> None:
    settings.DEBUG = False
    assert client.get("/design/").status_code == 404


def test_a_page_asks_for_nothing_from_elsewhere_and_carries_no_style_of_its_own(specimens: str) -> None:
    page = Elements(specimens)
    assert page.count("img") == page.count("style") == 0
    assert page.values("style") == []
    assert not [url for url in page.values("href") + page.values("src") if re.match(r"(https?:)?//", url)]
    assert not [name for _, attrs in page.found for name in attrs if name.startswith("on")]


def test_a_page_has_one_title_no_skipped_level_landmarks_and_unique_ids(specimens: str) -> None:
    page = Elements(specimens)
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.count("main") == page.count("header") == page.count("footer") == 1
    assert 'lang="ro"' in specimens
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    known = set(ids)
    assert {one for value in page.values("aria-describedby") for one in value.split()} <= known
    assert set(page.values("aria-labelledby")) <= known
    assert set(page.values("for")) <= known
    assert "continut" in known


def test_every_control_has_a_name(specimens: str) -> None:
    page = Elements(specimens)
    labelled = set(page.values("for"))
    for tag, attrs in page.found:
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden":
            assert attrs.get("id") in labelled, attrs


def test_words_use_comma_below(specimens: str) -> None:
    assert not set("şţŞŢ") & set(specimens)


# --- the sheet ---


def test_the_sheet_is_kept_for_ever_under_its_own_digest_and_not_under_another(client: Client) -> None:
    current = sheet.digest(sheet.sheet())
    fresh, stale = client.get(f"/design/punte.{current}.css"), client.get("/design/punte.000000000000.css")
    assert "immutable" in fresh["Cache-Control"]
    assert stale["Cache-Control"] == "no-cache"
    assert fresh.content == stale.content
    assert fresh["Content-Type"] == "text/css; charset=utf-8"


def test_every_file_of_rules_is_in_the_sheet_and_closes_its_braces() -> None:
    built = sheet.build()
    for path in sheet.CSS.rglob("*.css"):
        rules = path.read_text("utf-8")
        assert rules.count("{") == rules.count("}"), path.name
        assert rules in built, path.name


# --- fields ---


class Sample(forms.Form):
    cui = forms.CharField(label="CUI", help_text="Cu sau fără RO.", widget=forms.TextInput(attrs={"placeholder": "RO"}))
    where = forms.ChoiceField(label="Unde", choices=[("usb", "Token"), ("nor", "Cloud")], widget=forms.RadioSelect)
    note = forms.CharField(label="Mențiuni", required=False)


def render(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


def test_a_field_has_its_label_its_hint_and_no_placeholder() -> None:
    html = render("{% field form.cui inputmode='numeric' %}", form=Sample())
    assert '<label for="id_cui">CUI</label>' in html
    assert 'aria-describedby="id_cui-hint"' in html
    assert 'id="id_cui-hint">Cu sau fără RO.' in html
    assert 'inputmode="numeric"' in html
    assert "placeholder" not in html


def test_a_wrong_field_says_so_in_the_words_of_the_summary_and_is_linked_from_it() -> None:
    form = Sample({"cui": "", "where": "usb"})
    html = render("{% error_summary form %}{% field form.cui %}", form=form)
    problem = form.errors["cui"][0]
    assert f'<a href="#id_cui">{problem}</a>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_cui-problem"' in html
    assert html.count(problem) == 2
    assert "data-focus" in html


def test_the_summary_links_to_a_group_of_choices_too() -> None:
    form = Sample({"cui": "1"})
    page = Elements(render("{% error_summary form %}{% field form.where %}", form=form))
    (target,) = [href.removeprefix("#") for href in page.values("href")]
    assert target in page.values("id")


def test_a_form_without_problems_has_no_summary() -> None:
    assert render("{% error_summary form %}", form=Sample({"cui": "1", "where": "usb"})).strip() == ""


def test_what_is_not_required_says_it() -> None:
    assert "(opțional)" in render("{% field form.note %}", form=Sample())


# --- the gate and failures ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/cont/login/", "Intrați în cont"),
        ("/cont/signup/", "Faceți un cont"),
        ("/cont/password/reset/", "Ați uitat parola?"),
        ("/cont/password/reset/done/", "Verificați e-mailul"),
        ("/cont/password/reset/key/x-y/", "Linkul nu mai este bun"),
        ("/cont/confirm-email/", "Verificați e-mailul"),
        ("/cont/confirm-email/none/", "Linkul nu mai este bun"),
        ("/cont/inactive/", "Contul este închis"),
    ],
)
def test_the_gate_speaks_romanian_in_our_frame(client: Client, path: str, title: str) -> None:
    html = client.get(path).content.decode()
    assert f"<h1>{title}</h1>" in html
    assert 'class="gate"' in html


@pytest.mark.django_db
def test_a_refused_sign_in_keeps_the_address_and_says_what_to_correct(client: Client) -> None:
    html = client.post("/cont/login/", {"login": "ana@exemplu.ro", "password": "greșită"}).content.decode()
    assert 'class="banner bad error-summary"' in html
    assert 'value="ana@exemplu.ro"' in html


@pytest.mark.parametrize(
    ("view", "arguments", "title"),
    [
        (page_not_found, (Exception(),), "Pagina nu există"),
        (permission_denied, (Exception(),), "Nu aveți acest drept"),
        (server_error, (), "Ceva s-a stricat la noi"),
    ],
)
def test_failures_speak_our_language(view, arguments, title: str) -> None:
    html = view(RequestFactory().get("/"), *arguments).content.decode()
    assert f"<h1>{title}</h1>" in html


def test_an_error_has_its_three_answers_and_its_code() -> None:
    html = render_to_string(
        "design/wwn.html", {"title": "Nu a mers", "what": "Asta.", "why": "De aceea.", "now": "Atât.", "code": "T03"}
    )
    words = ["Nu a mers", "T03", "Ce s-a întâmplat", "Asta.", "De ce", "De aceea.", "Ce faceți acum", "Atât."]
    places = [html.index(word) for word in words]
    assert places == sorted(places)
