"""`punte show FIȘIER…`, as a shell runs it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from punte.cli import main

DOCUMENTS = Path(__file__).parents[1] / "data" / "ubl"
PAYER, NOTE = DOCUMENTS / "vat-payer-21-and-11.xml", DOCUMENTS / "examples" / "credit-note.xml"


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["show", *map(str, arguments)], input=stdin)


def test_an_invoice_is_shown_without_colour_in_a_pipe() -> None:
    result = run(PAYER)
    assert result.exit_code == 0
    assert result.stdout.startswith("Factură  Seria EX, numărul 0042\n")
    assert "1.618,49\u00a0lei" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_a_dash_is_standard_input_and_the_width_is_kept() -> None:
    result = run("--width", "60", "-", stdin=PAYER.read_bytes())
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) == 60


def test_several_are_told_apart_by_their_names() -> None:
    result = run(PAYER, NOTE)
    assert [line for line in result.stdout.splitlines() if line.startswith("── ")] == [f"── {PAYER}", f"── {NOTE}"]


def test_what_is_no_invoice_exits_2_and_the_others_are_still_shown() -> None:
    result = run("-", NOTE, stdin=b"%PDF-1.7")
    assert result.exit_code == 2
    assert "nu este o factură UBL" in result.stderr
    assert "Total creditat" in result.stdout


def test_an_invoice_without_a_needed_value_says_which_and_where(tmp_path: Path) -> None:
    broken = tmp_path / "factura.xml"
    broken.write_bytes(PAYER.read_bytes().replace(b"2026-11-20</cbc:IssueDate>", b"ieri</cbc:IssueDate>"))
    result = run(broken)
    assert result.exit_code == 2
    assert "cbc:IssueDate nu se poate citi („ieri”)" in result.stderr
    assert "punte check" in result.stderr


def test_what_the_copy_has_no_place_for_is_named(tmp_path: Path) -> None:
    extended = tmp_path / "factura.xml"
    extended.write_bytes(PAYER.read_bytes().replace(b"<cbc:IssueDate>", b"<cbc:UUID>1</cbc:UUID><cbc:IssueDate>", 1))
    result = run(extended)
    assert result.exit_code == 0
    assert "/Invoice/cbc:UUID" in result.stderr


def test_english_labels_for_a_colleague_abroad() -> None:
    assert "Amount due" in run("--language", "en", PAYER).stdout
