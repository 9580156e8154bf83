"""What `punte archive verify` finds. Every fault is made in the files or the tables themselves."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from punte.web.archive import chain, moving, orphans, verifying
from punte.web.archive.models import Chain, Link, SealedPackage
from punte.web.archive.store import Missing, Unreachable, path_of, store
from punte.web.delivery.expecting import expected
from punte.web.delivery.models import State

from .conftest import NOW, zipped


def verified(firm, **asked):
    asked.setdefault("expecting", lambda packages: {})
    return verifying.verify([firm], timezone.now(), clock=timezone.now, **asked)


def kinds(firm, **asked):
    return [(one["kind"], one["upload_index"]) for one in verified(firm, **asked).found]


def path(disk, package):
    found = disk.root / path_of(package.sha256)
    found.chmod(0o600)
    return found


def test_a_sound_archive_has_no_fault_and_the_run_is_written_down(firm, disk, file):
    for index in (1, 2, 3):
        file(index)
    row = verified(firm)
    assert (row.packages, row.faults) == (3, 0)
    assert row.ended_at
    assert not SealedPackage.objects.exclude(held=b"").exists()  # the bytes lie in the folder


def flip(disk, package):
    found = path(disk, package)
    content = bytearray(found.read_bytes())
    content[len(content) // 2] ^= 1
    found.write_bytes(content)


def truncate(disk, package):
    found = path(disk, package)
    found.write_bytes(found.read_bytes()[:-40])


def lose_file(disk, package):
    path(disk, package).unlink()


def lose_row(disk, package):
    package.delete()


def relabel_row(disk, package):
    SealedPackage.objects.filter(pk=package.pk).update(upload_index="99")


def drop_from_the_middle(disk, package):
    Link.objects.filter(package_id=package.pk).delete()
    package.delete()


@pytest.mark.parametrize(
    ("hurt", "found"),
    [
        (flip, {("changed", "2"), ("not-a-zip", "2")}),
        (truncate, {("changed", "2"), ("not-a-zip", "2")}),
        (lose_file, {("missing", "2")}),
        (lose_row, {("row-missing", "2")}),
        (relabel_row, {("row-changed", "2")}),
        (drop_from_the_middle, {("chain-broken", "3")}),  # the link after the gap does not hold on to what is before
    ],
)
def test_what_was_hurt_is_found_and_named(firm, disk, file, hurt, found):
    _, package, _ = file(1), file(2), file(3)
    hurt(disk, package)
    assert set(kinds(firm)) == found


def test_links_cut_off_at_the_end_are_missed(firm, disk, file):
    file(1)
    package = file(2)
    Link.objects.filter(package_id=package.pk).delete()
    package.delete()
    assert kinds(firm) == [("chain-short", "")]


def test_a_forged_seal_is_found_though_the_bytes_are_as_filed(firm, disk, file, ministry):
    file(1, zipped(1, ministry, of=b"<Invoice>another</Invoice>"))
    row = verified(firm)
    assert [(one["kind"], one["firm"]) for one in row.found] == [("forged", firm.name)]
    assert "validate/signature" in row.found[0]["cure"]


def test_a_seal_no_longer_trusted_is_told(firm, disk, file, settings):
    file(1)
    settings.ANAF_SEALS = []
    assert kinds(firm) == [("distrusted", "1")]


def test_a_document_that_was_not_ours_is_told_with_its_number(firm, disk, file, queue):
    submission = queue("DI 0007")
    submission.package = file(7)
    submission.state = State.ACCEPTED
    submission.sha256 = "0" * 64
    submission.save()
    (fault,) = verified(firm, expecting=expected).found
    assert (fault["kind"], fault["label"], fault["cui"]) == ("not-ours", "DI 0007", firm.cui)


def test_since_leaves_out_the_older_but_not_their_place_in_the_chain(firm, disk, file):
    package = file(1)
    path(disk, package).unlink()
    assert kinds(firm, since=NOW.date() + timedelta(days=1)) == []
    assert kinds(firm, since=NOW.date()) == [("missing", "1")]


def test_a_store_that_does_not_answer_is_no_fault_of_the_packages(firm, disk, file, monkeypatch):
    file(1)
    monkeypatch.setattr(type(disk), "get", lambda *_: (_ for _ in ()).throw(Unreachable("down")))
    with pytest.raises(Unreachable):
        verified(firm)


# --- filing, orphans, moving ---


def test_what_an_older_version_filed_reads_from_its_row_and_is_linked_by_the_next(firm, disk, file, ministry, settings):
    content = zipped(1, ministry)
    with connection.cursor() as cursor:  # as that version writes: its columns alone
        cursor.execute(
            "INSERT INTO archive_sealedpackage (firm_id, download_id, upload_index, content, sha256, seal, signer,"
            " signer_fingerprint, stored_at) VALUES (%s, '10', '1', %s, %s, 'valid', '', '', %s)",
            [firm.pk, content, hashlib.sha256(content).hexdigest(), NOW],
        )
    old = SealedPackage.objects.get()
    assert old.content == content
    file(2)
    assert list(Link.objects.values_list("number", "upload_index")) == [(1, "1"), (2, "2")]
    assert verified(firm).faults == 0

    assert [went for _, went in moving.move(disk)] == [True]
    old = SealedPackage.objects.get(pk=old.pk)
    assert (bytes(old.held), old.content) == (b"", content)
    assert verified(firm).faults == 0
    assert list(moving.move(disk)) == []  # safe to repeat


def test_moving_leaves_what_is_not_as_it_was_filed(firm, settings, file, disk):
    settings.ARCHIVE = "database"
    package = file(1)
    SealedPackage.objects.filter(pk=package.pk).update(held=b"other")
    assert [went for _, went in moving.move(disk)] == [False]
    assert bytes(SealedPackage.objects.get().held) == b"other"


def test_the_database_can_be_the_store(firm, settings, file, ministry):
    settings.ARCHIVE = "database"
    package = SealedPackage.objects.get(pk=file(1).pk)
    assert package.content == zipped(1, ministry)
    assert verified(firm).faults == 0


def test_a_package_in_files_says_so_where_no_store_is_named(firm, disk, file, settings):
    package = file(1)
    settings.ARCHIVE = "database"
    with pytest.raises(Missing, match="PUNTE_ARCHIVE"):
        _ = SealedPackage.objects.get(pk=package.pk).content


def test_a_list_of_packages_loads_no_bytes(firm, settings, file, django_assert_num_queries):
    settings.ARCHIVE = "database"
    file(1)
    assert "held" in SealedPackage.objects.get().get_deferred_fields()


def test_a_filing_that_died_before_its_row_leaves_an_orphan_which_age_lets_go(firm, disk, file):
    file(1)
    place = store()
    assert place is not None
    place.put(b"left behind", hashlib.sha256(b"left behind").hexdigest())
    (orphan,) = orphans.orphans(place)
    assert orphan.size == len(b"left behind")
    assert orphans.sweep(place, timezone.now()) == []  # too young: its row may be about to come
    assert [one.name for one in orphans.sweep(place, timezone.now() + orphans.AGE)] == [orphan.name]
    assert list(orphans.orphans(place)) == []


def test_a_file_whose_row_is_lost_is_no_orphan(firm, disk, file):
    file(1).delete()
    assert list(orphans.orphans(disk)) == []


@pytest.mark.django_db(transaction=True)
def test_many_that_file_at_once_make_one_chain(firm, disk, file, ministry):
    contents = {index: zipped(index, ministry) for index in range(1, 25)}
    faults: list[Exception] = []

    def work(own: list[int]) -> None:
        try:
            for index in own:
                file(index, contents[index])
        except Exception as exc:
            faults.append(exc)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(list(range(start, 25, 4)),)) for start in range(1, 5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not faults
    assert Chain.objects.get(firm=firm).length == 24
    assert verified(firm).faults == 0
    assert chain.extend(firm) == 0
