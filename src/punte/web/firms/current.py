"""The firm one works for now: kept in the session, shown in the band at the top."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from .access import firms_of
from .models import Firm

KEY = "firm"


class CurrentFirmMiddleware:
    """Sets `request.firms` (the person's firms) and `request.firm` (the chosen one, or None)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.firms = firms_of(request.user)  # type: ignore[attr-defined]
        request.firm = chosen(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def chosen(request: HttpRequest) -> Firm | None:
    firms: list[Firm] = request.firms  # type: ignore[attr-defined]
    pk = request.session.get(KEY)
    return next((firm for firm in firms if firm.pk == pk), firms[0] if firms else None)


def choose(request: HttpRequest, firm: Firm) -> None:
    request.session[KEY] = firm.pk


def firm(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `firm`, `firms`."""
    return {"firm": getattr(request, "firm", None), "firms": getattr(request, "firms", [])}
