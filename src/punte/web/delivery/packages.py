"""ANAF's ZIPs on their way into the archive: downloaded once, and compared with what we sent."""

from __future__ import annotations

import hashlib
from datetime import datetime

from punte.anaf.efactura import EFactura
from punte.anaf.package import Package, open_package
from punte.web.archive.filing import file_package
from punte.web.archive.models import SealedPackage
from punte.web.firms.models import Firm
from punte.web.limits.clock import Clock
from punte.web.spv.models import Message

from .models import Submission


def fetch(firm: Firm, download_id: str, efactura: EFactura, clock: Clock) -> tuple[Package, SealedPackage]:
    """The package `download_id`: out of the archive when it is there, else from ANAF and into the archive.

    Raises BadPackage, with nothing kept, for what cannot be opened: an answer cut on its way comes whole the next time.
    """
    stored = SealedPackage.objects.filter(firm=firm, download_id=download_id).first()
    if stored is not None:
        return open_package(bytes(stored.content)), stored
    content = efactura.download(download_id)
    package = open_package(content)
    now = clock()
    return package, file_package(firm, download_id, content, package, at=made_at(firm, download_id) or now, now=now)


def made_at(firm: Firm, download_id: str) -> datetime | None:
    """When ANAF made the package, as its list said; None where only the state named it so far."""
    listed = Message.objects.filter(firm=firm, download_id=download_id)
    return listed.values_list("created_at", flat=True).first()


def is_ours(submission: Submission, package: Package) -> bool:
    return hashlib.sha256(package.document).hexdigest() == submission.sha256
