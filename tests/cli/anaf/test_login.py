"""`punte anaf login`, `logout`, `whoami`: who agreed, and where the keys are."""

from __future__ import annotations

import json
import ssl
import stat
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from punte.anaf.claims import serial_in_pairs
from punte.cli.anaf import COMMANDS, anaf

from .conftest import PASTED, PFA, SRL, STRANGER, Terminal, port


def files_of(terminal: Terminal) -> list[Path]:
    return [path for path in terminal.data.rglob("*") if path.is_file()]


def test_the_pasted_address_connects_and_nothing_readable_is_kept(terminal: Terminal) -> None:
    said = terminal.login()
    assert (said.status, said.err) == (0, "")
    kept = Path(said.json["kept_in"])
    assert said.json["serial"] == serial_in_pairs(terminal.sim.certificate("ilinca").serial)
    assert kept in files_of(terminal)
    for path in files_of(terminal):
        content = path.read_bytes()
        assert b"eyJ" not in content, path  # a JWT begins so
        assert terminal.sim.client_secret.encode() not in content, path
    for path in (kept, terminal.data / "fernet_keys.secret"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_listens_on_loopback_and_waits_for_the_answer_that_is_its_own(terminal: Terminal, scheme: str) -> None:
    callback = f"{scheme}://localhost:{port()}/inapoi"
    if scheme == "http":
        terminal.control("/callbacks", {"callbacks": [callback]})
    else:
        with terminal.sim.world.lock:
            terminal.sim.world.desk.register(callback)
    with terminal.start("login", "--redirect-uri", callback, "--json") as process:
        try:
            assert process.stdout
            address = json.loads(process.stdout.readline())
            assert address["listening"]
            trusting = ssl._create_unverified_context()  # a person clicks on: the certificate is made on the spot
            with httpx2.Client(verify=trusting) as browser:
                assert browser.get(f"{callback}?code=x&state=altul").status_code == 404
                page = browser.get(terminal.agree(address["open"], callback))
            assert page.status_code == 200
            assert "Punte a primit răspunsul ANAF" in page.text
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, err) == (0, "")
    assert json.loads(out)["serial"] == serial_in_pairs(terminal.sim.certificate("ilinca").serial)


def test_a_port_that_is_taken_is_told_before_anybody_goes_to_anaf(terminal: Terminal) -> None:
    taken = httpx2.URL(terminal.sim.control).port
    said = terminal.run("login", "--redirect-uri", f"http://localhost:{taken}/")
    assert said.status == 1
    assert "nu poate fi ascultată" in said.err
    assert said.out == ""


def test_nobody_came_back(terminal: Terminal) -> None:
    said = terminal.run("login", "--redirect-uri", f"http://localhost:{port()}/", "--timeout", "0.2", "--json")
    assert (said.status, said.lines[1]["error"]) == (12, "reauthorise")


@pytest.mark.parametrize(
    ("pasted", "status", "told"),
    [
        (f"{PASTED}?code=abc&state=altul", 12, "`state` nu se potrivește"),
        (f"{PASTED}?code=abc", 12, "`state` nu se potrivește"),
        ("abc", 2, "Nu ați lipit adresa"),
        ("", 2, "Nu ați lipit adresa"),
    ],
)
def test_an_address_that_is_not_the_answer_connects_nobody(
    terminal: Terminal, pasted: str, status: int, told: str
) -> None:
    said = terminal.run("login", "--paste", "--redirect-uri", PASTED, stdin=pasted + "\n")
    assert said.status == status
    assert told in said.err
    assert terminal.calls("/token") == 0


def test_a_certificate_that_is_not_enrolled_is_told_what_it_may_be(terminal: Terminal) -> None:
    said = terminal.login("neinrolat")
    assert (said.status, said.json["error"], said.json["text"]) == (12, "reauthorise", "access_denied")
    assert "înrolat" in said.json["now"]


def test_a_wrong_client_secret_is_the_operators(terminal: Terminal) -> None:
    terminal.env["PUNTE_ANAF_CLIENT_SECRET"] = "gresit"
    said = terminal.login()
    assert (said.status, said.json["error"]) == (13, "misconfigured")
    assert "gresit" not in said.out + said.err


def test_the_client_secret_may_stand_in_a_file(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(terminal.sim.client_secret + "\n")
    terminal.env |= {"PUNTE_ANAF_CLIENT_SECRET": "", "PUNTE_ANAF_CLIENT_SECRET_FILE": str(file)}
    assert terminal.login().status == 0


def test_keys_from_the_environment_leave_no_key_on_disk_and_another_key_opens_nothing(terminal: Terminal) -> None:
    terminal.env["PUNTE_FERNET_KEYS"] = Fernet.generate_key().decode()
    assert terminal.login().status == 0
    assert not (terminal.data / "fernet_keys.secret").exists()
    assert terminal.run("whoami").status == 0
    terminal.env["PUNTE_FERNET_KEYS"] = Fernet.generate_key().decode()
    said = terminal.run("whoami")
    assert said.status == 12
    assert "nu pot fi descuiate" in said.err


def test_after_logout_nobody_is_connected(ilinca: Terminal) -> None:
    assert ilinca.run("logout", "--json").json == {"forgotten": True}
    assert not [path for path in files_of(ilinca) if path.suffix == ".token"]
    assert ilinca.run("logout", "--json").json == {"forgotten": False}
    said = ilinca.run("list", "--cif", PFA)
    assert said.status == 12
    assert "Nu sunteți conectat la acest ANAF" in said.err
    assert "punte anaf login" in said.err


def test_tokens_never_go_to_another_anaf_than_the_one_that_gave_them(ilinca: Terminal) -> None:
    ilinca.env["PUNTE_ANAF_API"] = f"https://127.0.0.1:{port()}"
    assert ilinca.run("list", "--cif", PFA).status == 12


def test_whoami_says_the_certificate_the_terms_and_the_rights(ilinca: Terminal) -> None:
    said = ilinca.run("whoami", "--cif", PFA, "--cif", STRANGER, "--json")
    who = said.json
    assert said.status == 11
    assert who["serial"] == serial_in_pairs(ilinca.sim.certificate("ilinca").serial)
    assert who["rights"] == {PFA: True, STRANGER: False}
    assert "EFACTURA" in who["roles"]
    assert who["access_until"] < who["authorise_again_by"]
    words = ilinca.run("whoami", "--cif", PFA)
    assert words.status == 0
    assert f"{PFA}: are drept în SPV" in words.out


def test_whoami_learns_the_other_companies_beside_a_list_that_is_not_empty(ilinca: Terminal, good: str) -> None:
    assert ilinca.run("upload", good, "--cif", PFA).status == 0
    assert ilinca.run("whoami", "--cif", PFA, "--json").json["companies"] == sorted([PFA, SRL])


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"PUNTE_ANAF": "altul"}, "PUNTE_ANAF este „altul”"),
        ({"PUNTE_ANAF_API": ""}, "PUNTE_ANAF_API"),
        ({"PUNTE_ANAF_API": "http://api.anaf.example"}, "PUNTE_ANAF_…"),
        ({"PUNTE_ANAF_CA_FILE": "/nu/este"}, "PUNTE_ANAF_CA_FILE"),
        ({"PUNTE_ANAF_CLIENT_ID": ""}, "PUNTE_ANAF_CLIENT_ID"),
        ({"PUNTE_ANAF_CLIENT_SECRET_FILE": "/nu/este"}, "PUNTE_ANAF_CLIENT_SECRET_FILE"),
        ({"PUNTE_ANAF_CLOCK_MARGIN": "mult"}, "PUNTE_ANAF_CLOCK_MARGIN"),
        ({"PUNTE_FERNET_KEYS": "scurt"}, "PUNTE_FERNET_KEYS"),
    ],
)
def test_a_wrong_setting_is_a_usage_error_that_names_it(ilinca: Terminal, changed: dict[str, str], named: str) -> None:
    ilinca.env |= changed
    said = CliRunner(env=ilinca.environment).invoke(anaf, ["list", "--cif", PFA])
    assert said.exit_code == 2, said.exception
    assert named in said.stderr


def test_no_command_takes_a_secret_as_an_argument() -> None:
    for name in COMMANDS:
        command = anaf.get_command(None, name)  # type: ignore[arg-type]
        assert command
        assert command.help
        for parameter in command.params:
            assert not {"secret", "token", "password", "pin", "code"} & set((parameter.name or "").split("_")), name


def test_no_token_and_no_secret_is_printed(ilinca: Terminal) -> None:
    for words in (["whoami"], ["status", "1", "--json"]):
        said = ilinca.run(*words)
        assert "eyJ" not in said.out + said.err
        assert ilinca.sim.client_secret not in said.out + said.err
