"""What happens beside the main line of a case: special procedures, inspections, hearings, opinions, mandates, promises."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from siban.identity.api import Account, Enterprise, Org, Person
from siban.kernel.ids import uuid7

from .promise import PromiseState

if TYPE_CHECKING:
    from .models import Case  # noqa: F401


class SpecialRun(models.Model):
    """特别程序: one run of a special procedure, with the paper that told the applicant how many days it takes."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="special_runs")
    type = models.CharField(max_length=20)
    days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12)
    reason = models.TextField()
    basis = models.CharField(max_length=200)
    stops_clock = models.BooleanField(default=True)
    paper_number = models.CharField(max_length=100)
    started_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    clock_resumed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=100, blank=True)
    opinion = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="special_one_open_a_case"),
            models.CheckConstraint(condition=~Q(paper_number=""), name="special_told_in_writing"),
            models.CheckConstraint(condition=Q(days__gte=1), name="special_has_days"),
        ]
        ordering = ["started_at", "id"]

    def __str__(self) -> str:
        return f"{self.type} {self.paper_number}"


class Inspection(models.Model):
    """现场核查: by two persons or more (行政许可法第三十四条第三款)."""

    class Conclusion(models.TextChoices):
        PASS = "pass", "符合"
        FAIL = "fail", "不符合"
        AGAIN = "again", "整改后复查"

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="inspections")
    inspectors = models.JSONField(default=list, help_text="姓名和执法证号，两人以上")
    place = models.CharField(max_length=200)
    visit_on = models.DateField()
    assigned_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    present = models.CharField(max_length=100, blank=True, help_text="在场的申请人或者代理人")
    findings = models.TextField(blank=True)
    conclusion = models.CharField(max_length=8, choices=Conclusion, blank=True)

    pii = ("present",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(recorded_at=None), name="inspection_one_open_a_case"),
            models.CheckConstraint(
                condition=Q(recorded_at=None) | (~Q(conclusion="") & ~Q(findings="")),
                name="inspection_record_concludes",
            ),
        ]
        ordering = ["assigned_at", "id"]

    def __str__(self) -> str:
        return f"{self.visit_on} {self.place}"


class Hearing(models.Model):
    """听证: told, asked for or waived, held (行政许可法第四十六条至第四十八条)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="hearing")
    reason = models.TextField()
    by_office = models.BooleanField(default=False, help_text="法定应当听证，或者本机关认为需要听证")
    told_at = models.DateTimeField()
    ask_until = models.DateField()
    asked_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(null=True)
    hold_until = models.DateField(null=True)
    held_on = models.DateField(null=True)
    place = models.CharField(max_length=200, blank=True)
    chair = models.CharField(max_length=50, blank=True, help_text="主持人：审查该申请的工作人员以外的人员")
    minutes = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(asked_at=None) | Q(waived_at=None), name="hearing_asked_or_waived"),
        ]

    def __str__(self) -> str:
        return f"听证 {self.case_id}"


class Opinion(models.Model):
    """征求意见: what another unit was asked and what it said."""

    class Verdict(models.TextChoices):
        AGREE = "agree", "同意"
        DISAGREE = "disagree", "不同意"
        NONE = "none", "没有意见"

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="opinions")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    due_on = models.DateField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "org"], condition=Q(answered_at=None, dropped_at=None), name="opinion_one_open_an_org"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(dropped_at=None), name="opinion_given_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["org", "due_on"], condition=Q(answered_at=None, dropped_at=None), name="opinion_waiting"
            ),
        ]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.org_id} {self.due_on}"


class Mandate(models.Model):
    """首席代表授权书: which items the chief representative may decide, until when, and whether to refuse as well."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    number = models.CharField(max_length=60)
    items = models.JSONField(default=list, help_text="授权事项的实施编码；空表示本单位全部事项")
    may_reject = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="失效日，当日起无效")
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="mandate_number_once_an_org"),
            models.CheckConstraint(condition=Q(valid_to__gt=models.F("valid_from")), name="mandate_runs_forward"),
        ]
        indexes = [models.Index(fields=["account", "valid_to"], name="mandate_of_account")]
        ordering = ["-valid_from", "id"]

    def __str__(self) -> str:
        return self.number


class OverrideRequest(models.Model):
    """An irregular act asked for by one person and waiting for a second (撤销、依裁判重新办理)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="override_requests")
    move = models.CharField(max_length=30)
    reason = models.TextField()
    ground = models.CharField(max_length=12, blank=True, db_default="", help_text="注销的情形")
    basis = models.CharField(max_length=200, blank=True, db_default="", help_text="其他情形的法律条款")
    document = models.CharField(max_length=200, help_text="所依据的文书名称和文号")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    is_confirmed = models.BooleanField(null=True)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(settled_at=None), name="override_one_open_a_case"),
            models.CheckConstraint(
                condition=Q(settled_at=None) | ~Q(settled_by=models.F("asked_by")), name="override_two_persons"
            ),
            models.CheckConstraint(condition=~Q(move="cancel") | ~Q(ground=""), name="override_cancel_has_ground"),
        ]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.move} {self.document}"


class Promise(models.Model):
    """告知承诺: what the applicant promised, the later check and its outcome (国办发〔2020〕42号)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="promise")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PromiseState, default=PromiseState.MADE)
    content = models.TextField()
    liability = models.TextField()
    supervision = models.TextField()
    signature = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    check_days = models.PositiveSmallIntegerField()
    check_due_on = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    findings = models.TextField(blank=True)

    pii = ("signature",)

    class Meta:
        indexes = [
            models.Index(fields=["org", "check_due_on"], condition=Q(state="checking"), name="promise_to_check"),
        ]

    def __str__(self) -> str:
        return f"承诺 {self.case_id}"


class BrokenPromise(models.Model):
    """A promise that was not kept: until it is made good, neither 告知承诺 nor 容缺 is open to this applicant."""

    class Kind(models.TextChoices):
        FALSE = "false", "告知承诺不实"
        LATE = "late", "容缺逾期未补"

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)
    mend_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="broken_once_a_case")]
        indexes = [
            models.Index(fields=["person"], condition=Q(mended_at=None), name="broken_by_person"),
            models.Index(fields=["enterprise"], condition=Q(mended_at=None), name="broken_by_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"
