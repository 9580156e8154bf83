"""The doors of those who watch over the product: no session, no language, any `Host`, as probes ask."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import asdict
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from . import health, metrics


def alive(request: HttpRequest) -> HttpResponse:
    """GET /healthz: this process answers. With `?ready`, what `ready` says. Touches no database."""
    return ready(request) if "ready" in request.GET else HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """GET /readyz: 503 when this server cannot serve; with `?strict` also when somebody should look (`late`)."""
    found = health.measure()
    refused = {"down", "late"} if "strict" in request.GET else {"down"}
    return JsonResponse({"state": found.state} | asdict(found), status=503 if found.state in refused else 200)


def measures(request: HttpRequest) -> HttpResponse:
    """GET /metrics: for who has the token, or comes from an address of `PUNTE_METRICS_FROM`; for others it is not."""
    if not (_has_token(request) or _comes_from(request)):
        raise Http404
    return HttpResponse(metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given, settings.METRICS_TOKEN.encode())


def _comes_from(request: HttpRequest) -> bool:
    """By the connection's own address: headers of a proxy prove nothing."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_FROM)


DOORS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": alive, "/readyz": ready, "/metrics": measures}


class WatchersFirst:
    """Middleware before all others: a probe names the host by its address and brings no cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = DOORS.get(request.path)
        if door is None or request.method not in {"GET", "HEAD"}:
            return self._get_response(request)
        try:
            return door(request)
        except Http404:
            return HttpResponse("not found\n", status=404, content_type="text/plain")
