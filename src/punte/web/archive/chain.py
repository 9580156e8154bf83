"""The chain of a firm's packages: each link holds the digest of the one before, so that none leaves unnoticed.

`extend` links whatever is not linked yet, in the order of the rows: the package just filed, and those that an older
version filed. Two that extend at once: the second waits for the first one's transaction, finds the chain longer, and
begins again.
"""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.db.models import Exists, OuterRef

from punte.web.firms.models import Firm

from .models import Chain, Link, SealedPackage

AT_ONCE = 500


def digest_of(link: Link) -> str:
    """SHA-256 over the link's facts and the digest of the link before, hex."""
    facts = [link.firm_id, link.number, link.download_id, link.upload_index, link.sha256, link.previous]
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


def extend(firm: Firm) -> int:
    """Link the firm's packages that are not linked; how many were."""
    linked = 0
    while True:
        try:
            with transaction.atomic():
                count = _extend(firm)
        except _Overtaken:
            continue
        linked += count
        if count < AT_ONCE:
            return linked


class _Overtaken(Exception):
    """Another one has extended the chain meanwhile."""


def _extend(firm: Firm) -> int:
    chain, _ = Chain.objects.get_or_create(firm=firm)
    linked = Link.objects.filter(package_id=OuterRef("pk"))
    loose = list(SealedPackage.objects.filter(~Exists(linked), firm=firm).order_by("pk")[:AT_ONCE])
    if not loose:
        return 0
    links, previous = [], chain.digest
    for number, package in enumerate(loose, chain.length + 1):
        link = Link(
            firm=firm,
            number=number,
            package_id=package.pk,
            download_id=package.download_id,
            upload_index=package.upload_index,
            sha256=package.sha256,
            stored_at=package.stored_at,
            previous=previous,
        )
        link.digest = previous = digest_of(link)
        links.append(link)
    same = Chain.objects.filter(firm=firm, length=chain.length, digest=chain.digest)
    if same.update(length=links[-1].number, digest=previous) != 1:
        raise _Overtaken
    Link.objects.bulk_create(links)
    return len(links)
