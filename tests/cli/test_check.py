"""`punte check` as a person and as a program meet it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from punte.cli.check import check

DOCUMENTS = Path(__file__).parents[1] / "data" / "ubl" / "examples"
SOUND = str(DOCUMENTS / "minimal-invoice.xml")


@pytest.fixture
def refused(tmp_path: Path) -> str:
    file = tmp_path / "factura.xml"
    file.write_bytes(Path(SOUND).read_bytes().replace(b">SECTOR3<", b">Sector 3<"))
    return str(file)


def test_a_sound_invoice_exits_0_and_prints_no_finding():
    result = CliRunner().invoke(check, [SOUND])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "poate fi trimisă" in result.stderr


def test_a_finding_says_rule_term_place_and_value(refused):
    result = CliRunner().invoke(check, [SOUND, refused])
    assert result.exit_code == 1
    assert "eroare BR-RO-101 BT-52 /Invoice/cac:AccountingCustomerParty" in result.stdout
    assert "„Sector 3”" in result.stdout


def test_what_is_no_invoice_exits_2_and_the_others_are_still_judged(refused):
    result = CliRunner().invoke(check, ["-", refused], input="%PDF-1.7")
    assert result.exit_code == 2
    assert "nu este o factură UBL" in result.stderr
    assert "BR-RO-101" in result.stdout


def test_json_is_one_object_a_file(refused):
    result = CliRunner().invoke(check, ["--json", SOUND, refused])
    sound, broken = map(json.loads, result.stdout.splitlines())
    assert (sound["file"], sound["fatal"], sound["warning"]) == (SOUND, [], [])
    assert broken["fatal"] == ["BR-RO-101"]
    assert broken["findings"][0]["line"] == 31
