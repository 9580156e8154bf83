"""Access tokens live 90 days, the consent 365: the worker renews them long before, one refresher at a time.

Two things must not happen: two refreshes with one refresh token, since ANAF may take the second for a theft; and a
new pair that is used before it is stored. `punte.anaf.keeping` has the order of steps; here is its store, a row that is
claimed by `refreshing_until`: no transaction is open while ANAF is asked, and who comes second works on with what is
there (docs/anaf/oauth.md, "Rotation").
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from punte.anaf import keeping
from punte.anaf.errors import AnafError, Misconfigured, Reauthorise
from punte.anaf.keeping import Kept
from punte.web.firms.models import Firm

from . import journal
from .applications import oauth
from .models import Authorization, Problem, Right, RightState
from .rights import ask_all

log = logging.getLogger(__name__)

LEAD = timedelta(days=15)  # the worker renews from day 75 of the 90 on …
MUST = keeping.LEAD  # … and whoever needs the access does it himself from day 80 on
CLAIM = timedelta(minutes=5)  # longer than two calls to the token endpoint can take
PAUSE = timedelta(hours=1)  # after ANAF failed to answer
PAUSE_WHEN_NEEDED = timedelta(minutes=5)  # the same, when nothing can be sent without it
ASK_AGAIN = timedelta(minutes=15)  # for a right that ANAF did not tell
ASK_BACK = timedelta(days=1)  # for a right that was there and was withdrawn


def due(now: datetime) -> list[int]:
    """Authorizations that wait for `renew`: access near its end or refused, or a right still unknown."""
    waiting = Q(stale_since__isnull=False) | Q(access_expires_at__lte=now + LEAD)
    free = Q(refreshing_until=None) | Q(refreshing_until__lte=now)
    rested = Q(retry_at=None) | Q(retry_at__lte=now)
    found = (
        Authorization.objects.live()
        .exclude(problem=Problem.DEAD)
        .filter(free, rested, waiting | Q(rights__in=_to_ask(now)))
    )
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())


def renew(authorization_id: int, now: datetime) -> None:
    """One step for one authorization of `due`; harmless when another worker was first."""
    authorization = Authorization.objects.live().filter(pk=authorization_id).first()
    if authorization is None:
        return
    authorization = refreshed(authorization, now, lead=LEAD)
    if usable(authorization, now):
        waiting = _to_ask(now).filter(authorization=authorization).select_related("firm")
        check(authorization, [right.firm for right in waiting], now)


def _to_ask(now: datetime) -> QuerySet[Right]:
    """Rights to ask for again: not told yet, or once given and then refused, since it may come back."""
    unknown = Q(state=RightState.UNKNOWN) & (Q(checked_at=None) | Q(checked_at__lte=now - ASK_AGAIN))
    withdrawn = Q(state=RightState.DENIED, checked_at__lte=now - ASK_BACK) & ~Q(granted_at=None)
    return Right.objects.filter(unknown | withdrawn)


def usable(authorization: Authorization, now: datetime) -> bool:
    """Whether the access token may still be shown to ANAF."""
    return (
        authorization.ended_at is None
        and authorization.stale_since is None
        and authorization.access_expires_at > now + timedelta(minutes=1)
    )


def refreshed(authorization: Authorization, now: datetime, *, lead: timedelta = MUST) -> Authorization:
    """The authorization as it is after a refresh, when one was needed, possible and ours to do.

    Never raises for ANAF's faults: they are written to `problem`, and the old access stays as long as it is good.
    """
    if not _needs_refresh(authorization, now, lead):
        return authorization
    refused = authorization.access_token if authorization.stale_since else None
    client = oauth(authorization.application)
    try:
        keeping.living(Row(authorization, now, lead), client, now, lead=lead, refused=refused)
    except Busy:
        log.info("authorization %s: another renews it, or it has ended", authorization.pk)
    except AnafError:
        pass  # written down, under the claim
    authorization.refresh_from_db()
    return authorization


class Busy(Exception):
    """Not ours to renew: another does, or has done, or the authorization has ended meanwhile."""


class Row:
    """The `keeping.Keeper` of one authorization. Raises Busy instead of waiting for another."""

    def __init__(self, authorization: Authorization, now: datetime, lead: timedelta) -> None:
        self._authorization = authorization
        self._now = now
        self._lead = lead
        self._claimed = Authorization.objects.none()

    @contextmanager
    def alone(self) -> Iterator[None]:
        row, until = Authorization.objects.live().filter(pk=self._authorization.pk), self._now + CLAIM
        free = Q(refreshing_until=None) | Q(refreshing_until__lte=self._now)
        if row.filter(free).update(refreshing_until=until) != 1:
            raise Busy
        self._claimed = row.filter(refreshing_until=until)
        facts: dict[str, object] = {}
        try:
            self._authorization.refresh_from_db()
            if not _needs_refresh(self._authorization, self._now, self._lead):
                raise Busy  # between our reading and our claim another has renewed it
            yield
        except AnafError as error:
            facts = _trouble(error, self._authorization, self._now)
            raise
        finally:
            self._write(facts)

    def read(self) -> Kept:
        it = self._authorization
        return Kept(it.access_token, it.refresh_token, it.access_expires_at, it.previous_refresh_token or None)

    def write(self, kept: Kept) -> None:
        self._write(
            {
                "access_token": kept.access_token,
                "refresh_token": kept.refresh_token,
                "previous_refresh_token": kept.previous_refresh_token or "",
                "access_expires_at": kept.expires_at,
                "refreshed_at": self._now,
                "stale_since": None,
                "retry_at": None,
                "problem": Problem.NONE,
                "anaf_text": "",
            },
            renewed=True,
        )

    def _write(self, facts: dict[str, object], *, renewed: bool = False) -> None:
        """Write under the claim and give it back, with the line in the journal; Busy when the claim has lapsed."""
        with transaction.atomic():
            if self._claimed.update(refreshing_until=None, **facts) != 1:
                if renewed:
                    log.warning("authorization %s: renewed after the claim had lapsed", self._authorization.pk)
                    raise Busy
                return
            if renewed:
                tell_all(self._authorization, journal.Kind.RENEWED, self._now)
            elif facts and facts["problem"] != self._authorization.problem:
                kind = JOURNALED[Problem(str(facts["problem"]))]
                tell_all(self._authorization, kind, self._now, str(facts["anaf_text"]))


JOURNALED = {
    Problem.UNWELL: journal.Kind.UNWELL,
    Problem.DEAD: journal.Kind.DEAD,
    Problem.OPERATOR: journal.Kind.OPERATOR,
}


def tell_all(authorization: Authorization, kind: journal.Kind, now: datetime, anaf: str = "") -> None:
    """A line in the journal of every firm that the authorization serves. anaf: its words."""
    for right in authorization.rights.filter(state=RightState.GRANTED).select_related("firm"):
        journal.note(right.firm, kind, now, None, **authorization.facts, anaf=anaf)


def check(authorization: Authorization, firms: Iterable[Firm], now: datetime) -> None:
    """Ask ANAF what the certificate may do for `firms` and write it down; a right no longer told stays as it was."""
    try:
        answers = ask_all(authorization.access_token, firms, now, authorization.application)
    except Reauthorise as error:
        Authorization.objects.filter(pk=authorization.pk).update(stale_since=now, anaf_text=error.text)
        return
    except Misconfigured as error:
        Authorization.objects.filter(pk=authorization.pk).update(
            problem=Problem.OPERATOR, anaf_text=error.text, retry_at=now + PAUSE
        )
        return
    if any(answer.state is not RightState.UNKNOWN for answer in answers.values()):
        let_in = Authorization.objects.filter(pk=authorization.pk, problem=Problem.OPERATOR)
        let_in.update(problem=Problem.NONE, anaf_text="", retry_at=None)
    for firm, answer in answers.items():
        right, _ = Right.objects.get_or_create(authorization=authorization, firm=firm)
        if answer.state is RightState.UNKNOWN and right.state != RightState.UNKNOWN:
            continue
        write_right(right, answer.state, answer.text, now)


def write_right(right: Right, state: RightState, anaf_text: str, now: datetime) -> None:
    """What ANAF said of the right, with a line in the journal when it is news."""
    news = right.state != state
    right.state, right.anaf_text, right.checked_at = state, anaf_text, now
    if state is RightState.GRANTED:
        right.granted_at = right.granted_at or now
    with transaction.atomic():
        right.save(update_fields=["state", "anaf_text", "checked_at", "granted_at"])
        if news and state is not RightState.UNKNOWN:
            kind = journal.Kind.GRANTED if state is RightState.GRANTED else journal.Kind.DENIED
            journal.note(right.firm, kind, now, None, **right.authorization.facts, anaf=anaf_text)


def _needs_refresh(authorization: Authorization, now: datetime, lead: timedelta) -> bool:
    if authorization.ended_at or authorization.problem == Problem.DEAD:
        return False
    if authorization.retry_at and authorization.retry_at > now:
        return False
    if authorization.stale_since is not None:
        return True
    just_now = authorization.refreshed_at is not None and authorization.refreshed_at > now - PAUSE
    if just_now and usable(authorization, now):
        return False  # should ANAF shorten the 90 days, no call would start a refresh of its own
    return authorization.access_expires_at <= now + lead


def _trouble(error: AnafError, authorization: Authorization, now: datetime) -> dict[str, object]:
    if isinstance(error, Reauthorise):
        return {"problem": Problem.DEAD, "anaf_text": error.text, "previous_refresh_token": ""}
    problem = Problem.OPERATOR if isinstance(error, Misconfigured) else Problem.UNWELL
    pause = PAUSE if usable(authorization, now) else PAUSE_WHEN_NEEDED
    return {"problem": problem, "anaf_text": error.text, "retry_at": now + pause}
