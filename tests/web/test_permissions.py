"""Who gets what at every address of the product: one table, and every address stands in it.

Ana owns the firm, Bogdan only reads in it, Doina is its accountant, Carmen is a stranger with a firm of her own, and
nobody is not signed in. A line: method, name, which object the address is of, and what each is answered. Nobody is sent
to sign in (302 to /cont/) unless the line says otherwise. 404 to a stranger: that it exists stays private.

A new address is a new line; `ELSEWHERE` names those whose table stands in their own room's tests.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from punte.web.accounts.models import User
from punte.web.firms.models import Role
from punte.web.invoices import payments
from punte.web.invoices.models import Batch, Means, Purpose, Series

from .conftest import signed_in
from .inbox.conftest import received
from .invoices.conftest import TODAY, bakery, draft_of, sent  # noqa: F401 - a fixture

#: Answers to ana, bogdan, doina, carmen.
TABLE = """
get  home                             -        200 200 200 200
get  invoices:list                    -        200 200 200 200
get  invoices:export                  csv      200 200 200 200
post invoices:export                  csv      200 200 200 200
get  invoices:detail                  accepted 200 200 200 404
get  invoices:pdf                     accepted 200 200 200 404
get  invoices:xml                     accepted 200 200 200 404
get  invoices:create                  -        200 403 200 200
post invoices:create                  -        200 403 200 200
post invoices:preview                 -        200 403 200 200
get  invoices:edit                    draft    200 403 200 404
post invoices:edit                    draft    200 403 200 404
post invoices:delete                  draft    302 403 302 404
post invoices:copy                    draft    302 403 302 404
post invoices:storno                  accepted 302 403 302 404
get  invoices:storno-lines            accepted 200 403 200 404
get  invoices:credit-note             accepted 200 403 200 404
post invoices:corrected               accepted 302 403 302 404
post invoices:to-proforma             draft    302 403 302 404
post invoices:issue                   draft    404 403 404 404
post invoices:to-invoice              draft    404 403 404 404
post invoices:template                draft    302 403 302 404
post invoices:from-template           draft    404 403 404 404
post invoices:schedule                draft    302 403 302 404
post invoices:stop                    draft    302 403 302 404
get  invoices:mail                    accepted 200 403 200 404
get  invoices:remind                  accepted 200 403 200 404
get  invoices:wording                 -        200 200 200 200
get  invoices:payment                 accepted 200 403 200 404
post invoices:payment                 accepted 422 403 422 404
get  invoices:receipts                -        200 200 200 200
get  invoices:receipt                 payment  200 200 200 404
post invoices:receipt-mail            payment  302 403 302 404
post invoices:payment-cancel          payment  302 403 302 404
get  invoices:recurring               -        200 200 200 200
get  invoices:recurring-new           accepted 200 403 200 404
get  invoices:series                  -        200 200 200 200
post delivery:send                    draft    302 403 302 404
post delivery:renumber                draft    302 403 302 404
get  delivery:package                 accepted 200 200 200 404
get  delivery:doubt                   accepted 302 403 302 404
post delivery:doubt                   accepted 302 403 302 404
post delivery:batch-choose            -        404 403 404 404
post delivery:batch-start             -        404 403 404 404
get  delivery:batch                   batch    200 200 200 404
get  inbox:list                       -        200 200 200 200
get  inbox:suppliers                  -        200 200 200 200
get  inbox:export                     csv      200 200 200 200
post inbox:export                     csv      200 200 200 200
post inbox:mark                       -        302 403 302 302
post inbox:undo                       -        302 403 302 302
post inbox:ask-now                    -        302 403 302 302
get  inbox:detail                     received 200 200 200 404
get  inbox:pdf                        received 200 200 200 404
get  inbox:xml                        received 200 200 200 404
get  inbox:package                    received 200 200 200 404
post inbox:note                       received 302 403 302 404
post inbox:remark                     received 422 403 422 404
"""

#: Rooms and addresses whose own tests hold who gets what.
ELSEWHERE = {
    "accounts": "tests/web/accounts",
    "account": "allauth's own",
    "clients": "tests/web/invoices",
    "connection": "tests/web/connection/test_people.py",
    "design": "no data of anybody",
    "firms": "tests/web/firms",
    "plans": "tests/web/plans/test_pages.py",
    "on_invoices": "tests/web/invoices/test_parties.py",
    "products": "tests/web/invoices",
    "proof": "tests/web/proof",
    "support": "tests/web/support/test_tickets.py",
    "transfer": "tests/web/transfer",
    "work": "no session at all: tests/web/work/test_health.py",
    "invoices:recurrence": "tests/web/invoices/test_document_permissions.py",
    "invoices:recurrence-pause": "tests/web/invoices/test_document_permissions.py",
    "invoices:recurrence-end": "tests/web/invoices/test_document_permissions.py",
    "invoices:series-change": "tests/web/invoices/test_document_permissions.py",
    "invoices:series-archive": "tests/web/invoices/test_document_permissions.py",
    "invoices:series-gaps": "tests/web/invoices/test_document_permissions.py",
    "invoices:series-gaps-text": "tests/web/invoices/test_document_permissions.py",
}

LINES = [tuple(line.split()) for line in TABLE.strip().splitlines()]


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_address_stands_in_the_table():
    told = {line[1] for line in LINES}
    missing = {
        name
        for name in names(get_resolver())
        if name not in told
        and name not in ELSEWHERE
        and name.split(":")[0] not in ELSEWHERE
        and name.split("_")[0] not in ELSEWHERE
    }
    assert not missing, "an address that nobody says who may open: write its line"
    assert told <= set(names(get_resolver())), "a line of an address that is not there any more"


@pytest.fixture
def doina(firm) -> Client:
    """The firm's accountant: she writes, and does not own."""
    user = User.objects.create_user("doina@conta.example", "peste-punte-2026", name="Doina Rusu")
    firm.memberships.create(user=user, role=Role.ACCOUNTANT)
    return signed_in(user)


@pytest.fixture
def of(firm, ana, bakery):  # noqa: F811
    """What an address is of, made anew."""

    def make(what: str) -> list[object]:
        match what:
            case "-":
                return []
            case "draft":
                return [draft_of(bakery).pk]
            case "accepted":
                return [sent(draft_of(bakery)).pk]
            case "payment":
                invoice = sent(draft_of(bakery))
                series = Series.objects.get_or_create(firm=firm, prefix="CH", purpose=Purpose.RECEIPT)[0]
                paid = payments.receive(invoice, invoice.payable, TODAY, Means.CASH, ana, receipt_series=series)
                return [paid.pk]
            case "received":
                return [received(firm, package=True).pk]
            case "batch":
                return [Batch.objects.create(firm=firm, action=Batch.Action.COPY, created_by=ana).pk]
        return [what]

    return make


@pytest.mark.parametrize(("method", "name", "what", "answers"), [(*line[:3], line[3:]) for line in LINES])
def test_who_gets_what(people, doina, of, method, name, what, answers):
    for who, status in zip(
        ("bogdan", "carmen", "ana", "doina"), (answers[1], answers[3], answers[0], answers[2]), strict=True
    ):
        browser = doina if who == "doina" else people[who]
        answer = getattr(browser, method)(reverse(name, args=of(what)))
        assert answer.status_code == int(status), (who, answer.status_code)
    answer = getattr(people["nobody"], method)(reverse(name, args=of(what)))
    assert (answer.status_code, answer["Location"][:6]) == (302, "/cont/")


@pytest.mark.parametrize("name", [line[1] for line in LINES if line[0] == "post"])
def test_what_writes_is_not_done_by_following_a_link(people, of, name):
    what = next(line[2] for line in LINES if line[1] == name)
    if any(line[0] == "get" and line[1] == name for line in LINES):
        return  # a form at the same address
    answer = people["ana"].get(reverse(name, args=of(what)))
    assert answer.status_code == 405
