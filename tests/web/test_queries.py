"""What each page asks of the database is one number, however many invoices: `benchmarks/pages.py` in small."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from punte.web.inbox.models import Reading
from punte.web.invoices.models import Stage

from .inbox.conftest import received
from .invoices.conftest import TODAY, bakery, draft_of, sent  # noqa: F401 - a fixture

#: page → the most it may ask
PAGES = {
    "/venituri/": 16,
    "/venituri/?filtru=neincasate": 16,
    "/venituri/?q=brutaria": 16,
    "/venituri/?fel=proforme": 12,
    "/": 36,
    "/venituri/{accepted}/": 24,
    "/venituri/{rejected}/": 30,
    "/venituri/actiuni/{batch}/": 10,
    "/cheltuieli/": 20,
    "/cheltuieli/?filtru=probleme&q=brutaria": 20,
    "/cheltuieli/furnizori/": 12,
    "/cheltuieli/{received}/": 26,
}


def fill(client, count: int) -> dict[str, int]:
    """`count` of every kind that a page shows in its own way."""
    pks = {}
    for n in range(count):
        day = TODAY - timedelta(days=n % 9)
        draft_of(client, issued=day)
        for stage in (Stage.ACCEPTED, Stage.REJECTED, Stage.PROCESSING, Stage.UNCERTAIN):
            pks[str(stage)] = sent(draft_of(client, issued=day), stage).pk
        pks["received"] = received(client.firm, f"FCT {n}", seller_cif=str(33451201 + n), package=True).pk
        for _ in range(3):  # so many that the few, too, are more than a page
            received(client.firm, f"X {n}", reading=Reading.EXPIRED, day=day)
    return pks


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_same_of_few_and_of_many(people, firm, ana, bakery, address):  # noqa: F811
    batch = firm.batches.create(action="copy", created_by=ana, results=[])
    few = fill(bakery, 9) | {"batch": batch.pk}
    first = asked(people["ana"], address.format(**few))
    fill(bakery, 5)
    assert asked(people["ana"], address.format(**few)) == first <= PAGES[address]


def asked(browser, address: str) -> int:
    browser.get(address)  # what is read once a process is read
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_the_first_load_is_light(people, firm, bakery, settings):  # noqa: F811
    """Venituri with everything it links to, as it travels: scripts and styles compressed, the page as it is."""
    fill(bakery, 5)
    page = people["ana"].get("/venituri/").content
    sheet = re.search(rb'<link rel="stylesheet" href="([^"]+)"', page)
    assert sheet
    styles = people["ana"].get(sheet[1].decode(), headers={"accept-encoding": "gzip"}).content
    scripts = [
        finders.find(src.decode().removeprefix("/static/")) for src in re.findall(rb'<script src="([^"]+)"', page)
    ]
    assert all(scripts)
    weight = len(page) + len(styles) + sum(len(gzip.compress(Path(one).read_bytes())) for one in scripts if one)
    assert weight < 120_000, weight
