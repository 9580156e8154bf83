"""Tokens in a store: written before use, one refresh at a time. The identity provider is a real socket."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from anaf.server import Answer
from punte.anaf.efactura import EFactura
from punte.anaf.errors import NotSent, Reauthorise, ReplyLost
from punte.anaf.keeping import LEAD, Kept, living, with_living
from punte.anaf.oauth import OAuth

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FRESH = NOW + timedelta(days=60)


class Store:
    """A keeper in memory that notes what happened, in order."""

    def __init__(self, kept: Kept, log: list[str]) -> None:
        self.kept, self.log, self.lock = kept, log, threading.Lock()

    @contextmanager
    def alone(self):
        with self.lock:
            yield

    def read(self) -> Kept:
        return self.kept

    def write(self, kept: Kept) -> None:
        assert self.lock.locked(), "written by one who is not alone"
        self.log.append(f"write {kept.access_token}")
        self.kept = kept


def _pair(name: str) -> bytes:
    return json.dumps({"access_token": f"a-{name}", "refresh_token": f"r-{name}", "expires_in": 7776000}).encode()


def _worn(name: str = "old", *, expires_at: datetime = NOW + LEAD, previous: str | None = None) -> Store:
    return Store(Kept(f"a-{name}", f"r-{name}", expires_at, previous), [])


@pytest.fixture
def oauth(hosts):
    return OAuth(hosts, "id", "secret")


def test_a_pair_that_lasts_is_used_as_it_is(anaf, oauth):
    store = _worn(expires_at=NOW + LEAD + timedelta(seconds=1))
    assert living(store, oauth, NOW).access_token == "a-old"
    assert anaf.requests == store.log == []


def test_a_new_pair_is_written_before_it_is_used(anaf, hosts, oauth, wire):
    anaf.answer(_pair("new"), wire("stare-ok.xml"))
    store = _worn()

    def call(token: str) -> object:
        store.log.append(f"use {token}")
        with EFactura(hosts, token) as spv:
            return spv.state("5")

    assert with_living(store, oauth, NOW, call).download_id == "3001474425"
    assert store.log == ["write a-new", "use a-new"]
    assert store.kept.previous_refresh_token == "r-old"
    assert store.kept.expires_at > NOW


def test_many_who_need_it_at_once_refresh_once(anaf, oauth):
    anaf.answer(Answer(_pair("new"), delay=0.2), "close")
    store, got = _worn(), []
    threads = [
        threading.Thread(target=lambda: got.append(living(store, oauth, datetime.now(UTC)).access_token))
        for _ in range(6)
    ]
    store.kept = Kept("a-old", "r-old", datetime.now(UTC))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["a-new"] * 6
    assert len(anaf.requests) == 1


def test_a_401_is_answered_by_one_refresh_and_one_more_try(anaf, hosts, oauth, wire):
    anaf.answer(Answer(wire("unauthorized-401.json"), status=401), _pair("new"), wire("stare-ok.xml"))
    store = _worn(expires_at=FRESH)  # its date says it is good; ANAF says otherwise

    def call(token: str) -> object:
        with EFactura(hosts, token) as spv:
            return spv.state("5")

    assert with_living(store, oauth, NOW, call).download_id == "3001474425"
    assert [request.path.rsplit("/", 1)[1] for request in anaf.requests] == ["stareMesaj", "token", "stareMesaj"]


def test_a_second_401_needs_a_person(anaf, hosts, oauth, wire):
    refused = Answer(wire("unauthorized-401.json"), status=401)
    anaf.answer(refused, _pair("new"), refused)
    with pytest.raises(Reauthorise):
        with_living(_worn(expires_at=FRESH), oauth, NOW, lambda token: EFactura(hosts, token).state("5"))
    assert len(anaf.requests) == 3


def test_a_token_that_another_has_replaced_meanwhile_is_not_refreshed_again(anaf, oauth):
    store = _worn("new", expires_at=FRESH)
    assert living(store, oauth, NOW, refused="a-old").access_token == "a-new"
    assert anaf.requests == []


def test_a_dead_refresh_token_is_followed_by_the_one_before_it_once(anaf, oauth, wire):
    anaf.answer(Answer(wire("token-error-refresh-expired.json"), status=400), _pair("new"))
    store = _worn(previous="r-older")
    assert living(store, oauth, NOW).access_token == "a-new"
    assert [b"refresh_token=r-old&" in r.body for r in anaf.requests] == [True, False]
    assert b"refresh_token=r-older&" in anaf.requests[1].body


@pytest.mark.parametrize(
    ("answer", "error"),
    [("close", ReplyLost), (Answer(b'{"error":"invalid_grant"}', status=400), Reauthorise)],
)
def test_after_a_failed_refresh_the_old_pair_still_stands(anaf, oauth, answer, error):
    anaf.answer(answer)
    store = _worn()
    with pytest.raises(error):
        living(store, oauth, NOW)
    assert (store.kept.refresh_token, store.log) == ("r-old", [])
    anaf.stop()
    with pytest.raises(NotSent):  # and the store is free for the next one
        living(store, oauth, NOW)


def test_what_is_kept_is_not_printed():
    assert "secret" not in repr(Kept("secret-a", "secret-r", NOW, "secret-p"))
