"""The archive of a period: what is in it, and the viewer as a browser opens it from the disk."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.utils import timezone

from punte.web.archive.models import Verification
from punte.web.delivery.models import State
from punte.web.transfer import archive_export, kit

from ..archive.conftest import NOW, disk, file, ministry, zipped
from ..delivery.conftest import INVOICE, queue
from .conftest import work

__all__ = ["disk", "file", "ministry", "queue"]
YEAR = date(2026, 1, 1), date(2026, 12, 31)  # the document's own day: 2026-09-14 in the example


def issued(number: str, day: str, *, seller: str = "RO19283749") -> bytes:
    text = INVOICE.read_text("utf-8").replace("EX 0001", number).replace("RO12345674", seller)
    head, _, rest = text.partition("<cbc:IssueDate>")
    return f"{head}<cbc:IssueDate>{day}{rest[10:]}".encode()


def made(firm, ana, period=YEAR, *, with_pdf=False):
    one = kit.start(firm, ana, with_pdf=with_pdf, language="ro", period=period)
    work()
    one.refresh_from_db()
    assert one.ready_at
    return zipfile.ZipFile(io.BytesIO(b"".join(kit.content(one))))


def test_the_archive_of_a_period_holds_every_package_byte_for_byte_and_says_what_each_is(
    firm, ana, disk, file, ministry, queue
):
    ours = zipped(1, ministry, issued("DI 0001", "2026-03-02"))
    theirs = zipped(2, ministry, issued("BT 77", "2026-04-05", seller="RO33451201"))
    late = zipped(3, ministry, issued("DI 0003", "2025-12-31"))
    for index, content in ((1, ours), (2, theirs), (3, late)):
        file(index, content)
    archive = made(firm, ana, with_pdf=True)

    rows = {row["number"]: row for row in json.loads(archive.read("index.json"))["documents"]}
    assert set(rows) == {"DI 0001", "BT 77"}  # the third is of the year before
    assert (rows["DI 0001"]["kind"], rows["BT 77"]["kind"]) == ("sent", "received")
    assert archive.read(rows["DI 0001"]["file"]) == ours
    assert hashlib.sha256(archive.read(rows["BT 77"]["file"])).hexdigest() == rows["BT 77"]["sha256"]
    assert archive.read(rows["DI 0001"]["pdf"]).startswith(b"%PDF")
    table = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig")), delimiter=";"))
    assert [row["number"] for row in table] == ["DI 0001", "BT 77"]
    sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS.txt").decode().splitlines())
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == sha256 for name, sha256 in sums.items())
    assert {"CITESTE-MA.txt", "README.txt", "index.html"} <= set(sums)
    assert "Documents from" in archive.read("README.txt").decode()


def test_a_refusal_stands_in_it_by_the_day_anaf_made_it(firm, ana, disk, file, ministry, queue):
    error = b'<header xmlns="mfp:anaf:dgti:efactura:mesajEroriFactuta:v1"><Error errorMessage="E"/></header>'
    submission = queue("DI 0007")
    submission.package, submission.state = file(7, zipped(7, ministry, error)), State.REJECTED
    submission.save()
    today = timezone.localdate(NOW)
    archive = made(firm, ana, (today, today))
    (row,) = json.loads(archive.read("index.json"))["documents"]
    assert (row["kind"], row["date"], row["number"]) == ("refused", today.isoformat(), "")


def test_a_package_that_is_gone_is_said_and_stops_nothing(firm, ana, disk, file):
    package = file(1)
    (disk.root / disk.name_of(package.sha256)).unlink()
    today = timezone.localdate(NOW)
    archive = made(firm, ana, (today, today))
    (row,) = json.loads(archive.read("index.json"))["documents"]
    assert (row["note"], row["file"]) == ("missing", "")


def test_a_period_asked_for_twice_is_made_once_beside_the_leaving_kit(firm, ana):
    first = kit.start(firm, ana, with_pdf=False, language="ro", period=YEAR)
    assert kit.start(firm, ana, with_pdf=False, language="ro", period=YEAR) == first
    assert kit.start(firm, ana, with_pdf=False, language="ro") != first


@pytest.mark.parametrize(("who", "status"), [("ana", 302), ("bogdan", 403), ("carmen", 302), ("nobody", 302)])
def test_the_owner_asks_for_it(people, firm, carmens_firm, who, status):
    answer = people[who].post("/date/pachete/", {"first": "2026-01-01", "last": "2026-12-31"})
    assert answer.status_code == status
    assert firm.kits.exists() == (who == "ana")  # Carmen's is of her own firm


def test_a_wrong_period_is_said_beside_the_field(people, firm):
    answer = people["ana"].post("/date/pachete/", {"first": "2026-12-31", "last": "2026-01-01"})
    assert answer.status_code == 422
    assert "Sfârșitul este înaintea începutului" in answer.content.decode()


def test_the_page_says_how_the_archive_stands(people, firm, disk, file):
    file(1)
    page = people["ana"].get("/date/").content.decode()
    assert "1\xa0pachet de la ANAF" in page
    assert "30 iunie 2032" in page or timezone.localdate().year != 2026


def test_the_page_claims_nothing_of_a_verification_whose_faults_were_cut_short(people, firm):
    now = timezone.now()
    of_another = [{"cui": "1"}]
    row = Verification.objects.create(started_at=now, ended_at=now, faults=1, found=of_another)
    assert "toate pachetele sunt întregi" in people["ana"].get("/date/").content.decode()
    Verification.objects.filter(pk=row.pk).update(faults=2)
    assert "Verificată pe" not in people["ana"].get("/date/").content.decode()
    Verification.objects.filter(pk=row.pk).update(found=[{"cui": firm.cui}])
    assert "1\xa0problemă" in people["ana"].get("/date/").content.decode()


def test_the_years_data_cannot_break_out_of_the_viewer():
    rows = [dict.fromkeys(archive_export.COLUMNS, "</script><script>alert(1)</script>")]
    page = archive_export.viewer({"firm": "<b>", "cui": "1", "first": "2026-01-01", "last": "2026-12-31"}, rows)
    assert "<script>alert" not in page
    assert "<b>" not in page


@pytest.mark.browser
def test_the_viewer_opens_from_the_disk_searches_and_speaks_both_languages(tmp_path, chromium):
    rows = []
    for n in range(1, 251):
        row = dict.fromkeys(archive_export.COLUMNS, "")
        mine = n % 3
        day = (date(2026, 1, 5) + timedelta(days=n)).isoformat()
        row |= {"kind": "sent" if mine else "received", "number": f"DI {n:04}", "date": day, "seal": "valid"}
        row |= {"seller": "Arcada Studio SRL", "seller_cui": "19283749", "buyer": "Brutăria Trei Spice SRL"}
        row |= {"buyer_cui": "33451201", "total": f"{n * 121}.50", "currency": "RON", "file": f"pachete/{n}.zip"}
        row |= {"upload_index": f"64000{n:05}", "pdf": f"pdf/{n}.pdf"}
        rows.append(row)
    rows[7] |= {"kind": "refused", "number": "", "seal": "unknown-signer"}
    facts = {"firm": "Arcada Studio SRL", "cui": "19283749", "first": "2026-01-01", "last": "2026-12-31"}
    (tmp_path / "index.html").write_text(archive_export.viewer(facts, rows), "utf-8")
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"file://{tmp_path}/index.html")
    assert page.locator("tbody tr").count() == 100
    assert page.locator("#count").inner_text() == "250 de documente"
    page.screenshot(path=tmp_path / "1280.png")
    page.get_by_role("button", name="Arătați mai multe").click()
    assert page.locator("tbody tr").count() == 200
    page.get_by_label("Căutați după").fill("brutaria 0042")  # without diacritics
    assert page.locator("tbody tr").count() == 1
    assert page.locator("tbody a").first.get_attribute("href") == "pachete/42.zip"
    page.get_by_label("Căutați după").fill("")
    page.get_by_label("Felul").select_option("refused")
    assert page.locator("tbody tr").count() == 1
    page.get_by_label("Felul").select_option("")
    page.get_by_label("Luna").select_option("2026-02")
    assert page.locator("tbody tr").count() == 28
    page.get_by_role("button", name="English").click()
    assert page.locator("h1").inner_text() == "Archive of invoices"
    assert page.get_by_label("Month").input_value() == "2026-02"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.screenshot(path=tmp_path / "390.png")
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=tmp_path / "390-dark.png")
    page.close()
    assert said == []
