"""Romanian or English: the language of each page and of each letter.

Who has an account keeps the choice in it (`User.language`), on every device. A guest keeps it in a cookie; before any
choice a guest is shown Romanian, unless the browser asks for English first and for Romanian not at all. What the
browser asks for never overrules a person's choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation.trans_real import parse_accept_lang_header

from .models import Language, User

YEAR = 365 * 24 * 60 * 60  # seconds that a guest's choice is kept


class LanguageMiddleware:
    """Every answer in the language of who asks; the thread is left as it was found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = language_for(request)
        with translation.override(chosen):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen.value)
        if not request.user.is_authenticated:
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def language_for(request: HttpRequest) -> Language:
    user: User | AnonymousUser = request.user
    if isinstance(user, User):
        return Language(user.language)
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return Language(kept) if kept in Language.values else wanted(request.headers.get("Accept-Language", ""))


def wanted(accept_language: str) -> Language:
    """Of a browser that nobody told anything.

    >>> [str(wanted(header)) for header in ("", "en-GB,en;q=0.9", "en,ro;q=0.5", "de,en;q=0.8")]
    ['ro', 'en', 'ro', 'ro']
    """
    asked = [code.split("-")[0] for code, _ in parse_accept_lang_header(accept_language.lower())]
    return Language.ENGLISH if asked[:1] == ["en"] and "ro" not in asked else Language.ROMANIAN


def language_of(address: str) -> Language:
    """What a letter to `address` is written in: the choice of the person whose it is, Romanian for everybody else."""
    known = User.objects.filter(email__iexact=address).values_list("language", flat=True).first()
    return Language(known) if known else Language.ROMANIAN


def choose(request: HttpRequest, response: HttpResponse, language: Language) -> None:
    """Keep the choice: on the person's row, and in the cookie that holds once they have signed out."""
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, secure=settings.SECURE, httponly=True, samesite="Lax"
    )


def page_of(request: HttpRequest) -> str:
    """The page one looks at, to come back to it. An answer to a form stands at the form's address, which may not be
    a page by itself: then it is the page the form was on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referrer = request.headers.get("Referer", "")
    return referrer if is_ours(request, referrer) else "/"


def is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def switch(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `language_page`, where the language switch leads back to."""
    return {"language_page": page_of(request)}
