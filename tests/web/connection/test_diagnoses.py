"""The words of the diagnosis."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from punte.web.connection import crossing
from punte.web.connection.diagnoses import diagnoses
from punte.web.connection.models import Problem


def test_every_other_cause_has_its_own_words():
    assert all(diagnosis.others is not None for diagnosis in diagnoses().values())


@pytest.mark.parametrize("problem", [problem for problem in Problem if problem])
def test_every_problem_of_an_authorization_has_its_words(problem):
    assert problem.value in diagnoses()


def test_every_refusal_of_a_crossing_has_its_words():
    keys = set(re.findall(r'"([CTS]\d\d(?:-[a-z-]+)?)"', Path(crossing.__file__).read_text("utf-8")))
    assert "C08" in keys
    assert keys <= set(diagnoses())


@pytest.mark.parametrize("key", diagnoses())
def test_a_diagnosis_answers_three_questions_in_good_romanian(key):
    diagnosis = diagnoses()[key]
    for answer in (diagnosis.title, diagnosis.signal, diagnosis.what, diagnosis.why, diagnosis.now):
        assert answer
        assert not set(answer) & set("şţŞŢ!")  # the comma below, and nobody shouts


@pytest.mark.parametrize("key", diagnoses())
def test_a_diagnosis_is_said_in_english_too(key):
    romanian = diagnoses()[key]
    with translation.override("en"):
        english = diagnoses()[key]
    assert english.code == romanian.code
    for name in ("title", "what", "why", "now"):
        said = getattr(english, name)
        assert said != getattr(romanian, name)
        assert not re.search("[ăâîșț]", re.sub("“[^”]*”", "", said))  # only what is quoted stays Romanian
