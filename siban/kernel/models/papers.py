"""Statutory papers and the series their numbers come from."""

from django.db import models


class PaperSeries(models.Model):
    """A numbered series: kind × issuing organisation × year. The row is locked while a number is taken: no gaps."""

    kind = models.CharField(max_length=40)
    issuer_code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "issuer_code", "year"], name="paper_series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.issuer_code} {self.year}: {self.last}"


class Paper(models.Model):
    """One statutory paper, numbered and drawn up for a subject (文书)."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=80, unique=True)
    serial = models.PositiveIntegerField()
    series = models.ForeignKey(PaperSeries, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    content = models.JSONField()
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    verify_code = models.CharField(max_length=32, unique=True)
    issued_by = models.CharField(max_length=100)
    issued_at = models.DateTimeField()

    pii = ("content",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "serial"], name="paper_serial_once")]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="paper_subject")]

    def __str__(self) -> str:
        return self.number
