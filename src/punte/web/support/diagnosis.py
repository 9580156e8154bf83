"""What a ticket may take along about the connection to ANAF, as text that its author reads before agreeing.

No token, no PIN, no name but the firm's: states, dates and the codes of the diagnoses.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from punte.web.accounts.models import User
from punte.web.connection.client import status
from punte.web.connection.models import Crossing
from punte.web.design import formats
from punte.web.firms.models import Firm


def diagnosis(firm: Firm, user: User, now: datetime) -> str:
    """Of `firm`, and of the last attempts of `user` to connect it."""
    lines = [_("Firma: CUI %(cui)s, la %(moment)s") % {"cui": firm.cui, "moment": formats.moment(now)}]
    connection = status(firm)
    if connection is None:
        lines.append(_("Conectare la ANAF: nu"))
    else:
        right = _("Drept în SPV: %(right)s") % {"right": connection.right.value}
        if connection.checked_at:
            asked = {"right": connection.right.value, "moment": formats.moment(connection.checked_at)}
            right = _("Drept în SPV: %(right)s, întrebat %(moment)s") % asked
        lines += [
            _("Conectare la ANAF: din %(day)s") % {"day": formats.long_date(connection.since)},
            _("Certificatul e cerut din nou pe %(day)s") % {"day": formats.long_date(connection.until)},
            right,
            _("Problemă: %(problem)s") % {"problem": connection.problem.value or _("niciuna")},
        ]
        if connection.anaf_text:
            lines.append(_("ANAF: „%(text)s”") % {"text": connection.anaf_text})
    for crossing in Crossing.objects.filter(firm=firm, user=user).order_by("-pk")[:3]:
        tried = {"moment": formats.moment(crossing.started_at), "outcome": crossing.outcome or _("neîncheiată")}
        lines.append(_("Încercare de conectare %(moment)s: %(outcome)s") % tried)
    return "\n".join(lines)
