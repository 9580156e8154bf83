from django.http import Http404, HttpRequest, HttpResponse


def receipts(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def receipt(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def mail(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def cancel(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404
