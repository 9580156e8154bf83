"""What is offered: plans and trial, dated, from plans.toml or the operator's own file (`PUNTE_PLANS_FILE`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Feature(StrEnum):
    """What a plan may hold back. What is not here belongs to everyone: reading, exporting, the archive, help."""

    CONNECT = "connect"  # authorise Punte at ANAF for a firm
    SEND = "send"  # „Trimite”


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as it was from `valid_from` on.

    month, year  price in lei without VAT for a month, for twelve
    invoices_per_month  invoices that leave in a calendar month of Bucharest; None: no limit
    """

    key: str
    name: str
    valid_from: date
    month: Decimal
    year: Decimal
    invoices_per_month: int | None
    features: frozenset[Feature]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a firm founded from `valid_from` on may try, for `days` days from its first."""

    plan: str
    days: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class Catalog:
    plans: tuple[Plan, ...]
    trials: tuple[Trial, ...]

    def offered(self, on: date) -> list[Plan]:
        """The plans of that day, cheapest first."""
        plans = (self.plan(key, on) for key in dict.fromkeys(plan.key for plan in self.plans))
        return sorted((plan for plan in plans if plan), key=lambda plan: plan.month)

    def plan(self, key: str, on: date) -> Plan | None:
        dated = [plan for plan in self.plans if plan.key == key and plan.valid_from <= on]
        return max(dated, key=lambda plan: plan.valid_from, default=None)

    def trial(self, on: date) -> Trial | None:
        dated = [trial for trial in self.trials if trial.valid_from <= on]
        return max(dated, key=lambda trial: trial.valid_from, default=None)


def catalog() -> Catalog:
    """Raises ImproperlyConfigured: the file, the entry, what is wrong with it."""
    return read(Path(settings.PLANS_FILE) if settings.PLANS_FILE else Path(__file__).with_name("plans.toml"))


@cache
def read(path: Path) -> Catalog:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as exc:
        raise ImproperlyConfigured(f"PUNTE_PLANS_FILE={str(path)!r} cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ImproperlyConfigured(f"{path}: not TOML: {exc}") from exc
    plans = tuple(_entry(path, "plan", n, row, _plan) for n, row in enumerate(data.get("plan", []), 1))
    trials = tuple(_entry(path, "trial", n, row, _trial) for n, row in enumerate(data.get("trial", []), 1))
    if not plans:
        raise ImproperlyConfigured(f"{path}: no [[plan]] in it")
    if unknown := {trial.plan for trial in trials} - {plan.key for plan in plans}:
        raise ImproperlyConfigured(f"{path}: [[trial]] names a plan that is not there: {', '.join(sorted(unknown))}")
    return Catalog(plans, trials)


def _entry(path: Path, kind: str, position: int, row: dict[str, Any], build: Any) -> Any:
    try:
        return build(row)
    except KeyError as exc:
        raise ImproperlyConfigured(f"{path}: [[{kind}]] {position} lacks {exc.args[0]}") from exc
    except (TypeError, ValueError, InvalidOperation) as exc:
        raise ImproperlyConfigured(f"{path}: [[{kind}]] {position}: {exc}") from exc


def _plan(row: dict[str, Any]) -> Plan:
    return Plan(
        key=_text(row["key"]),
        name=_text(row["name"]),
        valid_from=_day(row["valid_from"]),
        month=_price(row["month"]),
        year=_price(row["year"]),
        invoices_per_month=_count(row["invoices_per_month"]) if "invoices_per_month" in row else None,
        features=frozenset(Feature(name) for name in row["features"]),
    )


def _trial(row: dict[str, Any]) -> Trial:
    return Trial(plan=_text(row["plan"]), days=_count(row["days"]), valid_from=_day(row["valid_from"]))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 30:
        raise ValueError(f"{value!r} must be a text of 1 to 30 characters")
    return value


def _day(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"valid_from = {value!r} must be a date, as 2026-01-01")
    return value


def _price(value: Any) -> Decimal:
    price = Decimal(str(value))
    if not price.is_finite() or price < 0 or price != price.quantize(Decimal("0.01")):
        raise ValueError(f"the price {value!r} must be lei with at most two decimals")
    return price.quantize(Decimal("0.01"))


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} must be a whole number")
    return value
