"""The sealed archive: ANAF's ZIPs byte for byte, since ANAF itself gives them out for 60 days alone.

The row says what a package is; its bytes lie in the store under their SHA-256, written before the row
(docs/decisions/0012-the-archive-is-a-store-of-files.md). `Link` numbers a firm's packages in a chain of hashes, so that
a row that is gone is missed.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm

from .store import Missing, store


class SealVerdict(models.TextChoices):
    VALID = "valid", _("Sigiliu valid")
    UNKNOWN_SIGNER = "unknown-signer", _("Semnatar necunoscut")
    FORGED = "forged", _("Sigiliu care nu se potrivește")
    MISSING = "missing", _("Fără sigiliu")


class WithoutContent(models.Manager["SealedPackage"]):
    """A list of packages loads no bytes: `content` fetches them, one by one, when they are asked for."""

    def get_queryset(self) -> models.QuerySet[SealedPackage]:
        return super().get_queryset().defer("held")


class SealedPackage(models.Model):
    """One ZIP downloaded from SPV: the document as ANAF holds it, and the Ministry's signature over it."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="packages")
    download_id = models.CharField(max_length=20)  # ANAF: id, id_descarcare
    upload_index = models.CharField(max_length=20)  # ANAF: index_incarcare, id_solicitare
    #: the bytes where the database keeps them: rows of before the store, and PUNTE_ARCHIVE=database
    held = models.BinaryField(db_column="content", default=b"", blank=True)
    sha256 = models.CharField(max_length=64)
    seal = models.CharField(max_length=16, choices=SealVerdict.choices)
    signer = models.CharField(max_length=300, blank=True)
    signer_fingerprint = models.CharField(max_length=64, blank=True)  # SHA-256 of the certificate, hex
    made_at = models.DateTimeField(null=True, blank=True)  # by ANAF: when the signer's certificate had to be valid
    stored_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)  # an explicit act after the law's term: `retention`

    objects = WithoutContent()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "download_id"], name="a_package_is_stored_once")]

    def __str__(self) -> str:
        return f"package {self.upload_index}"

    @property
    def content(self) -> bytes:
        """The ZIP, from wherever it lies. Raises store.Missing, store.Unreachable."""
        if held := bytes(self.held):
            return held
        place = store()
        if place is None:
            raise Missing(f"{self.sha256} lies in a store of files, and PUNTE_ARCHIVE names none")
        return place.get(self.sha256)

    @content.setter
    def content(self, content: bytes) -> None:
        """Keep it in the row."""
        self.held = content


class Chain(models.Model):
    """How long a firm's chain is and how it ends: links cut off at the end are missed too."""

    firm = models.OneToOneField(Firm, on_delete=models.CASCADE, primary_key=True, related_name="package_chain")
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"chain of {self.firm_id}: {self.length}"


class Link(models.Model):
    """One package's place in its firm's chain. Rows are added, never changed; a package's facts stand here again,
    so that what is missing can be named."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="package_links")
    number = models.PositiveBigIntegerField()  # from 1
    package_id = models.BigIntegerField()  # no foreign key: the link outlives a row that is lost
    download_id = models.CharField(max_length=20)
    upload_index = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    previous = models.CharField(max_length=64, blank=True)  # the digest of the link before; "" of the first
    digest = models.CharField(max_length=64)  # `chain.digest_of`

    class Meta:
        ordering = ["firm_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["firm", "number"], name="links_are_numbered"),
            models.UniqueConstraint(fields=["package_id"], name="a_package_is_linked_once"),
        ]

    def __str__(self) -> str:
        return f"link {self.number} of {self.firm_id}"


class Verification(models.Model):
    """One run of `punte archive verify`: kept, so that pages and `punte doctor` can say when and with what result."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # None: it was broken off
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, null=True, blank=True)  # None: all of them
    since = models.DateField(null=True, blank=True)  # packages stored from that day on; None: all
    packages = models.PositiveBigIntegerField(default=0)
    faults = models.PositiveBigIntegerField(default=0)
    found = models.JSONField(default=list)  # the first faults, as `verifying.Fault.row`

    def __str__(self) -> str:
        return f"verification {self.started_at:%F %T}: {self.faults} faults"


class Backup(models.Model):
    """One whole `punte backup`, noted by the database it was taken of."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    place = models.CharField(max_length=400)
    size = models.PositiveBigIntegerField()  # bytes, archive and all
    faults = models.PositiveIntegerField(default=0)  # packages that could not be copied whole

    def __str__(self) -> str:
        return f"backup {self.started_at:%F %T}"


class Resumption(models.Model):
    """A firm after `punte restore`: what it sent between backup and restore is looked for in SPV, and until the list
    proves that nothing else left, no new number is given (`delivery.restored`)."""

    firm = models.OneToOneField(Firm, on_delete=models.CASCADE, primary_key=True, related_name="resumption")
    backup_at = models.DateTimeField()  # what happened from here on is lost to us
    restored_at = models.DateTimeField()  # nothing of before can have left after this
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # of the next look; None: done
    looked_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    found = models.JSONField(default=list)  # documents in SPV that we do not have: [{"label", "buyer", "total", …}]
    seen = models.JSONField(default=list)  # upload indexes looked into
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"resumption of {self.firm_id}"
