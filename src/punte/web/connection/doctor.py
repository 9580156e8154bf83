"""Doctorul conexiunii: the road to e-Factura examined pier by pier, each with what was seen.

What can be asked of ANAF is asked now; what only a walk shows (certificate, return, code) is read from the person's
last one. `verdict` names one cause, or the question that only a person can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from punte.anaf.errors import AnafError, Misconfigured, NotSent, RateLimited, Reauthorise, Unwell
from punte.anaf.knock import Answer, knock
from punte.anaf.oauth import hello
from punte.web.accounts.models import User
from punte.web.config.anaf import hosts
from punte.web.design.formats import long_date, moment
from punte.web.firms.lookup import NotInRegister, RegisterSilent, look_up
from punte.web.firms.models import Firm

from . import renewal
from .causes import cause
from .client import Connection, status
from .crossing import redirect_uri
from .models import CONNECTED, Authorization, Crossing, Problem, Right, RightState
from .rights import PATIENCE, ask, firms_to_ask

TOLERANCE = timedelta(seconds=30)  # of clocks; ANAF refuses lists that end in its future
SERVICE = "EFACTURA"  # among the roles of a token


class Outcome(StrEnum):
    GOOD = "good"
    BAD = "bad"
    NOTE = "note"  # it works, with something to know
    OPEN = "open"  # only a person can tell: `ask` is the question to begin with
    SKIPPED = "skipped"  # cannot be looked at now


@dataclass(frozen=True, slots=True)
class Finding:
    """What one stage showed, without secrets. `said`: the sentence before its translation, with places for `facts`;
    `key`: of diagnoses.tsv.

    facts  texts and numbers; instants and days as ISO 8601, under names that end in `_at` and `_until`
    """

    stage: str
    outcome: Outcome
    said: str
    key: str = ""
    ask: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The sentence, in the language of the page."""
        facts = {name: _shown(name, fact) for name, fact in self.facts.items()}
        return _(self.said) % facts if facts else _(self.said)

    def row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def label(self) -> str:
        return str(STAGES[self.stage][0])

    @property
    def code(self) -> str:
        return self.key.partition("-")[0]


def read_finding(row: dict[str, Any]) -> Finding:
    return Finding(**row | {"outcome": Outcome(row["outcome"])})


class Patient:
    """A person and a firm at one moment, with what the stages before have found."""

    def __init__(self, user: User, firm: Firm, now: datetime, before: Sequence[Finding] = ()) -> None:
        self.user, self.firm, self.now = user, firm, now
        self.silent = any(one.stage == "anaf" and one.outcome is Outcome.BAD for one in before)
        self.connection: Connection | None = status(firm)

    @property
    def cui(self) -> dict[str, str | int]:
        return {"cui": self.firm.cui}

    @property
    def walk(self) -> Crossing | None:
        """The last walk for this firm, when it was begun after the connection it did not bring about."""
        last = self.user.crossings.filter(firm=self.firm).order_by("started_at").last()
        if last is None or last.outcome == CONNECTED:
            return None
        return None if self.connection and last.started_at < self.connection.since else last

    @property
    def authorization(self) -> Authorization | None:
        return Authorization.objects.filter(pk=self.connection.authorization_id).first() if self.connection else None

    @property
    def hurt(self) -> Outcome:
        """How bad a failed walk is: a connection that works is not hurt by a later one that failed."""
        return Outcome.NOTE if self.connection and self.connection.works else Outcome.BAD


def examine(stage: str, patient: Patient) -> Finding:
    seen = STAGES[stage][1](patient)
    return Finding(stage, seen.outcome, seen.said, seen.key, seen.ask, seen.facts)


def verdict(findings: Sequence[Finding]) -> Finding | None:
    """What tells the cause: the first that fails, else a question, else something to know. None: all is well."""
    for outcome in (Outcome.BAD, Outcome.OPEN, Outcome.NOTE):
        if found := next((one for one in findings if one.outcome is outcome and (one.key or one.ask)), None):
            return found
    return None


@dataclass(frozen=True, slots=True)
class Seen:
    """A `Finding` of whichever stage."""

    outcome: Outcome
    said: str
    key: str = ""
    ask: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)


SILENT = Seen(Outcome.SKIPPED, gettext_noop("ANAF nu răspunde acum, deci nu am putut întreba."))
NOT_YET = Seen(Outcome.SKIPPED, gettext_noop("Se vede numai după conectare."))


def _clock(patient: Patient) -> Seen:
    try:
        ahead = _knock().ahead
    except AnafError:
        return SILENT
    if ahead is None:
        return Seen(Outcome.SKIPPED, gettext_noop("ANAF nu și-a spus ora."))
    seconds = round(ahead.total_seconds())
    if abs(ahead) <= TOLERANCE:
        return Seen(Outcome.GOOD, gettext_noop("Merge la fel cu al ANAF."))
    said = gettext_noop("Ceasul nostru este cu %(seconds)s de secunde în urma celui de la ANAF.")
    if seconds > 0:
        said = gettext_noop("Ceasul nostru este cu %(seconds)s de secunde înaintea celui de la ANAF.")
    return Seen(Outcome.NOTE, said, "S09", facts={"seconds": abs(seconds)})


def _anaf(patient: Patient) -> Seen:
    try:
        _knock()
    except AnafError as error:
        return Seen(Outcome.BAD, gettext_noop("Pagina de autentificare a ANAF nu răspunde cum trebuie."), cause(error))
    return Seen(Outcome.GOOD, gettext_noop("Pagina de autentificare a ANAF răspunde."))


def _register(patient: Patient) -> Seen:
    if patient.silent:
        return SILENT
    try:
        look_up(patient.firm.cui, patient.now)
    except NotInRegister:
        return Seen(
            Outcome.NOTE, gettext_noop("Registrul public nu cunoaște CUI-ul %(cui)s."), "S05", facts=patient.cui
        )
    except RegisterSilent as silent:
        error = silent.__cause__
        key = cause(error) if isinstance(error, AnafError) else "S01"
        return Seen(Outcome.NOTE, gettext_noop("Registrul public nu a dat un răspuns."), key)
    return Seen(Outcome.GOOD, gettext_noop("CUI-ul %(cui)s este cunoscut."), facts=patient.cui)


#: Outcomes of a walk, by the pier on which it ended.
AT_THE_CERTIFICATE = {"C01", "C02", "C04", "C05", "C06", "C07"}
AT_THE_CODE = {"C15", "S01", "S03", "S06", "T05", "T05-client"}
WITHOUT_RIGHT = {"C03", "C08", "C09"}


def _certificate(patient: Patient) -> Seen:
    walk = patient.walk
    if walk is None and patient.connection is None:
        says = gettext_noop("Din acest cont nu s-a încercat încă pentru această firmă.")
        return Seen(Outcome.OPEN, says, ask="conectarea")
    if walk is not None and walk.returned_at is None:
        says = gettext_noop("Ați plecat la ANAF pe %(started_at)s și nu v-ați întors.")
        outcome = Outcome.NOTE if patient.hurt is Outcome.NOTE else Outcome.OPEN
        return Seen(outcome, says, ask="neintors", facts=_when(walk))
    if walk is not None and walk.outcome in AT_THE_CERTIFICATE:
        says = gettext_noop("La încercarea din %(started_at)s, ANAF a refuzat fără să spună de ce.")
        return Seen(patient.hurt, says, walk.outcome, "refuzul", _when(walk))
    if patient.connection is None:
        says = gettext_noop("La ultima încercare, ANAF a recunoscut certificatul sau nu a ajuns să îl refuze.")
        return Seen(Outcome.GOOD, says)
    connection = patient.connection
    says = gettext_noop("ANAF cunoaște certificatul, dar nu i-a spus seria.")
    if connection.serial:
        says = gettext_noop("ANAF cunoaște certificatul cu seria %(serial)s.")
        if connection.issuer:
            says = gettext_noop("ANAF cunoaște certificatul cu seria %(serial)s, emis de %(issuer)s.")
    return Seen(Outcome.GOOD, says, facts={"serial": connection.short_serial, "issuer": connection.issuer})


def _callback(patient: Patient) -> Seen:
    if not (settings.ANAF_CLIENT_ID and settings.ANAF_CLIENT_SECRET):
        return Seen(Outcome.BAD, gettext_noop("Datele aplicației de la ANAF nu sunt puse."), "T05-client")
    ours = redirect_uri()
    if ours.startswith("http://") and settings.ANAF in {"test", "prod"}:
        says = gettext_noop("Adresa de întoarcere începe cu http://: %(address)s")
        return Seen(Outcome.BAD, says, "C13", facts={"address": ours})
    walk = patient.walk
    if walk is not None and walk.outcome.startswith("C16"):
        return Seen(patient.hurt, gettext_noop("Ultima întoarcere nu s-a potrivit cu drumul început."), walk.outcome)
    if patient.silent:
        return SILENT
    try:
        refused = _knock().refused
    except AnafError:
        return SILENT
    if refused:
        says = gettext_noop("ANAF oprește drumul pentru adresa %(address)s")
        return Seen(patient.hurt, says, "C12", facts={"address": ours})
    return Seen(Outcome.GOOD, gettext_noop("ANAF începe drumul spre %(address)s"), facts={"address": ours})


def _code(patient: Patient) -> Seen:
    walk = patient.walk
    if walk is not None and walk.outcome in AT_THE_CODE:
        says = gettext_noop("La încercarea din %(started_at)s, ANAF nu a schimbat codul în acces.")
        return Seen(patient.hurt, says, walk.outcome, facts=_when(walk))
    if walk is not None and walk.returned_at and not walk.outcome:
        says = gettext_noop("Ultima întoarcere s-a întrerupt înainte ca ANAF să schimbe codul.")
        return Seen(patient.hurt, says, "C15")
    if patient.connection is None and (walk is None or walk.outcome not in WITHOUT_RIGHT):
        return NOT_YET
    return Seen(Outcome.GOOD, gettext_noop("A fost schimbat în acces imediat după întoarcere."))


def _token(patient: Patient) -> Seen:
    authorization = patient.authorization
    if authorization is None:
        return NOT_YET
    if patient.silent:
        return SILENT
    if authorization.problem == Problem.DEAD:
        return Seen(Outcome.BAD, gettext_noop("ANAF nu mai acceptă autorizarea."), "T03")
    try:
        alive = authorization.stale_since is None and hello(hosts(), authorization.access_token, timeouts=PATIENCE)
    except RateLimited:
        return Seen(Outcome.SKIPPED, gettext_noop("ANAF a primit prea multe întrebări; încercați mai târziu."))
    except (NotSent, Unwell, Misconfigured) as error:
        return Seen(Outcome.BAD, gettext_noop("ANAF nu a putut fi întrebat despre acces."), cause(error))
    if alive:
        facts: dict[str, str | int] = {"access_until": timezone.localdate(authorization.access_expires_at).isoformat()}
        return Seen(Outcome.GOOD, gettext_noop("ANAF îl primește; ține până la %(access_until)s."), facts=facts)
    Authorization.objects.live().filter(pk=authorization.pk, stale_since=None).update(stale_since=patient.now)
    authorization.refresh_from_db()
    authorization = renewal.refreshed(authorization, patient.now)
    if renewal.usable(authorization, patient.now):
        return Seen(Outcome.NOTE, gettext_noop("ANAF nu îl mai primea; l-am reînnoit acum."), "T01")
    says = gettext_noop("ANAF nu îl mai primește, iar reînnoirea nu a reușit.")
    return Seen(Outcome.BAD, says, authorization.problem or "T02")


def _roles(patient: Patient) -> Seen:
    authorization = patient.authorization
    if authorization is None:
        return NOT_YET
    if not authorization.roles:
        return Seen(Outcome.SKIPPED, gettext_noop("ANAF nu a spus ce servicii are aplicația."))
    if SERVICE not in authorization.roles:
        return Seen(Outcome.BAD, gettext_noop("Aplicația nu are bifat serviciul E-Factura la ANAF."), "T05")
    return Seen(Outcome.GOOD, gettext_noop("Aplicația are serviciul E-Factura."))


def _rights(patient: Patient) -> Seen:
    walk = patient.walk
    if walk is not None and walk.outcome in WITHOUT_RIGHT:
        says = gettext_noop("ANAF a răspuns că certificatul nu are drept pe %(cui)s.")
        return Seen(patient.hurt, says, walk.outcome, facts=patient.cui)
    authorization = patient.authorization
    if authorization is None:
        return NOT_YET
    if patient.silent:
        return SILENT
    if not renewal.usable(authorization, patient.now):
        return Seen(Outcome.SKIPPED, gettext_noop("Fără acces nu se poate întreba."))
    firms = [patient.firm]
    if authorization.user_id == patient.user.pk:
        firms += [firm for firm in firms_to_ask(patient.user) if firm != patient.firm]
    renewal.check(authorization, firms, patient.now)
    right = Right.objects.get(authorization=authorization, firm=patient.firm)
    if right.checked_at != patient.now:
        return _why_untold(authorization, patient)
    if right.state == RightState.GRANTED:
        return Seen(Outcome.GOOD, gettext_noop("Certificatul are drept pe CUI-ul %(cui)s."), facts=patient.cui)
    elsewhere = authorization.rights.filter(firm__in=firms, state=RightState.GRANTED).exists()
    key = "C10" if elsewhere else "C09" if "niciun CIF" in right.anaf_text else "C08-retras"
    return Seen(
        Outcome.BAD,
        gettext_noop("ANAF răspunde că certificatul nu are drept pe CUI-ul %(cui)s."),
        key,
        facts=patient.cui,
    )


def _why_untold(authorization: Authorization, patient: Patient) -> Seen:
    """The list was asked for and brought neither yes nor no: ask once more, and look at the error itself."""
    try:
        answer = ask(authorization.access_token, patient.firm, patient.now, authorization.application)
    except (Reauthorise, Misconfigured) as error:
        key = "T05" if isinstance(error, Misconfigured) else "T03"
        return Seen(Outcome.BAD, gettext_noop("Serviciul e-Factura refuză accesul."), key)
    if answer.state is RightState.GRANTED:
        return Seen(Outcome.GOOD, gettext_noop("Certificatul are drept pe CUI-ul %(cui)s."), facts=patient.cui)
    if answer.error is None or not (key := cause(answer.error)):
        return Seen(Outcome.SKIPPED, gettext_noop("ANAF a primit prea multe întrebări astăzi; încercați mai târziu."))
    return Seen(Outcome.BAD, gettext_noop("Serviciul e-Factura nu a dat lista de mesaje."), key)


#: In the order of the road: what it is called, who looks.
STAGES: dict[str, tuple[Any, Callable[[Patient], Seen]]] = {
    "clock": (gettext_lazy("Ceasul"), _clock),
    "anaf": (gettext_lazy("Serverul ANAF"), _anaf),
    "register": (gettext_lazy("Firma în registrul public"), _register),
    "certificate": (gettext_lazy("Certificatul"), _certificate),
    "callback": (gettext_lazy("Întoarcerea de la ANAF"), _callback),
    "code": (gettext_lazy("Codul"), _code),
    "token": (gettext_lazy("Accesul"), _token),
    "roles": (gettext_lazy("Serviciul e-Factura"), _roles),
    "rights": (gettext_lazy("Dreptul pe CUI"), _rights),
}


def _when(walk: Crossing) -> dict[str, str | int]:
    return {"started_at": walk.started_at.isoformat()}


def _shown(name: str, fact: str | int) -> str | int:
    if name.endswith("_at"):
        return moment(datetime.fromisoformat(str(fact)))
    return long_date(date.fromisoformat(str(fact))) if name.endswith("_until") else fact


def _knock() -> Answer:
    return knock(hosts(), client_id=settings.ANAF_CLIENT_ID, redirect_uri=redirect_uri(), timeouts=PATIENCE)
