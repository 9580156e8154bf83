"""What has been asked of ANAF, so far as its limits count it. Shared by all workers: the rows are the counters."""

from __future__ import annotations

from django.db import models


class Pace(models.Model):
    """One row per application at ANAF: when its next call may leave. GCRA's theoretical arrival time."""

    application = models.CharField(max_length=200, primary_key=True)  # client id
    free_at = models.BigIntegerField()  # microseconds since 1970, UTC

    def __str__(self) -> str:
        return f"pace of an application: {self.free_at}"


class DayUse(models.Model):
    """Calls of one operation for one subject in a Romanian day, and ANAF's word that it is enough."""

    day = models.DateField()
    operation = models.CharField(max_length=10)
    subject = models.CharField(max_length=64)  # a CIF, an upload index or a download id; `user …`: a certificate
    used = models.PositiveIntegerField(default=0)
    stopped = models.BooleanField(default=False)  # ANAF has said that this day's limit is reached

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "operation", "subject"], name="a_day_is_counted_once")]

    def __str__(self) -> str:
        return f"{self.operation} on {self.day}: {self.used}"
