"""Where a person was before the road to ANAF, so that the end of the road leads back there."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "before-anaf"


def remember(request: HttpRequest) -> None:
    """Keep `?spre=`, a path of ours; any other address is left aside."""
    target = request.GET.get("spre", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        request.session[KEY] = target


def back(request: HttpRequest) -> str:
    """The path, or empty."""
    return str(request.session.get(KEY, ""))
