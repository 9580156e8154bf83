"""Every word on screen is Romanian in the source and English in the catalogue beside it.

To bring another app under this: add its name to APPS.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import punte.web

WEB = Path(next(iter(punte.web.__path__)))
APPS = (
    "accounts",
    "archive",
    "config",
    "connection",
    "delivery",
    "design",
    "firms",
    "inbox",
    "invoices",
    "limits",
    "plans",
    "proof",
    "spv",
    "support",
    "transfer",
    "work",
)

#: What stands outside gettext, and why.
ELSEWHERE = {
    "delivery/templates/delivery/home.html": "Acasă is being rebuilt",
    "delivery/views.py": "so is its view",
    "design/specimens.py": "specimens, for those who build pages: an invented firm's",
    "design/templates/design/specimens.html": "specimens",
    "design/templates/design/specimen_table.html": "specimens",
    "plans/proforma.py": "a document, in Romanian whoever reads it",
}
#: Names, which are the same in both languages; a language is called by its own.
NAMES = {
    "Punte",
    "CUI",
    "CNP",
    "IBAN",
    "PDF",
    "CSV",
    "XLSX",
    "JSON",
    "English",
    "Română",
    "București",
    "Brutăria Trei Spice SRL",  # an example
}
KEYS = {"Enter", "Ctrl", "Cmd", "Backspace", "Alt", "Esc", "Shift"}
#: What the law wants to read on an invoice, whoever reads it.
ON_PAPER = {"TVA la încasare", "Autofactură", "Garanție SGR"}
#: What ANAF's own pages say, in one language alone.
ANAFS = {"ANAF · SPV", "E-Factura", "Client ID", "Client Secret", "Callback URL 1"}

LETTERS = re.compile(r"[ăâîșțĂÂÎȘȚşţŞŢ]")
WORDS = re.compile(
    r"\b(?:acum|ale|aveți|către|ce|cel|cu|dacă|de|din|dumneavoastră|este|factura|facturi|firma|firmei|fost|iar|în|la|"
    r"mai|nicio|niciun|noi|nu|pe|pentru|poate|prin|sau|se|spre|sunt|trimite|un|unei)\b",
    re.IGNORECASE,
)
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "noop"}


def files(app: str, pattern: str) -> Iterator[Path]:
    for path in sorted((WEB / app).rglob(pattern)):
        if "migrations" not in path.parts and path.relative_to(WEB).as_posix() not in ELSEWHERE:
            yield path


def templates(app: str) -> list[Path]:
    return [*files(app, "templates/**/*.html"), *files(app, "templates/**/*.txt")]


# --- templates ---

CLASSES = re.compile(r"\{% block main_class %\}.*?\{% endblock %\}")
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(
    r"\{% translate .*?%\}|\{% blocktranslate.*?\{% endblocktranslate %\}|_\(\"[^\"]*\"\)", re.DOTALL
)
SPOKEN = re.compile(r'\b(?:aria-label|alt|placeholder|title|data-busy|label|hint|aside|what|why|now|word)="([^"]*)"')


def untranslated(template: str) -> list[str]:
    """What a person would read of `template` in one language alone."""
    text = TRANSLATED.sub("", CLASSES.sub("", COMMENT.sub("", template)))
    text = re.sub(r"\{\{.*?\}\}", "", text)
    seen = SPOKEN.findall(text)
    seen += re.split(r"<[^<>]*>", re.sub(r"\{%.*?%\}", "", text))
    seen = [one.strip() for one in seen if one.strip() not in ANAFS]
    return [one for one in seen if set(re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", "", one))) - NAMES - KEYS]


@pytest.mark.parametrize("app", APPS)
def test_a_template_says_nothing_outside_gettext(app):
    found = {path.name: words for path in templates(app) if (words := untranslated(path.read_text("utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('<p>{% translate "Parola" %}</p>', []),
        ("<p>Parola</p>", ["Parola"]),
        ("<p>{{ one }} zile</p>", ["zile"]),
        ('<p class="part-s" id="h-parola">{% blocktranslate %}{{ n }} zile{% endblocktranslate %} · CUI</p>', []),
        ('{% field form.email label="Adresa" %}', ["Adresa"]),
        ('{% field form.email label=_("Adresa") %}', []),
        ('<button data-busy="Se trimite…">{% icon "email" %}</button>', ["Se trimite…"]),
    ],
)
def test_how_a_template_is_read(template, found):
    assert untranslated(template) == found


# --- modules ---


def loose(source: str) -> list[str]:
    """Romanian of a module outside gettext; docstrings are English and left out."""
    tree, found = ast.parse(source), []
    quiet: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            quiet.update(ast.walk(node))
    for node in ast.walk(tree):
        if node not in quiet and isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in NAMES | ON_PAPER:
                continue
            if LETTERS.search(node.value) or (" " in node.value and len(WORDS.findall(node.value)) > 1):
                found.append(node.value)
    return found


@pytest.mark.parametrize("app", APPS)
def test_a_module_says_nothing_outside_gettext(app):
    found = {path.name: words for path in files(app, "*.py") if (words := loose(path.read_text("utf-8")))}
    assert {name: [word for word in words if not letters_of_an_alphabet(word)] for name, words in found.items()} == {
        name: [] for name in found
    }


def letters_of_an_alphabet(text: str) -> bool:
    """A pattern or a table of letters (firms/places.py) is no sentence."""
    return bool(re.search(r"[\\^|]|^[ăâîșțĂÂÎȘȚ]+$", text))


# --- catalogues ---


def marked(app: str) -> Iterator[str]:
    """Every message of `app`, in Romanian."""
    call = re.compile(
        r"""(?:pgettext\(u?["'][^"']*["'], |\bgettext\(|\b_\()(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
    )
    for path in templates(app):
        for literal in call.findall(templatize(path.read_text("utf-8"))):
            # xgettext reads the line breaks of a block as they stand; Python wants them written
            yield ast.literal_eval(literal.replace("\n", "\\n"))
    for path in files(app, "*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT and node.args:
                message = node.args[1 if node.func.id == "pgettext" else 0]
                if isinstance(message, ast.Constant) and isinstance(message.value, str):
                    yield message.value


def catalogue(app: str, *, whatever_context: bool = True) -> dict[str, str]:
    with (WEB / app / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as source:
        messages = [message for message in read_po(source) if message.id]
    return {
        first(message.id): first(message.string) for message in messages if whatever_context or message.context is None
    }


def first(words: str | tuple[str, ...] | list[str]) -> str:
    """Of a plural, the singular."""
    return words if isinstance(words, str) else words[0]


@pytest.mark.parametrize("app", APPS)
def test_every_message_has_its_english(app):
    told = catalogue(app)
    assert sorted({message for message in marked(app) if not told.get(message)}) == []


@pytest.mark.parametrize("app", APPS)
def test_english_is_english_has_the_same_holes_and_is_compiled_as_written(app):
    told = catalogue(app)
    quoted = re.compile(r"“[^”]*”")  # what ANAF's pages and ours say in Romanian
    assert [english for english in told.values() if LETTERS.search(quoted.sub("", english))] == []
    hole = re.compile(r"%(?:\(\w+\))?[sd]")
    assert [one for one, english in told.items() if sorted(hole.findall(one)) != sorted(hole.findall(english))] == []
    with (WEB / app / "locale" / "en" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        assert {first(message.id): first(message.string) for message in read_mo(compiled) if message.id} == told


def test_one_word_has_one_english_in_all_apps():
    """Catalogues are merged when Punte runs: the same message must not say two things."""
    said: dict[str, dict[str, str]] = {}
    for app in APPS:
        for message, english in catalogue(app, whatever_context=False).items():
            said.setdefault(message, {})[english] = app
    assert {message: english for message, english in said.items() if len(english) > 1} == {}
