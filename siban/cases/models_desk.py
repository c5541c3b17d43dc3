"""What a reviewer keeps for the daily work: lists saved under a name (我的视图)."""

from django.db import models
from django.db.models import Q

from siban.identity.api import Account, Org
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> "SavedViewQuerySet":
        """One's own, and what colleagues of the same unit share; nothing for anybody else."""
        if not actor.is_staff or actor.account_id is None:
            return self.none()
        return self.filter(Q(owner_id=actor.account_id) | Q(is_shared=True, org_id=actor.org_id, org__isnull=False))


class SavedView(models.Model):
    """保存的视图: the conditions of a list of cases under a name, one's own or shared within the unit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=600, blank=True, help_text="列表的筛选和排列，和地址里的一样")
    is_default = models.BooleanField(default=False, help_text="打开办件列表时先看它")
    is_shared = models.BooleanField(default=False, help_text="本单位的人都能看")
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_name_once_an_owner"),
            models.UniqueConstraint(fields=["owner"], condition=Q(is_default=True), name="view_one_default_an_owner"),
        ]
        indexes = [models.Index(fields=["org"], condition=Q(is_shared=True), name="view_shared")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
