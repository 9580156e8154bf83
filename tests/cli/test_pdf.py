"""`punte pdf FILE -o OUT`, as a shell runs it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from punte.cli.pdf import pdf
from punte.en16931 import write_ubl
from render.invoices import VAT_PAYER


@pytest.fixture
def factura(tmp_path: Path) -> Path:
    path = tmp_path / "factura.xml"
    path.write_bytes(write_ubl(VAT_PAYER))
    return path


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(pdf, [str(argument) for argument in arguments], input=stdin)


def test_a_file_becomes_a_pdf_with_the_file_attached(factura: Path, tmp_path: Path) -> None:
    out = tmp_path / "factura.pdf"
    assert run(factura, "-o", out).exit_code == 0
    reader = PdfReader(out)
    assert reader.attachments["factura.xml"] == [factura.read_bytes()]
    assert "5.950,05" in reader.pages[0].extract_text()


def test_a_dash_is_standard_input_and_output(factura: Path) -> None:
    result = run("-", "-o", "-", stdin=factura.read_bytes())
    assert result.exit_code == 0
    assert len(PdfReader(io.BytesIO(result.stdout_bytes)).pages) == 1


def test_the_labels_in_two_languages(factura: Path, tmp_path: Path) -> None:
    assert run(factura, "-o", tmp_path / "f.pdf", "--language", "ro-en").exit_code == 0
    assert "Amount due" in PdfReader(tmp_path / "f.pdf").pages[0].extract_text()


def test_what_is_no_invoice_is_said_and_exits_2(tmp_path: Path) -> None:
    other = tmp_path / "nota.xml"
    other.write_text("<nota/>")
    result = run(other, "-o", tmp_path / "nota.pdf")
    assert result.exit_code == 2
    assert "nu este o factură" in result.stderr
    assert not (tmp_path / "nota.pdf").exists()


def test_a_logo_that_is_no_image_is_said_with_its_cure(factura: Path, tmp_path: Path) -> None:
    result = run(factura, "-o", tmp_path / "f.pdf", "--logo", factura)
    assert result.exit_code == 1
    assert "PNG sau JPEG" in result.stderr


def test_a_place_that_does_not_exist_is_said(factura: Path, tmp_path: Path) -> None:
    result = run(factura, "-o", tmp_path / "nicăieri" / "f.pdf")
    assert result.exit_code == 1
    assert "nu s-a putut scrie" in result.stderr
