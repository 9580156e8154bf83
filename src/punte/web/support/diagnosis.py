"""What a ticket may take along about the connection to ANAF, as text that its author reads before agreeing.

No token, no PIN, no name but the firm's: states, dates and the codes of the diagnoses.
"""

from __future__ import annotations

from datetime import datetime

from punte.web.accounts.models import User
from punte.web.connection.client import status
from punte.web.connection.models import Checkup, Crossing
from punte.web.design import formats
from punte.web.firms.models import Firm


def diagnosis(firm: Firm, user: User, now: datetime) -> str:
    """Of `firm`, and of the last attempts of `user` to connect it; with the last cause the doctor found."""
    lines = [f"Firma: CUI {firm.cui}, la {formats.moment(now)}"]
    connection = status(firm)
    if connection is None:
        lines.append("Conectare la ANAF: nu")
    else:
        lines += [
            f"Conectare la ANAF: din {formats.long_date(connection.since)}",
            f"Certificatul e cerut din nou pe {formats.long_date(connection.until)}",
            f"Drept în SPV: {connection.right.value}"
            + (f", întrebat {formats.moment(connection.checked_at)}" if connection.checked_at else ""),
            f"Problemă: {connection.problem.value or 'niciuna'}",
        ]
        if connection.anaf_text:
            lines.append(f"ANAF: „{connection.anaf_text}”")
    for crossing in Crossing.objects.filter(firm=firm, user=user).order_by("-pk")[:3]:
        lines.append(
            f"Încercare de conectare {formats.moment(crossing.started_at)}: {crossing.outcome or 'neîncheiată'}"
        )
    checkup = Checkup.objects.filter(firm=firm, user=user).exclude(key="").order_by("pk").last()
    if checkup is not None:
        lines.append(f"Doctorul conexiunii {formats.moment(checkup.started_at)}: {checkup.key}")
    return "\n".join(lines)
