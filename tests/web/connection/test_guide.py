"""The guide in four steps: what is done, to do, blocked and why; and that answers are found again."""

from __future__ import annotations

from datetime import date

import pytest

from punte.romania.certificates import Tone, providers
from punte.romania.certificates.guidance import facts, installations
from punte.web.connection.diagnoses import diagnoses
from punte.web.connection.guide import Known, State, current, steps
from punte.web.connection.guide_answers import Answers, GuideAnswers, Kind, System, answers_of, keep, system_of
from punte.web.connection.models import RightState

TODAY = date(2026, 11, 22)
GRANTED, DENIED, UNKNOWN = RightState.GRANTED, RightState.DENIED, RightState.UNKNOWN
ME = {"signed_in": True, "firm": True, "may_write": True}
READY = {"kind": "token", "system": "windows", "account": "yes", "right_on": "cui", "enrolled_on": date(2026, 11, 20)}


def marks(known: Known, answers: Answers) -> str:
    """`dtbt`: done, todo, blocked, by step."""
    return "".join(step.state[0] for step in steps(known, answers, TODAY))


@pytest.mark.parametrize(
    ("known", "answers", "expected"),
    [
        ({}, {}, "ttbt"),  # a passer-by
        ({"signed_in": True}, {}, "ttbt"),  # no firm yet
        (ME, {}, "tttt"),
        (ME, READY, "ddtt"),
        (ME, READY | {"kind": "none"}, "tdtt"),
        (ME, READY | {"kind": "accountant", "system": ""}, "ddtt"),
        (ME, READY | {"system": ""}, "tdtt"),
        (ME, READY | {"system": "phone"}, "bdbt"),
        (ME, READY | {"account": "no"}, "dttt"),
        (ME, READY | {"right_on": "cnp"}, "dbbt"),  # the PFA's trap
        (ME, READY | {"right_on": "unsure"}, "dttt"),
        (ME, READY | {"enrolled_on": None}, "dttt"),
        (ME, READY | {"enrolled_on": date(2026, 11, 22)}, "dbbt"),  # today: 24 hours cannot have passed
        (ME, READY | {"enrolled_on": date(2026, 11, 21)}, "ddtt"),
        (ME | {"may_write": False}, READY, "ddbt"),
        (ME | {"application": False}, READY, "ddbt"),
        (ME | {"shown": Tone.GOOD}, {}, "dttt"),  # what the browser showed counts more than what was answered
        (ME | {"shown": Tone.BAD}, READY, "bdbt"),
        (ME | {"shown_nothing": True}, READY, "bdbt"),
        (ME | {"refused": "C07"}, READY, "dbbt"),  # what ANAF said, too
        (ME | {"refused": "C08"}, READY, "dbbt"),
        (ME | {"refused": "C04"}, READY, "ddtt"),  # cancelled: nothing is known
        (ME | {"right": GRANTED}, {}, "dddd"),
        (ME | {"right": GRANTED}, READY | {"right_on": "cnp"}, "dddd"),
        (ME | {"right": DENIED}, READY, "dbdb"),
        (ME | {"right": UNKNOWN}, READY, "dddt"),
        (ME | {"right": GRANTED, "dead": True}, READY, "ddtt"),
    ],
)
def test_where_one_stands(known, answers, expected):
    assert marks(Known(**known), Answers(**answers)) == expected


def test_every_blocked_step_says_why_and_every_code_has_its_words():
    for known in ({}, ME, ME | {"right": DENIED}, ME | {"shown_nothing": True}, ME | {"refused": "C07"}):
        for step in steps(Known(**known), Answers(right_on="cnp", account="yes"), TODAY):
            assert step.why
            assert step.code in {"", "C22"} or step.code in diagnoses()


def test_the_first_that_is_not_done_is_the_current_one():
    assert current(steps(Known(**ME), Answers(**READY), TODAY)) == 3
    assert current(steps(Known(**ME, right=GRANTED), Answers(), TODAY)) == 5
    assert steps(Known(), Answers(), TODAY)[2].state is State.BLOCKED


def test_every_kind_on_every_system_has_its_way():
    for kind in (Kind.TOKEN, Kind.CLOUD):
        for system in System.values:
            rows = installations(kind, system)
            assert rows, (kind, system)
            assert all(row.text and row.source for row in rows)


def test_the_tables_are_dated_and_sourced():
    assert all(
        provider.source and provider.as_of and provider.address.startswith("https://") for provider in providers()
    )
    assert {fact.weight.value for fact in facts()} == {"lege", "regulă ANAF", "obicei"}
    assert all(fact.source for fact in facts())
    shown = [*(p.works for p in providers()), *(f.text for f in facts())]
    assert not set("".join(shown)) & set("şţŞŢ")


@pytest.mark.parametrize(
    ("agent", "system"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140", "windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari", "macos"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140", "linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140", "phone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "phone"),
        ("curl/8", ""),
    ],
)
def test_the_system_by_the_browsers_word(agent, system):
    assert system_of(agent) == system


def test_answers_are_kept_for_each_person_and_firm(ana, bogdan, firm, carmens_firm):
    keep(ana, firm, {}, {"kind": "token"})
    keep(ana, firm, {}, {"enrolled_on": TODAY})
    assert answers_of(ana, firm, {}) == Answers(kind="token", enrolled_on=TODAY)
    assert answers_of(bogdan, firm, {}) == Answers()
    assert answers_of(ana, carmens_firm, {}) == Answers()


def test_what_was_answered_before_there_was_an_account_is_taken_along(client, ana, firm):
    client.post("/integrari/ghid/certificat/", {"kind": "cloud", "system": "macos"})
    assert "numai pe Windows" in client.get("/integrari/ghid/").content.decode()
    client.force_login(ana)
    page = client.get("/integrari/ghid/").content.decode()
    assert 'value="cloud" checked' in page
    client.post("/integrari/ghid/spv/", {"account": "yes"})
    assert GuideAnswers.objects.get().answers["kind"] == "cloud"


@pytest.mark.parametrize(
    "answer",
    [
        {"kind": "accountant", "system": "windows"},
        {"kind": "accountant", "system": "phone"},
        {"kind": "token", "system": "phone"},  # C22
    ],
)
@pytest.mark.parametrize("place", ["ghid", "integrari"])
def test_who_cannot_use_a_certificate_here_makes_the_accountants_link_at_once(people, answer, place):
    page = people["ana"].post("/integrari/ghid/certificat/", answer | {"de": place}, follow=True).content.decode()
    assert 'action="/integrari/contabil/"' in page
    made = people["ana"].post("/integrari/contabil/", {"email": ""}).content.decode()
    assert "Linkul este gata" in made


def test_the_diagnosis_of_the_phone_leads_to_the_link_of_whoever_may_make_it(people):
    for path in ("/integrari/problema/C22/", "/integrari/intrebari/conectarea.nimic.telefon/"):
        assert "/integrari/certificate/#h-link" in people["ana"].get(path).content.decode()
        assert "/integrari/certificate/#h-link" not in people["bogdan"].get(path).content.decode()
    assert "/integrari/certificate/#h-link" not in people["ana"].get("/integrari/problema/C01/").content.decode()


def test_who_has_no_account_is_told_where_the_link_is_made(client, db):
    page = client.post("/integrari/ghid/certificat/", {"kind": "accountant"}, follow=True).content.decode()
    assert "Linkul se face din contul firmei" in page
    assert 'action="/integrari/contabil/"' not in page


def test_the_guide_needs_no_account_and_says_so_where_one_is_needed(client, db):
    page = client.get("/integrari/ghid/").content.decode()
    assert "Ce fel de certificat aveți?" in page
    assert "Întâi intrați în cont sau faceți unul." in page
    assert "Ce este lege și ce este obicei" in page
    assert "certSIGN" in page


def test_the_guide_under_integrari_is_the_firms(people, firm):
    people["ana"].post("/integrari/ghid/spv/", {"account": "yes", "right_on": "cnp", "de": "integrari"})
    page = people["ana"].get("/integrari/").content.decode()
    assert "Dreptul numai pe CNP nu ajunge" in page
    assert f"apare CUI-ul {firm.cui}" in page
    assert "Dreptul numai pe CNP nu ajunge" not in people["carmen"].get("/integrari/").content.decode()


def test_an_answer_leads_back_to_its_step_and_a_wrong_one_says_why(people):
    ana = people["ana"]
    assert ana.post("/integrari/ghid/certificat/", {"kind": "token"})["Location"] == "/integrari/ghid/#pas1"
    assert ana.post("/integrari/ghid/spv/", {"de": "integrari"})["Location"] == "/integrari/#pas2"
    assert ana.post("/integrari/ghid/spv/", {"de": "https://altundeva.example/"})["Location"] == "/integrari/ghid/#pas2"
    assert "Alegeți ce fel de certificat aveți." in ana.post("/integrari/ghid/certificat/", {}).content.decode()
    future = ana.post("/integrari/ghid/spv/", {"enrolled_on": "2126-01-01"})
    assert future.status_code == 400
    assert "nu poate fi în viitor" in future.content.decode()


def test_after_connecting_all_four_are_done_by_anafs_word(traveller):
    traveller.cross("ilinca")
    page = traveller.browser.get("/integrari/ghid/").content.decode()
    assert page.count("is-done") == 8  # four in the stepper, four in the guide
    assert "Confirmat de ANAF" in page


def test_a_refusal_at_anaf_is_seen_in_the_guide(traveller):
    traveller.cross("fara-drept")
    page = traveller.browser.get("/integrari/ghid/").content.decode()
    assert "ANAF a spus că nu aveți drept pe CUI-ul firmei." in page
    assert "/integrari/problema/C08/" in page
