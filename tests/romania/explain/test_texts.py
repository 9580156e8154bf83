"""Every rule has its sentences, in both languages, and they are fit to be read."""

import re
import string
from importlib.resources import files

import pytest

from punte.en16931.rules.rule import Finding, Severity
from punte.en16931.ubl import structure
from punte.romania.cius.rulesets import RO_CIUS_1_0_9
from punte.romania.cius.strict import STRICT_1_0_9
from punte.romania.explain import explain
from punte.romania.explain.parameters import Parameters
from punte.romania.explain.texts import GENERAL, Section, section_for, sections

#: ids of ours: faults of structure, documented there, and the two that stand for a stop of the official processor
OURS = {*re.findall(r"UBL-[A-Z]+\b", structure.__doc__ or ""), "PUNTE-ABORT-VALUE", "PUNTE-ABORT-SEVERAL"}
OFFICIAL = {*RO_CIUS_1_0_9.rules} | {rule.id for _, rule in RO_CIUS_1_0_9.forbidden}
#: of `strict`, those that do not borrow the text of the official rule which they complete
STRICT = {rule for rule in STRICT_1_0_9.rules if section_for(rule) is not section_for(rule.removeprefix("PUNTE-"))}
RULES = OFFICIAL | OURS | STRICT
LANGUAGES = ("ro", "en")
PARTS = {"what", "missing", "why", "now", "now_known"}


def texts(section: Section) -> list[str]:
    return [text for language in LANGUAGES for text in section.texts[language].values()]


def test_no_rule_is_without_an_explanation():
    assert len(RULES) > 1080
    assert [rule for rule in sorted(RULES) if section_for(rule).name == GENERAL] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [None, "x"])
def test_the_barest_finding_is_explained(language, value):
    """Without term and place, as when only ANAF's answer is at hand."""
    for rule in RULES:
        told = explain(Finding(rule, Severity.FATAL, None, "/Invoice", None, value), language=language)
        assert not re.search("[{}]|None|  ", f"{told.what} {told.why} {told.now} {told.field}"), told
        assert told.field[0].isupper(), told


def test_each_rule_has_one_section_and_each_section_a_rule():
    for rule in RULES:
        assert len([section.name for section in sections() if section.rules.fullmatch(rule)]) == 1, rule
    idle = [section.name for section in sections() if not any(section.rules.fullmatch(rule) for rule in RULES)]
    assert idle == [GENERAL]
    assert len({section.name for section in sections()}) == len(sections())


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.name)
def test_both_languages_say_the_same_parts(section):
    assert set(section.texts["ro"]) == set(section.texts["en"])
    assert {"what", "why", "now"} <= set(section.texts["ro"]) <= PARTS
    for part in section.texts["ro"]:
        used = [
            {name for _, name, _, _ in string.Formatter().parse(section.text(part, lang)) if name} for lang in LANGUAGES
        ]
        assert {name.lower() for name in used[0]} == {name.lower() for name in used[1]}, part


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.name)
def test_a_sentence_that_shows_the_value_has_another_for_when_there_is_none(section):
    for language in LANGUAGES:
        if "{value}" in section.text("what", language):
            assert "{value}" not in section.text("missing", language)


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.name)
def test_placeholders_are_known(section):
    known = {name for name in dir(Parameters) if not name.startswith("_")} | {"rule", "value"}
    for text in texts(section):
        assert {name.lower() for _, name, _, _ in string.Formatter().parse(text) if name} <= known


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.name)
def test_the_letters_are_ours(section):
    for text in section.texts["ro"].values():
        assert not re.search("[“‘'\"]", text), text  # Romanian quotes alone
        assert text.count("„") == text.count("”"), text
    for text in texts(section):
        assert " %" not in text  # a no-break space keeps number and sign together
        assert "  " not in text, text
        assert text.endswith("."), text
        assert not re.search(r"\b(XML|XPath|element|nod|nodul|tag)\b", re.sub(r"{\w+}", "", text)), text


def test_no_letter_has_a_cedilla():
    package = files("punte.romania.explain")
    data = [*package.iterdir(), *package.joinpath("texts").iterdir()]
    for file in data:
        if file.name.endswith((".tsv", ".toml")):
            assert not re.search("[şţŞŢãÃ]", file.read_text("utf-8")), file.name  # nor the tilde of careless keyboards


def test_no_two_families_share_a_text_by_mistake():
    """`what` may be the same („Lipsește …”); the reason and the cure together tell families apart."""
    told: dict[tuple[str, ...], str] = {}
    for section in sections():
        for language in LANGUAGES:
            whole = tuple(section.text(part, language) for part in ("what", "why", "now"))
            assert told.setdefault(whole, section.name) == section.name
            assert told.setdefault(whole[1:], section.name) == section.name
