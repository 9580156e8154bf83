"""May this firm do this now? `allows` is the one question other apps ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from punte.web.design import formats
from punte.web.firms.models import Firm

from .catalog import Feature
from .standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go on."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not under this plan. `sentence` says why, `now` what to do, `link` (with its `label`) where."""

    sentence: str
    now: str
    link: str
    label: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.now}"

    @property
    def html(self) -> SafeString:
        """For a message on a page."""
        return format_html('{} {} <a href="{}">{}</a>', self.sentence, self.now, self.link, self.label)


def allows(firm: Firm, feature: Feature, now: datetime, *, used: int = 0) -> Allowed | Refusal:
    """Whether `firm` may use `feature` at `now`; always, where the operator has switched plans off.

    used  invoices of the firm that left in this calendar month of Bucharest (for SEND)
    A refusal changes nothing: what was begun stays, and what was taken over before goes on to its end.
    """
    if not settings.PLANS:
        return Allowed()
    return decide(standing(firm), feature, timezone.localdate(now), used=used, name=firm.name)


def decide(stands: Standing, feature: Feature, today: date, *, used: int, name: str) -> Allowed | Refusal:
    """The same for a firm called `name` that stands so; asks nothing of the database."""
    plan = stands.plan
    if plan is None:
        return _refusal(_("Firma %(name)s nu are încă un abonament.") % {"name": name}, _waits(feature))
    if not stands.is_active(today):
        over = _("Perioada de probă a firmei %(name)s s-a încheiat pe %(day)s.")
        if not stands.trial:
            over = _("Abonamentul %(plan)s al firmei %(name)s s-a încheiat pe %(day)s.")
        facts = {"name": name, "plan": plan.name, "day": formats.long_date(stands.until)}
        return _refusal(over % facts, _waits(feature))
    if feature not in plan.features:
        lacks = _("Abonamentul %(plan)s nu cuprinde conectarea la ANAF.")
        if feature is Feature.SEND:
            lacks = _("Abonamentul %(plan)s nu cuprinde trimiterea în SPV.")
        return _refusal(lacks % {"plan": plan.name}, _waits(feature))
    limit = plan.invoices_per_month
    if feature is Feature.SEND and limit is not None and used >= limit:
        full = _("Abonamentul %(plan)s cuprinde %(invoices)s trimise pe lună și le-ați folosit pe toate.")
        return _refusal(
            full % {"plan": plan.name, "invoices": formats.plural(limit, _("factură"), _("facturi"))},
            _(
                "Factura a rămas ciornă, cu tot ce ați scris: o puteți trimite de la %(day)s sau îndată ce treceți la "
                "un abonament mai mare."
            )
            % {"day": formats.long_date(first_of_next_month(today))},
        )
    return Allowed()


def first_of_next_month(today: date) -> date:
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def _waits(feature: Feature) -> str:
    if feature is Feature.SEND:
        return _("Factura a rămas ciornă, cu tot ce ați scris; o puteți trimite îndată ce abonamentul este activ.")
    return _("Vă puteți conecta la ANAF îndată ce abonamentul este activ; ce aveți în Punte rămâne al dumneavoastră.")


def _refusal(sentence: str, now: str) -> Refusal:
    return Refusal(sentence, now, reverse("plans:subscription"), _("Mergeți la Abonament"))
