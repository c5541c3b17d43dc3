"""知识库: articles and their versions, how often they answer, and what was asked."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from siban.identity.api import Org, Region
from siban.kernel.actor import Actor
from siban.kernel.ids import uuid7

from . import access_knowledge as access
from . import rules_knowledge as rules
from .flow_knowledge import VersionState


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, actor: Actor) -> "ArticleQuerySet":
        """The hotline and the bureau see the articles of their territory, a unit its own."""
        if access.sees_territory(actor):
            return self.filter(region_id__startswith=actor.region_prefix)
        return self.filter(owner_id=actor.org_id) if access.sees_unit(actor) else self.none()


class Article(models.Model):
    """One matter the hotline can answer: whose it is, what is in force, when it is looked at again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField("编号", max_length=10, unique=True)
    owner = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    leaf = models.CharField("类别", max_length=6)
    review_cycle_days = models.PositiveSmallIntegerField("复核周期（天）", default=180)
    last_reviewed_on = models.DateField("最近复核", null=True)
    review_by = models.DateField("应复核日期", null=True)
    reminded_on = models.DateField(null=True)
    uses = models.PositiveIntegerField("使用次数", default=0)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "知识库条目"
        constraints = [
            models.CheckConstraint(condition=Q(review_cycle_days__gte=1), name="article_review_cycle_at_least_a_day"),
            models.CheckConstraint(condition=Q(leaf__regex=r"^\d{6}$"), name="article_leaf_6_digits"),
        ]
        indexes = [models.Index(fields=["owner", "review_by"], name="article_of_owner")]
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class VersionQuerySet(models.QuerySet["ArticleVersion"]):
    def visible_to(self, actor: Actor) -> "VersionQuerySet":
        """As the articles are."""
        return self.filter(article__in=Article.objects.visible_to(actor))

    def in_force(self, on: date) -> "VersionQuerySet":
        """What answers on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), state=VersionState.PUBLISHED, valid_from__lte=on)


class ArticleVersion(models.Model):
    """What an article says; once published it is never changed, only followed by another."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField("版本")
    state = models.CharField(max_length=12, choices=VersionState.choices)
    title = models.CharField("标题", max_length=100)
    questions = models.JSONField("群众的问法", default=list)
    answer = models.TextField("答复")
    basis = models.CharField("依据", max_length=300)
    is_basis_confirmed = models.BooleanField("依据已经核实", default=False)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True)
    written_by_id = models.UUIDField(null=True)
    written_by = models.CharField("编写人", max_length=50)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField("说明", max_length=300, blank=True)

    objects = VersionQuerySet.as_manager()

    pii = ("written_by",)

    class Meta:
        verbose_name = "知识库条目版本"
        constraints = [
            models.UniqueConstraint(fields=["article", "version"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=rules.BEING_WRITTEN),
                name="article_one_version_being_written",
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="published"), name="article_one_version_published"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="article_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="article_published_at"
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_to"], name="article_version_state")]
        ordering = ["article__number", "-version"]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.version} 版）"

    @property
    def state_label(self) -> str:
        return VersionState(self.state).label

    # What the access rules ask of a subject.
    @property
    def owner_id(self) -> object:
        return self.article.owner_id

    @property
    def region_id(self) -> str:
        return str(self.article.region_id)

    @property
    def period(self) -> str:
        return rules.period(self.valid_from, self.valid_to)


class ArticleUse(models.Model):
    """How often an article answered on a day."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "知识库使用"
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="article_use_once_a_day")]
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}"


class Question(models.Model):
    """A question as it was asked, what it found, and whether that helped."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    text = models.CharField("问题", max_length=300)
    asked_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=list(rules.CHANNELS.items()))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    is_answered = models.BooleanField("有答复")
    article = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="+")
    is_helpful = models.BooleanField("有帮助", null=True)
    words = models.JSONField(default=list)
    leaf = models.CharField("最近的类别", max_length=6, blank=True)
    is_left = models.BooleanField("留言待回复", default=False)
    contact = models.CharField("联系电话", max_length=20, blank=True)
    draft = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="asked_by")
    settled_at = models.DateTimeField(null=True)
    order_number = models.CharField("工单编号", max_length=20, blank=True)

    pii = ("text", "contact")

    class Meta:
        verbose_name = "知识库提问"
        indexes = [
            models.Index(fields=["region", "-asked_at"], name="question_asked"),
            models.Index(
                fields=["region", "-asked_at"], condition=Q(settled_at=None) & (Q(is_answered=False) | Q(is_helpful=False)),
                name="question_open_gap",
            ),
            GinIndex(fields=["words"], name="question_words"),
        ]  # fmt: skip
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.text
