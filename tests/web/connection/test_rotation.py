"""ANAF gives a new pair at each refresh, and may or may not let the old one live: we come through both."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from punte.web.connection import renewal
from punte.web.connection.models import Authorization, Event, Problem


@pytest.fixture
def authorization(traveller) -> Authorization:
    traveller.cross("ilinca")
    return Authorization.objects.get()


def rotation(anaf, *, strict: bool) -> None:
    httpx2.post(f"{anaf.control}/settings", json={"strict_rotation": strict}).raise_for_status()


def token_calls(anaf) -> list[str]:
    return [call["outcome"] for call in anaf.world.ledger.describe(0) if call["path"].endswith("/token")]


@pytest.mark.parametrize(
    ("strict", "outcome"),
    [
        (False, Problem.NONE),  # the previous one lives on: it brings a new pair
        (True, Problem.DEAD),  # it died when it was used: a person must come back
    ],
)
def test_a_new_refresh_token_that_anaf_does_not_know_is_followed_once_by_the_previous(
    authorization, anaf, now, strict, outcome
):
    rotation(anaf, strict=strict)
    renewal.renew(authorization.pk, now + timedelta(days=76))
    renewed = Authorization.objects.get()
    del anaf.world.desk.refresh[renewed.refresh_token]  # ANAF forgets the one it has just given
    before = len(token_calls(anaf))
    renewal.renew(authorization.pk, now + timedelta(days=160))
    after = Authorization.objects.get()
    assert after.problem == outcome
    assert len(token_calls(anaf)) - before == 2  # the new one, the previous one, and no third
    if outcome == Problem.DEAD:
        assert after.previous_refresh_token == ""
        assert after.access_token == renewed.access_token  # good until its own end
        assert Event.objects.filter(kind="dead").exists()
        assert renewal.due(now + timedelta(days=161)) == []
    else:
        assert after.access_token != renewed.access_token
        assert after.refresh_token in anaf.world.desk.refresh


@pytest.mark.parametrize("strict", [True, False])
def test_a_year_of_renewals_uses_each_refresh_token_once(authorization, anaf, now, strict):
    rotation(anaf, strict=strict)
    seen = {authorization.refresh_token}
    for day in (76, 152, 228, 304):
        renewal.renew(authorization.pk, now + timedelta(days=day))
        token = Authorization.objects.get().refresh_token
        assert token not in seen
        seen.add(token)
    assert token_calls(anaf)[-4:] == ["token by refresh_token"] * 4
    assert [event.kind for event in Event.objects.filter(kind="renewed")] == ["renewed"] * 4
