"""Files as people bring them, made here; and the worker's steps, taken until nothing waits."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from punte.web.accounts.models import User
from punte.web.firms.models import Firm
from punte.web.transfer import imports, transfers
from punte.web.transfer.models import Import, State

from ..invoices.conftest import bakery

__all__ = ["bakery"]

Bring = Callable[..., Import]


def work() -> None:
    """What the worker's loop does, until nothing waits."""
    while transfers.advance(timezone.now()):
        pass


def cui(number: int) -> str:
    """A valid CUI from seven figures: the last is the check digit."""
    digits = f"{number:07}"
    weight = sum(int(a) * b for a, b in zip(digits.zfill(9), (7, 5, 3, 2, 1, 7, 5, 3, 2), strict=True)) * 10 % 11 % 10
    return f"{number}{weight}"


def sheet(rows: Iterable[Iterable[Any]]) -> bytes:
    """A real XLSX."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def whole(one: Import) -> Import:
    return Import.objects.defer(None).select_related("firm", "created_by").get(pk=one.pk)


@pytest.fixture
def bring(firm: Firm, ana: User) -> Bring:
    """A file checked and, where `go` is asked, imported."""

    def brought(kind: str, content: bytes | str, *, go: bool = True, name: str = "export.csv", **said: Any) -> Import:
        content = content.encode() if isinstance(content, str) else content
        one = imports.start(firm, ana, kind, name, content)
        for field, value in said.items():
            setattr(one, field, value)
        if one.state == State.READING:
            imports.check(one)
        work()
        if go:
            imports.go(one)
            work()
        return whole(one)

    return brought
