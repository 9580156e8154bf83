from django.http import Http404, HttpRequest, HttpResponse


def storno(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def storno_lines(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def credit_note(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def corrected(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def to_proforma(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def issue(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def to_invoice(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def template(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404


def from_template(request: HttpRequest, **of: int) -> HttpResponse:
    raise Http404
