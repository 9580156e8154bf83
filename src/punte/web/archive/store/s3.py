"""The store in a bucket of an S3-compatible service (`pip install punte[s3]`): objects `<prefix>/ab/cd/<sha256>`."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from . import Found, Missing, Unreachable, path_of
from .disk import NAME

#: a server's ways to say that it knows no conditional put; then the object is looked for first
NO_CONDITIONS = {"NotImplemented", "501"}
THERE_ALREADY = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}
NOT_THERE = {"NoSuchKey", "404", "NotFound"}


class S3:
    """`client` is boto3's; safe to share between threads."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self.bucket, self.prefix = client, bucket, prefix

    @classmethod
    def at(cls, place: str) -> S3:
        """`s3://bucket/prefix`, with the endpoint, region and keys of the settings."""
        try:
            import boto3
            from botocore.config import Config
        except ImportError as exc:
            raise ImproperlyConfigured(f"PUNTE_ARCHIVE={place!r} needs boto3: pip install 'punte[s3]'") from exc
        parts = urlsplit(place)
        client = boto3.client(
            "s3",
            endpoint_url=settings.ARCHIVE_ENDPOINT or None,
            region_name=settings.ARCHIVE_REGION or None,
            aws_access_key_id=settings.ARCHIVE_ACCESS_KEY or None,  # None: boto3's own places, as a host's role
            aws_secret_access_key=settings.ARCHIVE_SECRET_KEY or None,
            config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"total_max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",  # the newer default is refused by some servers
                response_checksum_validation="when_required",
            ),
        )
        return cls(client, parts.netloc, parts.path.strip("/"))

    def put(self, content: bytes, sha256: str) -> None:
        key, digest = self._key(sha256), base64.b64encode(bytes.fromhex(sha256)).decode()
        facts = {"Bucket": self.bucket, "Key": key, "Body": content, "ChecksumSHA256": digest}
        try:
            self._ask("put_object", IfNoneMatch="*", **facts)
        except _Refused as refused:
            if refused.code not in NO_CONDITIONS | THERE_ALREADY:
                raise
            if not self._holds(sha256):
                self._ask("put_object", **facts)  # the same bytes under the same name, should two come at once

    def get(self, sha256: str) -> bytes:
        try:
            content: bytes = self._ask("get_object", Bucket=self.bucket, Key=self._key(sha256))["Body"].read()
        except _Refused as refused:
            if refused.code in NOT_THERE:
                raise Missing(f"{sha256} is not in {self.describe()}") from refused
            raise
        return content

    def everything(self) -> Iterator[Found]:
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
                for one in page.get("Contents", ()):
                    last = one["Key"].rpartition("/")[2]
                    sha256 = last if NAME.fullmatch(last) else ""
                    yield Found(one["Key"], sha256, one["Size"], one["LastModified"])
        except _errors() as exc:
            raise Unreachable(f"{self.describe()}: {exc}") from exc

    def name_of(self, sha256: str) -> str:
        return self._key(sha256)

    def remove(self, name: str) -> None:
        self._ask("delete_object", Bucket=self.bucket, Key=name)

    def describe(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def _holds(self, sha256: str) -> bool:
        """Whether the content is there and whole; a spoiled object is copied aside, as on disk, and taken away."""
        try:
            there = self.get(sha256)
        except Missing:
            return False
        if hashlib.sha256(there).hexdigest() == sha256:
            return True
        key = self._key(sha256)
        self._ask("put_object", Bucket=self.bucket, Key=f"{key}.spoiled", Body=there)
        self._ask("delete_object", Bucket=self.bucket, Key=key)
        return False

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}/{path_of(sha256)}".lstrip("/")

    def _ask(self, operation: str, **facts: Any) -> Any:
        from botocore.exceptions import ClientError

        try:
            return getattr(self._client, operation)(**facts)
        except ClientError as exc:
            raise _Refused(self.describe(), exc) from exc
        except _errors() as exc:
            raise Unreachable(f"{self.describe()}: {exc}") from exc


class _Refused(Unreachable):
    """The server answered with an error; `code` is S3's."""

    def __init__(self, where: str, error: Any) -> None:
        super().__init__(f"{where}: {error}")
        self.code = str(error.response.get("Error", {}).get("Code", ""))


def _errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError

    return (BotoCoreError, ClientError)
