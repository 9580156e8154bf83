"""Questions about many companies, as both public registers take them. Source: docs/anaf/registry.md.

The body is `[{"cui": 1234, "data": "2015-02-14"}, …]`, the answer has `found` and `notFound`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from punte.anaf.body import Kind, Unreadable, kind_of, read_json, sentence
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.cif import digits
from punte.anaf.errors import AnafError, Declined
from punte.anaf.hosts import Hosts
from punte.anaf.pace import Pace
from punte.anaf.sentences import gate, unwell

#: Companies in one question, and seconds between two. Documented, 04.02.2025.
MOST_COMPANIES = 100
SECONDS_APART = 1.0

_COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")


class Batches:
    """One register's questions, by the hundred, a second apart."""

    def __init__(self, hosts: Hosts, url: str, timeouts: Timeouts | None = None) -> None:
        self._hosts = hosts
        self._url = url
        self._timeouts = timeouts
        self._pace = Pace(SECONDS_APART)

    def ask(self, cuis: Iterable[str], on: date) -> Iterator[Reply]:
        """The answers, one for each hundred of different CUIs. Raises ValueError before anything is sent."""
        wanted = list(dict.fromkeys(digits(cui) for cui in cuis))
        if wrong := [cui for cui in wanted if not (cui.isascii() and cui.isdecimal())]:
            raise ValueError(f"expected CUI in digits, with or without RO: {wrong[0]!r}")
        return self._answers(wanted, on)

    def _answers(self, cuis: list[str], on: date) -> Iterator[Reply]:
        with Channel(self._hosts, self._timeouts) as channel:
            for start in range(0, len(cuis), MOST_COMPANIES):
                question = [{"cui": int(cui), "data": on.isoformat()} for cui in cuis[start : start + MOST_COMPANIES]]
                self._pace.wait()
                content = json.dumps(question).encode()
                yield channel.ask("POST", self._url, content=content, content_type="application/json")


def read_found(reply: Reply) -> list[Mapping[str, Any]]:
    """The rows found, with the documented wrapper or without. A 404 with the usual shape is "none found"."""
    answer = read_answer(reply)
    found = answer.get("found")
    if isinstance(found, list) and reply.status in (200, 404):
        return [row for row in found if isinstance(row, dict)]
    raise no_answer(reply, answer)


def read_answer(reply: Reply) -> Mapping[str, Any]:
    """The JSON of an answer, whatever its status; empty when it is none."""
    try:
        return read_json(reply.body) if kind_of(reply.body) is Kind.JSON else {}
    except Unreadable:
        return {}


def no_answer(reply: Reply, answer: Mapping[str, Any]) -> AnafError:
    """What an answer is that does not answer the question."""
    said = sentence(reply.body)
    if (error := gate(reply, said)) is not None:
        return error
    if reply.status < 500 and (reply.status == 400 or answer):
        return Declined(said or f"HTTP {reply.status}", known=False, body=reply.body)
    return unwell(reply)


def text(row: Mapping[str, Any], name: str) -> str | None:
    """A value in words, ș and ț with comma below. Absent in the registers is the empty string or a space."""
    value = row.get(name)
    return " ".join(str(value).translate(_COMMA_BELOW).split()) or None if value is not None else None


def day(row: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(text(row, name) or "")
    except ValueError:
        return None
