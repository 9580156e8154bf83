"""Tokens that live in a store: the pair is written down before it is used, and one refreshes at a time.

Source: docs/anaf/oauth.md, "Rotation". The store is the caller's (a file, a row); this is only the order of steps.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from punte.anaf.errors import Reauthorise
from punte.anaf.oauth import OAuth, TokenPair

#: Of the 90 days of an access token, the last ones in which whoever needs it renews it.
LEAD = timedelta(days=10)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds of one authorisation. All three tokens are secrets, and are not printed.

    previous_refresh_token  the one before, for one more try when our own last write was lost
    expires_at              of the access token, aware, UTC
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    previous_refresh_token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, pair: TokenPair, *, previous: str | None = None) -> "Kept":
        return cls(pair.access_token, pair.refresh_token, pair.expires_at, previous)


class Keeper(Protocol):
    """A store for one authorisation, shared by everyone who uses it."""

    def alone(self) -> AbstractContextManager[object]:
        """Hold everyone else out, other processes too, as long as the context lasts."""

    def read(self) -> Kept:
        """What was last written."""

    def write(self, kept: Kept) -> None:
        """Durably, whole or not at all: when this returns, a crash loses nothing."""


def living(keeper: Keeper, oauth: OAuth, now: datetime, *, lead: timedelta = LEAD, refused: str | None = None) -> Kept:
    """Tokens good for at least `lead` from `now` (aware), refreshed when they were not.

    refused  an access token that ANAF answered with 401: it is renewed whatever its date says, unless another has
             replaced it meanwhile
    Raises what `OAuth.refresh` raises; then nothing was written, and the old pair still stands in the store.
    """
    kept = keeper.read()
    if not _worn(kept, now, lead, refused):
        return kept
    with keeper.alone():
        kept = keeper.read()  # another may have renewed it while we waited
        if _worn(kept, now, lead, refused):
            kept = Kept.of(_renewed(kept, oauth), previous=kept.refresh_token)
            keeper.write(kept)  # before anybody uses it
    return kept


def with_living(keeper: Keeper, oauth: OAuth, now: datetime, call: Callable[[str], Answer]) -> Answer:
    """`call(access_token)`; on a 401 once more after a refresh. A second 401 is Reauthorise: a person must come."""
    kept = living(keeper, oauth, now)
    try:
        return call(kept.access_token)
    except Reauthorise:
        return call(living(keeper, oauth, now, refused=kept.access_token).access_token)


def _worn(kept: Kept, now: datetime, lead: timedelta, refused: str | None) -> bool:
    return kept.expires_at <= now + lead or kept.access_token == refused


def _renewed(kept: Kept, oauth: OAuth) -> TokenPair:
    try:
        return oauth.refresh(kept.refresh_token)
    except Reauthorise:
        if kept.previous_refresh_token is None:
            raise
        return oauth.refresh(kept.previous_refresh_token)
