from django.http import Http404, HttpRequest, HttpResponse


def schedule(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def stop(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404
