"""What each process tells of itself, so that one address answers for the whole cluster."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A worker process, as it last told; the row goes a day after its last beat."""

    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    edition = models.CharField(max_length=20)
    lanes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beaten_at = models.DateTimeField()  # the database's clock, as every instant here
    busy = models.PositiveIntegerField(default=0)  # lanes with a step under way
    slowest = models.FloatField(default=0)  # seconds since the oldest of these began
    ended_at = models.DateTimeField(null=True, blank=True)  # it stopped, and said so

    def __str__(self) -> str:
        return f"worker {self.pid} on {self.host}"


class Tally(models.Model):
    """Calls counted since the installation began: of ANAF by operation and outcome, of log lines by event.

    Every process adds what it counted since its last beat; so the sums never go back, whoever dies or starts.
    """

    of = models.CharField(max_length=10)  # anaf, log
    name = models.CharField(max_length=60)  # the operation; the event
    outcome = models.CharField(max_length=40)  # an HTTP status, an error's name; the level
    within = models.FloatField(default=0)  # upper bound of the latency, seconds; of a log line 0
    times = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "name", "outcome", "within"], name="one_row_a_tally")]

    def __str__(self) -> str:
        return f"{self.of} {self.name} {self.outcome}: {self.times}"
