"""The table of decisions: where a submission stands, what came back, what happens then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.anaf import errors
from punte.anaf.efactura import MessageState, Receipt
from punte.anaf.efactura import State as Anaf
from punte.anaf.package import ErrorLine
from punte.web.connection.client import NotConnected
from punte.web.delivery.models import NEXT, State
from punte.web.delivery.steps import (
    LISTING_LAG,
    PROVED_ABSENT,
    Died,
    Earlier,
    Filed,
    Listed,
    NotListed,
    Rejected,
    Searched,
    Situation,
    TooOld,
    WrongIndex,
    next_step,
)
from punte.web.delivery.words import WORDS
from punte.web.invoices.undecided import DECIDABLE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)  # in Bucharest

queued, sending, uncertain, processing, accepted, rejected, refused = State
no_right = errors.AccessDenied("123", "Nu aveti drept in SPV pentru CIF=123")
limited = errors.RateLimited("S-au facut deja 100", errors.LimitScope.MESSAGE, until=MIDNIGHT, answered_at=NOW)
index = Receipt("5001", (), NOW)
line = ErrorLine("[BR-RO-100]-Localitatea", "BR-RO-100")
twice = ErrorLine("Factura a mai fost transmisa anterior cu index=4999", duplicate_of="4999")


@pytest.mark.parametrize(
    ("state", "answer", "to", "kind"),
    [
        # the upload came back
        (sending, index, processing, "sent"),
        (sending, Receipt(None, ("CIF introdus= 12a nu este un numar",), NOW), refused, "refused"),
        (sending, errors.Declined("Parametrii standard si cif sunt obligatorii"), refused, "refused"),
        # nothing left: back in the queue, with the reason
        (sending, errors.NotSent("connection refused"), queued, "anaf-down"),
        (sending, no_right, queued, "no-right"),
        (sending, errors.Reauthorise("401"), queued, "reauthorise"),
        (sending, errors.Misconfigured("403"), queued, "misconfigured"),
        (sending, limited, queued, "limited"),
        (queued, NotConnected("not-connected", ""), None, "not-connected"),
        # it may have arrived: never sent again before that is known
        (sending, errors.ReplyLost("timed out"), uncertain, "uncertain"),
        (sending, errors.Unwell("503"), uncertain, "uncertain"),
        (sending, Receipt(None, (), NOW), uncertain, "uncertain"),  # accepted, they say, and give no index
        (sending, Died(), uncertain, "uncertain"),
        (uncertain, Searched("5001", NOW), processing, "found"),
        (uncertain, Searched("5001", NOW, compared=False), processing, "believed"),
        (uncertain, TooOld(), None, "too-old"),
        (uncertain, WrongIndex("5001"), None, "wrong-index"),
        (uncertain, errors.Unwell("503"), None, "anaf-down"),
        (uncertain, NotConnected("reauthorise", ""), None, "reauthorise"),
        # in work at ANAF
        (processing, MessageState(Anaf.PROCESSING, None), None, ""),
        (processing, MessageState(Anaf.OK, "3001"), accepted, "accepted"),
        (processing, Rejected("3001", (line,), 1), rejected, "rejected"),
        (processing, Listed(True, "3001"), accepted, "accepted"),
        (processing, Listed(True, ""), None, ""),  # a row without id: its state is asked next
        (processing, Listed(False, "3001"), None, ""),  # its error file is next
        (processing, NotListed(), None, ""),
        (processing, MessageState(Anaf.NOT_TAKEN, None, ("XML",)), refused, "refused"),
        (processing, Rejected("3001", (line, twice), 1), None, "duplicate"),
        (processing, errors.NotFound("Nu exista factura cu id_incarcare= 5001"), None, ""),  # they may not know it yet
        (processing, errors.Unwell("HTML"), None, "anaf-down"),
        (processing, no_right, None, "no-right"),
        (processing, limited, None, "limited"),
        # over
        (accepted, Filed(7, "Sigiliu valid"), None, "archived"),
        (accepted, errors.Expired("60 de zile"), None, "no-package"),
        (accepted, errors.Unwell("HTML"), None, "anaf-down"),
    ],
)  # fmt: skip
def test_what_follows(state, answer, to, kind):
    step = next_step(Situation(state), answer, NOW)

    assert (step.to, step.kind) == (to, kind)


def test_an_uncertain_one_waits_until_anaf_would_list_it():
    assert next_step(Situation(sending), errors.ReplyLost(""), NOW).due_at == NOW + LISTING_LAG


@pytest.mark.parametrize(
    ("minutes", "to"),
    [(20, None), (40, None), (59, None), (60, queued)],  # only an hour of silence proves it absent
)
def test_absence_is_proved_by_a_listing_an_hour_later(minutes, to):
    at = NOW + timedelta(minutes=minutes)

    step = next_step(Situation(uncertain, uncertain_since=NOW), Searched(None, at), at)

    assert step.to is to
    assert step.due_at is not None
    assert timedelta(hours=1) == PROVED_ABSENT


def test_the_last_look_comes_as_soon_as_it_proves_something():
    since = NOW - timedelta(minutes=50)

    step = next_step(Situation(uncertain, uncertain_since=since), Searched(None, NOW), NOW)

    assert step.due_at == since + PROVED_ABSENT


def test_what_cannot_be_read_never_counts_as_absent():
    here = Situation(uncertain, uncertain_since=NOW - timedelta(days=3))

    step = next_step(here, Searched(None, NOW, unread=1), NOW)

    assert (step.to, step.waiting_for, step.text) == (None, "unreadable", "")


def test_what_anaf_calls_a_duplicate_is_adopted_when_it_is_ours():
    adopting = Situation(processing, adopting=True)

    ours = next_step(adopting, Earlier(True, "4999", "3000"), NOW)
    other = next_step(adopting, Earlier(False, "4999", "3000"), NOW)

    assert (ours.to, ours.facts) == (accepted, {"upload_index": "4999", "download_id": "3000"})
    assert (other.to, other.kind) == (rejected, "other-duplicate")


def test_pauses_grow_and_stay_below_anafs_hundred_questions_a_day():
    asked, now = 0, NOW
    while now < NOW + timedelta(days=1):
        step = next_step(Situation(processing, tries=asked), MessageState(Anaf.PROCESSING, None), now)
        asked, now = asked + 1, step.due_at

    assert asked <= 40


def test_a_list_that_does_not_tell_is_asked_for_less_and_less():
    pauses = [next_step(Situation(processing, tries=tries), NotListed(), NOW).due_at - NOW for tries in range(8)]

    assert pauses == sorted(pauses)
    assert pauses[0] <= timedelta(minutes=2), "most are listed within minutes"
    assert pauses[-1] == timedelta(hours=1)


def test_a_limit_is_waited_out_until_the_moment_anaf_means():
    assert next_step(Situation(processing, pace=0.01), limited, NOW).due_at == MIDNIGHT


ANSWERS = st.sampled_from(
    [
        index, Receipt(None, (), NOW), Receipt(None, ("x",), NOW), Died(), Searched("1", NOW), Searched(None, NOW),
        Searched("1", NOW, compared=False), Searched(None, NOW, unread=1), TooOld(), WrongIndex("1"),
        Rejected("1", (line,), 1), Rejected("1", (twice,), 1), Earlier(True, "1", "2"), Earlier(False, "1", "2"),
        Filed(1, ""), NotConnected("not-connected", ""), no_right, limited, errors.NotSent(""), errors.ReplyLost(""),
        errors.Unwell(""), errors.NotFound(""), errors.Reauthorise(""), errors.Misconfigured(""), errors.Expired(""),
        errors.Declined(""), errors.BadPackage(""), errors.AnafError(""),
        Listed(True, "1"), Listed(True, ""), Listed(False, "1"), NotListed(),
        *(MessageState(state, "1") for state in Anaf), *(MessageState(state, None) for state in Anaf),
    ]
)  # fmt: skip


@given(state=st.sampled_from(State), answer=ANSWERS, tries=st.integers(0, 50), adopting=st.booleans())
def test_any_answer_in_any_state_takes_an_arrow_that_exists_and_leaves_nothing_hanging(state, answer, tries, adopting):
    step = next_step(Situation(state, tries, NOW, adopting), answer, NOW)

    after = step.to or state
    assert step.to is None or step.to in NEXT[state]
    waits = step.waiting_for in DECIDABLE  # for a person, and the page says so
    assert step.due_at is not None or not NEXT[after] or waits, "an open submission is always looked at again"
    assert after is not sending, "a step never ends in `sending`: who sends writes what came of it"
    assert not step.kind or step.kind in WORDS
    assert not step.waiting_for or step.waiting_for in WORDS
