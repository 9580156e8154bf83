"""Put a package of ANAF's in the archive: byte for byte, once, with what its seal says."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from punte.anaf.package import Package
from punte.anaf.seal import known_signers, verify
from punte.web.firms.models import Firm

from . import chain
from .models import SealedPackage, SealVerdict
from .store import store


def trusted_signers() -> frozenset[bytes]:
    """The Ministry's certificates we know, and those the operator added (`PUNTE_ANAF_SEALS`)."""
    return known_signers() | {bytes.fromhex(seal.replace(":", "")) for seal in settings.ANAF_SEALS}


def file_package(
    firm: Firm, download_id: str, content: bytes, package: Package, *, at: datetime, now: datetime
) -> SealedPackage:
    """Store the ZIP `content` as it came; the one already stored when it came before.

    package  `content`, opened
    at       when ANAF made the message: the signer's certificate must have been valid then
    Raises store.Unreachable: nothing was written down, try again.
    """
    facts: dict[str, object] = {"seal": SealVerdict.MISSING, "signer": "", "signer_fingerprint": ""}
    if package.signature is not None:
        seal = verify(package.document, package.signature, trusted=trusted_signers(), at=at)
        facts = {
            "seal": SealVerdict(seal.verdict.value.replace("_", "-")),
            "signer": (seal.subject or "")[:300],
            "signer_fingerprint": seal.fingerprint.hex() if seal.fingerprint else "",
        }
    sha256 = hashlib.sha256(content).hexdigest()
    place = store()
    if place is not None:
        place.put(content, sha256)  # first: should we die before the row, an orphan stays, which `verify` names
    with transaction.atomic():
        stored, is_new = SealedPackage.objects.get_or_create(
            firm=firm,
            download_id=download_id,
            defaults={
                "upload_index": package.upload_index,
                "held": content if place is None else b"",
                "sha256": sha256,
                "made_at": at,
                "stored_at": now,
                **facts,
            },
        )
        if is_new:
            chain.extend(firm)
    return stored
