"""Rezerva: the first certificate that lives does the work, in the firm's order; the page says which and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from punte.web.connection.client import NotConnected, efactura_for, fail_over, mark_stale, status
from punte.web.connection.models import Authorization, Event, Problem, Right
from punte.web.connection.standing import standings


@pytest.fixture
def two(traveller, guest, link, second, firm) -> list[Authorization]:
    """Ana's certificate, then her accountant's."""
    traveller.cross("ilinca")
    guest.cross_by(link(), second)
    return list(Authorization.objects.order_by("pk"))


def serving(firm, now) -> str:
    with efactura_for(firm, now):
        pass
    return firm.rights.exclude(serving_since=None).get().authorization.holder


def test_the_one_connected_later_stands_behind(two, firm, now):
    assert serving(firm, now) == "Ana Moldovan"
    assert [(one.authorization.holder, one.serves, one.lives) for one in standings(firm, now)] == [
        ("Ana Moldovan", True, True),
        ("Maria Contabil", False, True),
    ]


def test_a_dead_consent_with_worn_access_hands_over_once(two, firm, now):
    assert serving(firm, now) == "Ana Moldovan"
    Authorization.objects.filter(pk=two[0].pk).update(problem=Problem.DEAD, access_expires_at=now)
    assert serving(firm, now) == serving(firm, now) == "Maria Contabil"
    assert Event.objects.filter(kind="serves").count() == 1


def test_a_401_that_a_refresh_does_not_cure_hands_over(two, firm, anaf, now):
    del anaf.world.desk.refresh[two[0].refresh_token]
    mark_stale(firm, now)
    assert serving(firm, now) == "Maria Contabil"
    assert Authorization.objects.get(pk=two[0].pk).problem == Problem.DEAD


def test_who_comes_back_does_the_work_again(two, firm, traveller, now):
    Authorization.objects.filter(pk=two[0].pk).update(problem=Problem.DEAD, access_expires_at=now)
    assert serving(firm, now) == "Maria Contabil"
    traveller.cross("ilinca")  # the same certificate takes its old place
    assert serving(firm, now) == "Ana Moldovan"
    assert sorted(right.rank for right in firm.rights.filter(authorization__ended_at=None)) == [0, 1]


def test_a_refused_right_stands_back_only_where_another_can_go_on(two, firm, now):
    assert fail_over(firm, now, "Nu aveti drept in SPV")
    assert serving(firm, now) == "Maria Contabil"
    assert not fail_over(firm, now, "Nu aveti drept in SPV")  # the last one stays
    assert status(firm).works
    assert "Nu aveti drept in SPV" in Event.objects.get(kind="denied").text


def test_nobody_left_is_said(two, firm, now):
    Authorization.objects.update(problem=Problem.DEAD, access_expires_at=now)
    with pytest.raises(NotConnected):
        efactura_for(firm, now)
    assert not any(one.lives or one.serves for one in standings(firm, now))


def test_the_order_can_be_changed(two, firm, people, now):
    right = Right.objects.get(authorization=two[1])
    people["ana"].post(f"/integrari/certificate/{right.pk}/intai/")
    assert serving(firm, now) == "Maria Contabil"
    assert status(firm).holder == "Maria Contabil"
    assert [one.authorization.holder for one in standings(firm, now)] == ["Maria Contabil", "Ana Moldovan"]


def test_the_page_says_which_works_and_why_not_the_other(two, firm, people, now):
    Authorization.objects.filter(pk=two[0].pk).update(problem=Problem.DEAD, access_expires_at=now)
    page = people["ana"].get("/integrari/certificate/").content.decode()
    assert page.index("Nu lucrează acum") < page.index("titularul trebuie să se reconecteze")
    assert "Cu acesta se trimite" in page
    for path in ("/integrari/", "/"):
        assert "Se trimite cu rezerva" in people["ana"].get(path).content.decode()


def test_the_page_of_disconnection_says_that_the_reserve_goes_on(two, people):
    page = people["ana"].get(f"/integrari/{two[0].pk}/deconectare/").content.decode()
    assert "trimite mai departe cu certificatul de rezervă" in page
    people["ana"].post(f"/integrari/{two[0].pk}/deconectare/")
    page = people["ana"].get(f"/integrari/{two[1].pk}/deconectare/").content.decode()
    assert "rămân în așteptare până la o nouă conectare" in page


def test_the_certificates_end_is_written_by_hand_and_read_back(two, people, now):
    right = Right.objects.get(authorization=two[0])
    until = (now + timedelta(days=20)).date()
    people["ana"].post(f"/integrari/certificate/{right.pk}/data/", {"until": until.isoformat()})
    assert Authorization.objects.get(pk=two[0].pk).certificate_until == until
    assert "expiră certificatul" in people["ana"].get("/integrari/").content.decode()
    people["ana"].post(f"/integrari/certificate/{right.pk}/data/", {"until": "2001-01-01"})
    assert Authorization.objects.get(pk=two[0].pk).certificate_until == until
