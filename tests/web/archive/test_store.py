"""The store: once, whole, never over another; in a folder and, over a real socket, in an S3 server."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Iterator

import pytest

from punte.web.archive.store import Missing, Store, Unreachable, path_of, store
from punte.web.archive.store.disk import Disk
from punte.web.archive.store.s3 import S3

CONTENT = b"PK\x03\x04 sealed"
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server_module = pytest.importorskip("moto.server", reason="moto is missing: the S3 store was not tested")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server, settings) -> str:
    import boto3

    name = f"bucket-{os.urandom(4).hex()}"
    settings.ARCHIVE_ENDPOINT, settings.ARCHIVE_REGION = s3_server, "eu-central-1"
    settings.ARCHIVE_ACCESS_KEY, settings.ARCHIVE_SECRET_KEY = "test", "test"
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("s3", endpoint_url=s3_server, region_name="eu-central-1", **keys)
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return name


@pytest.fixture(params=["disk", "s3"])
def place(request, tmp_path) -> Store:
    return (
        Disk(tmp_path / "archive") if request.param == "disk" else S3.at(f"s3://{request.getfixturevalue('bucket')}/a")
    )


def spoil(place: Store) -> None:
    """Other bytes under the same name."""
    if isinstance(place, Disk):
        path = place.root / path_of(NAME)
        path.chmod(0o600)
        path.write_bytes(b"other")
    else:
        assert isinstance(place, S3)
        place._client.put_object(Bucket=place.bucket, Key=f"a/{path_of(NAME)}", Body=b"other")


def test_what_is_put_is_there_once_under_its_hash(place):
    place.put(CONTENT, NAME)
    place.put(CONTENT, NAME)
    assert place.get(NAME) == CONTENT
    assert [(one.sha256, one.size) for one in place.everything()] == [(NAME, len(CONTENT))]


def test_what_is_not_there_is_told_apart_from_a_store_that_does_not_answer(place, settings, tmp_path):
    with pytest.raises(Missing, match=NAME):
        place.get(NAME)
    if isinstance(place, S3):
        settings.ARCHIVE_ENDPOINT = "http://127.0.0.1:1"
        closed: Store = S3.at("s3://nowhere/a")
    else:
        (tmp_path / "file").write_bytes(b"")
        closed = Disk(tmp_path / "file")
    with pytest.raises(Unreachable):
        closed.put(CONTENT, NAME)


def test_a_spoiled_content_steps_aside_for_the_good_one_and_stays_to_be_seen(place):
    place.put(CONTENT, NAME)
    spoil(place)
    place.put(CONTENT, NAME)
    assert place.get(NAME) == CONTENT
    (aside,) = [one for one in place.everything() if not one.sha256]
    assert ".spoiled" in aside.name
    place.remove(aside.name)
    assert [one.sha256 for one in place.everything()] == [NAME]


def test_many_writers_of_the_same_content_make_one(place):
    faults: list[Exception] = []

    def put() -> None:
        try:
            for _ in range(5):
                place.put(CONTENT, NAME)
        except Exception as exc:
            faults.append(exc)

    writers = [threading.Thread(target=put) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not faults
    assert [one.sha256 for one in place.everything()] == [NAME]


def test_a_server_without_conditional_put_is_served_too(bucket, monkeypatch):
    place = S3.at(f"s3://{bucket}/a")
    asked = place._ask

    def ask(operation, **facts):
        if "IfNoneMatch" in facts:
            from botocore.exceptions import ClientError

            from punte.web.archive.store.s3 import _Refused

            raise _Refused("here", ClientError({"Error": {"Code": "NotImplemented"}}, operation))
        return asked(operation, **facts)

    monkeypatch.setattr(place, "_ask", ask)
    place.put(CONTENT, NAME)
    place.put(CONTENT, NAME)
    assert place.get(NAME) == CONTENT


def test_a_file_of_the_folder_is_read_only_and_leaves_nothing_beside_it(tmp_path):
    place = Disk(tmp_path)
    place.put(CONTENT, NAME)
    path = tmp_path / path_of(NAME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert [one.name for one in path.parent.iterdir()] == [NAME]


@pytest.mark.parametrize(("place", "kind"), [("database", type(None)), ("/srv/archive", Disk)])
def test_the_setting_names_the_store(place, kind, settings):
    settings.ARCHIVE = place
    assert isinstance(store(), kind)
