"""Nothing leaves the archive before its term, and then by an explicit act alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from punte.web.archive import orphans, retention, verifying
from punte.web.archive.models import SealedPackage
from punte.web.archive.store import Missing

LATER = datetime(2040, 1, 1, tzinfo=UTC)


def test_before_its_term_nothing_can_be_removed(firm, disk, file):
    file(1)
    with pytest.raises(retention.StillKept, match=r"until 2032-06-30 \(Legea 82/1991, art\. 25"):
        retention.remove(firm, 2026, datetime(2032, 7, 1, tzinfo=UTC))  # past the law's term, not past our caution
    assert retention.offered(firm, date(2036, 12, 31)).count() == 0
    assert SealedPackage.objects.get().content


def test_after_it_the_bytes_go_and_row_and_link_say_so(firm, carmens_firm, disk, file, ministry):
    SealedPackage.objects.filter(pk=file(1).pk).update(stored_at=datetime(2026, 5, 1, tzinfo=UTC))
    kept = file(2)
    SealedPackage.objects.filter(pk=kept.pk).update(stored_at=datetime(2030, 5, 1, tzinfo=UTC))
    assert retention.offered(firm, LATER.date()).count() == 1
    assert retention.remove(firm, 2026, LATER) == 1
    gone = SealedPackage.objects.get(upload_index="1")
    assert gone.removed_at == LATER
    with pytest.raises(Missing):
        _ = gone.content
    row = verifying.verify([firm], timezone.now(), expecting=lambda packages: {}, clock=timezone.now)
    assert row.faults == 0  # removed by law is no loss
    assert list(orphans.orphans(disk)) == []
    assert SealedPackage.objects.get(pk=kept.pk).content


def test_bytes_that_another_firm_keeps_too_stay(firm, carmens_firm, disk, file, ministry):
    from .conftest import zipped

    content = zipped(1, ministry)
    file(1, content)
    hers = file(1, content, carmens_firm)
    SealedPackage.objects.update(stored_at=datetime(2026, 5, 1, tzinfo=UTC))
    retention.remove(firm, 2026, LATER)
    assert SealedPackage.objects.get(pk=hers.pk).content == content
