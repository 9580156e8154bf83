"""`punte check` as a person and as a program meet it."""

import io
import json
import subprocess
import sys
import zipfile
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


def lines_of(*arguments: str, stdin: bytes | None = None) -> tuple[int, list[str], str]:
    result = CliRunner().invoke(check, list(arguments), input=stdin)
    return result.exit_code, result.stdout.splitlines(), result.stderr


def test_a_folder_is_read_to_the_bottom_and_seals_are_left_out(tmp_path, refused):
    below = tmp_path / "2026" / "01"
    below.mkdir(parents=True)
    (below / "a.XML").write_bytes(Path(SOUND).read_bytes())
    (below / "semnatura_5001.xml").write_text("<Signature/>")
    (below / "citește.txt").write_text("nimic")
    exit_code, found, talk = lines_of(str(tmp_path))
    assert exit_code == 1
    assert {line.partition(":")[0] for line in found} == {refused}
    assert "documente: 2 (fără erori: 1, cu erori: 1, nu sunt facturi UBL: 0)" in talk


def packed(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def test_a_package_of_anaf_is_opened_for_its_invoice(tmp_path, refused):
    package = packed(("5001.xml", Path(refused).read_bytes()), ("semnatura_5001.xml", b"<Signature/>"))
    (tmp_path / "5001.zip").write_bytes(package)
    exit_code, found, _ = lines_of(str(tmp_path / "5001.zip"))
    assert (exit_code, [line.split(":")[0] for line in found]) == (1, [f"{tmp_path}/5001.zip/5001.xml"])
    assert lines_of("-", stdin=package)[1][0].startswith("-/5001.xml:31: eroare BR-RO-101")


ZIPS = [
    (packed(("nimic.txt", b"")), "nu conține nicio factură"),
    (packed(("1.xml", b"<a/>"))[:-30], "stricată sau incompletă"),
    (packed(*((f"{n}.xml", b"") for n in range(10_001))), "limita este 10000"),
    (packed(("1.xml", b" " * (10 * 2**20 + 1))), "are peste 10 MB"),  # 10 kB of ZIP
]


@pytest.mark.parametrize(("content", "reason"), ZIPS, ids=["empty", "cut", "crowded", "large"])
def test_a_zip_that_cannot_be_read_says_why(tmp_path, content, reason):
    file = tmp_path / "arhiva.zip"
    file.write_bytes(content)
    exit_code, _, talk = lines_of(str(file))
    assert exit_code == 2
    assert reason in talk


NOT_INVOICES = [
    (b"%PDF-1.7", "nu este XML bine format (linia 1, coloana 1); alegeți XML-ul"),
    (b"<!DOCTYPE a><a/>", "DOCTYPE"),
    (b"<Invoice/>", "„Invoice”, fără spațiu de nume"),
    (b'<header xmlns="mfp:anaf:dgti:efactura:mesajEroriFactuta:v1"/>', "este un mesaj al ANAF"),
    (b" " * (10 * 2**20 + 1), "are peste 10 MB"),
]


@pytest.mark.parametrize(("content", "reason"), NOT_INVOICES)
def test_what_is_no_invoice_is_said_in_romanian(content, reason):
    exit_code, _, talk = lines_of("-", stdin=content)
    assert exit_code == 2
    assert reason in talk


def test_explanations_stand_under_the_findings_why_and_what_to_do_once(tmp_path):
    file = tmp_path / "factura.xml"
    file.write_bytes(Path(SOUND).read_bytes().replace(b">SECTOR3<", b">Sector 3<"))
    _, found, _ = lines_of("--explain", str(file))
    assert found[1:] == [
        "    Ce este: Localitatea cumpărătorului este „Sector 3”.",
        "    De ce: Pentru municipiul București, RO_CIUS cere codul sectorului în locul localității.",
        "    Ce faceți: Alegeți SECTOR3: un singur cuvânt, cu majuscule.",
    ]
    assert lines_of("--explain", "--language", "en", str(file))[1][1].startswith("    What: ")
    explained = json.loads(lines_of("--explain", "--json", str(file))[1][0])["findings"][0]["explanation"]
    assert (explained["term"], explained["what"]) == ("BT-52", "Localitatea cumpărătorului este „Sector 3”.")


def test_strictly_an_invoice_that_anaf_takes_may_have_errors(tmp_path):
    file = tmp_path / "factura.xml"
    file.write_bytes(Path(SOUND).read_bytes().replace(b"RO12345674", b"RO12345675"))
    assert lines_of(str(file))[0] == 0
    exit_code, found, talk = lines_of("--strict", str(file))
    assert (exit_code, len(found)) == (1, 1)
    assert "PUNTE-CUI-BT-31" in found[0]
    assert "are erori pe care ANAF nu le vede" in talk


def test_faults_of_structure_say_line_and_column(tmp_path):
    file = tmp_path / "factura.xml"
    file.write_bytes(Path(SOUND).read_bytes().replace(b"<cbc:ID>EX", b"<cbc:Nou/><cbc:ID>EX"))
    assert f"{file}:4:3: eroare UBL-UNKNOWN /Invoice/cbc:Nou" in lines_of(str(file))[1][0]
    (fault,) = json.loads(lines_of("--json", str(file))[1][0])["structure"]
    assert (fault["line"], fault["column"]) == (4, 3)


def test_what_reading_does_not_keep_is_listed(tmp_path):
    file = tmp_path / "factura.xml"
    file.write_bytes(Path(SOUND).read_bytes().replace(b"<cbc:IssueDate>", b"<cbc:UUID>1</cbc:UUID><cbc:IssueDate>"))
    assert lines_of("--unmodelled", str(file))[1][-1] == f"{file}: nemodelat /Invoice/cbc:UUID"
    assert json.loads(lines_of("--unmodelled", "--json", str(file))[1][0])["unmodelled"] == ["/Invoice/cbc:UUID"]


def test_rule_sets_are_listed_and_named():
    assert lines_of("--rulesets")[1] == ["1.0.9\tde la 05.06.2024"]
    assert lines_of("--ruleset", "1.0.9", SOUND)[0] == 0
    exit_code, _, talk = lines_of("--ruleset", "0.1", SOUND)
    assert exit_code == 2
    assert "există: 1.0.9" in talk


def test_many_documents_are_judged_by_several_processes_in_their_order(tmp_path, refused):
    content = {True: Path(SOUND).read_bytes(), False: Path(refused).read_bytes()}
    folder = tmp_path / "multe"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n:02}.xml").write_bytes(content[n % 10 > 0])
    exit_code, found, talk = lines_of("--json", "--jobs", "2", str(folder))
    objects = [json.loads(line) for line in found]
    assert exit_code == 1
    assert [Path(each["file"]).name for each in objects] == [f"{n:02}.xml" for n in range(60)]
    assert [n for n, each in enumerate(objects) if each["fatal"]] == [0, 10, 20, 30, 40, 50]
    assert "fără erori: 54, cu erori: 6" in talk
    assert lines_of("--json", "--jobs", "1", str(folder))[1] == found


def test_one_file_is_checked_without_what_it_does_not_need():
    """The start is most of the time of one file."""
    program = (
        "import atexit, sys; from punte.cli.check import check; "
        "atexit.register(lambda: print(*sorted({name.partition('.')[0] for name in sys.modules}))); check()"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program, SOUND], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"django", "rich", "stdnum", "httpx2", "holidays", "multiprocessing"} & set(loaded)
