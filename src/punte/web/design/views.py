from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from . import sheet, specimens


@require_safe
@gzip_page
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """GET punte.<digest>.css: the sheet in force. Kept for ever under its own digest, not at all under another.

    A page rendered before an upgrade asks for yesterday's digest; it gets today's sheet rather than none.
    """
    css = sheet.sheet()
    current = digest == sheet.digest(css)
    return HttpResponse(
        css,
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache"},
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """GET /favicon.ico, which browsers ask for whatever the page says."""
    return HttpResponsePermanentRedirect(staticfiles_storage.url("design/logo-simbol.svg"))


def specimens_page(request: HttpRequest) -> HttpResponse:
    """Every component once; for those who build pages, so only while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "design/specimens.html", specimens.context(request))
