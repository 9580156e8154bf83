"""docs/anaf/errors.md, the module's drawing, the table of sentences and the behaviour say one thing."""

import json
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from anaf.server import Answer
from punte.anaf import errors
from punte.anaf.documents import Documents, Validation
from punte.anaf.efactura import EFactura, Page, Receipt
from punte.anaf.errors import AnafError
from punte.anaf.sentences import Meaning, meanings

PAGE = (Path(__file__).parents[2] / "docs" / "anaf" / "errors.md").read_text("utf-8")
UNKNOWN = ("O propozitie pe care nu o stie nimeni", "unknown", "upload, state, list, download, validare, transformare")


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = re.split(r"^## ", PAGE.split(f"\n## {heading}\n")[1], flags=re.MULTILINE)[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


SENTENCES = [(row[0][1:-1], row[1].strip("`"), row[2]) for row in _rows("Sentences")]
BECOMES = {row[0].strip("`"): row[1:] for row in _rows("Meanings")}


def test_the_tree_is_drawn_in_the_module_and_on_the_page_as_it_is():
    drawn = [re.findall(r"^((?:│   )?)[├└]── (\w+) +(.+)$", text, re.MULTILINE) for text in (errors.__doc__, PAGE)]
    assert drawn[0] == drawn[1]
    parents, tree = [AnafError], set()
    for inside, name, _ in drawn[0]:
        kind = getattr(errors, name)
        assert kind.__base__ is (parents[-1] if inside else AnafError)
        if not inside:
            parents.append(kind)
        tree.add(kind)
    grown = {thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, AnafError)}
    assert tree == grown - {AnafError}


@pytest.mark.parametrize(("text", "meaning", "_"), SENTENCES)
def test_the_documentation_says_what_the_table_does(text, meaning, _):
    assert meanings(text) == [Meaning(meaning)]


def test_every_meaning_is_documented_and_said_by_a_sentence():
    assert set(BECOMES) == set(Meaning)
    assert {meaning for _, meaning, _ in SENTENCES} == set(Meaning) - {Meaning.UNKNOWN}


def test_every_line_of_the_table_is_said_by_a_sentence():
    table = (Path(errors.__file__).parent / "sentences.tsv").read_text("utf-8").splitlines()
    patterns = [line.split("\t")[1] for line in table if line and not line.startswith("#")][1:]
    texts = [" ".join(text.split()) for text, _, _ in SENTENCES]
    unsaid = [pattern for pattern in patterns if not any(re.search(pattern, text, re.IGNORECASE) for text in texts)]
    assert unsaid == []


def _efactura(call):
    def ask(hosts):
        with EFactura(hosts, "token") as spv:
            return call(spv)

    return ask


def _documents(call):
    def ask(hosts):
        with Documents(hosts) as documents:
            return call(documents)

    return ask


def _header(text: str, attributes: str = "") -> bytes:
    return f"<header{attributes}><Errors errorMessage={quoteattr(text)}/></header>".encode()


def _eroare(text: str) -> bytes:
    return json.dumps({"eroare": text, "titlu": "x"}).encode()


def _nok(text: str) -> bytes:
    return json.dumps({"stare": "nok", "Messages": [{"message": text}]}).encode()


def _window(spv: EFactura) -> Page:
    now = errors.datetime.now(errors.UTC)
    return spv.messages_page("80", now.replace(year=now.year - 1), now)


CALLS = {  # word of the column "Where": the call, the body in which ANAF says a sentence to it, the column of BECOMES
    "upload": (_efactura(lambda spv: spv.upload(b"<x/>", cif="80")), lambda t: _header(t, ' ExecutionStatus="1"'), 0),
    "state": (_efactura(lambda spv: spv.state("5")), _header, 2),
    "simple list": (_efactura(lambda spv: spv.recent("80", 60)), _eroare, 1),
    "list": (_efactura(_window), _eroare, 1),
    "download": (_efactura(lambda spv: spv.download("5")), _eroare, 2),
    "validare": (_documents(lambda documents: documents.validate(b"", "UBL")), _nok, 2),
    "transformare": (_documents(lambda documents: documents.transform(b"", "UBL")), _nok, 2),
}


def _said_to(where: str) -> list[str]:
    named = [name for name in CALLS if re.search(rf"\b{name}\b", where)]
    return [name for name in named if not (name == "list" and "simple list" in where)]


SPOKEN = [(call, *row) for row in [*SENTENCES, UNKNOWN] for call in _said_to(row[2])]


def test_every_sentence_is_said_to_some_call():
    assert {text for _, text, _, _ in SPOKEN} == {text for text, _, _ in [*SENTENCES, UNKNOWN]}
    assert {call for call, *_ in SPOKEN} == set(CALLS)


@pytest.mark.parametrize(("call", "text", "meaning", "where"), SPOKEN)
def test_a_sentence_becomes_what_the_page_says(anaf, hosts, call, text, meaning, where):
    ask, body_of, column = CALLS[call]
    bad_request = ", 400" in where
    body = json.dumps({"status": 400, "message": text}).encode() if bad_request else body_of(text)
    anaf.answer(Answer(body, status=400 if bad_request else 200))
    becomes = BECOMES[meaning][column].rstrip(" |")
    if "*value*" in becomes and (column == 0 or call in becomes):
        becomes = "*value*"
    if becomes == "*value*":
        answer = ask(hosts)
        said = answer.refusals if isinstance(answer, Receipt) else tuple(line.text for line in answer.errors)
        assert type(answer) in (Receipt, Validation)
        assert said == (text,)  # verbatim
    elif becomes == "*none*":
        assert ask(hosts).messages == ()
    else:
        with pytest.raises(AnafError) as caught:
            ask(hosts)
        assert type(caught.value).__name__ == re.match(r"`(\w+)`", becomes)[1]
        assert caught.value.text == text  # verbatim, never swallowed
        assert caught.value.body == body[: errors.KEPT]
        assert getattr(caught.value, "known", True) is (meaning != "unknown")
