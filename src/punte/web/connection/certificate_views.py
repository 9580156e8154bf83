"""„Verifică certificatul”: by the browser, at the certificate port; or from a file with the public certificate."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from cryptography import x509
from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from punte.romania.certificates import (
    CertificateReport,
    Judgement,
    KeyOffered,
    NoCertificate,
    certificate_in,
    judge,
    read_certificate,
    serves,
)
from punte.romania.certificates.files import LARGEST, Why

from . import certificate_check, expiry
from .diagnoses import diagnoses
from .guide_answers import system_of
from .models import Authorization

HEADER = "HTTP_X_SSL_CLIENT_CERT"
MISSING = ("C01", "C02", "C03")
NO_CERTIFICATE = {
    Why.TOO_LARGE: gettext_lazy("Fișierul este prea mare pentru un certificat public (peste 64 KB)."),
    Why.EMPTY: gettext_lazy("Fișierul este gol."),
    Why.UNREADABLE: gettext_lazy("Fișierul nu este un certificat: nu îl putem citi."),
}


@never_cache
@require_GET
def certificate(request: HttpRequest) -> HttpResponse:
    """GET /integrari/certificat/: public. What the browser showed in the last minutes, and the two ways to look."""
    check = certificate_check.latest(request.session, timezone.now())
    context: dict[str, Any] = {"check": check, "returned": check is not None and check.back_at is not None}
    if check and check.certificate:
        context |= _judged(request, check.certificate)
    context["refused"] = "straina" in request.GET
    return _page(request, context)


@never_cache
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """POST /integrari/certificat/verificare/: to the certificate port, in the same tab."""
    port = settings.CERT_PORT
    if port is None:
        return redirect("connection:certificate")
    try:
        token = certificate_check.start(request.session, timezone.now())
    except certificate_check.TooMany:
        return _page(request, {"too_many": True}, status=503)
    path = reverse("connection:certificate-proxy", args=[token]) if port.proxies else f"/{token}"
    return redirect(port.url + path)


def way_back(token: str, shown: x509.Certificate | None) -> str:
    """The address to send the browser to, after it showed `shown` for `token`: the certificate port's answer."""
    proof = certificate_check.seen(token, shown, timezone.now())
    page: str = settings.BASE_URL + reverse("connection:certificate-return")
    return f"{page}?dovada={proof}" if proof else page


@never_cache
@require_GET
def proxied(request: HttpRequest, token: str) -> HttpResponse:
    """GET /integrari/certificat/proxy/<token>/: the same, when a reverse proxy of ours has asked the browser.

    404 unless the request comes from a configured proxy: anybody could write that header.
    """
    port = settings.CERT_PORT
    if port is None or not port.trusts(request.META.get("REMOTE_ADDR", "")):
        raise Http404
    pem = unquote(request.META.get(HEADER, ""))
    try:
        shown = x509.load_pem_x509_certificate(pem.encode()) if pem else None
    except ValueError:
        return HttpResponseBadRequest("X-SSL-Client-Cert: not an url-encoded PEM certificate")
    return redirect(way_back(token, shown))


@never_cache
@require_GET
def certificate_return(request: HttpRequest) -> HttpResponse:
    """GET /integrari/certificat/intoarcere/?dovada: never a page of its own, so that a reload repeats nothing."""
    back = certificate_check.bring_back(request.session, request.GET.get("dovada", ""), timezone.now())
    check = certificate_check.latest(request.session, timezone.now())
    mine = back or (check is not None and check.back_at is not None)
    return redirect(reverse("connection:certificate") + ("#raspuns" if mine else "?straina#raspuns"))


@csrf_exempt  # only until the handler below stands: _read_file checks
def from_file(request: HttpRequest) -> HttpResponse:
    """POST /integrari/certificat/fisier/: the same report from a public certificate. The file never meets a disk."""
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    return _read_file(request)


@never_cache
@require_POST
@csrf_protect
def _read_file(request: HttpRequest) -> HttpResponse:
    uploaded = request.FILES.get("certificate")
    if uploaded is None:
        return _page(request, {"file_problem": _("Alegeți un fișier: .cer, .crt, .pem sau .p7b.")}, status=400)
    try:
        report = read_certificate(certificate_in(uploaded.name or "", uploaded.read(LARGEST + 1)))
    except KeyOffered:
        return _page(request, {"key_offered": True}, status=400)
    except NoCertificate as exc:
        return _page(request, {"file_problem": NO_CERTIFICATE[exc.why]}, status=400)
    return _page(request, _judged(request, report) | {"from_file": True})


def _judged(request: HttpRequest, report: CertificateReport) -> dict[str, Any]:
    mine = Authorization.objects.filter(user_id=request.user.pk or 0).exclude(serial="")
    last = mine.order_by("-authorized_at").first()  # living or ended: what ANAF saw last
    connected, connected_at = (last.serial, last.authorized_at) if last else ("", None)
    judgements: tuple[Judgement, ...] = judge(
        report, timezone.now(), connected=connected, connected_at=connected_at, language=get_language() or "ro"
    )
    noted = expiry.learn(request.user, report, timezone.now())
    return {"report": report, "judgements": judgements, "tone": serves(judgements), "noted": noted}


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    system = system_of(request.META.get("HTTP_USER_AGENT", ""))
    facts = {"port": settings.CERT_PORT, "missing": [diagnoses()[key] for key in MISSING], "system": system}
    return render(request, "connection/certificate/page.html", facts | context, status=status)
