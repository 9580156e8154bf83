"""What a certificate may do in SPV, found by asking: ANAF's token names no company (docs/anaf/oauth.md).

A right is asked for by listing the last day's messages of the CIF: a refusal is a refusal, anything else a yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from punte.anaf.channel import Timeouts
from punte.anaf.efactura import list_window
from punte.anaf.errors import AccessDenied, AnafError, Misconfigured, Missing, Reauthorise
from punte.romania.identity import BadIdentity, cui
from punte.web.accounts.models import User
from punte.web.firms.access import WRITERS
from punte.web.firms.models import Firm

from .applications import Application
from .metered import efactura
from .models import RightState

PATIENCE = Timeouts(connect=5, read=15)  # a person is waiting
AT_ONCE = 10  # firms asked while a person waits; the worker asks the rest


@dataclass(frozen=True, slots=True)
class Answer:
    """ANAF's word on one firm. `none_at_all`: the certificate has no right on any CIF. `text`: verbatim.

    error  why it is unknown
    """

    state: RightState
    text: str = ""
    none_at_all: bool = False
    error: AnafError | None = None


def ask(access_token: str, firm: Firm, now: datetime, application: Application | None) -> Answer:
    """May this token work for `firm`? Raises Reauthorise, Misconfigured: those are of the token, not of the firm."""
    with efactura(access_token, application, timeouts=PATIENCE) as anaf:
        try:
            anaf.messages_page(firm.cui, *list_window(now - timedelta(days=1), now, now))
        except AccessDenied as denied:
            return Answer(RightState.DENIED, denied.text, denied.missing is Missing.ALL)
        except (Reauthorise, Misconfigured):
            raise
        except AnafError as error:
            return Answer(RightState.UNKNOWN, error.text, error=error)
    return Answer(RightState.GRANTED)


def ask_all(
    access_token: str, firms: Iterable[Firm], now: datetime, application: Application | None
) -> dict[Firm, Answer]:
    """In the order given. Once ANAF fails to answer, or after `AT_ONCE` firms, the rest is unknown without asking."""
    answers: dict[Firm, Answer] = {}
    silent = False
    for firm in firms:
        answers[firm] = (
            Answer(RightState.UNKNOWN)
            if silent or len(answers) >= AT_ONCE
            else ask(access_token, firm, now, application)
        )
        silent = silent or answers[firm].state is RightState.UNKNOWN
    return answers


def discover(access_token: str, firm: Firm, now: datetime, application: Application | None) -> list[str]:
    """The companies on which the certificate has rights, as ANAF tells beside a list that is not empty; CUIs.

    Empty when it tells none: the firm has had no message for 60 days, or ANAF does not answer. A person's CNP, which
    stands in the same field, is left out and kept nowhere.
    """
    try:
        with efactura(access_token, application, timeouts=PATIENCE) as anaf:
            found = anaf.companies(firm.cui, *list_window(now - timedelta(days=60), now, now))
    except AnafError:
        return []
    return [cif for cif in found if is_cui(cif)]


def is_cui(cif: str) -> bool:
    try:
        return cui(cif) == cif
    except BadIdentity:
        return False


def firms_to_ask(user: User) -> list[Firm]:
    """The firms `user` may write for: a certificate serves those, and no firm in which its holder only reads."""
    return list(Firm.objects.filter(memberships__user=user, memberships__role__in=WRITERS).order_by("pk"))
