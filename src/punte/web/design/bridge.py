"""The bridge: an invoice's way to ANAF, drawn over four piers.

Planned is a thin line, built is solid, under construction is hatched, broken is refused, dashed is doubt; it reads
without colour. One drawing in two sizes: small, in the row of a table; large, on the page of an invoice, where its
steps stand under it in words. Colours come from CSS (components/bridge.css), by class and `data-state`.
"""

from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .states import STATES

STEPS = (_("Ciornă"), _("Trimisă"), _("În prelucrare"), _("Validată"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a state has come. `piers`: built, 1 to 4. The other three name a span, 1 to 3, or 0 for none."""

    piers: int
    live: int = 0  # being crossed: hatched
    unsure: int = 0  # perhaps crossed: dashed
    broken: int = 0  # refused: a stump
    mark: str = ""  # the icon laid over that span, or over span 1 while the invoice waits at pier 1

    @property
    def marked_span(self) -> int:
        return self.unsure or self.broken or 1


PROGRESS = {
    "ciorna": Progress(1),
    "programata": Progress(1, mark="programata"),
    "in-asteptare": Progress(1, mark="in-asteptare"),
    "se-trimite": Progress(1, live=1),
    "incerta": Progress(1, unsure=1, mark="incerta"),
    "trimisa": Progress(2),
    "in-prelucrare": Progress(3, live=3),
    "validata": Progress(4),
    "arhivata": Progress(4),
    "respinsa": Progress(3, broken=3, mark="respinsa"),
    "nepreluata": Progress(1, broken=1, mark="respinsa"),
    "stornata": Progress(4),
    "emisa": Progress(1, mark="dosar"),
    "flow": Progress(4),  # Acasă: the month's invoices counted over the piers
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """One size of the drawing, in the units of its viewBox. Pier 1 stands half a bay from the left bank."""

    width: float
    height: float
    first: float  # centre of pier 1
    bay: float  # from centre to centre
    half: float  # half the width of a pier
    foot: float  # half the width at its foot
    deck: tuple[float, float]  # top and bottom of the roadway
    cap: float  # top of the piers
    spring: float  # where arches begin
    knee: float  # where the foot begins to widen
    base: float  # bottom of the piers
    rise: float  # height of an arch
    stump: tuple[tuple[float, float], ...]  # the broken edge of an arch, from its cap to its spring
    stump_deck: float  # how far the broken roadway reaches into the span
    front: float  # how far the roadway under construction reaches
    rest: float  # where the planned line takes over from it
    broken_rest: float  # where it takes over from a broken one

    def left(self, span: int) -> float:
        """The edge of the pier before `span`."""
        return self.first + (span - 1) * self.bay + self.half

    def pier(self, n: int) -> str:
        x = self.first + (n - 1) * self.bay
        body, foot = (x - self.half, x + self.half), (x - self.foot, x + self.foot)
        return (
            f"M{_n(body[0])} {_n(self.cap)}H{_n(body[1])}V{_n(self.knee)}"
            f"L{_n(foot[1])} {_n(self.base)}H{_n(foot[0])}L{_n(body[0])} {_n(self.knee)}Z"
        )

    def roadway(self, start: float, end: float) -> str:
        top, bottom = self.deck
        return f"M{_n(start)} {_n(top)}H{_n(end)}V{_n(bottom)}H{_n(start)}Z"

    def approach(self) -> str:
        return self.roadway(0, self.left(1))

    def spandrel(self, span: int) -> str:
        """The wall between roadway and arch."""
        start = self.left(span)
        end = start + self.bay - 2 * self.half
        return f"M{_n(start)} {_n(self.cap)}H{_n(end)}V{_n(self.spring)}{self._arch(start, sweep=0)}Z"

    def planned_arch(self, span: int) -> str:
        start = self.left(span)
        end = start + self.bay - 2 * self.half
        return f"M{_n(start)} {_n(self.spring)}{self._arch(end, sweep=1)}"

    def planned_road(self, start: float, end: float) -> str:
        return f"M{_n(start)} {_n(sum(self.deck) / 2)}H{_n(end)}"

    def _arch(self, to: float, *, sweep: int) -> str:
        return f"A{_n(self.bay / 2 - self.half)} {_n(self.rise)} 0 0 {sweep} {_n(to)} {_n(self.spring)}"

    def broken_span(self, span: int) -> str:
        start = self.left(span)
        edge = "".join(f"L{_n(start + dx)} {_n(y)}" for dx, y in self.stump[:-1])
        (dx, y) = self.stump[-1]
        crack = f"M{_n(start)} {_n(self.cap)}{edge}Q{_n(start + dx)} {_n(y)} {_n(start)} {_n(self.spring)}Z"
        return self.roadway(start, start + self.stump_deck) + crack


SMALL = Geometry(
    width=100, height=24, first=8, bay=28, half=2.75, foot=3.65, deck=(3.5, 6.25), cap=8, spring=20.5, knee=18.5,
    base=22, rise=9.25, stump=((4.76, 8), (2.8, 10.6), (3.64, 11.6), (.84, 14)), stump_deck=5.6, front=12.93,
    rest=14.61, broken_rest=19.65,
)  # fmt: skip
LARGE = Geometry(
    width=720, height=96, first=90, bay=180, half=11, foot=15, deck=(6, 13), cap=18, spring=80, knee=72,
    base=88, rise=53, stump=((42.3, 18), (34.2, 25), (38.7, 28), (28.8, 36), (5.4, 52)), stump_deck=45, front=89.8,
    rest=100.6, broken_rest=129.4,
)  # fmt: skip

#: The marks of the small drawing, too small for the icons of the large one; (distance from the left edge
#: of the span, the path from its first y on).
_SMALL_MARKS = {
    "programata": (14.85, "17a3.6 3.6 0 1 1-7.2 0 3.6 3.6 0 0 1 7.2 0zm-3.6-1.7v1.8l1.3.7"),
    "in-asteptare": (9.35, "14.2v5.6m3.8-5.6v5.6"),
    "incerta": (8.85, "13.4a2.5 2.5 0 1 1 3.6 2.2q-1.2.6-1.2 1.8m0 2.4v.1"),
    "dosar": (8.75, "14h2l1 1.2h4v4.8h-7z"),
    "respinsa": (9.05, "12.2l7 7m0-7l-7 7"),
}


SPOKEN = {"done": _("parcurs"), "now": _("aici este acum"), "next": _("urmează")}


@dataclass(frozen=True, slots=True)
class Step:
    """A step in words, under its pier."""

    label: str
    note: str
    status: str  # "done", "now", "next", or "end" where the way is broken or in doubt
    icon: str = ""
    current: bool = False

    @property
    def spoken(self) -> str:
        """What a screen reader hears instead of the drawing."""
        return gettext(SPOKEN.get(self.status, ""))


@dataclass(frozen=True, slots=True)
class Bridge:
    """The large bridge of one invoice.

    state  a slug of `PROGRESS`
    notes  four, one a step: a time that was ("22 nov., 11:24") or a promise ("de obicei în 10 minute"), or ""
    """

    state: str
    notes: tuple[str, str, str, str] = field(default=("", "", "", ""))

    @property
    def progress(self) -> Progress:
        return PROGRESS[self.state]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._step(n) for n in range(1, 5))

    def _step(self, n: int) -> Step:
        label, note, at = gettext(STEPS[n - 1]), self.notes[n - 1], self.progress
        stopped = (at.unsure or at.broken) + 1 if at.unsure or at.broken else 0
        if self.state == "flow":
            return Step(label, note, "done")
        if n == stopped:  # the step takes the state's own word and icon
            return Step(STATES[self.state].word.split(":")[0], note, "end", self.state, current=True)
        if n < at.piers or at.piers == 4 or stopped > n:
            return Step(label, note, "done", current=n == 4)
        if n == at.piers:
            return Step(label, note, "now", current=True)
        return Step(label, note, "next")


@cache
def paths(state: str, size: Geometry) -> tuple[tuple[str, str], ...]:
    """The drawing of `state` as (CSS class, path data), in painting order; empty parts are left out."""
    at = PROGRESS[state]
    built = size.approach() + "".join(size.pier(n) for n in range(1, at.piers + 1))
    todo = "".join(size.pier(n) for n in range(at.piers + 1, 5))
    for span in (1, 2, 3):
        start, end = size.left(span), size.left(span + 1)
        if span < at.piers:
            built += size.roadway(start - 0.1, end) + size.spandrel(span)  # the overlap hides a seam
        elif span == at.live:
            todo += size.planned_road(start + size.rest, end)
        elif span == at.broken:
            todo += size.planned_road(start + size.broken_rest, end)
        elif span != at.unsure:
            todo += size.planned_road(start, end) + size.planned_arch(span)
    if at.piers == 4:
        built += size.roadway(size.left(4) - size.half, size.width)
    else:
        todo += size.planned_road(size.left(4), size.width)
    drawn = [("br-todo", todo if at.piers < 4 else ""), ("br-built", built)]
    if at.live:
        start = size.left(at.live)
        drawn += [("br-live", size.spandrel(at.live)), ("br-front", size.roadway(start, start + size.front))]
    if at.unsure:
        start, end = size.left(at.unsure), size.left(at.unsure + 1)
        drawn.append(("br-unsure", size.planned_road(start, end) + size.planned_arch(at.unsure)))
    if at.broken:
        drawn.append(("br-fail", size.broken_span(at.broken)))
    if at.mark and size is SMALL:
        dx, rest = _SMALL_MARKS[at.mark]
        drawn.append(("br-mark", f"M{_n(size.left(at.marked_span) + dx)} {rest}"))
    return tuple((css, d) for css, d in drawn if d)


def label(state: str) -> str:
    """The small bridge in words."""
    return gettext("Puntea: pilonul %(pier)d din 4") % {"pier": PROGRESS[state].piers}


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
