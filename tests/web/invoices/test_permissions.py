"""Who gets what at every address of the room. A stranger never learns that an invoice exists."""

from __future__ import annotations

import pytest
from django.urls import reverse

from punte.web.invoices.models import Invoice, Stage

from .conftest import draft_of, sent, typed

IN = "/cont/"  # where nobody is sent first

READS = {
    "list": (200, 200, 200),  # Carmen sees her own firm's
    "detail": (200, 200, 404),
    "pdf": (200, 200, 404),
    "xml": (200, 200, 404),
}
FORMS = {"create": (200, 403, 200), "edit": (200, 403, 404)}
WRITES = {
    "create": (302, 403, 302),
    "edit": (302, 403, 404),
    "preview": (200, 403, 200),
    "delete": (302, 403, 404),
    "copy": (302, 403, 404),
}
WITHOUT_PK = {"list", "create", "preview"}


@pytest.mark.parametrize(
    ("method", "name", "answers"),
    [
        *(("get", name, answers) for name, answers in (READS | FORMS).items()),
        *(("post", name, answers) for name, answers in WRITES.items()),
    ],
)
def test_who_gets_what(people, bakery, method, name, answers):
    invoice = draft_of(bakery)
    before = Invoice.objects.count()
    address = reverse(f"invoices:{name}", args=[] if name in WITHOUT_PK else [invoice.pk])
    data = typed() if method == "post" else {}
    for who, status in zip(("bogdan", "carmen", "nobody", "ana"), (*answers[1:], 302, answers[0]), strict=True):
        answer = getattr(people[who], method)(address, data)
        assert answer.status_code == status, who
        if who == "nobody":
            assert answer["Location"].startswith(IN)
        if who == "bogdan" and method == "post":
            assert Invoice.objects.count() == before, "a colleague who only reads wrote something"


def test_a_preview_of_anothers_draft_is_not_there(people, draft):
    assert people["carmen"].post(f"/venituri/factura/previzualizare/?pk={draft.pk}", typed()).status_code == 404


@pytest.mark.parametrize("name", ["delete", "copy"])
def test_what_writes_is_not_done_by_following_a_link(people, bakery, name):
    invoice = sent(draft_of(bakery))
    assert people["ana"].get(reverse(f"invoices:{name}", args=[invoice.pk])).status_code == 405


def test_a_colleague_who_only_reads_is_shown_no_button_that_would_refuse(people, draft):
    page = people["bogdan"].get(f"/venituri/{draft.pk}/").content.decode()
    assert "PDF" in page
    assert "Trimite<" not in page
    assert "Editați" not in page
    assert "Factură nouă" not in people["bogdan"].get("/venituri/").content.decode()


@pytest.mark.parametrize("stage", [Stage.QUEUED, Stage.SENDING, Stage.UNCERTAIN, Stage.PROCESSING, Stage.ACCEPTED])
def test_what_is_under_way_or_done_can_be_neither_changed_nor_deleted(people, bakery, stage):
    invoice = sent(draft_of(bakery), stage)
    assert people["ana"].get(f"/venituri/{invoice.pk}/editare/")["Location"] == f"/venituri/{invoice.pk}/"
    people["ana"].post(f"/venituri/{invoice.pk}/editare/", typed(**{"rand-0-price": "1"}))
    people["ana"].post(f"/venituri/{invoice.pk}/stergere/")
    assert Invoice.objects.get(pk=invoice.pk).payable == invoice.payable
