"""The pages one works in, on a full house: Venituri, its search, the page of an invoice, Acasă.

One firm has a tenth of all invoices (of SQLite's, nine tenths), the others share the rest; both are measured, through
the whole of Django, in one process. PostgreSQL: 3,000 firms with 10,000 and with 1,000,000 invoices; SQLite: 100,000.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.on_postgres import binaries, cluster

from .timing import Row, row, skipped

FIRMS = 3000
CLIENTS = 20  # of each firm; of the large one, ten times so many for each ten thousand invoices
RUNS, WARM = 40, 4
SAMPLE = 40  # invoices of each firm that have a real document and a history
PAGE = 20
ASKED = 150  # ms


def run() -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        lite = _measured(f"sqlite:///{folder}/punte.sqlite3", 100_000, 90_000, folder)
    rows += _rows("SQLite, 100,000", lite)
    programs = binaries()
    if programs is None:
        return [*rows, skipped("PostgreSQL, 1,000,000 invoices", "PostgreSQL is missing")]
    found: dict[int, dict[str, list[float]]] = {}
    for size in (10_000, 1_000_000):
        with cluster(programs) as url, tempfile.TemporaryDirectory() as folder:
            found[size] = _measured(url, size, size // 10, folder)
    few, many = found[10_000], found[1_000_000]
    rows += _rows("PostgreSQL, 1,000,000", many)
    for what in many:
        if what in few and what.startswith("large firm"):
            rows.append(row(f"1,000,000 / 10,000 invoices, {what}, p50", many[what][0] / few[what][0], "x"))
    return rows


def _rows(where: str, measured: dict[str, list[float]]) -> Iterator[Row]:
    for what, (p50, p95) in measured.items():
        yield row(f"{where}: {what}, p50", p50, "ms")
        yield row(f"{where}: {what}, p95", p95, "ms" if p95 < ASKED else f"ms, over {ASKED}")


def _measured(url: str, size: int, big: int, folder: str) -> dict[str, list[float]]:
    """The pages in a process of its own, for Django reads its database once."""
    data = Path(folder) / "data"
    (data / "static").mkdir(parents=True)
    env = os.environ | {"DATABASE_URL": url, "PUNTE_DATA_DIR": str(data), "PUNTE_ANAF": "custom"}
    env |= {"PUNTE_BASE_URL": "http://localhost", "DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages", str(size), str(big)],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: dict[str, list[float]] = json.loads(said.stdout.splitlines()[-1])
    return result


# --- in the process that measures ---


def measure(size: int, big: int) -> dict[str, list[float]]:
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    fill(size, big)
    found: dict[str, list[float]] = {}
    for name, place in places_of(big).items():
        browser = Client(headers={"host": "localhost"})
        browser.force_login(place["user"])
        session = browser.session
        session["firm"] = place["firm"]
        session.save()

        def get(address: str, browser: Client = browser) -> None:
            answer = browser.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        pages: dict[str, Callable[[int], str]] = {
            "Venituri": lambda n: "/venituri/",
            **({"Venituri, page 1,000": lambda n, k=place["far"]: f"/venituri/?dupa={k}"} if place["far"] else {}),
            "neîncasate": lambda n: "/venituri/?filtru=neincasate",
            "search": lambda n: f"/venituri/?q=clientul+{n % 10}7+srl",
            "search for nothing": lambda n: f"/venituri/?q=nimeni+{n}",
            "invoice": lambda n, k=place["sample"]: f"/venituri/{k[n % len(k)]}/",
            "Acasă": lambda n: "/",
        }
        for what, address in pages.items():
            found[f"{name}, {what}"] = _quantiles(get, address)
    return found


def _quantiles(get: Callable[[str], None], address: Callable[[int], str]) -> list[float]:
    """p50 and p95 in milliseconds."""
    for n in range(WARM):
        get(address(n))
    taken = []
    for n in range(RUNS):
        began = time.perf_counter()
        get(address(n))
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return [taken[len(taken) // 2], taken[int(len(taken) * 0.95)]]


def fill(size: int, big: int) -> None:
    """Firms with clients, invoices, lines and submissions, made from one of each by the database itself."""
    from decimal import Decimal

    from django.db import connection
    from django.utils import timezone

    from punte.web.accounts.models import User
    from punte.web.delivery.models import Submission
    from punte.web.firms.models import Firm, Role
    from punte.web.invoices import numbering
    from punte.web.invoices.keeping import keep
    from punte.web.invoices.models import Client, Invoice, Line, Series

    postgres = connection.vendor == "postgresql"
    user = User.objects.create_user("ana@arcada.example", "peste-punte-2026")
    now = timezone.now()
    firm = Firm.objects.create(
        cui="19283749", name="Arcada Studio SRL", street="Str. Podului 12", city="Cluj-Napoca", county="RO-CJ",
        vat_registered=True, iban="RO49AAAA1B31007593840000",
    )  # fmt: skip
    firm.memberships.create(user=user, role=Role.OWNER)
    client = Client.objects.create(
        firm=firm, name="Clientul 0 SRL", cui="33174208", street="Str. Morii 2", city="SECTOR3", county="RO-B",
        vat_registered=True,
    )  # fmt: skip
    series = Series.objects.create(firm=firm, prefix="DI")
    invoice = Invoice(
        firm=firm, client=client, series=series, issue_date=timezone.localdate(), due_date=timezone.localdate()
    )
    item = Line(name="Fotografie", quantity=Decimal(1), price=Decimal(100), vat_category="S", vat_rate=Decimal(21))
    from django.db import transaction

    with transaction.atomic():
        keep(invoice, [item], user)
        numbering.give(invoice)
    Invoice.objects.filter(pk=invoice.pk).update(stage="accepted")
    submission = Submission.objects.create(
        firm=firm, invoice=invoice, state="accepted", document=b"", sha256="0" * 64, created_by=user, created_at=now,
        changed_at=now,
    )  # fmt: skip

    large, ordinary = firm.pk, firm.pk + 1
    many_clients = max(CLIENTS, big // 500)
    random = "(s.n % 1000 * 7919 % 1000)"
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute("SET session_replication_role = replica")
        with connection.schema_editor() as editor:
            for index in Invoice._meta.indexes:
                editor.remove_index(Invoice, index)

        def spread(model: Any, first: int, last: int, **columns: str) -> None:
            """Rows `first` to `last` of a series `s.n`, each a copy of the first row with `columns` by expression."""
            table = model._meta.db_table
            names = [field.column for field in model._meta.local_concrete_fields]
            values = [columns.get(name, f't."{name}"') for name in names]
            series_ = (
                f"generate_series({first}, {last}) AS s(n)"
                if postgres
                else f"(WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last})"
                " SELECT n FROM c) AS s"
            )
            quoted = ", ".join(f'"{name}"' for name in names)
            first_row = f"(SELECT * FROM {table} ORDER BY id LIMIT 1) AS t"
            cursor.execute(f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {first_row}, {series_}")

        def text(expression: str) -> str:
            return f"CAST({expression} AS {'varchar' if postgres else 'text'})"

        other = f"({ordinary} + s.n % {FIRMS - 1})"
        spread(Firm, 1, FIRMS - 1, id=f"{large} + s.n", cui=text("20000000 + s.n"), name="'Firma ' || s.n")
        spread(type(firm.memberships.get()), 1, 1, id="t.id + s.n", firm_id=f"{ordinary}")
        name = "'Clientul ' || s.n || ' SRL'"
        folded = "'clientul ' || s.n || ' srl'"
        codes = {"cui": text("30000000 + s.n"), "name": name, "search_name": folded}
        spread(Client, 1, many_clients - 1, id=f"{client.pk} + s.n", **codes)
        base = client.pk + many_clients
        spread(
            Client, 0, (FIRMS - 1) * CLIENTS - 1, id=f"{base} + s.n", firm_id=f"{ordinary} + s.n / {CLIENTS}", **codes
        )
        spread(Series, 1, FIRMS - 1, id=f"{series.pk} + s.n", firm_id=f"{large} + s.n")
        day = "CURRENT_DATE - CAST({of} AS int)" if postgres else "date('now', '-' || ({of}) || ' days')"
        stage = (
            f"CASE WHEN {random} < 3 THEN 'rejected' WHEN {random} < 6 THEN 'processing' WHEN {random} < 7 THEN 'draft'"
            " ELSE 'accepted' END"
        )
        money = {
            "stage": stage,
            "net": f"{random} + 1",
            "payable": f"({random} + 1) * 1.21",
            "net_lei": f"{random} + 1",
            "paid": f"CASE WHEN {random} % 10 < 8 THEN ({random} + 1) * 1.21 ELSE 0 END",
        }

        def invoices(first: int, last: int, of: str, nth: str, client_: str, **columns: str) -> None:
            label = f"'DI ' || {nth}"
            found = f"'di ' || {nth} || chr(10) || 'clientul ' || {client_} || ' srl ' || (30000000 + {client_})"
            found = found if postgres else found.replace("chr(10)", "char(10)")
            spread(
                Invoice, first, last, id=f"{invoice.pk} + s.n", issue_date=day.format(of=of), number=nth, label=label,
                due_date=day.format(of=f"{of} - 15"), search_text=found, **money, **columns,
            )  # fmt: skip

        invoices(
            1, big - 1, "s.n * 1500 / " + str(big), "s.n + 1", f"s.n % {many_clients}",
            client_id=f"{client.pk} + s.n % {many_clients}",
        )  # fmt: skip
        rest = size - big
        nth = f"((s.n - {big}) / {FIRMS - 1} + 1)"
        invoices(
            big, size - 1, f"{nth} * 4", nth, f"(s.n / {FIRMS - 1} % {CLIENTS})",
            firm_id=other, series_id=f"{series.pk} + 1 + s.n % {FIRMS - 1}",
            client_id=f"{base} + (s.n % {FIRMS - 1}) * {CLIENTS} + (s.n / {FIRMS - 1}) % {CLIENTS}",
        )  # fmt: skip
        assert rest > 0
        spread(Line, 1, size - 1, id="t.id + s.n", invoice_id=f"{invoice.pk} + s.n")
        spread(Submission, 1, size - 1, id=f"{submission.pk} + s.n", invoice_id=f"{invoice.pk} + s.n")
        with connection.schema_editor() as editor:
            for index in Invoice._meta.indexes:
                editor.add_index(Invoice, index)
        if postgres:
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM ANALYZE")


def places_of(big: int) -> dict[str, dict[str, Any]]:
    """Of the large firm and of an ordinary one: where its thousandth page begins, and invoices with a history."""
    from django.utils import timezone

    from punte.web.accounts.models import User
    from punte.web.delivery.models import Submission
    from punte.web.firms.models import Firm
    from punte.web.invoices import document
    from punte.web.invoices.models import Invoice

    now, user, large = timezone.now(), User.objects.get(), Firm.objects.order_by("pk")[0].pk
    ordinary = large + 1
    xml = document.ubl(Invoice.objects.order_by("pk")[0])
    found: dict[str, dict[str, Any]] = {}
    for name_, pk in (("large firm", large), ("ordinary firm", ordinary)):
        own = Invoice.objects.filter(firm_id=pk, kind="invoice").order_by("-issue_date", "-pk")
        sample = list(own.filter(stage="accepted").values_list("pk", flat=True)[:SAMPLE])
        for one in Submission.objects.filter(invoice__in=sample):
            Submission.objects.filter(pk=one.pk).update(document=xml)
            for kind in ("queued", "sending", "sent", "accepted"):
                one.events.create(at=now, kind=kind, state="accepted")
        far = own.values_list("issue_date", "pk")[999 * PAGE - 1 : 999 * PAGE]
        found[name_] = {"user": user, "firm": pk, "sample": sample, "far": "".join(f"{d}.{k}" for d, k in far)}
    return found


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:]))))
