"""What people set for themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from .language import choose, is_ours
from .models import Language


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """POST /cont/limba/: `language` is ro or en; back to the page `next`. For everyone, signed in or not."""
    wish, page = request.POST.get("language"), request.POST.get("next", "")
    if wish not in Language.values:
        return HttpResponseBadRequest()
    response = redirect(page if is_ours(request, page) else "home")
    choose(request, response, Language(wish))
    return response
