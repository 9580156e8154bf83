"""The dossier away from the product: whatever is changed in it is found, and named."""

from __future__ import annotations

import copy
import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from django.urls import reverse
from django.utils import timezone

from punte.cli.dossier import dossier as command
from punte.web.delivery import records
from punte.web.delivery.models import State
from punte.web.proof.dossier import Dossier
from punte.web.proof.verifying import check

from ..delivery.conftest import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(connected, queue):
    """An invoice that is over: opened, sent, accepted, archived."""
    submission = queue("DI 0001")
    event = submission.events.create(at=timezone.now(), kind="queued", state=State.QUEUED, text="DI 0001")
    records.opening(submission, event, firm=submission.firm.cui, invoice="DI 0001", deadline="2099-12-31")
    run(submission, until=State.ACCEPTED)
    return submission


def paths(value, here=()):
    """The place of every field in `value`."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(one, dict | list):
            yield from paths(one, (*here, key))
        else:
            yield (*here, key)


def test_whatever_is_changed_is_found_and_named(sent):
    whole = json.loads(Dossier(sent.invoice).as_bytes())
    assert not check(whole).faults
    for position, link in enumerate(whole["records"]):
        for place in paths(link):
            changed = copy.deepcopy(whole)
            inner = changed["records"][position]
            for key in place[:-1]:
                inner = inner[key]
            old = inner[place[-1]]
            inner[place[-1]] = old + 1 if isinstance(old, int) else f"{old}x"
            faults = check(changed).faults
            assert position + 1 in {fault.number for fault in faults}, place
            del inner[place[-1]]
            assert check(changed).faults, place


def test_a_changed_order_and_a_record_taken_out_are_found(sent):
    whole = json.loads(Dossier(sent.invoice).as_bytes())
    swapped = copy.deepcopy(whole)
    swapped["records"][1:3] = reversed(swapped["records"][1:3])
    assert {fault.number for fault in check(swapped).faults} >= {2, 3}
    without = copy.deepcopy(whole)
    del without["records"][2]
    assert check(without).faults[0].number == 3


def test_an_end_cut_off_shows_against_the_head_that_was_printed(sent):
    whole = json.loads(Dossier(sent.invoice).as_bytes())
    head = whole["head"]["digest"]
    assert head == sent.__class__.objects.get(pk=sent.pk).record_head
    cut = copy.deepcopy(whole)
    cut["records"].pop()
    assert [fault.number for fault in check(cut).faults] == [None]
    cut["head"] = {"number": len(cut["records"]), "digest": check(cut).head}
    assert not check(cut).faults, "a chain cut and signed off anew is whole in itself"
    assert check(cut, head=head).faults, "but not against the digest that was given out"
    assert not check(whole, head=head).faults


@pytest.mark.parametrize("nonsense", [None, [], {}, {"punte-dossier": 2}, {"punte-dossier": 1, "records": [1, {}]}])
def test_what_is_no_dossier_is_said_so(nonsense):
    assert check(nonsense).faults


def test_the_command_checks_chain_package_and_seal_and_names_the_record(sent, spv, settings, tmp_path):
    dossier, package = tmp_path / "dosar.json", tmp_path / "arhiva.zip"
    dossier.write_bytes(Dossier(sent.invoice).as_bytes())
    package.write_bytes(bytes(sent.package.content))
    against = [str(dossier), "--against", str(package), "--signer", settings.ANAF_SEALS[0]]

    found = CliRunner().invoke(command, ["verify", *against])
    assert found.exit_code == 0, found.output
    assert "Lanț întreg: 5 înregistrări" in found.output
    assert "Documentul din ZIP este cel înghețat la trimitere, octet cu octet." in found.output
    assert "Sigiliul este valid" in found.output

    unknown = CliRunner().invoke(command, ["verify", *against[:3], "--json"])
    assert unknown.exit_code == 1
    assert "semnatarul nu este cunoscut" in json.loads(unknown.output)["faults"][0]["what"]

    package.write_bytes(bytes(sent.package.content) + b" ")
    assert CliRunner().invoke(command, ["verify", *against]).exit_code == 1

    dossier.write_text(dossier.read_text("utf-8").replace("2099-12-31", "2100-01-01"), "utf-8")
    broken = CliRunner().invoke(command, ["verify", str(dossier)])
    assert broken.exit_code == 1
    assert "Înregistrarea 1: conținutul nu se potrivește cu amprenta sa" in broken.output

    dossier.write_text("{", "utf-8")
    assert CliRunner().invoke(command, ["verify", str(dossier)]).exit_code == 2


def test_page_files_and_many_at_once(sent, people):
    ana = people["ana"]
    page = ana.get(reverse("proof:dossier", args=[sent.invoice_id])).content.decode()
    assert "Lanț întreg" in page
    assert "în termenul legal" in page
    assert sent.upload_index in page
    read = ana.get(reverse("proof:dossier-json", args=[sent.invoice_id])).json()
    assert not check(read).faults
    for language, word in (("ro", "Dosar"), ("en", "Due")):
        pdf = ana.get(reverse("proof:dossier-pdf", args=[sent.invoice_id]), {"limba": language})
        assert pdf.content.startswith(b"%PDF"), word
    day = sent.invoice.issue_date.isoformat()
    answer = ana.get(reverse("proof:dossiers"), {"de_la": day, "pana_la": day})
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        assert sorted(archive.namelist()) == ["dosar-DI-0001.json", "dosar-DI-0001.pdf"]
        assert not check(json.loads(archive.read("dosar-DI-0001.json"))).faults


@pytest.mark.parametrize("name", ["dossier", "dossier-json", "dossier-pdf"])
def test_who_reads_a_dossier(queue, people, name):
    submission = queue("DI 0001")
    event = submission.events.create(at=timezone.now(), kind="queued", state=State.QUEUED, text="DI 0001")
    records.opening(submission, event, invoice="DI 0001")
    address = reverse(f"proof:{name}", args=[submission.invoice_id])
    for who, status in {"ana": 200, "bogdan": 200, "carmen": 404, "nobody": 302}.items():
        assert people[who].get(address).status_code == status, who
    assert people["ana"].post(address).status_code == 405


def test_many_dossiers_are_of_the_firm_one_works_for(queue, people):
    day = queue("DI 0001").invoice.issue_date.isoformat()
    for who, files in {"ana": 2, "bogdan": 2, "carmen": 0}.items():
        answer = people[who].get(reverse("proof:dossiers"), {"de_la": day, "pana_la": day})
        with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
            assert len(archive.namelist()) == files, who
    assert people["nobody"].get(reverse("proof:dossiers")).status_code == 302


def test_the_page_costs_few_queries_however_long_the_chain(queue, people, django_assert_max_num_queries):
    submission = queue("DI 0001")
    submission.write(timezone.now(), to=State.SENDING, kind="sending", text="1")
    for turn in range(60):
        submission.write(timezone.now(), kind="anaf-down", text=str(turn))
    address = reverse("proof:dossier", args=[submission.invoice_id])
    people["ana"].get(address)
    with django_assert_max_num_queries(20):
        assert "61. " in people["ana"].get(address).content.decode()


def test_an_invoice_that_was_never_sent_has_no_dossier(people, queue):
    submission = queue("DI 0001")
    invoice = submission.invoice
    submission.delete()
    assert people["ana"].get(reverse("proof:dossier", args=[invoice.pk])).status_code == 404
