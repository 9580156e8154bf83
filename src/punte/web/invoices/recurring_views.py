from django.http import Http404, HttpRequest, HttpResponse


def index(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def new(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def detail(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def pause(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def end(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404
