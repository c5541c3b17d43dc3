"""Files by their content: the row knows what was sent, the store holds the bytes once."""

from django.db import models


class StoredFile(models.Model):
    """An uploaded or produced file. `sha256` is its place in the store; the same bytes are kept once."""

    id = models.UUIDField(primary_key=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    owner_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    pii = ("name",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_sha256_is_a_hash"),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name
