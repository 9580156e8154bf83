"""Sixteen writers that number at once, for test_writers: `python writers.py` with a data directory or DATABASE_URL.

Each of them takes six numbers in transactions of their own, and lets every third fail after the number was taken.
"""

from __future__ import annotations

import json
import sys
import threading

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from punte.web.accounts.models import User  # noqa: E402
from punte.web.firms.models import Firm  # noqa: E402
from punte.web.invoices import gaps, numbering  # noqa: E402
from punte.web.invoices.models import Client, Invoice, Series  # noqa: E402

WRITERS, EACH = 16, 6


def write(series: Series, drafts: list[Invoice], together: threading.Barrier, failures: list[str]) -> None:
    try:
        together.wait()
        for place, draft in enumerate(drafts):
            with transaction.atomic():
                numbering.give(draft)
                transaction.set_rollback(place % 3 == 0)
    except Exception as exc:
        failures.append(repr(exc))
    finally:
        connection.close()


call_command("migrate", verbosity=0)
user = User.objects.create_user("ana@arcada.example", "peste-punte-2026")
firm = Firm.objects.create(cui="19283749", name="Arcada Studio SRL")
series = Series.objects.create(firm=firm, prefix="DI")
client = Client.objects.create(firm=firm, name="Brutăria")
today = timezone.localdate()
blank = {"firm": firm, "client": client, "series": series, "issue_date": today, "created_by": user}
drafts = Invoice.objects.bulk_create([Invoice(**blank) for _ in range(WRITERS * EACH)])
together, failures = threading.Barrier(WRITERS), []
threads = [
    threading.Thread(target=write, args=(series, drafts[n * EACH : (n + 1) * EACH], together, failures))
    for n in range(WRITERS)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
numbers = sorted(Invoice.objects.exclude(number=None).values_list("number", flat=True))
sys.stdout.write(json.dumps({"numbers": numbers, "gaps": len(gaps.gaps(series)), "failures": failures}))
