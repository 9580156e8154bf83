"""Who gets what at every address of the room, and the walk through an import as a browser makes it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from punte.web.accounts.models import User
from punte.web.firms.models import Role
from punte.web.transfer import fields, kit, urls
from punte.web.transfer.models import Import, State

from .conftest import work
from .test_imports import CLIENTS

#: owner, accountant, colleague who reads, stranger (with a firm of her own), nobody
TABLE = {
    "get": {
        "index": (200, 200, 200, 200, 302),
        "create": (200, 200, 403, 200, 302),
        "import": (200, 200, 403, 404, 302),
        "refused": (200, 200, 403, 404, 302),
        "export": (200, 200, 200, 200, 302),
        "journal": (200, 200, 200, 200, 302),
        "journal_file": (200, 200, 200, 200, 302),
        "kit": (200, 403, 403, 404, 302),
        "kit_file": (200, 403, 403, 404, 302),
    },
    "post": {
        "create": (200, 200, 403, 200, 302),
        "columns": (302, 302, 403, 404, 302),
        "begin": (302, 302, 403, 404, 302),
        "undo": (302, 302, 403, 404, 302),
        "kit_create": (302, 403, 403, 302, 302),
        "archive_create": (422, 403, 403, 422, 302),  # no period is named
    },
}
OWN = {
    "import": "import", "refused": "import", "columns": "import", "begin": "import", "undo": "import",
    "kit": "kit", "kit_file": "kit",
}  # fmt: skip
WORDS = {"export": {"what": "clienti", "kind": "csv"}, "journal_file": {"kind": "xlsx"}}


def test_every_address_stands_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} == TABLE["get"].keys() | TABLE["post"].keys()


@pytest.fixture
def everybody(people, firm) -> list[Browser]:
    dan = User.objects.create_user("dan@conta.example", "peste-punte-2026", name="Dan Contabil")
    firm.memberships.create(user=dan, role=Role.ACCOUNTANT)
    accountant = Browser()
    accountant.force_login(dan)
    return [people["ana"], accountant, people["bogdan"], people["carmen"], people["nobody"]]


@pytest.mark.parametrize(
    ("method", "name", "answers"), [(m, name, answers) for m, rows in TABLE.items() for name, answers in rows.items()]
)
def test_who_gets_what(everybody, bring, firm, ana, method, name, answers):
    one = bring("clients", CLIENTS + ";1;;;;;\n", go=False)
    pack = kit.start(firm, ana, with_pdf=False, language="ro")
    work()
    pk = {"import": one.pk, "kit": pack.pk}.get(OWN.get(name, ""))
    address = reverse(f"transfer:{name}", kwargs=WORDS.get(name), args=[pk] if pk else None)
    # the owner last, since what she does may be done once
    for browser, status in list(zip(everybody, answers, strict=True))[::-1]:
        if name == "undo" and browser is everybody[0]:
            continue  # the accountant gave it up just before: it is not there any more
        answer = getattr(browser, method)(address, {"action": "back"} if method == "post" else {})
        assert answer.status_code == status, address
        if browser is everybody[4]:
            assert answer["Location"].startswith("/cont/")
        if browser in everybody[2:]:
            assert Import.objects.get().state == State.CHECKED
            assert not firm.clients.exists()


@pytest.mark.parametrize("name", ["columns", "begin", "undo", "kit_create"])
def test_what_writes_is_not_done_by_following_a_link(people, bring, name):
    one = bring("clients", CLIENTS, go=False)
    assert (
        people["ana"].get(reverse(f"transfer:{name}", args=[one.pk] if name != "kit_create" else [])).status_code == 405
    )


def test_the_owner_gives_up_too(people, bring):
    one = bring("clients", CLIENTS, go=False)
    assert people["ana"].post(reverse("transfer:undo", args=[one.pk])).status_code == 302
    assert not Import.objects.exists()


def test_an_unknown_table_is_not_there(people):
    assert people["ana"].get("/date/export/parole.csv").status_code == 404


def test_nobody_reads_shows_no_button_that_would_refuse(people):
    page = people["bogdan"].get("/date/").content.decode()
    assert "Alegeți fișierul" not in page
    assert "Faceți arhiva" not in page


def upload(browser: Browser, content: str | bytes, kind: str = "clients", name: str = "c.csv"):
    content = content.encode() if isinstance(content, str) else content
    return browser.post("/date/import/", {"kind": kind, "file": SimpleUploadedFile(name, content)})


def chosen(one: Import, **said: str) -> dict[str, str]:
    usual = {"encoding": one.encoding, "separator": one.separator, "decimal": one.decimal, "known": "skip"}
    usual |= {f"col_{field.name}": "-" for field in fields.fields(one.kind)}
    return usual | {f"col_{name}": str(index) for name, index in one.columns.items()} | said


def test_the_whole_walk(people, firm):
    ana = people["ana"]
    answer = upload(ana, "\n".join((CLIENTS, "Rău;1;;;;;")))
    page = answer["Location"]
    one = Import.objects.get()
    text = ana.get(page).content.decode()
    assert "Brutăria Trei Spice SRL" in text
    assert one.columns["name"] == 0
    assert ana.post(f"{page}coloane/", chosen(one, action="check"))["Location"] == page
    assert "Se verifică" in ana.get(page).content.decode()
    work()
    text = ana.get(page).content.decode()
    assert "2\u00a0rânduri bune" in text
    assert "1\u00a0rând cu probleme" in text
    assert not firm.clients.exists()  # nothing is written before it is confirmed
    ana.post(f"{page}porneste/")
    assert ana.get(f"{page}?seen=x", headers={"HX-Request": "true"}).status_code == 200
    work()
    assert ana.get(f"{page}?seen=x", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Importul s-a încheiat" in ana.get(page).content.decode()
    assert firm.clients.count() == 2
    ana.post(f"{page}anuleaza/")
    assert "Se dă înapoi" in ana.get(page).content.decode()
    work()
    assert "a fost dat înapoi" in ana.get(page).content.decode()
    assert not firm.clients.exists()


def test_another_separator_shows_another_table_before_anything_is_checked(people, firm):
    upload(people["ana"], CLIENTS)
    one = Import.objects.get()
    people["ana"].post(f"/date/import/{one.pk}/coloane/", chosen(one, separator=",", action="check"))
    one = Import.objects.get()
    assert (one.state, one.separator, one.columns) == (State.READING, ",", {})


def test_a_column_says_one_thing_and_the_needed_ones_are_asked_for(people, firm):
    upload(people["ana"], CLIENTS)
    one = Import.objects.get()
    address = f"/date/import/{one.pk}/coloane/"
    assert "aleasă deja" in people["ana"].post(address, chosen(one, col_phone="0", action="check")).content.decode()
    assert (
        "fără ea nu se poate" in people["ana"].post(address, chosen(one, col_name="-", action="check")).content.decode()
    )
    assert Import.objects.get().state == State.READING


def test_a_file_that_cannot_be_read_is_refused_beside_its_field(people):
    assert "Excel vechi" in upload(people["ana"], b"\xd0\xcf\x11\xe0" + b"0" * 99).content.decode()
    assert "Alegeți fișierul." in people["ana"].post("/date/import/", {"kind": "clients"}).content.decode()


def test_giving_up_leaves_no_file_behind(people):
    upload(people["ana"], CLIENTS)
    one = Import.objects.get()
    assert people["ana"].post(f"/date/import/{one.pk}/anuleaza/")["Location"] == "/date/"
    assert not Import.objects.exists()


def test_the_tab_stands_in_settings(people):
    page = people["ana"].get("/date/").content.decode()
    assert 'href="/date/" aria-current="page"' in page
    assert 'href="/setari/" aria-current="page"' in page  # of the menu
