"""The append-only record of everything done: audit, timeline and outbox in one row."""

from django.db import models


class JournalEntry(models.Model):
    """One act on one subject. Rows form a hash chain per subject; the database refuses to change or delete them."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    move = models.CharField(max_length=60)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40, blank=True)
    law = models.CharField(max_length=300, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=100)
    actor_role = models.CharField(max_length=40, blank=True)
    org_id = models.UUIDField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=20)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    pii = ("actor_name",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "seq"], name="journal_one_row_a_step"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="journal_seq_from_one"),
        ]
        indexes = [models.Index(fields=["at"], name="journal_at")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id}#{self.seq} {self.move}"


class JournalAnchor(models.Model):
    """The seal of a day over all chains: a hash of every row since the anchor before it."""

    day = models.DateField(unique=True)
    last_entry = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.rows}"


class OutboxRow(models.Model):
    """One journal row still to be heard by one handler; gone when the handler is done."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="+")
    handler = models.CharField(max_length=200)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    fault = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "handler"], name="outbox_once_a_handler")]
        indexes = [models.Index(fields=["next_at"], name="outbox_next_at")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.handler} ← {self.entry_id}"
