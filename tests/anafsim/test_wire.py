"""The simulator against the recorded shapes: the same bytes in XML, the same keys in the same order in JSON."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from punte.anafsim import Simulator, answers
from punte.anafsim.companies import demo_companies
from punte.anafsim.registry import _found
from punte.anafsim.seal import seal

from .conftest import CLIENT, PFA, Visitor, invoice

WIRE = Path(__file__).parents[1] / "data" / "wire"


@pytest.mark.parametrize("path", sorted(WIRE.glob("upload-*.xml")), ids=lambda path: path.stem)
def test_an_upload_answer_is_the_same_to_the_byte(path: Path) -> None:
    attributes = pairs(path, "dateResponse", "ExecutionStatus", "index_incarcare")
    assert answers.header(answers.UPLOAD, attributes, errors(path)) == path.read_bytes()


@pytest.mark.parametrize("path", sorted(WIRE.glob("stare-*.xml")), ids=lambda path: path.stem)
def test_a_state_answer_is_the_same_to_the_byte(path: Path) -> None:
    assert answers.header(answers.STATE, pairs(path, "stare", "id_descarcare"), errors(path)) == path.read_bytes()


@pytest.mark.parametrize("path", sorted(WIRE.glob("nok-*.xml")), ids=lambda path: path.stem)
def test_an_error_file_is_the_same_to_the_byte(path: Path) -> None:
    attributes = pairs(path, "Index_incarcare", "Cif_emitent")
    assert answers.header(answers.ERROR_FILE, attributes, errors(path), child="Error") == path.read_bytes()


def test_a_list_has_the_recorded_keys_in_their_order(ilinca: Visitor) -> None:
    ilinca.upload(invoice())
    ilinca.advance(3660)
    simple = ilinca.get("listaMesajeFactura", zile="1", cif=PFA).json()
    recorded = json.loads((WIRE / "lista-simple.json").read_text())
    assert list(simple) == list(recorded)
    assert list(simple["mesaje"][0]) == list(recorded["mesaje"][0])
    assert {type(value) for value in simple["mesaje"][0].values()} == {str}


def test_the_register_has_the_recorded_shape() -> None:
    [recorded] = json.loads((WIRE / "tva-v9-found.json").read_text())["found"]
    assert json.dumps(shape(_found(demo_companies()[CLIENT], "2026-11-22"))) == json.dumps(shape(recorded))


def test_a_seal_has_the_recorded_form(sim: Simulator) -> None:
    """All but the values and the canonicalisation, which is exclusive as in production."""
    made = seal(b"<x/>", sim.world.authority).decode()
    recorded = (WIRE / "semnatura_5001131297.xml").read_text()
    inclusive, exclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2001/10/xml-exc-c14n#"
    assert without_values(made) == without_values(recorded).replace(inclusive, exclusive)
    assert "&#13;\n" in made


def pairs(path: Path, *names: str) -> dict[str, str]:
    return dict(re.findall(rf'\b({"|".join(names)})="([^"]*)"', path.read_text()))


def errors(path: Path) -> list[str]:
    return [text.replace("&#xA;", "\n") for text in re.findall(r'errorMessage="([^"]*)"', path.read_text())]


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def without_values(xml: str) -> str:
    return re.sub(r">[^<]+<", "><", xml)
