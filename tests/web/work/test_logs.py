"""Logs tell what happens and nobody's secrets: rules one by one, then the logs of a whole walk, read word for word."""

from __future__ import annotations

import base64
import json
import quopri
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.test import RequestFactory
from structlog.testing import capture_logs

from installation import installation, until
from mail_server import mail_server
from punte.anafsim.faults import Fault, Kind
from punte.cli import walk as road
from punte.cli.walk import Walk
from punte.web.config import logs

PRINTS = """
import os, sys
os.environ.update(PUNTE_DATA_DIR=sys.argv[1], PUNTE_ANAF="test", PUNTE_LOG_FORMAT=sys.argv[2], PUNTE_LOG="info")
os.environ["DJANGO_SETTINGS_MODULE"] = "punte.web.config.settings"
from punte.cli import product
product.set_up()
import logging, structlog
structlog.get_logger("punte").info("step", submission=7, text="două\\nrânduri")
logging.getLogger("theirs").warning("Bearer %s of 1960229400013", "abcdef")
logging.getLogger("theirs").info("chatter")
logging.getLogger("django.request").error("Not Found: /cont/parola/cheie/secret-key/")
try:
    int("secret invoice text")
except ValueError:
    structlog.get_logger("punte").exception("failed")
"""


def printed(tmp_path, form: str) -> list[str]:
    command = [sys.executable, "-c", PRINTS, str(tmp_path), form]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()


def test_one_line_an_event_as_json_where_nobody_looks_on(tmp_path):
    step, theirs, failed = map(json.loads, printed(tmp_path, "auto"))

    assert (step["event"], step["level"], step["submission"]) == ("step", "info", 7)
    assert re.match(r"\d{4}-\d\d-\d\dT", step["timestamp"])
    assert (theirs["event"], theirs["logger"]) == ("… of …", "theirs")
    assert (failed["error"], failed["level"]) == ("ValueError", "error")
    assert "<module>" in failed["at"]
    assert "secret" not in json.dumps(failed)


def test_words_on_a_terminal(tmp_path):
    lines = printed(tmp_path, "text")
    assert len(lines) == 3
    assert "event=step" in lines[0]
    assert "secret" not in "".join(lines)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("1960229400013"), None),
        (IntegrityError("Key (email)=(ana@arcada.example) already exists"), None),
        (ConnectionRefusedError(111, "Connection refused"), "[Errno 111] Connection refused"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
    ],
)
def test_of_an_exception_only_the_systems_own_words_are_kept(error, said):
    event = logs.without_message(None, "error", {"event": "failed", "exc_info": error})
    assert (event["error"], event.get("said")) == (type(error).__name__, said)


@pytest.mark.parametrize(("error", "told"), [(Http404(), 0), (PermissionDenied(), 0), (ValueError("secret"), 1)])
def test_what_is_an_answer_is_no_failure(error, told):
    with capture_logs() as lines:
        logs.RequestId(lambda request: None).process_exception(RequestFactory().get("/"), error)
    assert len(lines) == told


@pytest.mark.parametrize(("given", "kept"), [("proxy-7.a", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_a_request_carries_its_id(given, kept, settings):
    seen = []

    def answer(request):
        import structlog
        from django.http import HttpResponse

        seen.append(structlog.contextvars.get_contextvars()["request"])
        return HttpResponse()

    response = logs.RequestId(answer)(RequestFactory().get("/", HTTP_X_REQUEST_ID=given))

    assert response["X-Request-ID"] == seen[0]
    assert (seen[0] == given) is kept


@pytest.mark.timeout(600)
def test_the_logs_of_a_whole_walk_hold_no_secret(tmp_path, capfd):
    """Everything that web server and worker print at the level `debug`: a person signs up, asks for a new password,
    connects, sends; ANAF answers with HTML, loses a reply, refuses; the worker is killed."""
    with mail_server() as post:
        settings = {"PUNTE_LOG": "debug", "PUNTE_SMTP_HOST": "127.0.0.1", "PUNTE_SMTP_PORT": str(post.port)}
        with installation(tmp_path, settings=settings) as place:
            walk = Walk(place.base, place.simulator)
            steps = iter(walk)
            for step in steps:
                if step.name == "Ciornă":
                    break
            faults = place.simulator.world.faults
            faults.add(Fault(kind=Kind.STATUS, operation="stareMesaj", code=500))
            faults.add(Fault(kind=Kind.RESET, operation="descarcare"))
            for step in steps:
                if step.name == "ZIP-ul sigilat, arhivat":
                    break
            place.kill_worker()
            place.start_worker()
            page = walk.product.open(f"{place.base}/cont/logout/")
            walk.product.submit(page, page.form("logout"))
            page = walk.product.open(f"{place.base}/cont/password/reset/")
            walk.product.submit(page, page.form(field="email"), {"email": road.EMAIL})
            until(lambda: any("password" in text for text in map(readable, post.taken)), 30)
            letters = [readable(letter) for letter in post.taken]
            links = re.findall(r"/cont/password/reset/key/(\S+?)/", "".join(letters))
            walk.product.open(f"{place.base}/cont/password/reset/key/{links[0]}/")
            walk.product.open(f"{place.base}/nu/este/{links[0]}/")
            described = place.simulator.describe()
            secrets = {
                "client secret": described["client_secret"],
                "PIN": walk.certificate.password,
                "password": road.PASSWORD,
                "mail": road.EMAIL,
                "link to a new password": links[0],
                "client's name or line": "Servicii de proiectare",
                "CUI of the client": road.CLIENT_CUI,
                "code of the way back": re.search(r"code=([^&]+)", walk.back)[1],
                "kept keys": (tmp_path / "data" / "fernet_keys.secret").read_text(),
            }
            with closing(sqlite3.connect(tmp_path / "data" / "punte.sqlite3")) as connection:
                for table in ("django_session",):
                    for number, (key,) in enumerate(connection.execute(f"SELECT session_key FROM {table}")):
                        secrets[f"session {number}"] = key
    said = "".join(capfd.readouterr())
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert {"step", "answered"} <= {event["event"] for event in events}  # it is their logs that we read
    found = {name for name, secret in secrets.items() if secret in said}
    patterns = {
        "token": r"eyJ[\w-]{10,}",
        "CNP": r"\b[1-8]\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{6}\b",
        "invoice": r"<(\w+:)?(Invoice|CreditNote|cbc:|cac:)",
        "letter": r"Subject: |Content-Type: text",
        "traceback": r"Traceback \(most recent",
    }
    found |= {name for name, pattern in patterns.items() if re.search(pattern, said)}
    assert not found, said[-3000:]


def readable(letter: str) -> str:
    if "Content-Transfer-Encoding: base64" in letter:
        return base64.b64decode("".join(letter.split("\r\n\r\n", 1)[1].split())).decode(errors="replace")
    return quopri.decodestring(letter.encode()).decode(errors="replace")
