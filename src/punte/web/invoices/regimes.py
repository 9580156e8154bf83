"""What a line may be, for VAT: from who sells, who buys and the day, to the code that stands in the document.

The cases are dated law (`punte.romania.vat`). Reverse charge is offered where it may hold and never chosen for anybody:
chosen wrongly it costs the buyer the deduction (art. 331 Cod fiscal). Rates of the past are for corrections alone.

    standard, reduced            the rates of the day
    historic:19                  a rate of the supply that is corrected
    small_business, export …     the slugs of vat_cases.tsv
    expert:AE, expert:S:5, expert:E:VATEX-EU-132-1B     category, and rate or BT-121, chosen by who knows them
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from punte.en16931.codelists import codes
from punte.en16931.model import VatCategory
from punte.romania import vat
from punte.romania.dated import in_force
from punte.web.firms.models import Firm

from .models import Client, Invoice, Line

STANDARD, REDUCED, SMALL_BUSINESS = "standard", "reduced", "small_business"
#: BT-121 of a category where the expert names none.
USUAL_CODES = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
EXPERT_CATEGORIES = ("S", "E", "AE", "K", "G", "O", "Z")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer that a line can have.

    label, question  in the language of the page: `Cota standard`, „Se aplică cota obișnuită de TVA?”
    category, rate   BT-151 and BT-152 in per cent; the rate is 0 where no VAT is charged and None for category O
    code, reason     BT-121 and BT-120; "" where the document has none
    note             BT-22, "" for none
    ends             the last day on which it may be chosen, where the law has set one
    """

    slug: str
    label: str
    question: str
    category: str
    rate: Decimal | None
    code: str = ""
    reason: str = ""
    note: str = ""
    ends: date | None = None
    provision: str = ""  # in short, where a document has several: `art. 292 (1) a)`

    @property
    def is_reverse_charge(self) -> bool:
        """Of art. 331: inside Romania, between two registered for VAT."""
        return self.slug.startswith("reverse_charge:")


def offered(
    firm: Firm, client: Client, on: date, *, correcting: Invoice | None = None, self_billed: bool = False
) -> tuple[Case, ...]:
    """What a line may be on the day `on` of the chargeable event, the usual one first.

    correcting   the document that this one corrects: its cases and its day's rates may be used again
    self_billed  the client sells and `firm` buys
    """
    found = [
        _made(case, on)
        for case in vat.all_cases().values()
        if in_force(case, on) and _fits(case.buyer, firm, client, self_billed=self_billed)
    ]
    if correcting is not None:
        day = correcting.supply_date or correcting.issue_date
        if any(one.rate for one in found):
            present = {one.rate for one in found}
            found += [_historic(rate.percent) for rate in vat.rates(day) if rate.percent not in present]
        present_slugs = {one.slug for one in found}
        for row in correcting.lines.all():
            if row.vat_case and row.vat_case not in present_slugs | {STANDARD, REDUCED}:
                present_slugs.add(row.vat_case)
                found.append(case(row.vat_case, day))
    return tuple(found)


def usual(firm: Firm, client: Client, on: date, *, self_billed: bool = False) -> Case:
    """The case of a new line: the standard rate, or none at all where the seller is not registered for VAT."""
    registered = client.vat_registered if self_billed else firm.vat_registered
    return case(STANDARD if registered else SMALL_BUSINESS, on)


def case(slug: str, on: date | None = None) -> Case:
    """The case `slug` as it stands on a day (today's, where none is given). Raises KeyError for one there never was."""
    kind, _colon, rest = slug.partition(":")
    if kind == "historic":
        return _historic(Decimal(rest))
    if kind == "expert":
        return _expert(slug, *rest.split(":"))
    return _made(vat.all_cases()[slug], on or timezone.localdate())


def expert(category: str, *, rate: Decimal | None = None, code: str = "") -> Case:
    """The category, and the rate (of S) or the code (BT-121, of the others), as somebody chose them by hand.

    Raises KeyError for a category that does not exist here, or a code that EN 16931 has not.
    """
    detail = f"{rate.normalize():f}" if category == VatCategory.STANDARD and rate is not None else code
    return _expert(f"expert:{category}" + (f":{detail}" if detail else ""), category, detail)


def put(line: Line, case: Case) -> None:
    """Write the answer and its codes on `line`."""
    line.vat_case, line.vat_category, line.vat_rate = case.slug, case.category, case.rate


def of_line(line: Line, on: date | None = None) -> Case:
    """The case of a written line, with the category and rate that stand on it: they are what the document says.

    A line without an answer has the usual case of its category.
    """
    try:
        found = case(line.vat_case or _usual_slug(line), on)
    except (KeyError, ValueError):  # of a document brought in from elsewhere
        found = _expert(f"expert:{line.vat_category}", line.vat_category, "")
    if found.category != line.vat_category:
        found = _expert(f"expert:{line.vat_category}", line.vat_category, "")
    rate = None if line.vat_category == VatCategory.OUTSIDE else line.vat_rate or Decimal(0)
    return replace(found, rate=rate)


def is_eu_business(client: Client) -> bool:
    """A firm of another member state that gave its VAT identifier."""
    return vat.in_union(client.country) and not client.private and bool(client.foreign_vat)


def _fits(buyer: str, firm: Firm, client: Client, *, self_billed: bool) -> bool:
    seller, other = (client, firm) if self_billed else (firm, client)
    if buyer == "unregistered_seller":
        return not seller.vat_registered
    if not seller.vat_registered:
        return False
    outside = not self_billed and client.is_foreign and not vat.in_union(client.country)
    return {
        "any": True,
        "registered": other.vat_registered and other.country == "RO" and not (not self_billed and client.private),
        "eu_business": not self_billed and is_eu_business(client),
        "abroad": outside,
        "abroad_business": outside and not client.private,
    }[buyer]


def _made(law: vat.Case, on: date) -> Case:
    language = "en" if (get_language() or "ro").startswith("en") else "ro"
    label, question = law.label[language], law.question[language]
    if law.exemption is None:
        rate = vat.rate_named(law.rate, on)
        percent = f" {rate.normalize():f}{'%' if language == 'en' else chr(0xA0) + '%'}" if rate is not None else ""
        return Case(law.slug, label + percent, question, VatCategory.STANDARD.value, rate, ends=law.end)
    why = law.exemption
    return Case(
        law.slug,
        label,
        question,
        why.category.value,
        None if why.category == VatCategory.OUTSIDE else Decimal(0),
        why.code or "",
        why.legend if why.as_reason else "",
        why.legend if why.as_note else "",
        law.end,
        why.provision,
    )


def _historic(rate: Decimal) -> Case:
    percent = f"{rate.normalize():f}"
    return Case(
        f"historic:{percent}",
        _("Cota de atunci, %(rate)s %%") % {"rate": percent},
        _("Corectați o operațiune facturată cu %(rate)s %%?") % {"rate": percent},
        VatCategory.STANDARD.value,
        rate,
    )


def _expert(slug: str, category: str, detail: str = "") -> Case:
    if category not in EXPERT_CATEGORIES:
        raise KeyError(slug)
    label = _("Ales de expert: categoria %(category)s") % {"category": f"{category} {detail}".strip()}
    question = _("Știți dumneavoastră categoria și codul?")
    if category == VatCategory.STANDARD:
        return Case(slug, label, question, category, Decimal(detail) if detail else None)
    code = detail or USUAL_CODES.get(category, "")
    if code and code not in codes("vatex"):
        raise KeyError(slug)
    note = vat.exemptions()["reverse_charge"].legend if category == VatCategory.REVERSE_CHARGE else ""
    reason = vat.exemptions()["without_credit"].legend if category == VatCategory.EXEMPT and not code else ""
    rate = None if category == VatCategory.OUTSIDE else Decimal(0)
    return Case(slug, label, question, category, rate, code, reason, note)


def _usual_slug(line: Line) -> str:
    if line.vat_category == VatCategory.STANDARD:
        return f"historic:{line.vat_rate.normalize():f}" if line.vat_rate else STANDARD
    return {"O": SMALL_BUSINESS, "K": "intra_community", "G": "export"}.get(
        line.vat_category, f"expert:{line.vat_category}"
    )


def lawful_rates(on: date, correcting: Invoice | None = None) -> tuple[Decimal, ...]:
    """The rates in force on the day, highest first; then those of the day of what is corrected.

    Source: art. 291 Cod fiscal, paragraphs 4 and 6 for corrections.
    """
    days: list[date] = [on]
    if correcting is not None:
        days.append(correcting.supply_date or correcting.issue_date)
    return tuple(dict.fromkeys(rate.percent for rate in _each_day(days)))


def _each_day(days: list[date]) -> Iterator[vat.Rate]:
    for one in days:
        yield from vat.rates(one)
