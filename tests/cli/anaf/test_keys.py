"""The pair of tokens on disk: renewed once, written before it is used, whatever dies in between."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet

from punte.anaf.keeping import Kept
from punte.cli.anaf.vault import Vault

from .conftest import PFA, Terminal, vault_of


@pytest.fixture
def fresh(terminal: Terminal) -> Terminal:
    """Logged in just now: the refresh token lives too, and dies once used."""
    assert terminal.login().status == 0
    return terminal


def wear(terminal: Terminal) -> Kept:
    """Let the access token on disk be in its last day."""
    vault = vault_of(terminal)
    kept = replace(vault.read(), expires_at=datetime.now(UTC) + timedelta(days=1))
    vault.write(kept)
    return kept


def test_two_commands_at_once_renew_a_worn_pair_once(fresh: Terminal) -> None:
    worn = wear(fresh)
    before = fresh.calls("/token")
    fresh.control("/faults", {"kind": "slow", "operation": "token", "seconds": 1.5})
    both = [fresh.start("list", "--cif", PFA) for _ in range(2)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in both]
    assert [status for _, status in ended] == [0, 0], ended
    assert fresh.calls("/token") - before == 1
    assert vault_of(fresh).read().access_token != worn.access_token


def test_two_commands_at_once_that_are_both_refused_renew_once(fresh: Terminal) -> None:
    before = fresh.calls("/token")
    fresh.control("/faults", {"kind": "status", "code": 401, "operation": "listaMesajePaginatieFactura", "times": 2})
    fresh.control("/faults", {"kind": "slow", "operation": "token", "seconds": 1.5})
    both = [fresh.start("list", "--cif", PFA) for _ in range(2)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in both]
    assert [status for _, status in ended] == [0, 0], ended
    assert fresh.calls("/token") - before == 1


def test_the_new_pair_is_on_disk_before_it_is_used(fresh: Terminal) -> None:
    worn = wear(fresh)
    before = fresh.calls("/token")
    fresh.control("/faults", {"kind": "slow", "operation": "listaMesajePaginatieFactura", "seconds": 30})
    killed = fresh.start("list", "--cif", PFA)
    until = time.monotonic() + 20
    while fresh.calls("/listaMesajePaginatieFactura") == 0 and time.monotonic() < until:
        time.sleep(0.05)
    killed.kill()
    killed.communicate(timeout=10)
    assert vault_of(fresh).read().access_token != worn.access_token
    assert fresh.run("list", "--cif", PFA).status == 0
    assert fresh.calls("/token") - before == 1  # the old refresh token is dead: a second use would have failed


def test_a_command_killed_while_it_renews_holds_nobody_up(fresh: Terminal) -> None:
    wear(fresh)
    before = fresh.calls("/token")
    fresh.control("/settings", {"strict_rotation": False})  # the killed one's answer is lost, so the old pair is used
    fresh.control("/faults", {"kind": "slow", "operation": "token", "seconds": 30})
    killed = fresh.start("list", "--cif", PFA)
    until = time.monotonic() + 20
    while fresh.calls("/token") == before and time.monotonic() < until:
        time.sleep(0.05)
    killed.kill()
    killed.communicate(timeout=10)
    assert fresh.run("list", "--cif", PFA).status == 0


def test_a_lost_answer_to_a_renewal_means_later_and_keeps_the_old_pair(fresh: Terminal) -> None:
    worn = wear(fresh)
    fresh.control("/settings", {"strict_rotation": False})
    fresh.control("/faults", {"kind": "lose_reply", "operation": "token"})
    said = fresh.run("list", "--cif", PFA, "--json")
    assert (said.status, said.json["error"]) == (7, "unwell")
    assert vault_of(fresh).read() == worn
    assert fresh.run("list", "--cif", PFA).status == 0


def test_the_refresh_token_before_is_tried_once_when_the_last_one_is_unknown(fresh: Terminal) -> None:
    vault = vault_of(fresh)
    good = wear(fresh)
    vault.write(replace(good, refresh_token="a-write-that-was-lost", previous_refresh_token=good.refresh_token))
    assert fresh.run("list", "--cif", PFA).status == 0


def test_dead_refresh_tokens_need_a_person(ilinca: Terminal) -> None:
    wear(ilinca)  # the simulator has forgotten the refresh token
    said = ilinca.run("list", "--cif", PFA, "--json")
    assert (said.status, said.json["error"]) == (12, "reauthorise")
    assert "punte anaf login" in said.json["now"]


def test_a_second_401_with_a_renewed_token_needs_a_person(fresh: Terminal) -> None:
    fresh.control("/faults", {"kind": "status", "code": 401, "operation": "stareMesaj", "times": 2})
    assert fresh.run("status", "1").status == 12


def test_the_day_of_the_consent_outlives_a_renewal(fresh: Terminal) -> None:
    consent = vault_of(fresh).authorised_at
    wear(fresh)
    assert fresh.run("list", "--cif", PFA).status == 0
    assert vault_of(fresh).authorised_at == consent


def test_a_pair_is_never_half_written(tmp_path: Path) -> None:
    vault = Vault(tmp_path, "proprietar", MultiFernet([Fernet(Fernet.generate_key())]))
    pairs = [Kept(f"a{turn}" * 400, f"r{turn}" * 400, datetime.now(UTC)) for turn in range(2)]
    for pair in pairs:
        with vault.alone():
            vault._save(pair, datetime.now(UTC))
        assert vault.read() == pair
    assert {path.suffix for path in tmp_path.iterdir()} == {".token", ".lock"}
