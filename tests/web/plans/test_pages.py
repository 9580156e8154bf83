"""Abonament: who gets what, and what a refused „Trimite” leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import get_resolver
from django.utils import timezone

from punte.web.delivery import sending
from punte.web.delivery.models import State, Submission
from punte.web.invoices.models import Invoice, Stage
from punte.web.invoices.signals import Withheld
from punte.web.plans import ordering, urls
from punte.web.plans.models import Order, Period

from ..delivery.conftest import connected, run, spv  # noqa: F401 - fixtures
from ..invoices.conftest import draft_of, sent, typed

pytestmark = pytest.mark.django_db

SIGN_IN = 302
WISH = {"plan": "pro", "period": "year", "email": "plati@arcada.example"}


@pytest.fixture
def order(on_trial, ana) -> Order:
    return ordering.place(on_trial, ana, "pro", Period.YEAR, "plati@arcada.example", timezone.now())


ADDRESSES = [  # of Ana, Bogdan, Carmen, nobody; Carmen has a firm of her own
    ("get", "subscription", "/setari/abonament/", (200, 200, 200, SIGN_IN)),
    ("post", "order", "/setari/abonament/comanda/", (302, 403, 302, SIGN_IN)),
    ("get", "order", "/setari/abonament/comanda/", (405, 405, 405, SIGN_IN)),
    ("get", "proforma", "/setari/abonament/proforma/{pk}/", (200, 200, 404, SIGN_IN)),
    ("get", "pdf", "/setari/abonament/proforma/{pk}/proforma.pdf", (200, 200, 404, SIGN_IN)),
    ("get", "proforma", "/setari/abonament/proforma/0/", (404, 404, 404, SIGN_IN)),
]


def test_every_address_stands_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} == {name for _, name, _, _ in ADDRESSES}
    assert get_resolver().namespace_dict["plans"]


@pytest.mark.parametrize(("method", "name", "path", "expected"), ADDRESSES)
def test_who_gets_what(people, order, method, name, path, expected):
    for who, status in zip(people, expected, strict=True):
        answer = getattr(people[who], method)(path.format(pk=order.pk), WISH if method == "post" else {})
        assert (who, answer.status_code) == (who, status)
        if who == "nobody":
            assert answer["Location"].startswith("/cont/")


def test_where_plans_are_off_there_is_no_such_page_and_no_way_to_it(people, order, settings):
    settings.PLANS = False
    for method, _, path, _ in ADDRESSES:
        assert getattr(people["ana"], method)(path.format(pk=order.pk)).status_code == 404
    page = people["ana"].get("/setari/").content.decode()
    assert "Abonament" not in page


def test_the_settings_lead_there_where_plans_are_on(people, on_trial):
    assert 'href="/setari/abonament/"' in people["ana"].get("/setari/").content.decode()


def test_the_page_tells_the_trial_the_plans_and_the_use(people, on_trial, bakery):
    sent(draft_of(bakery))
    page = people["ana"].get("/setari/abonament/").content.decode().replace("\xa0", " ")
    for part in ("mai aveți 30 de zile", "Basic", "Pro", "Premium", "49,00", "490,00", "<b>1</b> din 200", "Emiteți"):
        assert part in page, part


def test_who_only_reads_is_shown_no_order(people, on_trial):
    page = people["bogdan"].get("/setari/abonament/").content.decode()
    assert "Emiteți" not in page
    assert 'type="radio"' not in page


def test_an_order_leads_to_what_to_pay_and_where(people, on_trial):
    page = people["ana"].post("/setari/abonament/comanda/", WISH, follow=True).content.decode()
    order = Order.objects.get()
    assert (order.plan, order.period, order.firm) == ("pro", "year", on_trial)
    for part in (order.label, "RO49AAAA1B31007593840000", "592,90", "Puntea Noastră SRL"):
        assert part in page, part


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"plan": ""}, "Alegeți un abonament."),
        ({"plan": "aur"}, "aur"),
        ({"period": ""}, "Alegeți pentru cât timp plătiți."),
        ({"email": ""}, "Scrieți adresa la care trimitem proforma."),
    ],
)
def test_an_order_that_lacks_something_says_what(people, on_trial, change, said):
    answer = people["ana"].post("/setari/abonament/comanda/", WISH | change)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Order.objects.exists()


def test_without_an_account_the_page_says_whom_to_ask(people, on_trial, settings):
    settings.OPERATOR = settings.OPERATOR | {"iban": ""}
    page = people["ana"].get("/setari/abonament/").content.decode()
    assert "abonamentele le dă administratorul" in page
    assert "Emiteți" not in page
    people["ana"].post("/setari/abonament/comanda/", WISH)
    assert not Order.objects.exists()


# --- the gate ---


def test_a_refused_trimite_leaves_the_draft_as_it_was_with_the_sentence_and_the_way(people, trial_over, draft):
    before = Invoice.objects.values().get(pk=draft.pk)
    page = people["ana"].post(f"/venituri/{draft.pk}/trimite/", follow=True).content.decode()
    assert "Perioada de probă a firmei Arcada Studio SRL s-a încheiat" in page
    assert '<a href="/setari/abonament/">Mergeți la Abonament</a>' in page
    assert Invoice.objects.values().get(pk=draft.pk) == before
    assert not Submission.objects.exists()


def test_the_editor_keeps_what_was_typed_when_trimite_is_refused(people, trial_over, bakery):
    answer = people["ana"].post("/venituri/factura/noua/", typed(action="send"), follow=True)
    invoice = Invoice.objects.get()
    assert (invoice.stage, invoice.number) == (Stage.DRAFT, None)
    assert invoice.lines.get().name == "Fotografie de produs"
    assert "s-a încheiat" in answer.content.decode()
    assert not Submission.objects.exists()


def test_after_the_operators_word_the_same_draft_leaves(people, trial_over, draft):
    people["ana"].post(f"/venituri/{draft.pk}/trimite/")
    ordering.activate(trial_over, "basic", timezone.localdate() + timedelta(days=30), timezone.now(), "test")
    people["ana"].post(f"/venituri/{draft.pk}/trimite/")
    assert Submission.objects.get().invoice == draft


def test_a_plan_lets_out_so_many_a_month_and_not_one_more(people, trial_over, bakery, ana):
    now = timezone.now()
    ordering.activate(trial_over, "basic", timezone.localdate() + timedelta(days=60), now, "test")
    for _ in range(19):
        sent(draft_of(bakery))
    sent(draft_of(bakery), Stage.REFUSED)  # never taken over: not counted
    sending.send(draft_of(bakery), ana, now)
    with pytest.raises(Withheld, match=r"20\sde\sfacturi"):
        sending.send(draft_of(bakery), ana, now)
    next_month = (now.replace(day=1) + timedelta(days=33)).replace(day=2)
    assert sending.sent_this_month(trial_over, now) == 20
    assert sending.sent_this_month(trial_over, next_month) == 0


def test_what_was_taken_over_before_the_end_goes_on_to_its_seal(spv, connected, plans, firm, draft, ana):  # noqa: F811
    submission = sending.send(draft, ana, timezone.now())
    type(firm).objects.filter(pk=firm.pk).update(created_at=timezone.now() - timedelta(days=40))
    run(submission, until=State.ACCEPTED)
    assert submission.package is not None


def test_a_rejected_invoice_is_corrected_and_sent_after_the_end(people, trial_over, draft):
    sent(draft, Stage.REJECTED)
    people["ana"].post(f"/venituri/{draft.pk}/trimite/")
    assert Submission.objects.filter(invoice=draft, state=State.QUEUED).exists()


@pytest.mark.parametrize(
    "path", ["{pk}/", "{pk}/factura.pdf", "{pk}/factura.xml", "{pk}/arhiva.zip", "", "{pk}/editare/"]
)
def test_ones_own_data_is_read_and_taken_out_for_ever(people, trial_over, bakery, path):
    invoice = draft_of(bakery) if path.endswith("editare/") else sent(draft_of(bakery))
    assert people["ana"].get("/venituri/" + path.format(pk=invoice.pk)).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_connection_is_refused_before_the_way_to_anaf(people, trial_over, method):
    answer = getattr(people["ana"], method)("/integrari/conectare/", {"agreed": "on"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/integrari/", 302)]
    assert "Perioada de probă" in page
    assert 'href="/setari/abonament/"' in page


def test_past_the_end_the_page_says_that_nothing_is_lost(people, trial_over):
    page = people["ana"].get("/setari/abonament/").content.decode()
    assert "Perioada de probă s-a încheiat pe" in page
    assert "Nimic nu s-a pierdut" in page
