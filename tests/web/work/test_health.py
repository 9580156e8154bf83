"""The doors of those who watch: what they say, and to whom."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from punte.anaf import channel
from punte.web.delivery import worker
from punte.web.delivery.models import Submission
from punte.web.limits import clock
from punte.web.work import health, metrics, pulse, tallies
from punte.web.work.models import Tally, Worker

BY_ADDRESS = {"HTTP_HOST": "10.0.0.7:8000"}  # a probe knows no name


@pytest.fixture(autouse=True)
def fresh():
    metrics._kept.clear()
    tallies._counted.clear()
    yield
    channel.listener = None
    tallies._counted.clear()


def beat(seconds_ago: float = 0, **facts: object) -> Worker:
    now = clock.now()
    told = {"host": "alfa", "pid": 7, "edition": "0.1.0", "lanes": 2, "started_at": now - timedelta(hours=1)}
    return Worker.objects.create(beaten_at=now - timedelta(seconds=seconds_ago), **told | facts)


def ready(query: str = "") -> tuple[int, dict[str, object]]:
    answer = Client().get(f"/readyz{query}", **BY_ADDRESS)
    return answer.status_code, answer.json()


def test_a_living_process_says_so_without_the_database():
    answer = Client().get("/healthz", **BY_ADDRESS)  # no db fixture: a query would fail the test
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_is_who_has_its_tables_and_a_worker_that_beats():
    beat(3)

    status, told = ready()

    assert (status, told["state"], told["workers"]) == (200, "ok", 1)
    assert 2.5 < told["beat_seconds"] < 10
    assert Client().get("/healthz?ready", **BY_ADDRESS).json()["state"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{}, {"seconds_ago": 45}])
def test_without_a_beat_somebody_should_look_and_pages_go_on(facts):
    if facts:
        beat(**facts)

    assert ready()[0] == 200
    status, told = ready("?strict")
    assert (status, told["state"], told["workers"], told["silent"]) == (503, "late", 0, len(facts))


@pytest.mark.django_db
def test_one_worker_that_hangs_is_seen_beside_one_that_works():
    beat(1)
    beat(60, pid=8)
    assert ready("?strict")[1]["silent"] == 1


@pytest.mark.django_db
def test_one_that_ended_and_said_so_is_not_missed():
    beat(1)
    beat(60, pid=8, ended_at=clock.now())
    assert ready("?strict")[0] == 200


@pytest.mark.django_db
def test_what_is_due_and_waits_too_long_is_seen(queue):
    beat(1)
    submission = queue("DI 0001")
    Submission.objects.filter(pk=submission.pk).update(due_at=clock.now() - timedelta(minutes=16))

    status, told = ready("?strict")

    assert (status, told["state"]) == (503, "late")
    assert told["due_seconds"] >= 960


@pytest.mark.django_db
def test_tables_of_an_edition_before_are_not_ready(monkeypatch):
    monkeypatch.setattr(health, "_complete", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'work'")

    status, told = ready()

    assert (status, told["state"], told["migrated"]) == (503, "down", False)


@pytest.mark.django_db(transaction=True)
def test_a_new_worker_buries_the_killed_of_its_host_and_no_other():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    killed = beat(60, host=socket.gethostname(), pid=gone.pid)
    lives = beat(1, host=socket.gethostname(), pid=os.getppid())
    elsewhere = beat(60, host="beta", pid=gone.pid)

    with pulse.beating(lanes=1):
        pass

    still = set(Worker.objects.filter(ended_at=None).values_list("pk", flat=True))
    assert still == {lives.pk, elsewhere.pk}
    assert killed.pk not in still


@pytest.mark.django_db(transaction=True)
def test_a_worker_beats_while_it_works_and_stops_beating_when_a_step_outlasts_its_lease(settings, monkeypatch):
    monkeypatch.setattr(pulse, "EVERY", 0.05)
    settings.DELIVERY_LEASE = 0.5
    release = threading.Event()

    def hang() -> None:
        with pulse.busy():
            release.wait(20)

    with pulse.beating(lanes=2):
        started = time.monotonic()
        while not Worker.objects.filter(busy=0).exists():
            assert time.monotonic() - started < 20
        step = threading.Thread(target=hang)
        step.start()
        time.sleep(1.2)
        silent_since = Worker.objects.get().beaten_at
        time.sleep(0.5)
        hung = Worker.objects.get()
        assert (hung.beaten_at, hung.busy) == (silent_since, 1)
        assert hung.slowest > 0.5
        release.set()
        step.join()
    assert Worker.objects.get().ended_at is not None


# --- /metrics ---


def measured(**headers: str) -> dict[tuple[str, tuple[str, ...]], float]:
    answer = Client().get("/metrics", **BY_ADDRESS, **headers)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    samples = [one for family in families for one in family.samples]
    return {(one.name, tuple(value for _, value in sorted(one.labels.items()))): one.value for one in samples}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "networks", "headers", "status"),
    [
        ("", (), {}, 404),
        ("", (), {"HTTP_AUTHORIZATION": "Bearer "}, 404),
        ("peste-ape", (), {"HTTP_AUTHORIZATION": "Bearer peste-munti"}, 404),
        ("peste-ape", (), {"HTTP_AUTHORIZATION": "Bearer peste-ape"}, 200),
        ("", (ip_network("10.0.0.0/24"),), {"REMOTE_ADDR": "10.0.0.9"}, 200),
        ("", (ip_network("10.0.0.0/24"),), {"REMOTE_ADDR": "10.0.1.9", "HTTP_X_FORWARDED_FOR": "10.0.0.9"}, 404),
        ("", (ip_network("fd00::/8"),), {"REMOTE_ADDR": "fd00::7"}, 200),
        ("", (ip_network("10.0.0.0/24"),), {"REMOTE_ADDR": ""}, 404),
    ],
)
def test_who_may_read_the_measures(settings, token, networks, headers, status):
    settings.METRICS_TOKEN, settings.METRICS_FROM = token, networks
    assert Client().get("/metrics", **BY_ADDRESS, **headers).status_code == status


@pytest.mark.django_db
def test_nobodys_session_opens_the_measures(people):
    for browser in people.values():
        assert browser.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_measures_tell_of_the_queue_of_anaf_and_of_the_archive(settings, spv, connected, queue):
    settings.METRICS_FROM = (ip_network("127.0.0.0/8"),)
    tallies.listen()
    beat(1)
    first, second = queue("DI 0001"), queue("DI 0002")
    while (claimed := worker.claim(clock.now())) is None or claimed.pk != first.pk:
        worker.advance(claimed)
    worker.advance(claimed)  # sent: one call
    tallies.write()

    told = measured()

    assert told["punte_workers", ()] == 1
    first.refresh_from_db()
    assert told["punte_deliveries", ("processing",)] == told["punte_deliveries_open", ("processing", "")] == 1
    assert told["punte_anaf_seconds_count", ("upload", "200")] == 1
    assert 0 < told["punte_anaf_seconds_sum", ("upload", "200")] < 60
    assert told["punte_connections", ("none",)] == 1
    assert told["punte_rights", ("granted",)] >= 1
    assert told["punte_archive_packages", ()] == told["punte_archive_bytes_in_database", ()] == 0
    assert told["punte_budget_calls_a_minute", ()] > 0
    assert second.firm.cui not in Client().get("/metrics").content.decode()  # numbers, nobody's names


@pytest.mark.django_db
def test_of_the_archive_only_what_the_database_holds_is_weighed(firm):
    facts = {"seal": "valid", "stored_at": clock.now()}
    firm.packages.create(download_id="1", upload_index="1", content=b"PK12345", **facts)
    firm.packages.create(download_id="2", upload_index="2", **facts)  # its bytes lie in a folder
    firm.packages.create(download_id="3", upload_index="3", removed_at=clock.now(), **facts)
    assert metrics.archive() == [(2, 1, 7)]


@pytest.mark.django_db
def test_a_lost_lease_is_counted(settings, spv, queue):
    from structlog.testing import capture_logs

    settings.METRICS_FROM = (ip_network("127.0.0.0/8"),)
    submission = queue("DI 0001")
    claimed = worker.claim(clock.now())
    Submission.objects.filter(pk=submission.pk).update(lease=99)

    with capture_logs() as lines:
        worker.advance(claimed)
    assert [line["event"] for line in lines] == [metrics.LEASE_LOST]
    for line in lines:
        tallies.logged(None, line["log_level"], line)
    tallies.write()
    tallies.write()  # what was written is not written again

    assert measured()["punte_leases_lost_total", ()] == 1
    assert Tally.objects.get(of="log").times == 1


@pytest.mark.django_db
def test_a_call_that_found_nobody_is_counted_by_its_name(settings):
    settings.METRICS_FROM = (ip_network("127.0.0.0/8"),)
    for seconds in (0.1, 3.0, 70.0):
        tallies.heard("upload", "NotSent", seconds)
    tallies.write()
    tallies.heard("upload", "NotSent", 0.1)
    tallies.write()

    told = measured()

    assert told["punte_anaf_seconds_count", ("upload", "NotSent")] == 4
    assert told["punte_anaf_seconds_bucket", ("0.25", "upload", "NotSent")] == 2
    assert told["punte_anaf_seconds_bucket", ("5.0", "upload", "NotSent")] == 3
