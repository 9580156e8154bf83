from django.http import Http404, HttpRequest, HttpResponse


def index(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def change(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def archive(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def gaps(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def gaps_text(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404
