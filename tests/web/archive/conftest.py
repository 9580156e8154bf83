"""Real packages: sealed with the simulator's own key, filed as the product files them, in a folder of the test's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes

from punte.anaf.package import open_package
from punte.anafsim.archive import java_zip
from punte.anafsim.authority import Authority, open_authority
from punte.anafsim.seal import seal
from punte.web.archive.filing import file_package
from punte.web.archive.models import SealedPackage
from punte.web.archive.store.disk import Disk
from punte.web.firms.models import Firm

from ..delivery.conftest import INVOICE, queue  # noqa: F401 - a fixture

NOW = datetime.now(UTC)  # the seal's certificate is as young as the test
File = Callable[..., SealedPackage]


@pytest.fixture(scope="session")
def ministry(authority) -> Authority:
    return open_authority(authority)


@pytest.fixture
def disk(tmp_path, settings) -> Disk:
    settings.ARCHIVE = str(tmp_path / "archive")
    return Disk(settings.ARCHIVE)


def zipped(index: int, ministry: Authority, document: bytes = b"", *, of: bytes = b"") -> bytes:
    """A package of SPV's; the seal is over `of`, the document unless given."""
    document = document or INVOICE.read_bytes().replace(b"EX 0001", b"DI %04d" % index)
    members = {f"{index}.xml": document, f"semnatura_{index}.xml": seal(of or document, ministry)}
    return java_zip(members, NOW)


@pytest.fixture
def file(firm, ministry, settings) -> File:
    """`file(7)` is the package of upload index 7, in the archive."""
    settings.ANAF_SEALS = [ministry.seal_certificate.fingerprint(hashes.SHA256()).hex()]

    def filed(index: int, content: bytes = b"", whose: Firm = firm) -> SealedPackage:
        content = content or zipped(index, ministry)
        return file_package(whose, str(10 * index), content, open_package(content), at=NOW, now=NOW)

    return filed
