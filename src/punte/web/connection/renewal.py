"""Access tokens live 90 days, the consent 365: the worker renews them long before, one refresher at a time.

Two things must not happen: two refreshes with one refresh token, since ANAF may take the second for a theft; and a
new pair that is used before it is stored. So the row is claimed by `refreshing_until`, and the pair is written under
that claim before anybody reads it (docs/anaf/oauth.md, "Rotation").
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from punte.anaf.errors import AnafError, Misconfigured, Reauthorise
from punte.anaf.oauth import TokenPair
from punte.web.firms.models import Firm

from .crossing import oauth
from .models import Authorization, Problem, Right, RightState
from .rights import ask_all

log = logging.getLogger(__name__)

LEAD = timedelta(days=15)  # the worker renews from day 75 of the 90 on …
MUST = timedelta(days=10)  # … and whoever needs the access does it himself from day 80 on
CLAIM = timedelta(minutes=5)  # longer than two calls to the token endpoint can take
PAUSE = timedelta(hours=1)  # after ANAF failed to answer
PAUSE_WHEN_NEEDED = timedelta(minutes=5)  # the same, when nothing can be sent without it
ASK_AGAIN = timedelta(minutes=15)  # for a right that ANAF did not tell


def due(now: datetime) -> list[int]:
    """Authorizations that wait for `renew`: access near its end or refused, or a right still unknown."""
    waiting = Q(stale_since__isnull=False) | Q(access_expires_at__lte=now + LEAD)
    unasked = Q(rights__state=RightState.UNKNOWN) & (
        Q(rights__checked_at=None) | Q(rights__checked_at__lte=now - ASK_AGAIN)
    )
    free = Q(refreshing_until=None) | Q(refreshing_until__lte=now)
    rested = Q(retry_at=None) | Q(retry_at__lte=now)
    found = Authorization.objects.live().exclude(problem=Problem.DEAD).filter(free, rested, waiting | unasked)
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())


def renew(authorization_id: int, now: datetime) -> None:
    """One step for one authorization of `due`; harmless when another worker was first."""
    authorization = Authorization.objects.live().filter(pk=authorization_id).first()
    if authorization is None:
        return
    authorization = refreshed(authorization, now, lead=LEAD)
    unknown = authorization.rights.filter(state=RightState.UNKNOWN).select_related("firm")
    if usable(authorization, now):
        check(authorization, [right.firm for right in unknown], now)


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
    until = now + CLAIM
    free = Q(refreshing_until=None) | Q(refreshing_until__lte=now)
    if Authorization.objects.live().filter(free, pk=authorization.pk).update(refreshing_until=until) != 1:
        authorization.refresh_from_db()
        return authorization
    authorization.refresh_from_db()  # between our reading and our claim another may have renewed it
    facts: dict[str, object] = {}
    if _needs_refresh(authorization, now, lead):
        try:
            facts = _facts(_new_pair(authorization), authorization, now)
        except AnafError as error:
            facts = _trouble(error, authorization, now)
    claimed = Authorization.objects.filter(pk=authorization.pk, refreshing_until=until, ended_at=None)
    if claimed.update(refreshing_until=None, **facts) != 1:
        log.warning("authorization %s: renewed after the claim had lapsed, or ended meanwhile", authorization.pk)
    authorization.refresh_from_db()
    return authorization


def check(authorization: Authorization, firms: Iterable[Firm], now: datetime) -> None:
    """Ask ANAF what the certificate may do for `firms` and write it down; a right no longer told stays as it was."""
    try:
        answers = ask_all(authorization.access_token, firms, now)
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
        right.state, right.anaf_text, right.checked_at = answer.state, answer.text, now
        right.save()


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


def _new_pair(authorization: Authorization) -> TokenPair:
    """With the refresh token; where ANAF calls it dead, once with the one before it: our last write may be lost."""
    try:
        return oauth().refresh(authorization.refresh_token)
    except Reauthorise:
        if not authorization.previous_refresh_token:
            raise
        return oauth().refresh(authorization.previous_refresh_token)


def _facts(pair: TokenPair, authorization: Authorization, now: datetime) -> dict[str, object]:
    return {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "previous_refresh_token": authorization.refresh_token,
        "access_expires_at": pair.expires_at,
        "refreshed_at": now,
        "stale_since": None,
        "retry_at": None,
        "problem": Problem.NONE,
        "anaf_text": "",
    }


def _trouble(error: AnafError, authorization: Authorization, now: datetime) -> dict[str, object]:
    if isinstance(error, Reauthorise):
        return {"problem": Problem.DEAD, "anaf_text": error.text, "previous_refresh_token": ""}
    problem = Problem.OPERATOR if isinstance(error, Misconfigured) else Problem.UNWELL
    pause = PAUSE if usable(authorization, now) else PAUSE_WHEN_NEEDED
    return {"problem": problem, "anaf_text": error.text, "retry_at": now + pause}
