"""Ajutor: the guide and the questions, for everyone, with or without an account."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from punte.web.design.formats import language

from . import guide as pages
from .questions import found, groups


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """GET /ajutor/"""
    context = {"email": settings.SUPPORT_EMAIL, "chat": settings.SUPPORT_CHAT, "pages": pages.pages(language())}
    return render(request, "support/help.html", context)


@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """GET /ajutor/ghid/"""
    return render(request, "support/guide.html", {"pages": pages.pages(language())})


@require_GET
def guide_page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /ajutor/ghid/<slug>/"""
    page = next((page for page in pages.pages(language()) if page.slug == slug), None)
    if page is None:
        raise Http404
    return render(request, "support/guide_page.html", {"page": page, "body": pages.body(page)})


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """GET /ajutor/intrebari/[?q=…]: all of them by group, or those found; htmx takes its part of the same page."""
    wanted = request.GET.get("q", "").strip()[:200]
    answers = found(wanted)
    context = {"q": wanted, "groups": groups(answers), "count": len(answers)}
    return render(request, "support/answers.html" if request.htmx else "support/questions.html", context)  # type: ignore[attr-defined]
