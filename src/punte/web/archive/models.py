"""The sealed archive: ANAF's ZIPs byte for byte, since ANAF itself gives them out for 60 days alone.

Kept as rows of the database, so that the package and the state it proves are written in one transaction and
one backup holds both (docs/decisions/0002-archive-in-the-database.md).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm


class SealVerdict(models.TextChoices):
    VALID = "valid", _("Sigiliu valid")
    UNKNOWN_SIGNER = "unknown-signer", _("Semnatar necunoscut")
    FORGED = "forged", _("Sigiliu care nu se potrivește")
    MISSING = "missing", _("Fără sigiliu")


class SealedPackage(models.Model):
    """One ZIP downloaded from SPV: the document as ANAF holds it, and the Ministry's signature over it."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="packages")
    download_id = models.CharField(max_length=20)  # ANAF: id, id_descarcare
    upload_index = models.CharField(max_length=20)  # ANAF: index_incarcare, id_solicitare
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    seal = models.CharField(max_length=16, choices=SealVerdict.choices)
    signer = models.CharField(max_length=300, blank=True)
    signer_fingerprint = models.CharField(max_length=64, blank=True)  # SHA-256 of the certificate, hex
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "download_id"], name="a_package_is_stored_once")]

    def __str__(self) -> str:
        return f"package {self.upload_index}"
