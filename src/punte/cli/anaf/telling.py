"""How a command ends: words for a person or JSON for a script, and the exit status that says what to do next."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click

from punte.anaf.errors import AccessDenied, AnafError, Blocked, ClockAhead, Declined, RateLimited
from punte.anaf.sentences import BUCHAREST

from .exits import EXITS, WORDS, Exit

as_json_option = click.option("--json", "as_json", is_flag=True, help="Obiecte JSON, câte unul pe linie.")


class Stop(Exception):
    """The command ends here.

    what, now  instead of the usual words of `exit`
    said       ANAF's own words, or what happened on the wire
    facts      for the JSON
    """

    def __init__(self, exit: Exit, what: str = "", now: str = "", *, said: str = "", **facts: Any) -> None:
        super().__init__(exit.name)
        self.exit = exit
        self.what, self.now = what or WORDS[exit][0], now or WORDS[exit][1]
        self.said, self.facts = said, facts


class Teller:
    """Says results on standard output; what is only for a person, on standard error."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def say(self, facts: Mapping[str, Any], words: str) -> None:
        """One result: `facts` as a line of JSON, or `words`."""
        click.echo(json.dumps(facts, ensure_ascii=False, default=_plain) if self.as_json else words)
        sys.stdout.flush()

    def remark(self, words: str) -> None:
        if not self.as_json:
            click.echo(words, err=True)

    def stop(self, stop: Stop) -> None:
        facts = {"error": stop.exit.name.lower(), "exit": int(stop.exit), "what": stop.what, "now": stop.now}
        if self.as_json:
            self.say(facts | ({"text": stop.said} if stop.said else {}) | stop.facts, "")
            return
        said = "".join(f"\n  {line}" for line in stop.said.splitlines() if line.strip())
        click.echo(f"{stop.what}{said}\n{stop.now}".rstrip(), err=True)


@contextmanager
def telling(as_json: bool) -> Iterator[Teller]:
    """Carries a command out; a Stop or an error of ANAF's tree ends it with its words and its exit status."""
    teller = Teller(as_json)
    try:
        yield teller
    except AnafError as error:
        teller.stop(stop_of(error))
        sys.exit(EXITS[type(error)])
    except Stop as stop:
        teller.stop(stop)
        sys.exit(stop.exit)
    except OSError as reason:  # a folder that cannot be written, a CA file that holds no certificate
        teller.stop(Stop(Exit.LOCAL, f"{reason.filename or 'Calculatorul'}: {reason.strerror or reason}."))
        sys.exit(Exit.LOCAL)


def stop_of(error: AnafError) -> Stop:
    """ANAF's error in our words, with what else it knows."""
    facts: dict[str, Any] = {}
    now = ""
    match error:
        case RateLimited():
            facts = {"scope": error.scope, "until": error.until, "retry_after": round(error.retry_after)}
            now = f"Așteptați până la {moment(error.until)}."
        case AccessDenied():
            facts = {"cif": error.cif, "missing": error.missing}
            now = f"Cereți dreptul în SPV pentru CIF {error.cif}." if error.cif else ""
        case ClockAhead():
            facts = {"anaf_now": error.anaf_now}
        case Declined():
            facts = {"known": error.known}
        case Blocked():
            facts = {"support_id": error.support_id}
    if error.body:  # ANAF's page, for whoever writes to ANAF about it
        facts["body"] = error.body.decode("utf-8", "replace")
    return Stop(EXITS[type(error)], now=now, said=error.text, **facts)


def moment(instant: datetime) -> str:
    """An aware instant as a person in Romania reads it."""
    return f"{instant.astimezone(BUCHAREST):%d.%m.%Y %H:%M}"


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
