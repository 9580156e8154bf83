"""`punte anaf upload`, `status`, `list`, `download`, `validate`, `lookup` against the simulator, as processes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from punte.anaf.efactura import EFactura
from punte.anaf.hosts import Hosts

from .conftest import CLIENT, GOOD, PFA, STRANGER, Terminal, port, vault_of
from .recorder import Recorder


@pytest.fixture
def sent(ilinca: Terminal) -> str:
    """The upload index of the good invoice, filed from here with the keys of the terminal."""
    sim = ilinca.sim
    hosts = Hosts(sim.login, sim.api, sim.public, "test", sim.ca_file)
    with EFactura(hosts, vault_of(ilinca).read().access_token) as efactura:
        return str(efactura.upload(GOOD.read_bytes(), cif=PFA).upload_index)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """CJ is no county of the list: BR-RO-110."""
    path = tmp_path / "rea.xml"
    path.write_bytes(GOOD.read_bytes().replace(b">RO-CJ<", b">CJ<"))
    return str(path)


def elsewhere(terminal: Terminal, api: str) -> None:
    """Give the keys to another API address, as no command would."""
    kept = vault_of(terminal)
    pair, consent = kept.read(), kept.authorised_at
    terminal.env["PUNTE_ANAF_API"] = api
    vault_of(terminal)._save(pair, consent)


def test_a_good_invoice_is_filed_byte_for_byte_and_validated(ilinca: Terminal, good: str, tmp_path: Path) -> None:
    sent = ilinca.run("upload", good, "--cif", PFA, "--json").json["upload_index"]
    (filed,) = ilinca.sim.filed
    assert (filed["upload_index"], filed["cif"]) == (sent, PFA)
    assert filed["sha256"] == hashlib.sha256(GOOD.read_bytes()).hexdigest()

    state = ilinca.run("status", sent, "--json")
    assert (state.status, state.json["state"]) == (0, "ok")

    (message,) = ilinca.run("list", "--cif", PFA, "--json").lines
    assert (message["upload_index"], message["kind"], message["buyer_cif"]) == (sent, "FACTURA TRIMISA", CLIENT)
    assert message["id"] == state.json["download_id"]

    number = message["id"]
    said = ilinca.run("download", number, "--zip", "--xml", "--pdf", "--dir", str(tmp_path / "noi"), "--json")
    assert said.status == 0
    assert said.json["files"] == [str(tmp_path / "noi" / f"{number}.{kind}") for kind in ("zip", "xml", "pdf")]
    assert said.json["seal"]["verdict"] == "valid"
    assert (tmp_path / "noi" / f"{number}.xml").read_bytes() == GOOD.read_bytes()
    assert (tmp_path / "noi" / f"{number}.pdf").read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile(tmp_path / "noi" / f"{number}.zip") as archive:
        assert set(archive.namelist()) == {f"{sent}.xml", f"semnatura_{sent}.xml"}


def test_words_for_a_person_name_the_next_command(ilinca: Terminal, good: str, tmp_path: Path) -> None:
    said = ilinca.run("upload", good, "--cif", f"RO {PFA}")
    index = ilinca.sim.filed[0]["upload_index"]
    assert f"punte anaf status {index}" in said.out
    state = ilinca.run("status", index)
    assert "validat și sigilat" in state.out
    assert "punte anaf download 3" in state.out
    listed = ilinca.run("list", "--cif", PFA, "--filter", "trimise")
    assert index in listed.out
    assert "mesaje: 1" in listed.err
    downloaded = ilinca.run("download", index, "--index", "--dir", str(tmp_path))
    assert "sigiliul Ministerului este valabil" in downloaded.out


def test_a_faulty_invoice_does_not_leave_unless_told_to(ilinca: Terminal, bad: str, tmp_path: Path) -> None:
    said = ilinca.run("upload", bad, "--cif", PFA, "--json")
    assert said.status == 3
    assert (said.json["error"], said.json["by"], said.json["fatal"]) == ("refused", "punte", ["BR-RO-110"])
    assert "Ce este" in ilinca.run("upload", bad, "--cif", PFA).err
    assert ilinca.calls("/upload") == 0

    index = ilinca.run("upload", bad, "--cif", PFA, "--no-check", "--json").json["upload_index"]
    state = ilinca.run("status", index, "--json")
    assert (state.status, state.json["state"], state.json["by"]) == (3, "nok", "anaf")
    said = ilinca.run("download", state.json["download_id"], "--dir", str(tmp_path), "--json")
    assert said.status == 0
    assert [line["rule"] for line in said.json["errors"]] == ["BR-RO-110"]
    assert [line["kind"] for line in ilinca.run("list", "--cif", PFA, "--filter", "erori", "--json").lines] == ["ERORI"]


def test_anafs_refusal_at_the_door_is_told_in_its_words(ilinca: Terminal, good: str) -> None:
    said = ilinca.run("upload", good, "--cif", "123x", "--json")
    assert (said.status, said.json["by"]) == (3, "anaf")
    assert said.json["refusals"] == [said.json["text"]]
    assert "CIF introdus= 123X nu este un numar" in said.json["text"]


@pytest.mark.parametrize(
    ("flags", "called", "query"),
    [
        ([], "/upload", {"standard": "UBL", "cif": PFA}),
        (["--extern"], "/upload", {"standard": "UBL", "cif": PFA, "extern": "DA"}),
        (["--b2c", "--executare"], "/uploadb2c", {"standard": "UBL", "cif": PFA, "executare": "DA"}),
        (["--autofactura", "--standard", "CN"], "/upload", {"standard": "CN", "cif": PFA, "autofactura": "DA"}),
    ],
)
def test_flags_and_standards_reach_anaf(
    ilinca: Terminal, good: str, flags: list[str], called: str, query: dict[str, str]
) -> None:
    with Recorder() as recorder:
        elsewhere(ilinca, recorder.address)
        said = ilinca.run("upload", good, "--cif", PFA, *flags)
    assert said.status == 6  # the recorder only listens
    ((path, asked, body),) = recorder.calls
    assert path.endswith(called)
    assert asked == query
    assert body == GOOD.read_bytes()


def test_standard_input_is_a_file_too(ilinca: Terminal) -> None:
    said = ilinca.run("upload", "-", "--cif", PFA, "--json", stdin=GOOD.read_text())
    assert said.status == 0


@pytest.mark.parametrize("command", ["upload", "validate"])
def test_what_is_no_document_is_refused_here(ilinca: Terminal, command: str) -> None:
    more = ["--cif", PFA] if command == "upload" else []
    said = ilinca.run(command, "-", *more, "--json", stdin="%PDF-1.7")
    assert (said.status, said.json["error"]) == (3, "refused")
    assert ilinca.calls("/upload") == 0


#: A bad day at ANAF, the command that meets it, how it ends.
BAD_DAYS = [
    ({"kind": "lose_reply", "operation": "upload"}, "upload", 6, "reply_lost"),
    ({"kind": "lose_before", "operation": "upload"}, "upload", 6, "reply_lost"),
    ({"kind": "technical", "code": 1814, "operation": "upload"}, "upload", 6, "reply_lost"),
    ({"kind": "status", "code": 503, "operation": "upload"}, "upload", 6, "reply_lost"),
    ({"kind": "status", "code": 503, "operation": "stareMesaj"}, "status", 7, "unwell"),
    ({"kind": "technical", "code": 4003, "operation": "stareMesaj"}, "status", 7, "unwell"),
    ({"kind": "lose_reply", "operation": "listaMesajePaginatieFactura"}, "list", 7, "unwell"),
    ({"kind": "status", "code": 429, "operation": "listaMesajePaginatieFactura"}, "list", 9, "rate_limited"),
    ({"kind": "status", "code": 403, "operation": "descarcare"}, "download", 13, "misconfigured"),
    ({"kind": "reset", "operation": "descarcare"}, "download", 7, "unwell"),
]


@pytest.mark.parametrize(("fault", "command", "status", "error"), BAD_DAYS)
def test_a_bad_day_ends_with_what_to_do_next(
    ilinca: Terminal,
    good: str,
    sent: str,
    tmp_path: Path,
    fault: dict[str, object],
    command: str,
    status: int,
    error: str,
) -> None:
    words = {
        "upload": [good, "--cif", PFA],
        "status": [sent],
        "list": ["--cif", PFA],
        "download": ["3000000000", "--dir", str(tmp_path / "noi")],
    }
    ilinca.control("/faults", fault)
    said = ilinca.run(command, *words[command], "--json")
    assert (said.status, said.json["error"], said.json["exit"]) == (status, error, status)
    assert said.json["now"]
    assert said.json["text"]
    assert ("body" in said.json) is (fault["kind"] in {"status", "technical"})
    assert not list(tmp_path.glob("noi/*"))


def test_nothing_left_when_nobody_listens(ilinca: Terminal, good: str) -> None:
    elsewhere(ilinca, f"https://127.0.0.1:{port()}")
    said = ilinca.run("upload", good, "--cif", PFA, "--json")
    assert (said.status, said.json["error"]) == (5, "not_sent")


def test_a_limit_says_until_when(ilinca: Terminal, sent: str, tmp_path: Path) -> None:
    ilinca.control("/settings", {"limit_download": 1})
    assert ilinca.run("download", "3000000000", "--dir", str(tmp_path)).status == 0
    said = ilinca.run("download", "3000000000", "--dir", str(tmp_path / "iar"), "--json")
    assert (said.status, said.json["scope"]) == (9, "message")
    assert said.json["until"].endswith("+00:00")
    assert 0 < said.json["retry_after"] <= 25 * 3600  # the longest day of the year at Bucharest


def test_no_right_names_the_company(ilinca: Terminal, good: str) -> None:
    for words in (["upload", good, "--cif", STRANGER], ["list", "--cif", STRANGER]):
        said = ilinca.run(*words, "--json")
        assert (said.status, said.json["cif"], said.json["missing"]) == (11, STRANGER, "company")


def test_an_unknown_number_may_be_too_fresh(ilinca: Terminal) -> None:
    assert ilinca.run("status", "1").status == 10
    assert ilinca.run("download", "1").status == 10
    assert ilinca.run("status", "abc").status == 15
    assert ilinca.run("download", "abc").status == 2


def test_what_is_being_processed_is_not_yet(ilinca: Terminal, good: str) -> None:
    ilinca.control("/settings", {"processing": 3600})
    index = ilinca.run("upload", good, "--cif", PFA, "--json").json["upload_index"]
    said = ilinca.run("status", index, "--json")
    assert (said.status, said.json["state"]) == (4, "processing")
    assert ilinca.run("download", index, "--index").status == 4
    with ilinca.start("status", index, "--wait", "60", "--json") as waiting:
        try:
            while ilinca.calls("/stareMesaj") < 4:  # two before it, then it asks, and asks again
                assert waiting.poll() is None
            ilinca.control("/clock", {"advance": 3600})
            out, _ = waiting.communicate(timeout=30)
        finally:
            waiting.kill()
    assert (waiting.returncode, json.loads(out)["state"]) == (0, "ok")


def test_after_sixty_days_anaf_gives_it_no_more(ilinca: Terminal, sent: str) -> None:
    ilinca.control("/clock", {"advance": 61 * 86400})
    assert ilinca.run("download", "3000000000").status == 14


def test_a_file_that_exists_is_not_written_over_and_anaf_is_not_asked(
    ilinca: Terminal, sent: str, tmp_path: Path
) -> None:
    (tmp_path / "3000000000.zip").write_text("al meu")
    said = ilinca.run("download", "3000000000", "--dir", str(tmp_path), "--json")
    assert said.status == 1
    assert (tmp_path / "3000000000.zip").read_text() == "al meu"
    assert ilinca.calls("/descarcare") == 0


def test_an_unknown_signer_is_told_as_unknown(ilinca: Terminal, sent: str, tmp_path: Path) -> None:
    ilinca.env["PUNTE_ANAF_SEALS"] = ""
    said = ilinca.run("download", "3000000000", "--dir", str(tmp_path), "--json")
    assert (said.status, said.json["seal"]["verdict"]) == (0, "unknown_signer")


def test_a_pdf_of_an_error_file_cannot_be_made_and_the_zip_is_there(ilinca: Terminal, bad: str, tmp_path: Path) -> None:
    assert ilinca.run("upload", bad, "--cif", PFA, "--no-check").status == 0
    said = ilinca.run("download", "3000000000", "--zip", "--pdf", "--dir", str(tmp_path))
    assert said.status == 1
    assert "nu este o factură UBL" in said.err
    assert zipfile.is_zipfile(io.BytesIO((tmp_path / "3000000000.zip").read_bytes()))


def test_anafs_own_pdf(ilinca: Terminal, sent: str, tmp_path: Path) -> None:
    said = ilinca.run("download", "3000000000", "--anaf-pdf", "--dir", str(tmp_path), "--json")
    assert said.status == 0
    assert (tmp_path / "3000000000.anaf.pdf").read_bytes().startswith(b"%PDF")
    assert ilinca.calls("/transformare/FACT1") == 1


def test_validation_here_and_at_anaf_agree(terminal: Terminal, good: str, bad: str) -> None:
    for where in ([], ["--anaf"]):
        green = terminal.run("validate", good, *where, "--json")
        assert (green.status, green.json["ok"]) == (0, True)
        red = terminal.run("validate", bad, *where, "--json")
        assert (red.status, red.json["error"]) == (3, "refused")
        assert "BR-RO-110" in json.dumps(red.json)
    assert terminal.calls("/validare/FACT1") == 2


def test_companies_by_cui_need_no_login(terminal: Terminal) -> None:
    terminal.env |= {"PUNTE_ANAF_CLIENT_ID": "", "PUNTE_ANAF_CLIENT_SECRET": ""}
    said = terminal.run("lookup", f"RO{PFA}", CLIENT, "--on", "2026-11-20", "--json")
    assert said.status == 0
    assert {line["cui"]: line["vat_registered"] for line in said.lines} == {PFA: False, CLIENT: True}
    words = terminal.run("lookup", CLIENT)
    assert "BRUTĂRIA DIN COLȚ" in words.out
    assert "plătitoare de TVA din 01.09.2014" in words.out


def test_a_company_that_anaf_does_not_know_is_not_found_beside_those_it_does(terminal: Terminal) -> None:
    said = terminal.run("lookup", PFA, "99999999", "--json")
    assert said.status == 10
    assert [line.get("cui") for line in said.lines] == [PFA, None]
    assert said.lines[1]["unknown"] == ["99999999"]
    assert terminal.run("lookup", "abc").status == 2
