"""The drill: a real installation is backed up while it sends, goes on, is lost, and comes back from the backup.

sent before the backup            DI 1   known as accepted
uploading while it is taken       DI 2   `sending` in the backup
waiting behind it                 DI 3   `queued` in the backup, and sent after it
a draft then, sent after it       DI 4   SPV has it, the backup knows no number
another draft                     DI 5   sent after the restore

ANAF's pauses are a thousandth of themselves: the hour until the list proves absence is 3.6 s.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import on_postgres
from installation import Installation, prepare, until
from punte.anafsim import Simulator
from punte.anafsim.faults import Fault, Kind
from punte.cli import demo, product
from punte.cli.supervision import Supervisor
from punte.cli.walk import Walk
from warm import Punte


@pytest.fixture(params=os.environ.get("DRILL", "sqlite").split())  # `make drill` makes it on both
def databases(request) -> Iterator[list[str]]:
    """The DATABASE_URL of the installation that is lost, and of the one that takes its place."""
    if request.param == "sqlite":
        yield ["", ""]
        return
    programs = on_postgres.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is missing: the drill ran on SQLite alone")
    with on_postgres.cluster(programs) as url:
        import psycopg

        for name in ("lost", "fresh"):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
        yield [url.replace("/postgres", f"/{name}") for name in ("lost", "fresh")]


def place_in(directory, simulator, port, url) -> Installation:
    place = Installation(directory, simulator, port, door=False, settings={"PUNTE_DELIVERY_PACE": "0.001"})
    if url:
        place.env |= {"DATABASE_URL": url, "PUNTE_ARCHIVE": str(directory / "archive")}
    return place


@contextmanager
def running(place: Installation, port: int) -> Iterator[None]:
    with Supervisor({"web": product.web_command("127.0.0.1", port)}, port=port, env=place.env):
        place.start_worker()
        try:
            yield
        finally:
            place.kill_worker()


def punte(place: Installation, *command: str) -> tuple[int | None, str, str]:
    """Exit status, standard output and standard error."""
    with Punte(command, place.env) as process:
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


def send(walk, url):
    page = walk.product.open(url)
    return walk.product.submit(page, page.form("trimite"))


def is_archived(walk, url):
    return "Sigiliu valid" in walk.product.open(url).text


@pytest.mark.timeout(550)
def test_after_a_restore_it_goes_on_and_every_invoice_is_in_spv_once(tmp_path, databases):
    port = demo.free_port(0)
    base = f"http://localhost:{port}"
    with Simulator(tmp_path / "sim", processing=0.2, listing_lag=0.1, callbacks=[demo.callback(base)]) as simulator:
        lost = place_in(tmp_path / "lost", simulator, port, databases[0])
        prepare(lost.env)
        backup = tmp_path / "backups" / "one"
        with running(lost, port):
            walk = Walk(base, simulator)
            steps = iter(walk)
            assert any(step.name == "Ciornă" for step in steps)
            urls = [walk.invoice_url]
            for _ in range(4):
                page = walk.product.open(walk.invoice_url)
                urls.append(walk.product.submit(page, page.form("copiere")).url.removesuffix("editare/"))
            send(walk, urls[0])
            until(lambda: is_archived(walk, urls[0]), 30)

            simulator.world.faults.add(Fault(kind=Kind.SLOW, operation="upload", seconds=5, times=1))
            send(walk, urls[1])
            until(lambda: len(simulator.filed) == 2, 30)
            lost.kill_worker()  # as its machine may, with the upload under way; or the third would not wait for us
            send(walk, urls[2])
            status, _, complaint = punte(lost, "backup", str(backup))
            assert status == 0, complaint
            lost.start_worker()
            until(lambda: is_archived(walk, urls[1]) and is_archived(walk, urls[2]), 60)
            send(walk, urls[3])
            until(lambda: is_archived(walk, urls[3]), 30)
        keys = (tmp_path / "lost" / "data" / "fernet_keys.secret").read_bytes()
        sessions = (tmp_path / "lost" / "data" / "secret_key.secret").read_bytes()
        shutil.rmtree(tmp_path / "lost")

        fresh = place_in(tmp_path / "fresh", simulator, port, databases[1])
        status, _, complaint = punte(fresh, "restore", str(backup))
        assert status == 1
        assert "the keys are not in the backup" in complaint
        (tmp_path / "fresh" / "data").mkdir(parents=True, exist_ok=True)
        (tmp_path / "fresh" / "data" / "fernet_keys.secret").write_bytes(keys)
        (tmp_path / "fresh" / "data" / "secret_key.secret").write_bytes(sessions)
        status, said, complaint = punte(fresh, "restore", str(backup))
        assert status == 0, complaint
        assert "2 submissions are uncertain" in said
        status, _, complaint = punte(fresh, "prepare")
        assert status == 0, complaint
        with running(fresh, port):
            held = send(walk, urls[4])
            assert "copie de siguranță" in held.text
            until(lambda: all(is_archived(walk, url) for url in urls[:4]), 60)
            deadline = time.monotonic() + 60
            while "copie de siguranță" in send(walk, urls[4]).text:
                assert time.monotonic() < deadline, "the firm was held for ever"
                time.sleep(0.5)
            until(lambda: is_archived(walk, urls[4]), 60)

        numbers = [one["number"] for one in simulator.filed]
        assert [one["state"] for one in simulator.filed] == ["ok"] * 5
        assert len(set(numbers)) == 5, numbers
        status, said, _ = punte(fresh, "archive", "verify")
        assert status == 0, said
        assert "5 packages, 0 faults" in said
