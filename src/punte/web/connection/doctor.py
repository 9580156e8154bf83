"""Doctorul conexiunii: the road to e-Factura examined pier by pier, each with what was seen.

What can be asked of ANAF is asked now; what only a walk shows (certificate, return, code) is read from the person's
last one. `verdict` names one cause, or the question that only a person can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings

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
    """What one stage showed. `says`: a sentence for the screen, without secrets; `key`: of diagnoses.tsv."""

    stage: str
    outcome: Outcome
    says: str
    key: str = ""
    ask: str = ""

    def row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def label(self) -> str:
        return STAGES[self.stage][0]

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
    outcome, says, *rest = STAGES[stage][1](patient)
    return Finding(stage, outcome, says, *rest)


def verdict(findings: Sequence[Finding]) -> Finding | None:
    """What tells the cause: the first that fails, else a question, else something to know. None: all is well."""
    for outcome in (Outcome.BAD, Outcome.OPEN, Outcome.NOTE):
        if found := next((one for one in findings if one.outcome is outcome and (one.key or one.ask)), None):
            return found
    return None


Seen = tuple[Outcome, str] | tuple[Outcome, str, str] | tuple[Outcome, str, str, str]
SILENT: Seen = (Outcome.SKIPPED, "ANAF nu răspunde acum, deci nu am putut întreba.")
NOT_YET: Seen = (Outcome.SKIPPED, "Se vede numai după conectare.")


def _clock(_: Patient) -> Seen:
    try:
        ahead = _knock().ahead
    except AnafError:
        return SILENT
    if ahead is None:
        return Outcome.SKIPPED, "ANAF nu și-a spus ora."
    seconds = round(ahead.total_seconds())
    if abs(ahead) <= TOLERANCE:
        return Outcome.GOOD, "Merge la fel cu al ANAF."
    side = "înaintea celui de la ANAF" if seconds > 0 else "în urma celui de la ANAF"
    return Outcome.NOTE, f"Ceasul nostru este cu {abs(seconds)} de secunde {side}.", "S09"


def _anaf(_: Patient) -> Seen:
    try:
        _knock()
    except AnafError as error:
        return Outcome.BAD, "Pagina de autentificare a ANAF nu răspunde cum trebuie.", cause(error)
    return Outcome.GOOD, "Pagina de autentificare a ANAF răspunde."


def _register(patient: Patient) -> Seen:
    if patient.silent:
        return SILENT
    try:
        look_up(patient.firm.cui, patient.now)
    except NotInRegister:
        return Outcome.NOTE, f"Registrul public nu cunoaște CUI-ul {patient.firm.cui}.", "S05"
    except RegisterSilent as silent:
        error = silent.__cause__
        key = cause(error) if isinstance(error, AnafError) else "S01"
        return Outcome.NOTE, "Registrul public nu a dat un răspuns.", key
    return Outcome.GOOD, f"CUI-ul {patient.firm.cui} este cunoscut."


#: Outcomes of a walk, by the pier on which it ended.
AT_THE_CERTIFICATE = {"C01", "C02", "C04", "C05", "C06", "C07"}
AT_THE_CODE = {"C15", "S01", "S03", "S06", "T05", "T05-client"}
WITHOUT_RIGHT = {"C03", "C08", "C09"}


def _certificate(patient: Patient) -> Seen:
    walk = patient.walk
    if walk is None and patient.connection is None:
        return Outcome.OPEN, "Din acest cont nu s-a încercat încă pentru această firmă.", "", "conectarea"
    if walk is not None and walk.returned_at is None:
        says = f"Ați plecat la ANAF pe {moment(walk.started_at)} și nu v-ați întors."
        working = patient.hurt is Outcome.NOTE
        return (Outcome.NOTE if working else Outcome.OPEN), says, "", "neintors"
    if walk is not None and walk.outcome in AT_THE_CERTIFICATE:
        says = f"La încercarea din {moment(walk.started_at)}, ANAF a refuzat fără să spună de ce."
        return patient.hurt, says, walk.outcome, "refuzul"
    if patient.connection is None:
        return Outcome.GOOD, "La ultima încercare, ANAF a recunoscut certificatul sau nu a ajuns să îl refuze."
    connection = patient.connection
    issuer = f", emis de {connection.issuer}" if connection.issuer else ""
    return Outcome.GOOD, f"ANAF cunoaște certificatul cu seria {connection.short_serial or 'nespusă'}{issuer}."


def _callback(patient: Patient) -> Seen:
    if not (settings.ANAF_CLIENT_ID and settings.ANAF_CLIENT_SECRET):
        return Outcome.BAD, "Datele aplicației de la ANAF nu sunt puse.", "T05-client"
    ours = redirect_uri()
    if ours.startswith("http://") and settings.ANAF in {"test", "prod"}:
        return Outcome.BAD, f"Adresa de întoarcere începe cu http://: {ours}", "C13"
    walk = patient.walk
    if walk is not None and walk.outcome.startswith("C16"):
        return patient.hurt, "Ultima întoarcere nu s-a potrivit cu drumul început.", walk.outcome
    if patient.silent:
        return SILENT
    try:
        refused = _knock().refused
    except AnafError:
        return SILENT
    if refused:
        return patient.hurt, f"ANAF oprește drumul pentru adresa {ours}", "C12"
    return Outcome.GOOD, f"ANAF începe drumul spre {ours}"


def _code(patient: Patient) -> Seen:
    walk = patient.walk
    if walk is not None and walk.outcome in AT_THE_CODE:
        says = f"La încercarea din {moment(walk.started_at)}, ANAF nu a schimbat codul în acces."
        return patient.hurt, says, walk.outcome
    if walk is not None and walk.returned_at and not walk.outcome:
        return patient.hurt, "Ultima întoarcere s-a întrerupt înainte ca ANAF să schimbe codul.", "C15"
    if patient.connection is None and (walk is None or walk.outcome not in WITHOUT_RIGHT):
        return NOT_YET
    return Outcome.GOOD, "A fost schimbat în acces imediat după întoarcere."


def _token(patient: Patient) -> Seen:
    authorization = patient.authorization
    if authorization is None:
        return NOT_YET
    if patient.silent:
        return SILENT
    if authorization.problem == Problem.DEAD:
        return Outcome.BAD, "ANAF nu mai acceptă autorizarea.", "T03"
    try:
        alive = authorization.stale_since is None and hello(hosts(), authorization.access_token, timeouts=PATIENCE)
    except RateLimited:
        return Outcome.SKIPPED, "ANAF a primit prea multe întrebări; încercați mai târziu."
    except (NotSent, Unwell, Misconfigured) as error:
        return Outcome.BAD, "ANAF nu a putut fi întrebat despre acces.", cause(error)
    if alive:
        return Outcome.GOOD, f"ANAF îl primește; ține până la {long_date(authorization.access_expires_at)}."
    Authorization.objects.live().filter(pk=authorization.pk, stale_since=None).update(stale_since=patient.now)
    authorization.refresh_from_db()
    authorization = renewal.refreshed(authorization, patient.now)
    if renewal.usable(authorization, patient.now):
        return Outcome.NOTE, "ANAF nu îl mai primea; l-am reînnoit acum.", "T01"
    return Outcome.BAD, "ANAF nu îl mai primește, iar reînnoirea nu a reușit.", authorization.problem or "T02"


def _roles(patient: Patient) -> Seen:
    authorization = patient.authorization
    if authorization is None:
        return NOT_YET
    if not authorization.roles:
        return Outcome.SKIPPED, "ANAF nu a spus ce servicii are aplicația."
    if SERVICE not in authorization.roles:
        return Outcome.BAD, "Aplicația nu are bifat serviciul E-Factura la ANAF.", "T05"
    return Outcome.GOOD, "Aplicația are serviciul E-Factura."


def _rights(patient: Patient) -> Seen:
    walk = patient.walk
    if walk is not None and walk.outcome in WITHOUT_RIGHT:
        says = f"ANAF a răspuns că certificatul nu are drept pe {patient.firm.cui}."
        return patient.hurt, says, walk.outcome
    authorization = patient.authorization
    if authorization is None:
        return NOT_YET
    if patient.silent:
        return SILENT
    if not renewal.usable(authorization, patient.now):
        return Outcome.SKIPPED, "Fără acces nu se poate întreba."
    firms = [patient.firm]
    if authorization.user_id == patient.user.pk:
        firms += [firm for firm in firms_to_ask(patient.user) if firm != patient.firm]
    renewal.check(authorization, firms, patient.now)
    right = Right.objects.get(authorization=authorization, firm=patient.firm)
    if right.checked_at != patient.now:
        return _why_untold(authorization, patient)
    if right.state == RightState.GRANTED:
        return Outcome.GOOD, f"Certificatul are drept pe CUI-ul {patient.firm.cui}."
    elsewhere = authorization.rights.filter(firm__in=firms, state=RightState.GRANTED).exists()
    key = "C10" if elsewhere else "C09" if "niciun CIF" in right.anaf_text else "C08-retras"
    return Outcome.BAD, f"ANAF răspunde că certificatul nu are drept pe CUI-ul {patient.firm.cui}.", key


def _why_untold(authorization: Authorization, patient: Patient) -> Seen:
    """The list was asked for and brought neither yes nor no: ask once more, and look at the error itself."""
    try:
        answer = ask(authorization.access_token, patient.firm, patient.now)
    except (Reauthorise, Misconfigured) as error:
        return Outcome.BAD, "Serviciul e-Factura refuză accesul.", "T05" if isinstance(error, Misconfigured) else "T03"
    if answer.state is RightState.GRANTED:
        return Outcome.GOOD, f"Certificatul are drept pe CUI-ul {patient.firm.cui}."
    if answer.error is None or not (key := cause(answer.error)):
        return Outcome.SKIPPED, "ANAF a primit prea multe întrebări astăzi; încercați mai târziu."
    return Outcome.BAD, "Serviciul e-Factura nu a dat lista de mesaje.", key


#: In the order of the road: what it is called, who looks.
STAGES: dict[str, tuple[str, Callable[[Patient], Seen]]] = {
    "clock": ("Ceasul", _clock),
    "anaf": ("Serverul ANAF", _anaf),
    "register": ("Firma în registrul public", _register),
    "certificate": ("Certificatul", _certificate),
    "callback": ("Întoarcerea de la ANAF", _callback),
    "code": ("Codul", _code),
    "token": ("Accesul", _token),
    "roles": ("Serviciul e-Factura", _roles),
    "rights": ("Dreptul pe CUI", _rights),
}


def _knock() -> Answer:
    return knock(hosts(), client_id=settings.ANAF_CLIENT_ID, redirect_uri=redirect_uri(), timeouts=PATIENCE)
