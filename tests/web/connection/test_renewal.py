"""Access is renewed long before its end, by one at a time; a dead consent is said, and nothing is lost on the way."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from punte.web.connection import renewal
from punte.web.connection.client import Kind, NotConnected, efactura_for, mark_stale, status
from punte.web.connection.models import Authorization, Problem, RightState


@pytest.fixture
def authorization(traveller) -> Authorization:
    """Ana's, given a moment ago."""
    traveller.cross("ilinca")
    return Authorization.objects.get()


def fault(anaf, **facts) -> None:
    httpx2.post(f"{anaf.control}/faults", json=facts).raise_for_status()


def token_calls(anaf) -> int:
    return sum(call["path"].endswith("/token") for call in anaf.world.ledger.describe(0))


@pytest.mark.parametrize(
    ("day", "is_due"),
    [
        (0, False),
        (74, False),  # 90 - 74 = 16 days of access left
        (75, True),  # 15
        (89, True),
    ],
)
def test_the_worker_renews_from_day_75_on(authorization, now, day, is_due):
    assert (renewal.due(now + timedelta(days=day)) == [authorization.pk]) is is_due


def test_a_renewal_stores_the_new_pair_and_keeps_the_refresh_token_before_it(authorization, now):
    renewal.renew(authorization.pk, now + timedelta(days=76))
    renewed = Authorization.objects.get()
    assert renewed.access_token != authorization.access_token
    assert renewed.previous_refresh_token == authorization.refresh_token
    assert renewed.refreshing_until is None
    assert renewed.refreshed_at == now + timedelta(days=76)


@pytest.mark.parametrize(("day", "calls"), [(79, 0), (81, 1)])  # MUST is 10 days: 90 - 80
def test_whoever_needs_the_access_renews_it_from_day_80_on(authorization, firm, anaf, now, day, calls):
    before = token_calls(anaf)
    with efactura_for(firm, now + timedelta(days=day)):
        pass
    assert token_calls(anaf) - before == calls


def test_a_401_is_followed_by_one_refresh(authorization, firm, anaf, now):
    mark_stale(firm, now)
    assert renewal.due(now) == [authorization.pk]
    with efactura_for(firm, now) as client:
        client.messages_page(firm.cui, now - timedelta(days=1), now - timedelta(minutes=1))
    assert Authorization.objects.get().stale_since is None


def test_a_401_with_the_token_just_refreshed_asks_for_the_certificate(authorization, firm, now):
    mark_stale(firm, now)
    with efactura_for(firm, now):
        pass
    mark_stale(firm, now + timedelta(seconds=2))
    with pytest.raises(NotConnected) as caught:
        efactura_for(firm, now + timedelta(seconds=3))
    assert caught.value.kind is Kind.REAUTHORISE
    assert status(firm).problem is Problem.DEAD
    assert not status(firm).works


def test_a_401_of_a_token_that_another_worker_has_replaced_means_nothing(authorization, firm, now):
    Authorization.objects.update(refreshed_at=now)
    mark_stale(firm, now - timedelta(seconds=2))  # began before the refresh
    assert Authorization.objects.get().stale_since is None


def test_one_refreshes_at_a_time(authorization, firm, anaf, now):
    """The second worker works on with the old access, which is good for ten days yet."""
    later = now + timedelta(days=81)
    Authorization.objects.update(refreshing_until=later + timedelta(minutes=1))
    before = token_calls(anaf)
    with efactura_for(firm, later):
        pass
    assert token_calls(anaf) == before
    assert renewal.due(later) == []


def test_an_access_that_lives_shortly_is_not_renewed_at_every_call(authorization, firm, anaf, now):
    """The simulator's new pair ends 90 days from today, so within the 10 days of `later`."""
    later = now + timedelta(days=81)
    before = token_calls(anaf)
    for _ in range(3):
        with efactura_for(firm, later):
            pass
    assert token_calls(anaf) - before == 1


def test_a_claim_of_a_worker_that_died_lapses(authorization, now):
    later = now + timedelta(days=81)
    Authorization.objects.update(refreshing_until=later - timedelta(seconds=1))
    renewal.renew(authorization.pk, later)
    assert Authorization.objects.get().refreshed_at == later


def test_a_refresh_that_ends_after_the_disconnection_brings_nothing_back(authorization, now):
    stale = Authorization.objects.get()
    Authorization.objects.get().end(now)
    renewal.refreshed(stale, now + timedelta(days=81))
    assert Authorization.objects.get().access_token == ""


def test_a_refresh_token_called_dead_is_followed_once_by_the_one_before(authorization, now):
    """Our last write may be the one that was lost."""
    good = authorization.refresh_token
    Authorization.objects.filter(pk=authorization.pk).update(refresh_token="lost", previous_refresh_token=good)
    renewal.renew(authorization.pk, now + timedelta(days=76))
    renewed = Authorization.objects.get()
    assert renewed.problem == Problem.NONE
    assert renewed.refreshed_at is not None


def test_a_dead_consent_is_said_while_the_access_still_serves(authorization, firm, traveller, now):
    Authorization.objects.filter(pk=authorization.pk).update(refresh_token="dead")
    later = now + timedelta(days=81)
    with efactura_for(firm, later):
        pass
    connection = status(firm)
    assert connection.problem is Problem.DEAD
    page = traveller.browser.get("/integrari/").content.decode()
    assert "Reconectați" in page
    assert "T03" in page
    assert "Facturile mai pleacă până la" in page
    with pytest.raises(NotConnected) as caught:  # and on its last day
        efactura_for(firm, now + timedelta(days=91))
    assert caught.value.kind is Kind.REAUTHORISE
    assert renewal.due(now + timedelta(days=91)) == []  # only a person can help


@pytest.mark.parametrize("kind", ["lose_before", "status"])
def test_an_anaf_that_does_not_answer_a_renewal_is_asked_later(authorization, firm, anaf, now, kind):
    later = now + timedelta(days=81)
    fault(anaf, kind=kind, operation="token", code="503" if kind == "status" else "")
    renewal.renew(authorization.pk, later)
    unwell = Authorization.objects.get()
    assert (unwell.problem, unwell.retry_at) == (Problem.UNWELL, later + timedelta(hours=1))
    assert unwell.refresh_token == authorization.refresh_token
    assert renewal.due(later) == []
    renewal.renew(authorization.pk, later + timedelta(hours=1))
    assert Authorization.objects.get().problem == Problem.NONE


def test_a_renewal_whose_reply_was_lost_costs_the_consent_but_not_the_access(authorization, firm, anaf, now):
    """ANAF has rotated and we do not hold the new pair: that is why we renew 15 days before the end."""
    later = now + timedelta(days=76)
    fault(anaf, kind="lose_reply", operation="token")
    renewal.renew(authorization.pk, later)
    assert Authorization.objects.get().problem == Problem.UNWELL
    renewal.renew(authorization.pk, later + timedelta(hours=1))
    assert Authorization.objects.get().problem == Problem.DEAD
    with efactura_for(firm, later + timedelta(days=13)) as client:
        client.messages_page(firm.cui, now - timedelta(days=1), now - timedelta(minutes=1))


def test_without_good_access_an_unwell_anaf_means_waiting(authorization, firm, anaf, now):
    fault(anaf, kind="lose_before", operation="token")
    with pytest.raises(NotConnected) as caught:
        efactura_for(firm, now + timedelta(days=91))
    assert caught.value.kind is Kind.ANAF_UNWELL


def test_the_worker_asks_for_a_right_that_anaf_did_not_tell(authorization, firm, now):
    firm.rights.update(state=RightState.UNKNOWN, checked_at=None)
    assert renewal.due(now) == [authorization.pk]
    renewal.renew(authorization.pk, now)
    assert status(firm).works
    assert renewal.due(now) == []
