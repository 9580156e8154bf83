"""The board's words: moments, counts and the ledger's outcomes, said in Romanian."""

import re
from collections.abc import Iterator
from datetime import datetime

from ..clock import ROMANIA
from ..scenarios import Scenario
from ..spv import State

MONTHS = (
    "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie",
    "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie",
)  # fmt: skip
STATES = {
    State.PROCESSING: ("", "… în prelucrare"),
    State.OK: ("good", "✓ validată"),
    State.NOK: ("bad", "✕ respinsă"),
    State.NOT_TAKEN: ("bad", "✕ nepreluată"),
}
OUTCOMES = (  # the ledger's words, said in Romanian
    (r"registered (\d+)", r"depus cu indexul \1"),
    (r"for another program, then", "de alt program, apoi"),
    (r"downloaded (\d+)", r"descărcat \1"),
    (r"broken_zip", "trunchiat"),
    (r"altered_zip", "schimbat după sigilare"),
    (r"foreign_seal", "sigiliu necunoscut"),
    (r"mixed_rows", "cu rânduri străine"),
    (r"no_id", "fără id"),
    (r"(\d+) listed", r"\1 în listă"),
    (r"refused: ", "refuzat: "),
    (r"not carried out", "neefectuat"),
    (r"session opened", "autorizare începută"),
    (r"accepted (\S+)", r"certificat primit: \1"),
    (r"code for (\S+)", r"cod pentru \1"),
    (r"denied, whichever the certificate", "refuzat, cu orice certificat"),
    (r"denied: no certificate", "refuzat: fără certificat"),
    (r"denied: (\S+) is not enrolled", r"refuzat: \1 nu este înrolat"),
    (r"connection broken by the person", "legătură ruptă de utilizator"),
    (r"wrong PIN, (\d) left", r"PIN greșit, încercări rămase: \1"),
    (r"stopped: ", "oprit: "),
    (r"token by authorization_code", "token, prin cod"),
    (r"token by refresh_token", "token, prin reînnoire"),
    (r"token missing, malformed or expired", "token absent, greșit sau expirat"),
    (r"forbidden", "interzis"),
    (r"hello", "salut"),
)


def lasts(one: Scenario) -> str:
    if one.minutes:
        hours, minutes = divmod(int(one.minutes), 60)
        return f"{hours} de ore" if not minutes and hours >= 20 else f"{int(one.minutes)} de minute"
    match one.calls:
        case None:
            return "până îl opriți"
        case 1:
            return "un singur apel"
    return f"{one.calls} apeluri"


def said(outcome: str) -> str:
    for pattern, romanian in OUTCOMES:
        outcome = re.sub(pattern, romanian, outcome)
    for state in State:
        outcome = re.sub(rf"^(\d+): {state}$", rf"\1: {STATES[state][1][2:]}", outcome)
    return outcome


def offset_words(seconds: int) -> str:
    if not seconds:
        return "Ora adevărată. Mutați ceasul ca să treacă prelucrarea, limitele de o zi, cele 60 sau 365 de zile."
    told = list(units(abs(seconds)))
    return f"Cu {' și '.join(told[:2])} {'înaintea' if seconds > 0 else 'în urma'} orei adevărate."


def units(seconds: int) -> Iterator[str]:
    for size, one, many in (
        (86400, "o zi", "zile"),
        (3600, "o oră", "ore"),
        (60, "un minut", "minute"),
        (1, "o secundă", "secunde"),
    ):
        number, seconds = divmod(seconds, size)
        if number:
            yield one if number == 1 else count(number, many, many)


def count(number: int, one: str, many: str) -> str:
    """`1 document`, `2 documente`, `20 de documente`: the last two digits decide whether the numeral wants `de`."""
    of = "de " if number % 100 == 0 or number % 100 >= 20 else ""
    return f"{number} {one}" if number == 1 else f"{number} {of}{many}"


def shown(total: int, most: int) -> str:
    return f" (ultimele {most})" if total > most else ""


def in_words(moment: datetime) -> str:
    local = moment.astimezone(ROMANIA)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M:%S}"


def hour(moment: datetime) -> str:
    return f"{moment.astimezone(ROMANIA):%d.%m %H:%M:%S}"
