from django.http import Http404, HttpRequest, HttpResponse


def mail(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def remind(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def wording(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404
