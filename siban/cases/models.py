"""The case and its papers' contents. States move only through `flow`."""

from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q

from siban.catalog.api import (
    ImplementationItem,
    ItemContent,
    ItemVersion,
    Settled,
    SituationOpen,
    asks_facts,
    elements_of,
    settled_for,
)
from siban.identity.api import Account, Enterprise, EnterpriseMember, Entrustment, Org, Person, Region
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile

from . import (
    access,
    models_counter,  # noqa: F401 (their tables belong to this room)
    models_cross,  # noqa: F401
    models_custody,  # noqa: F401
    models_desk,  # noqa: F401
    models_joint,  # noqa: F401
    models_push,  # noqa: F401
)
from .flow import ACCEPTED_ON, WITH_OFFICE, CaseState
from .models_automatic import AutoDecision, AutoTable
from .models_benefit import BenefitCandidate, BenefitPlan
from .models_joint import CoApplicant
from .models_procedure import (
    BrokenPromise,
    Hearing,
    Inspection,
    Mandate,
    Opinion,
    OverrideRequest,
    Promise,
    SpecialRun,
)
from .standing import Standing

__all__ = [
    "AutoDecision", "AutoTable", "BenefitCandidate", "BenefitPlan",
    "BrokenPromise", "Case", "CaseMaterial", "Hearing", "Inspection", "Mandate", "Opinion", "OverrideRequest",
    "Promise", "SpecialRun",
]  # fmt: skip


MUST = ("required", "deferrable")
EMPTY = models.Value({}, models.JSONField())


class Among(Func):
    """`column = ANY(ARRAY(SELECT …))`: PostgreSQL fetches the list first and goes by the column's index."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Every read of cases starts here: own cases, own counter, own department, own territory; else nothing."""
        if actor.is_citizen:
            return self.open_to_person(actor.person_id) if actor.person_id else self.none()
        if not actor.is_staff or not actor.region_prefix:
            return self.none()
        submitted = self.exclude(state=CaseState.DRAFT)
        if access.sees_territory(actor):
            return submitted.filter(region_id__startswith=actor.region_prefix)
        own = Q(org_id=actor.org_id)
        if actor.role == "window_clerk":
            return self.filter(
                Q(received_org_id=actor.org_id) | Q(region_id__startswith=actor.region_prefix) & ~Q(state="draft")
            )
        if actor.role in access.FRONT:
            return self.filter((own & ~Q(state="draft")) | Q(received_org_id=actor.org_id))
        if actor.has_role("approver", "chief_rep", "unit_head"):
            return submitted.filter(own)
        return self.none()

    def open_to_person(self, person_id: UUID) -> "CaseQuerySet":
        """What a person acts on, and what was handed in together with them (共同申请)."""
        joined = CoApplicant.objects.filter(person_id=person_id, state="agreed").order_by().values("case_id")
        return self.filter(
            self._acted_on(person_id) | Q(Among(F("id"), ArraySubquery(joined)), submitted_at__isnull=False)
        )

    def acted_for_by(self, person_id: UUID) -> "CaseQuerySet":
        """Own cases, those of the enterprises one belongs to now, those one handles for others while entrusted.

        Each part is an index of its own: the lists are worked out once, before the cases are looked at.
        """
        return self.filter(self._acted_on(person_id))

    @staticmethod
    def _acted_on(person_id: UUID) -> Q:
        firms = EnterpriseMember.objects.filter(person_id=person_id).order_by().values("enterprise_id")
        entrusted = Entrustment.objects.of_agent(person_id, day=local_day(clock.now())).order_by().values("pk")
        return (
            Q(person_id=person_id, enterprise=None)
            | Q(Among(F("enterprise_id"), ArraySubquery(firms)))
            | Q(Among(F("entrustment_id"), ArraySubquery(entrusted)))
        )

    def open_to(self, actor: Actor) -> "CaseQuerySet":
        """What one may open by its address: what one sees, and what one's unit was asked about and has not answered."""
        if not actor.has_role("approver", "chief_rep", "unit_head") or actor.org_id is None:
            return self.visible_to(actor)
        asked = Opinion.objects.filter(org_id=actor.org_id, answered_at=None, dropped_at=None).order_by()
        return self.exclude(state=CaseState.DRAFT).filter(Q(org_id=actor.org_id) | Q(pk__in=asked.values("case_id")))


class Case(Standing, models.Model):
    """办件: one application for one version of one item."""

    class Delivery(models.TextChoices):
        ELECTRONIC = "electronic", "电子送达"
        COUNTER = "counter", "窗口领取"
        MAIL = "mail", "邮寄"

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(max_length=50, unique=True, null=True)
    item = models.ForeignKey(ImplementationItem, on_delete=models.PROTECT, related_name="cases")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="cases")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=CaseState, default=CaseState.DRAFT)
    title = models.CharField(max_length=200)
    case_type = models.CharField(max_length=10)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="cases")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="cases")
    entrustment = models.ForeignKey(Entrustment, null=True, on_delete=models.PROTECT, related_name="cases")
    applicant_name = models.CharField(max_length=100)
    applicant_id_number = models.CharField(max_length=30)
    mobile = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20)
    received_org = models.ForeignKey(Org, null=True, on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    is_cross = models.BooleanField(default=False, db_default=False, help_text="跨域通办：收件地和办理地不同")
    is_joint = models.BooleanField(default=False, db_default=False, help_text="共同申请：请过别人一起申请")
    used_comprehensive_window = models.BooleanField(default=False)
    window_id = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    scenario_id = models.CharField(max_length=60, blank=True)
    form = models.JSONField(default=dict)
    delivery = models.CharField(max_length=12, choices=Delivery, default=Delivery.ELECTRONIC)
    mail_address = models.CharField(max_length=200, blank=True)
    correction = models.JSONField(default=list)
    decision_note = models.TextField(blank=True)
    certificate_id = models.UUIDField(null=True)
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", help_text="承办人")
    review_level = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="已经通过的审查级数")
    passed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    proposal = models.JSONField(default=dict, db_default=EMPTY, help_text="拟办意见：结论、理由、依据")
    extension = models.JSONField(default=dict, db_default=EMPTY)
    deficiency = models.JSONField(default=dict, db_default=EMPTY, help_text="容缺承诺：材料、补交日期、承诺人")
    renews_certificate_id = models.UUIDField(null=True)
    token = models.UUIDField(unique=True, default=uuid7, help_text="同一次申请的凭据：重复提交只产生一个办件")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True, help_text="许可注销的时刻")
    notice_due_on = models.DateField(null=True)
    correction_due_on = models.DateField(null=True)
    legal_due_on = models.DateField(null=True)
    promised_due_on = models.DateField(null=True)
    special_due_on = models.DateField(null=True)
    deficiency_due_on = models.DateField(null=True)
    renewal_due_on = models.DateField(null=True)
    due_on = models.DateField(null=True, help_text="此刻起作用的期限，收件箱按它排序")
    warned_of = models.DateField(null=True, help_text="预警说的是哪一天的期限")
    warned_level = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="已经预警到哪一级")
    due_provisional = models.BooleanField(default=False)

    pii = ("applicant_name", "applicant_id_number", "mobile", "form", "mail_address", "decision_note", "proposal")

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(number__isnull=False, submitted_at__isnull=False),
                name="case_submitted_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[str(s) for s in ACCEPTED_ON]) | Q(accepted_at__isnull=False),
                name="case_accepted_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(enterprise__isnull=False) | Q(state="draft"),
                name="case_has_applicant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["org", "due_on", "id"],
                condition=Q(state__in=[str(s) for s in WITH_OFFICE]),
                name="case_inbox",
            ),
            models.Index(
                fields=["handler", "due_on", "id"],
                condition=Q(state__in=[str(s) for s in WITH_OFFICE]),
                name="case_of_handler",
            ),
            models.Index(
                fields=["org", "due_on", "id"],
                condition=Q(state__in=[str(s) for s in WITH_OFFICE], handler=None),
                name="case_unassigned",
            ),
            models.Index(
                fields=["due_on", "id"], condition=Q(state__in=[str(s) for s in WITH_OFFICE]), name="case_due"
            ),
            models.Index(fields=["person", "-created_at"], name="case_of_person"),
            models.Index(fields=["region", "state", "due_on"], name="case_region_state"),
            models.Index(fields=["received_org", "-created_at"], name="case_at_counter"),
            models.Index(fields=["notice_due_on"], condition=Q(state="submitted"), name="case_to_be_told"),
            models.Index(fields=["special_due_on"], condition=Q(special_due_on__isnull=False), name="case_in_special"),
            models.Index(
                fields=["deficiency_due_on"], condition=Q(deficiency_due_on__isnull=False), name="case_deficient"
            ),
            models.Index(fields=["renewal_due_on"], condition=Q(renewal_due_on__isnull=False), name="case_renewal"),
            models.Index(fields=["closed_at"], condition=Q(state="closed"), name="case_to_archive"),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def elements(self) -> ItemContent:
        """The elements of the version this case is locked to."""
        return elements_of(self.version_id)

    @cached_property
    def papers_in(self) -> "list[CaseMaterial]":
        """What has been handed in so far."""
        return list(self.materials.select_related("file").all())

    def is_acted_for_by(self, person_id: UUID) -> bool:
        """Whether this person may act as the applicant now: oneself, of the enterprise, or entrusted."""
        if self.enterprise_id is None and self.person_id == person_id:
            return True
        known: dict[UUID, bool] = self.__dict__.setdefault("_acted_for", {})
        if person_id not in known:
            known[person_id] = Case.objects.acted_for_by(person_id).filter(pk=self.pk).exists()
        return known[person_id]

    @property
    def signer_name(self) -> str:
        """Whose signature stands for the applicant, where nobody else is known."""
        return self.person.name if self.person else self.applicant_name

    def settled(self, *, on: date) -> Settled:
        """The situation answers that follow from what is known of the applicant; asks nothing for most items."""
        if not asks_facts(self.elements):
            return Settled()
        return settled_for(
            self.elements, person=self.person, enterprise=self.enterprise, region=self.region_id, on=on
        )  # fmt: skip

    def open_question(self) -> str | None:
        """The situation question that still wants an answer."""
        try:
            self.elements.scenario_id(self.answers)
        except SituationOpen as still:
            return still.question.question
        return None

    def wanted(self) -> "tuple[Any, ...]":
        """The materials of this situation; everything while the situation is not yet known."""
        try:
            return self.elements.materials_for(self.answers)
        except SituationOpen:
            return self.elements.materials

    def form_materials(self) -> "tuple[Any, ...]":
        """Materials that are forms filled in here, on screen."""
        return tuple(m for m in self.wanted() if m.is_form and m.form_fields)

    def _missing(self) -> "list[Any]":
        """Materials that must be there and are not; those that may follow later (容缺) are among them."""
        here = {p.material_id for p in self.papers_in if p.is_provided}
        filled = {m.id for m in self.form_materials() if not self.unfilled_fields()}
        return [m for m in self.wanted() if m.necessity in MUST and m.id not in here | filled]

    def missing_materials(self) -> list[str]:
        """Names of required materials neither handed in nor replaced; forms filled here count as handed in."""
        return [m.name for m in self._missing()]

    def deferrable(self) -> "list[Any]":
        """Missing materials that the item lets follow later on a promise (容缺)."""
        listed = self.elements.deficiency.materials if self.elements.deficiency else ()
        return [m for m in self._missing() if self.elements.is_deficiency and m.id in listed]

    def unpromised_materials(self) -> list[str]:
        """Names of missing materials that nobody has promised, or that may not follow later."""
        promised = set(self.deficiency.get("materials", ())) & {m.id for m in self.deferrable()}
        return [m.name for m in self._missing() if m.id not in promised]

    def unfilled_fields(self) -> list[str]:
        """Names of required form fields without a value."""
        seen: dict[str, str] = {}
        for m in self.form_materials():
            for f in m.form_fields:
                if f.required and self.form.get(f.element) in (None, "", []):
                    seen.setdefault(f.element, f.name)
        return list(seen.values())


class CaseMaterial(models.Model):
    """One material of a case: a file, a certificate in its place, or the paper seen at the counter."""

    class Source(models.TextChoices):
        UPLOAD = "upload", "上传"
        CERTIFICATE = "certificate", "电子证照"
        PAPER = "paper", "窗口收取纸质"

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    material_id = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=12, choices=Source)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    certificate_id = models.UUIDField(null=True)
    consented_at = models.DateTimeField(null=True)
    is_rejected = models.BooleanField(default=False)
    findings = models.JSONField(default=list)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(source="upload", file__isnull=False)
                    | Q(source="certificate", certificate_id__isnull=False, consented_at__isnull=False)
                    | Q(source="paper")
                ),
                name="material_has_its_source",
            ),
        ]
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_provided(self) -> bool:
        return not self.is_rejected
