"""The guide in four steps, as a decision: what is done, what is to do, what stands in the way. Values in, values out.

What ANAF has said weighs more than what the person answers, and what the browser showed more than either memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from punte.romania.certificates import Tone

from .guide_answers import Answers, Kind, RightOn, System, YesNo
from .models import RightState

NOT_ENROLLED = {"C05", "C07"}
NO_RIGHT = {"C08", "C09", "C10"}


class State(StrEnum):
    DONE = "done"
    TODO = "todo"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Step:
    """`why` is for the screen; `code` of diagnoses.tsv says more; `sure`: ANAF or the browser said it."""

    number: int
    name: str
    state: State
    why: str
    code: str = ""
    sure: bool = False

    @property
    def done(self) -> bool:
        return self.state is State.DONE

    @property
    def blocked(self) -> bool:
        return self.state is State.BLOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What we know without asking the person.

    signed_in, firm        whether there is an account, and a firm to connect
    may_write              the person's role in it;  application  the operator has registered Punte at ANAF
    right                  of the firm's connection in SPV, as ANAF last said at `checked_at`; None without a connection
    dead                   the connection needs the certificate again
    refused                the diagnosis in which the last walk to ANAF ended; empty when it ended well, or was none
    shown                  how the certificate looked that the browser showed in the last minutes; None when not asked
    shown_nothing          the browser was asked in the last minutes, and showed none
    """

    signed_in: bool = False
    firm: bool = False
    may_write: bool = False
    application: bool = True
    right: RightState | None = None
    checked_at: datetime | None = None
    dead: bool = False
    refused: str = ""
    shown: Tone | None = None
    shown_nothing: bool = False

    @property
    def works(self) -> bool:
        return self.right is RightState.GRANTED and not self.dead


def steps(known: Known, answers: Answers, today: date) -> tuple[Step, ...]:
    """The four steps. `today` in Bucharest."""
    certificate = _certificate(known, answers)
    spv = _spv(known, answers, today)
    return (certificate, spv, _connection(known, certificate, spv), _check(known))


def current(all_steps: tuple[Step, ...]) -> int:
    """The number of the first step that is not done; 5 when all are."""
    return next((step.number for step in all_steps if not step.done), len(all_steps) + 1)


def _certificate(known: Known, answers: Answers) -> Step:
    step = _named(1, _("Certificatul"))
    if known.right is not None and not known.dead:
        return step(State.DONE, _("ANAF v-a recunoscut certificatul la conectare."), sure=True)
    if known.shown is Tone.BAD:
        return step(State.BLOCKED, _("Certificatul arătat de browser nu este bun la ANAF."), sure=True)
    if known.shown is not None:
        return step(State.DONE, _("Browserul a arătat un certificat bun, acum câteva minute."), sure=True)
    if known.shown_nothing:
        return step(State.BLOCKED, _("Browserul nu a arătat niciun certificat."), "C01", sure=True)
    if answers.kind == Kind.NONE:
        return step(State.TODO, _("Alegeți un furnizor și cereți un certificat calificat."))
    if answers.kind == Kind.ACCOUNTANT:
        return step(State.DONE, _("Îl are contabilul: trimiteți-i linkul de mai jos; pașii 2 și 3 îi face el."))
    if not answers.kind:
        return step(State.TODO, _("Spuneți-ne ce fel de certificat aveți."))
    if answers.system == System.PHONE:
        return step(
            State.BLOCKED, _("Pe telefon certificatul nu poate fi folosit: pentru conectare, un calculator."), "C22"
        )
    if not answers.system:
        return step(State.TODO, _("Alegeți pe ce lucrați, ca să vă spunem cum se instalează."))
    return step(State.DONE, _("După răspunsul dumneavoastră. „Verificați certificatul” vă spune sigur."))


def _spv(known: Known, answers: Answers, today: date) -> Step:
    step = _named(2, _("Contul SPV"))
    if known.right is RightState.GRANTED:
        return step(State.DONE, _("ANAF a confirmat dreptul pe CUI-ul firmei."), sure=True)
    if known.right is RightState.DENIED:
        return step(State.BLOCKED, _("ANAF spune că certificatul nu are drept pe CUI-ul firmei."), "C10", sure=True)
    if known.refused in NO_RIGHT:
        return step(State.BLOCKED, _("ANAF a spus că nu aveți drept pe CUI-ul firmei."), known.refused, sure=True)
    if known.refused in NOT_ENROLLED:
        return step(
            State.BLOCKED, _("ANAF a refuzat certificatul: probabil nu este înrolat."), known.refused, sure=True
        )
    if answers.account == YesNo.NO:
        return step(State.TODO, _("Faceți întâi contul în SPV, cu certificatul."), "C07")
    if answers.right_on == RightOn.CNP:
        return step(State.BLOCKED, _("Dreptul numai pe CNP nu ajunge: cereți-l pentru CUI."), "C08")
    if not answers.account or not answers.right_on or answers.right_on == RightOn.UNSURE:
        return step(State.TODO, _("Verificați în SPV cele trei lucruri de mai jos."))
    return _enrolment(step, answers.enrolled_on, today)


def _enrolment(step: Callable[..., Step], enrolled_on: date | None, today: date) -> Step:
    """A day has no hour: on the next day 24 hours may have passed, on the one after they have."""
    if enrolled_on is None:
        return step(State.TODO, _("Spuneți-ne când ați fost înrolat: de atunci trebuie să treacă 24 de ore."))
    if enrolled_on >= today:
        return step(State.BLOCKED, _("Înrolat astăzi: încercați mâine, după aceeași oră."), "C06")
    if enrolled_on == today - timedelta(days=1):
        return step(State.DONE, _("Înrolat ieri: dacă nu au trecut 24 de ore, mai așteptați puțin."))
    return step(State.DONE, _("După răspunsul dumneavoastră. ANAF confirmă la conectare."))


def _connection(known: Known, certificate: Step, spv: Step) -> Step:
    step = _named(3, _("Conectarea"))
    if known.dead:
        return step(State.TODO, _("Accesul a expirat: reconectați-vă, cu certificatul și PIN-ul."), "T03", sure=True)
    if known.right is not None:
        return step(State.DONE, _("Sunteți deja conectat la ANAF."), sure=True)
    if not known.signed_in:
        return step(State.BLOCKED, _("Întâi intrați în cont sau faceți unul."))
    if not known.firm:
        return step(State.BLOCKED, _("Întâi adăugați firma, după CUI."))
    if not known.may_write:
        return step(State.BLOCKED, _("Rolul dumneavoastră este de citire: conectarea o face administratorul firmei."))
    if not known.application:
        return step(State.BLOCKED, _("Cine administrează această instalare nu a înregistrat-o încă la ANAF."))
    for earlier in (certificate, spv):
        if earlier.blocked:
            return step(State.BLOCKED, _("Întâi rezolvați pasul %(number)s.") % {"number": earlier.number})
    return step(State.TODO, _("Citiți acordul, apoi mergeți la ANAF cu certificatul pregătit."))


def _check(known: Known) -> Step:
    step = _named(4, _("Verificarea"))
    if known.works:
        return step(State.DONE, _("ANAF a răspuns: facturile firmei pot pleca."), sure=True)
    if known.right is RightState.DENIED:
        return step(State.BLOCKED, _("Sunteți conectat, dar fără drept pentru această firmă."), "C10", sure=True)
    if known.right is RightState.UNKNOWN:
        return step(State.TODO, _("ANAF nu a răspuns încă; întrebăm din nou singuri."), sure=True)
    return step(State.TODO, _("După conectare întrebăm ANAF, singuri, ce drepturi aveți."))


def _named(number: int, name: str) -> Callable[..., Step]:
    def step(state: State, why: str, code: str = "", *, sure: bool = False) -> Step:
        return Step(number, name, state, why, code, sure)

    return step
