"""A knock at ANAF's door, without certificate or token: does it answer, what time is it there, does it know us?

The same address a person's browser is sent to. ANAF's F5 answers at once with a redirect to its policy page; what it
thinks of the callback it says only after the certificate, so a redirect proves little (docs/anaf/oauth.md).
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from punte.anaf.body import Kind, kind_of, sentence
from punte.anaf.channel import Channel, Timeouts
from punte.anaf.errors import Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.oauth import authorize_url


@dataclass(frozen=True, slots=True)
class Answer:
    """`ahead`: our clock less ANAF's, to the second; None when ANAF dates nothing. `refused`: ANAF's words, if it stops
    the walk here already."""

    ahead: timedelta | None
    refused: str = ""


def knock(hosts: Hosts, *, client_id: str, redirect_uri: str, timeouts: Timeouts | None = None) -> Answer:
    """Raises NotSent, Unwell: ANAF does not answer, or with a page of its bad days."""
    url = authorize_url(replace(hosts, authorize=None), client_id=client_id, redirect_uri=redirect_uri, state="-")
    with Channel(hosts, timeouts) as channel:
        reply = channel.ask("GET", url)
    said = sentence(reply.body)
    if reply.status >= 500 or (reply.status == 200 and kind_of(reply.body) is Kind.EMPTY):
        raise Unwell(f"HTTP {reply.status}: {said}".rstrip(": "), reply.body)
    refused = (said or f"HTTP {reply.status}") if reply.status >= 400 else ""
    ahead = reply.received_at - reply.dated if reply.dated else None
    return Answer(ahead, refused)
