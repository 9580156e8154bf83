"""Put a package of ANAF's in the archive: byte for byte, once, with what its seal says."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings

from punte.anaf.package import Package
from punte.anaf.seal import known_signers, verify
from punte.web.firms.models import Firm

from .models import SealedPackage, SealVerdict


def trusted_signers() -> frozenset[bytes]:
    """The Ministry's certificates we know, and those the operator added (`PUNTE_ANAF_SEALS`)."""
    return known_signers() | {bytes.fromhex(seal.replace(":", "")) for seal in settings.ANAF_SEALS}


def file_package(
    firm: Firm, download_id: str, content: bytes, package: Package, *, at: datetime, now: datetime
) -> SealedPackage:
    """Store the ZIP `content` as it came; the one already stored when it came before.

    package  `content`, opened
    at       when ANAF made the message: the signer's certificate must have been valid then
    """
    facts = {"seal": SealVerdict.MISSING, "signer": "", "signer_fingerprint": ""}
    if package.signature is not None:
        seal = verify(package.document, package.signature, trusted=trusted_signers(), at=at)
        facts = {
            "seal": SealVerdict(seal.verdict.value.replace("_", "-")),
            "signer": (seal.subject or "")[:300],
            "signer_fingerprint": seal.fingerprint.hex() if seal.fingerprint else "",
        }
    stored, _ = SealedPackage.objects.get_or_create(
        firm=firm,
        download_id=download_id,
        defaults={
            "upload_index": package.upload_index,
            "content": content,
            "sha256": hashlib.sha256(content).hexdigest(),
            "stored_at": now,
            **facts,
        },
    )
    return stored
